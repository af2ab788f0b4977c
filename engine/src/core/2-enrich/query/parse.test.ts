import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawProblem } from './ast.ts'
import type { Node } from './ast.ts'
import { termsOf } from './explain.ts'
import { parseQuery } from './parse.ts'

function shape(node: Node): string {
  switch (node.kind) {
    case 'and': case 'or': return `(${node.nodes.map(shape).join(node.kind === 'and' ? ' & ' : ' | ')})`
    case 'not': return `!${shape(node.node)}`
    case 'near': return `[${shape(node.left)} ${node.distance} ${shape(node.right)}]`
    case 'field': return 'comparison' in node ? `${node.name}${node.comparison}${node.value}` : `${node.name}:${node.value}`
    case 'term': return termsOf(node)[0]!
    default: return node satisfies never
  }
}

test.each([
  ['a OR b c', '(a | (b & c))'], ['a b OR c', '((a & b) | c)'], ['a AND NOT b OR c', '((a & !b) | c)'], ['(a OR b) c', '((a | b) & c)'],
  ['NOT a b', '(!a & b)'], ['b NOT (a OR c)', '(b & !(a | c))'], ['NOT NOT a', 'a'], ['a NOT b NEAR/3 c', '(a & ![b 3 c])'], ['a NEAR/0 "b c"', '[a 0 b c]'],
  ['(a)(b)', '(a & b)'], ['"a"b', '(a & b)'], ['（断网 OR “停电”）', '(断网 | 停电)'], ['5G網絡', '5g网络'], ['Comp*', 'comp*'], ['"OR"', 'or'], ['a-b', 'a b'], ['断网，停电', '断网·停电'],
  ['platform:Weibo', 'platform:weibo'], ['author:"A (b) \\"c\\""', 'author:a (b) "c"'], ['tag:斷網', 'tag:断网'], ['platform：weibo', 'platform:weibo'], ['VERIFIED:True', 'verified:true'],
  ['followers>=10', 'followers>=10'], ['followers ＜ 10', 'followers<10'], ['followers', 'followers'], ['10:30', '10 30'], ['a followers=5 b', '(a & followers=5 & b)'],
])('%s means %s', (query, meaning) => {
  const parsed = parseQuery(query)
  expect(parsed.ok ? shape(parsed.node) : parsed.problem.message).toBe(meaning)
})

test.each<[query: string, marked: string, says: RegExp]>([
  ['断网 "网络', '"', /never closed/], ['“断网', '“', /add ”/], ['(断网', '(', /never closed/], ['断网)', ')', /closes nothing/], [')', ')', /closes nothing/], ['a ()', '()', /empty/], ['""', '""', /empty phrase/],
  ['', '', /empty/], ['  ', ' ', /empty/], ['NOT', 'NOT', /no term after/], ['a AND', 'AND', /no term after/], ['a OR OR b', 'OR', /no term after/], ['OR a', 'OR', /no term before/], ['NEAR/3 a', 'NEAR/3', /no term before/],
  ['NOT a', 'NOT a', /without NOT/], ['NOT a OR NOT b', 'NOT a OR NOT b', /without NOT/], ['NOT (a b)', 'NOT (a b)', /without NOT/], ['NOT (a NOT NOT b)', 'NOT (a NOT NOT b)', /without NOT/], ['NOT a NOT b', 'NOT a NOT b', /without NOT/], ['NOT platform:weibo', 'NOT platform:weibo', /without NOT/],
  ['foo:bar', 'foo:', /unknown field foo.*platform:/], ['http://t.cn', 'http:', /quotes/], ['platform: weibo', 'platform:', /no value/], ['platform:微博', '微博', /no platform/], ['kind:retweet', 'retweet', /post, repost/],
  ['verified:yes', 'yes', /true or false/], ['followers>abc', 'abc', /whole number.*abc/], ['followers>1.5', '1.5', /whole number/], ['followers:5', 'followers:', /followers>10000/], ['followers=>5', 'followers=>', /not =>/],
  ['断*', '断*', /Latin word/], ['a*', 'a*', /at least two/], ['*', '*', /no word before/], ['com*er', 'com*er', /something follows/], ['comp-*', 'comp-*', /no word before/],
  ['a NEAR b', 'NEAR', /NEAR\/5/], ['a NEAR/x b', 'NEAR/x', /whole number/], ['a NEAR/9999 b', 'NEAR/9999', /at most NEAR\/1000/], ['(a b) NEAR/3 c', '(', /not a group/], ['a NEAR/3 lang:zh', 'lang:zh', /field/],
  ['a NEAR/1 b NEAR/1 c', 'NEAR/1', /not three/], ['a -b', '-b', /NOT b/], ['a && b', '&&', /operators are AND/], [`${'('.repeat(70)}a${')'.repeat(70)}`, '(', /flatter/],
])('%s is refused at %s', (query, marked, says) => {
  const parsed = parseQuery(query)
  if (parsed.ok) throw new Error(`${query} was taken as ${shape(parsed.node)}`)
  expect(query.slice(parsed.problem.start, parsed.problem.end)).toBe(marked)
  expect(parsed.problem.message).toMatch(says)
})

