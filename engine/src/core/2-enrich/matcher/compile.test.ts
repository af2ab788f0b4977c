import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { field, MentionView } from '../../1-decode/mention-view.ts'
import { parseQuery } from '../query/parse.ts'
import { compileMatcher } from './compile.ts'
import { matchesNaively } from './naive.ts'
import type { PlainMention } from './naive.ts'

function viewOf(mention: PlainMention): MentionView {
  const view = new MentionView()
  const strings: [number, string][] = [[field.text, mention.text]]
  for (const name of ['platform', 'lang', 'kind', 'author'] as const) {
    if (mention[name] !== undefined && mention[name] !== null) strings.push([field[name], mention[name]])
  }
  view.spans.fill(-1)
  let bytes = Buffer.from('{{{') // spans seldom begin at 0
  const place = (text: string): [number, number] => {
    const start = bytes.length
    bytes = Buffer.concat([bytes, Buffer.from(text)])
    return [start, bytes.length]
  }
  for (const [index, text] of strings) view.spans.set(place(text), 2 * index)
  for (const tag of mention.tags ?? []) view.tagSpans.set(place(tag), 2 * view.tagCount++)
  view.bytes = bytes
  view.followers = mention.followers ?? -1
  view.verified = mention.verified === undefined || mention.verified === null ? -1 : Number(mention.verified)
  return view
}

const rulesOf = (queries: readonly string[]) => ({ topics: queries.map((query, index) => ({ id: `t${index}`, name: { zh: '题', en: 'topic' }, query })) })

function matching(queries: readonly string[], mention: PlainMention): number[] {
  const matcher = compileMatcher(rulesOf(queries))
  const out = new Uint16Array(queries.length + 1).fill(999)
  const end = matcher.match(viewOf(mention), out, 1)
  expect(out[0]).toBe(999)
  return [...out.subarray(1, end)]
}

describe('what a query matches', () => {
  test.each<[query: string, text: string, matches: boolean]>([
    ['mac', 'mac电脑', true], ['mac', '@mac', true], ['mac', 'machine', false], ['mac', 'imac', false], ['MAC', 'ｍａｃ', true], ['mac', 'my_mac', false],
    ['5G', '5G网络', true], ['5G网络', '5g 网络', true], ['5G网络', '5g，网络', false], ['"5G，网络"', '5g。网络', true], ['"5G，网络"', '5g网络', false],
    ['断网', '中国移动断网了', true], ['断网', '断，网', false], ['断网', '断 网', false], ['"断 网"', '断，网', true], ['断网', '斷網', true], ['網絡', '网络', true],
    ['"new york"', 'NEW-YORK!', true], ['"new york"', 'new big york', false], ['"new york"', 'new yorker', false], ['"new york*"', 'new yorker', true],
    ['comp*', 'a computer', true], ['comp*', 'comp', true], ['comp*', 'decomp', false], ['网络5g*', '网络5gnr', true],
    ['a NEAR/1 b', 'a x b', true], ['a NEAR/1 b', 'b x a', true], ['a NEAR/1 b', 'a x y b', false], ['a NEAR/0 b', 'a, b', true],
    ['断网 NEAR/2 上海', '上海又又断网', true], ['断网 NEAR/2 上海', '上海今天又断网', false], ['断网 NEAR/5 断网', '断网', false], ['断网 NEAR/5 断网', '断网断网', true],
    ['a OR NOT b', 'x', true], ['a OR NOT b', 'b', false], ['a OR NOT b', 'a b', true], ['NOT a OR b', '', true], ['NOT (a NOT b)', 'x', true], ['NOT (a NOT b)', 'a', false],
    ['a NOT b', 'a', true], ['a NOT b', 'a b', false], ['a OR b AND c', 'a', true], ['(a OR b) AND c', 'a', false], ['NOT NOT a', 'a', true],
    ['café', 'CAFE\u0301', true], ['cafe', 'café', false], ['ガス', 'ｶﾞｽ', true], ['σας', 'ΣΑΣ', true], ['istanbul', 'İstanbul', true], ['straße', 'STRAẞE', true],
    ['👍', '好👍🏽好', true], ['断网', '断\u200b网', true], ['outage', 'out\u00adage', true], ['москва', 'МОСКВА', true], ['断网', '', false], ['\u{20000}', 'x\u{20000}', true],
    ['(断网 OR outage) NOT 演练', '断网演练', false], ['（断网 OR outage） NOT 演练', '断网', true],
  ])('%s in %s: %s', (query, text, matches) => {
    expect(matching([query], { text }).length === 1).toBe(matches)
    const parsed = parseQuery(query)
    expect(parsed.ok && matchesNaively(parsed.node, { text })).toBe(matches)
  })

  test.each<[query: string, mention: Omit<PlainMention, 'text'>, matches: boolean]>([
    ['platform:weibo', { platform: 'weibo' }, true], ['platform:weibo', { platform: 'weibo2' }, false], ['platform:weibo', {}, false],
    ['author:"张 三"', { author: '張　三' }, true], ['tag:断网', { tags: ['停电', '斷網'] }, true], ['tag:断网', { tags: ['断网了'] }, false],
    ['verified:true', { verified: true }, true], ['verified:false', { verified: false }, true], ['verified:false', {}, false],
    ['followers>9', { followers: 10 }, true], ['followers>9', { followers: 9 }, false], ['followers<=9', { followers: 9 }, true], ['followers=0', {}, false], ['followers<5', {}, false],
    ['kind:Post NOT platform:weibo', { kind: 'post' }, true], ['lang:zh', { lang: 'ZH' }, true],
  ])('%s of %j: %s', (query, mention, matches) => {
    expect(matching([query], { text: 'x', ...mention }).length === 1).toBe(matches)
  })

  test('topics come ascending and from the place given', () => {
    const queries = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? '断网' : index % 3 === 1 ? 'lang:zh' : 'nothing'))
    expect(matching(queries, { text: '断网', lang: 'zh' })).toEqual(queries.flatMap((query, index) => (query === 'nothing' ? [] : [index])))
  })
})

