import { expect, test } from 'vitest'
import { field, MentionView } from '../1-decode/mention-view.ts'
import { createLexiconScorer } from './sentiment.ts'

const scorer = createLexiconScorer()
function score(text: string): number {
  const view = new MentionView()
  view.bytes = Buffer.from(text)
  view.spans.set([0, view.bytes.length], 2 * field.text)
  return scorer.score(view)
}

test.each<[text: string, sign: number, why: string]>([
  ['这家店太棒了，非常满意', 1, 'praise'], ['垃圾服务，恶心', -1, 'abuse'], ['服務太差，氣死我了', -1, 'traditional characters'],
  ['不错', 1, 'a longer word takes the place of its parts'], ['我不喜欢', -1, 'a negation'], ['not happy', -1, 'an English negation'], ["I don't love it", -1, 'n’t'],
  ['I love it', 1, 'English'], ['HORRIBLE outage', -1, 'capitals'], ['😭😭', -1, 'emoji'], ['👍🏽', 1, 'emoji with a skin tone'],
  ['今天下午三点开会', 0, 'nothing said'], ['', 0, 'no text'], ['不过', 0, 'a word that only holds a negator'], ['非常好', 1, '非 of 非常 negates nothing'],
  ['不 今天下午他们来了喜欢', 1, 'a negation does not reach far'],
])('%s is %d: %s', (text, sign) => {
  expect(Math.sign(score(text))).toBe(sign)
})

test('a score lies between −1 and 1, grows with what is said and forgets the mention before', () => {
  const [one, many] = [score('喜欢'), score('喜欢 '.repeat(500))]
  expect(one).toBeGreaterThan(0)
  expect(many).toBeGreaterThan(one)
  expect(many).toBeLessThanOrEqual(1)
  score('不')
  expect(score('喜欢')).toBe(one)
})
