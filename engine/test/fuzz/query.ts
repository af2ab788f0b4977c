// Any text as a query: refused with a place inside the text, or compiled and matched exactly as the naive matcher does.
import fc from 'fast-check'
import { matchesNaively, type PlainMention } from '../../src/core/2-enrich/matcher/naive.ts'
import { compileMatcher } from '../../src/core/2-enrich/matcher/compile.ts'
import { columnOf, drawProblem, type QueryProblem } from '../../src/core/2-enrich/query/ast.ts'
import { parseQuery } from '../../src/core/2-enrich/query/parse.ts'
import { createEnricher } from '../../src/core/2-enrich/enrich.ts'
import { promised, type Target } from './target.ts'

const words = ['断网', '网络', '斷網', 'a', 'B', 'Ａb', '5G', 'comp*', 'é', '😀', '"no service"', '"断 网"', '“网”', 'C++', '断网，停电', 'ガ', 'ｶﾞ', '한', '👍🏽', '\u{20000}']
const operators = ['AND', 'OR', 'NOT', 'NEAR/3', 'NEAR/0', 'NEAR', 'NEAR/99999', 'and', '|', '&&', '(', ')', '（', '）', '((', '))', '"', '＂', '“', '”', '*', '-', '\\', '\\"']
const fields = ['platform:x', 'platform:', 'author:"B b"', 'tag:網', 'verified:true', 'verified:no', 'followers>5', 'followers<=3', 'followers=>1', 'followers：9', 'lang:a', 'kind:post', 'kind:none', 'foo:bar', 'http://t.cn/x']
const piece = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...words) }, { weight: 5, arbitrary: fc.constantFrom(...operators) }, { weight: 2, arbitrary: fc.constantFrom(...fields) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) })
const joint = fc.constantFrom(' ', ' ', ' ', '', '\n', '　', '\t')
const loose = fc.array(fc.tuple(piece, joint), { maxLength: 14 }).map((parts) => parts.flat().join(''))
const operand = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.constantFrom('platform:x', 'verified:true', 'followers>5', 'tag:網', 'lang:a', 'kind:post') })
const { query: valid } = fc.letrec<{ query: string; operand: string }>((tie) => ({
  operand: fc.oneof({ maxDepth: 3, withCrossShrink: true }, { weight: 6, arbitrary: operand }, { weight: 1, arbitrary: fc.tuple(fc.constantFrom('断网', 'a', '"网 a"'), fc.nat(5), fc.constantFrom('b', '网')).map(([left, n, right]) => `${left} NEAR/${n} ${right}`) },
    { weight: 2, arbitrary: tie('query').map((inner) => `(${inner})`) }, { weight: 1, arbitrary: tie('operand').map((inner) => `NOT ${inner}`) }),
  query: fc.array(fc.tuple(fc.constantFrom(' ', ' AND ', ' OR '), tie('operand')), { minLength: 1, maxLength: 4 }).map((parts) => parts.map(([join, each], i) => (i === 0 ? each : join + each)).join('')),
}))
const changed = fc.tuple(valid, fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), piece), { maxLength: 3 }))
  .map(([query, changes]) => changes.reduce((all, [at, remove, insert]) => all.slice(0, Math.floor(at * all.length)) + insert + all.slice(Math.floor(at * all.length) + remove), query))
const repeated = fc.tuple(fc.array(fc.tuple(piece, joint), { minLength: 1, maxLength: 3 }).map((parts) => parts.flat().join('')), fc.oneof({ weight: 60, arbitrary: fc.integer({ min: 20, max: 200 }) }, { weight: 1, arbitrary: fc.integer({ min: 1000, max: 5000 }) }), loose)
  .map(([unit, times, tail]) => unit.repeat(times) + tail)

const text = fc.array(fc.constantFrom('断', '网', '络', '網', 'a', 'b', ' ', '，', '5G', 'no', 'service', 'é', 'computer', '😀', '👍🏽', 'ｶﾞ', '停电', '\u{20000}'), { maxLength: 14 }).map((parts) => parts.join(''))
const mention = fc.record({
  text, platform: fc.constantFrom('x', 'weibo'), author: fc.constantFrom(undefined, 'b B'), lang: fc.constantFrom(undefined, 'A'), kind: fc.constantFrom(undefined, 'post'),
  tags: fc.constantFrom(undefined, ['网']), verified: fc.constantFrom(undefined, true, false), followers: fc.constantFrom(undefined, 2, 6),
})

interface Asked { readonly query: string; readonly mentions: readonly PlainMention[] }

export const query: Target<Asked> = {
  name: 'query', share: 0.3,
  promise: 'refused with a place in the text and a caret, or compiled and matched as the naive matcher does',
  inputs: fc.record({
    query: fc.oneof({ weight: 4, arbitrary: loose }, { weight: 4, arbitrary: changed }, { weight: 2, arbitrary: valid }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) }, { weight: 1, arbitrary: repeated }),
    mentions: fc.array(mention, { minLength: 1, maxLength: 3 }),
  }),
  check({ query, mentions }) {
    const parsed = parseQuery(query)
    for (const problem of parsed.ok ? parsed.hints : [parsed.problem]) placedWell(query, problem)
    if (!parsed.ok) return
    const enrich = createEnricher({ matcher: compileMatcher({ topics: [{ id: 't', name: { zh: 't', en: 't' }, query }] }), scorer: { score: () => 0 }, rulesSeq: 0 })
    const data = Buffer.from(mentions.map((each, n) => JSON.stringify({ id: `m:${n}`, ts: 1_434_384_770_000, ...each })).join('\n'))
    const batch = enrich({ bytes: new Uint8Array(data), ends: Uint32Array.of(data.length), seqs: Float64Array.of(1), times: Float64Array.of(1_434_384_770_000), platforms: ['x'], stream: 1, skewCheck: true })
    promised(batch.rows === mentions.length, () => `${mentions.length} mentions gave ${batch.rows} rows`)
    for (const [row, each] of mentions.entries()) {
      const matches = batch.topicEnds[row]! > (row === 0 ? 0 : batch.topicEnds[row - 1]!)
      promised(matches === matchesNaively(parsed.node, each), () => `the fast matcher says ${matches} of ${JSON.stringify(each)}, the naive one the opposite`)
    }
  },
}

function placedWell(query: string, problem: QueryProblem): void {
  const { start, end, message } = problem
  promised(message !== '' && start >= 0 && start <= query.length && end >= start && end <= query.length + 1, () => `the problem "${message}" is said to be at ${start}–${end} of ${query.length}`)
  const column = columnOf(query, start)
  promised(column >= 1 && column <= query.length + 1, () => `the problem is in column ${column} of ${query.length}`)
  const drawn = drawProblem(query, problem).split('\n')
  promised(drawn.length === 2 && /^[ \u3000]*\^~*$/u.test(drawn[1]!), () => `no caret is drawn: ${JSON.stringify(drawn)}`)
}
