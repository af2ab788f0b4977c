import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesNaively } from './matcher/naive.ts'
import { parseQuery } from './query/parse.ts'
import { tokensOf } from './query/tokens.ts'
import { placedTokensOf, spansOf } from './spans.ts'

function nodeOf(query: string) {
  const parsed = parseQuery(query)
  return parsed.ok ? parsed.node : expect.fail(parsed.problem.message)
}
const met = (query: string, text: string): string[] => spansOf(nodeOf(query), text).map(([start, end]) => text.slice(start, end))

test.each([
  { why: 'a Han term inside a text', query: '断网', text: '全市断网了', is: ['断网'] },
  { why: 'traditional for simplified', query: '网络中断', text: '😀昨晚網絡中斷！', is: ['網絡中斷'] },
  { why: 'full width for half width, and another case', query: 'outage', text: 'big ＯＵＴＡＧＥ now', is: ['ＯＵＴＡＧＥ'] },
  { why: 'a mathematical letter is two units', query: 'bold', text: '𝐁𝐨𝐥𝐝 text', is: ['𝐁𝐨𝐥𝐝'] },
  { why: 'joiners and selectors inside belong to it', query: '断网', text: '断\u200d网\ufe0f!', is: ['断\u200d网\ufe0f'] },
  { why: 'a prefix takes the whole word', query: 'compl*', text: 'many complaints', is: ['complaints'] },
  { why: 'a decomposed spelling', query: 'café', text: 'un cafe\u0301 noir', is: ['cafe\u0301'] },
  { why: 'every place, and neighbours as one', query: 'ha OR 断', text: 'ha ha 断断网', is: ['ha', 'ha', '断断'] },
  { why: 'nothing under NOT', query: '断网 NOT 演练', text: '断网演练', is: ['断网'] },
  { why: 'what a double NOT undoes', query: 'a NOT (NOT 断网)', text: 'a 断网', is: ['a', '断网'] },
  { why: 'only those that are near', query: '套餐 NEAR/2 贵', text: '贵，很久很久以前；套餐好贵', is: ['套餐', '贵'] },
  { why: 'nothing of fields', query: '断网 verified:true', text: '断网 verified', is: ['断网'] },
])('is met: $why', ({ query, text, is }) => { expect(met(query, text)).toEqual(is) })

const texts = fc.array(fc.constantFrom('断', '网', '斷', '網', 'a', 'Ａ', 'b', ' ', '，', '\u200d', '😀', '\ufe0f', '𝐚', 'e\u0301', 'é'), { maxLength: 20 }).map((parts) => parts.join(''))

test('tokens with places are the tokens, and lie in the text one behind the other', () => {
  fc.assert(fc.property(texts, (text) => {
    const placed = placedTokensOf(text)
    expect(placed.map(({ text: of, word, gap }) => ({ text: of, word, gap }))).toEqual(tokensOf(text))
    let end = 0
    for (const token of placed) {
      expect(token.start).toBeGreaterThanOrEqual(end)
      expect(token.end).toBeGreaterThan(token.start)
      expect(tokensOf(text.slice(token.start, token.end)).map((one) => one.text)).toEqual([token.text])
      end = token.end
    }
    expect(end).toBeLessThanOrEqual(text.length)
  }))
})

test('a query of one term has a span exactly where the mention matches, and the span alone matches again', () => {
  fc.assert(fc.property(texts, fc.constantFrom('断网', 'a', 'ab', 'é', '"断 a"', '😀', 'a NEAR/2 断'), (text, query) => {
    const node = nodeOf(query)
    const spans = spansOf(node, text)
    expect(spans.length > 0).toBe(matchesNaively(node, { text }))
    if (node.kind === 'term') for (const [start, end] of spans) expect(matchesNaively(node, { text: text.slice(start, end) })).toBe(true)
  }))
})