test('the caret stands under what is wrong, wide characters and long queries included', () => {
  const draw = (query: string) => {
    const parsed = parseQuery(query)
    return parsed.ok ? '' : drawProblem(query, parsed.problem)
  }
  expect(draw('断网 foo:x')).toBe('断网 foo:x\n\u3000\u3000 ^~~~')
  expect(draw(`${'x '.repeat(100)}foo:x${' y'.repeat(100)}`).split('\n').map((line) => line.length <= 90)).toEqual([true, true])
  expect(draw('a OR\n  断*')).toBe('  断*\n  ^~~')
})

test('legal but doubtful queries come with a hint', () => {
  const hints = (query: string) => {
    const parsed = parseQuery(query)
    return parsed.ok ? parsed.hints.map(({ start, message }) => `${start} ${message.split(' ')[0]}`) : []
  }
  expect(hints('a and b or c|d')).toEqual(['2 and', '8 or', '11 c|d'])
  expect(hints('a AND "and" b')).toEqual([])
})

test.each([['foo OR NOT bar', '(foo | !bar)'], ['NOT a OR b', '(!a | b)'], ['NOT (a NOT b)', '!(a & !b)']])('%s is legal, with a hint that it takes nearly all', (query, meaning) => {
  const parsed = parseQuery(query)
  expect(parsed.ok ? shape(parsed.node) : parsed.problem.message).toBe(meaning)
  expect(parsed.ok && parsed.hints.map(({ message }) => message)).toEqual([expect.stringMatching(/nothing but NOT/)])
})

test.each([['C++', /C\+\+ is searched for as c: \+ is punct/], ['C#', /as c: # is/], ['.NET', /as net: \. is/]])('the symbols of %s are not compared, and a hint says so', (query, says) => {
  const parsed = parseQuery(`${query} 断网`)
  expect(parsed.ok && parsed.hints.map(({ message }) => message)).toEqual([expect.stringMatching(says)])
})

test('no message quotes a whole query, however long its parts are', () => {
  const x = 'x'.repeat(500_000)
  for (const query of [`-${x}`, `${x}*${x}`, `NEAR/${x}`, `${x}:a`, `verified:${x}`, `kind:${x}`, `platform:${x}!`, `followers>${x}`, `NOT ${x}`, '&'.repeat(500_000), `断${'网'.repeat(400_000)}*`, `"${x}`, `NOT ("${x}")`]) {
    const parsed = parseQuery(query)
    if (parsed.ok) throw new Error(`${query.slice(0, 20)} was taken`)
    expect(`${parsed.problem.message}\n${drawProblem(query, parsed.problem)}`.length).toBeLessThan(900)
  }
})

test('five thousand terms, and half a megabyte of them, are read within a second', () => {
  for (const query of [Array.from({ length: 5000 }, (_, i) => `"term ${i}"`).join(' OR '), Array.from({ length: 40_000 }, (_, i) => `w${i} 断`).join(' OR '), Array.from({ length: 5000 }, (_, i) => `(断网${i} NOT c${i}++)`).join(' ')]) {
    const begun = process.cpuUsage().user
    expect(parseQuery(query).ok).toBe(true)
    expect((process.cpuUsage().user - begun) / 1000).toBeLessThan(1000)
  }
})

test('no text makes the parser throw, and a problem is within the query', () => {
  const bit = fc.oneof(fc.constantFrom('(', ')', '"', '“', ' ', 'NOT ', ' OR ', ' AND ', ' NEAR/2 ', '断', 'ab', '*', ':', 'lang:', 'followers>', '\\', '\n', '-', '\ud800', '😀'), fc.string({ maxLength: 3, unit: 'binary' }))
  fc.assert(fc.property(fc.array(bit, { maxLength: 25 }), (bits) => {
    const query = bits.join('')
    const parsed = parseQuery(query)
    if (parsed.ok) return
    const { start, end } = parsed.problem
    expect(start >= 0 && start <= end && start <= query.length).toBe(true)
    expect(drawProblem(query, parsed.problem).split('\n')).toHaveLength(2)
  }), { numRuns: 2000 })
})

test('deep and long queries cost no stack', () => {
  expect(parseQuery('NOT '.repeat(4000) + 'a').ok).toBe(true)
  expect(parseQuery(Array.from({ length: 2000 }, (_, index) => `w${index}`).join(' OR ')).ok).toBe(true)
})