test('rules that use more characters than half a word counts are matched the same', () => {
  const queries = Array.from({ length: 9000 }, (_, index) => `${String.fromCodePoint(0x20000 + index)}${String.fromCodePoint(0x20000 + ((index * 7) % 9000))}`)
  expect(matching(queries, { text: `x${queries[8999]}网${queries[4]}` })).toEqual([4, 8999])
})

const letters = ['网', '網', '络', '絡', '断', '斷', 'a', 'B', 'Ａ', 'b', '1', '１', '_', 'é', 'e\u0301', 'ガ', 'ｶﾞ', '😀', '👍🏽', '한', 'ไ', 'ς', 'Σ', '\u200d', '\u{20000}']
const separators = [' ', '　', '，', '.', '\n', '@', '#']
const piece = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...letters) }, { weight: 1, arbitrary: fc.constantFrom(...separators) })
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))
const phrase = fc.tuple(fc.array(piece, { maxLength: 3 }), fc.constantFrom('', '', '*')).map(([pieces, star]) => `"${pieces.join('')}${star}"`)
const fieldQuery = fc.constantFrom('platform:a', 'author:"Ｂ b"', 'tag:網', 'verified:true', 'verified:false', 'followers>5', 'followers<=3', 'lang:a')
const { query: narrow } = fc.letrec<{ query: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 6, arbitrary: phrase },
    { weight: 1, arbitrary: fieldQuery },
    { weight: 2, arbitrary: fc.tuple(phrase, fc.nat(3), phrase).map(([a, n, b]) => `${a} NEAR/${n} ${b}`) },
    { weight: 2, arbitrary: tie('query').map((inner) => `(${inner})`) },
    { weight: 2, arbitrary: tie('operand').map((inner) => `NOT ${inner}`) },
  ),
  query: fc.array(fc.tuple(fc.constantFrom(' ', ' AND ', ' OR ', ' OR '), tie('operand')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([joint, operand], index) => (index === 0 ? operand : joint + operand)).join('')),
}))
const sure = fc.oneof(fc.constantFrom('网', 'a', '断', 'é', '😀', '"1 网"', 'a NEAR/2 网'), fieldQuery)
const wideQuery = fc.tuple(sure, sure, sure).map(([a, b, c]) => `${a} OR NOT (${b} ${c})`)
const query = fc.oneof({ weight: 9, arbitrary: narrow }, { weight: 1, arbitrary: wideQuery })
const mention = fc.record({
  text, platform: fc.constantFrom(undefined, 'a', 'b'), author: fc.constantFrom(undefined, 'b Ｂ', 'B b'), lang: fc.constantFrom(undefined, 'A'),
  tags: fc.constantFrom(undefined, ['网', 'x'], ['x']), verified: fc.constantFrom(undefined, true, false), followers: fc.constantFrom(undefined, 2, 4, 6),
})

test('the matcher of many topics agrees with the naive one on every mention', () => {
  let matched = 0
  let asked = 0
  let wide = 0 // queries that hold of mentions in which nothing of them is there
  fc.assert(fc.property(fc.array(query, { minLength: 1, maxLength: 40 }), fc.array(mention, { minLength: 1, maxLength: 12 }), (queries, mentions) => {
    const legal = queries.flatMap((each) => {
      const parsed = parseQuery(each)
      if (parsed.ok && parsed.hints.some(({ message }) => message.includes('nothing but NOT'))) wide += 1
      return parsed.ok ? [{ query: each, node: parsed.node }] : []
    })
    const matcher = compileMatcher(rulesOf(legal.map((each) => each.query)))
    const out = new Uint16Array(legal.length)
    for (const each of mentions) { // one matcher for all: nothing of a mention may linger
      const naive = legal.flatMap(({ node }, index) => (matchesNaively(node, each) ? [index] : []))
      asked += legal.length
      matched += naive.length
      expect([...out.subarray(0, matcher.match(viewOf(each), out, 0))]).toEqual(naive)
    }
  }), { numRuns: 150 })
  expect(matched).toBeGreaterThan(asked / 50) // the alphabet is small enough for hits
  expect(matched).toBeLessThan(asked / 2)
  expect(wide).toBeGreaterThan(50)
})
