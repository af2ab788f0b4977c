// Everything that can be wrong with a query or a rules file, met by one that has it: told in both languages from the same codes and values.
import { inEnglish, type Said } from '@groundswell/schemas/problem.ts'
import { queryTexts, rulesTexts } from '@groundswell/schemas/problem-texts.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemWords } from '../../dashboard/src/i18n/problem-words.ts'
import { parseQuery } from '../src/core/2-enrich/query/parse.ts'
import { hintsOf, parseRules } from '../src/core/2-enrich/rules-file.ts'
import { notesOf } from '../src/pipeline/rules-notes.ts'
import { topicOf } from '../src/rules-edit.ts'

const topic = (lines: string): string => `topics:\n  - id: a\n    query: x\n    ${lines}\n`
const deep = 'a NEAR/2 b'

const bomb = `topics:\n  - &a [x]\n${Array.from({ length: 30 }, (_, n) => `  - &b${n} [${Array(40).fill(n === 0 ? '*a' : `*b${n - 1}`).join(', ')}]\n`).join('')}`

const queries: readonly string[] = [
  '', 'NOT a', 'NOT a OR b', 'a)', '(a', '()', `${'('.repeat(65)}a`, '"a', 'a AND', 'OR a', 'a NEAR b', 'a NEAR/5000 b', `${deep} NEAR/2 c`, '(a b) NEAR/2 c', 'a and b', 'a|b', 'C++', 'C+#', '""', '+++', '-a', 'a*b', '*', '网*', '断*', 'a *', '！网', 'a*',
  'followers<>5', 'followers>many', 'followers>', 'followers:5', 'colour:red', 'platform:', 'verified:maybe', 'kind:song', 'platform:微博', '"a" *', '，*',
]
const files: readonly string[] = [
  'a'.repeat(900_001), 'topics: [', 'a: 1\n---\nb: 2', '['.repeat(20_000), 'topics: "a', 'topics:\n  - id: a\n   query: x\n', 'topics:\n\t- id: a', 'topics: []\ntopics: []', 'topics:\n  - id\n    query: x: y', 'topics: a: b', 'topics: @a', 'topics: "\\q"', 'topics: *no', 'topics: &a &b x', 'topics:\n  - id: a\n    query: [x]', bomb, 'topics: !!int a',
  `"${'k'.repeat(1100)}": 1`, '%nonsense 1\n---\ntopics: []', 'topics: {a, }}', 'topics:\n  - a b\n  c', '', '? [a]\n: b', topic('colour: red'), topic('') + '  - id: a\n    query: y\n', topic('velocity: [{ count: 1, within: 1m }, { count: 1, within: 1m }]'),
  'topics:\n  - id: a', '5', '[]', 'topics:\n  - id: 5\n    query: x', 'topics: 5', topic('velocity: [{ count: x, within: 1m }]'), topic('velocity: [{ count: 0, within: 1m }]'), topic('velocity: [{ count: 1.5, within: 1m }]'), topic('velocity: [{ count: 2000000000, within: 1m }]'), topic('velocity: [3]'), topic('velocity: [null]'),
  topic('velocity: [{ count: 5, within: 1w }]'), topic('velocity: [{ count: 5, within: 9d }]'), topic('velocity: [{ count: 5, within: 1m, grade: bad }]'), topic('spread: [{ within: 1m }]'), topic('spread: [{ size: 5, depth: 3, R: 2, within: 1m }]'),
  topic('baseline: { alarmBudget: often }'), topic('baseline: { alarmBudget: 2 per 9d }'), topic('baseline: { alarmBudget: 0 per 1d }'), topic('baseline: { alarmBudget: 99 per 1m }'), topic(`name: { zh: ${'长'.repeat(201)} }`), topic(`velocity: [${'{ count: 1, within: 1m }, '.repeat(65)}]`), topic('baseline: [1]'), topic('baseline: 7'),
  'topics:\n  - id: ""\n    query: ""', 'topics:\n  - id: a b\n    query: (x', 'topics: &a [*a]',
  topic('velocity: [{ count: 1, within: 7201s }, { count: 9, within: 1m, grade: minor }, { count: 3, within: 1m, grade: severe }]'), 'topics:\n  - id: a\n    query: a and b',
]

const ofQuery = (query: string): readonly { readonly message: string; readonly said: Said }[] => {
  const parsed = parseQuery(query)
  return parsed.ok ? parsed.hints : [parsed.problem]
}
function ofFile(text: string): readonly { readonly message: string; readonly said: Said }[] {
  const parsed = parseRules(text)
  return parsed.ok ? [...hintsOf(text, parsed.rules), ...notesOf(text, parsed.rules)] : parsed.problems
}
const codesIn = ({ code, values }: Said): string[] => [code, ...Object.values(values).flatMap((value) => (typeof value !== 'object' ? [] : Array.isArray(value) ? (value as Said[]).flatMap(codesIn) : codesIn(value as Said)))]

const inChinese = ({ message, said }: { readonly message: string; readonly said: Said }): string => {
  const { lang, lead, text } = problemWords({ detail: message, said: [said] }, 'zh')
  expect([lang, lead], message).toEqual(['zh', ''])
  return text.split('\n')[0]!
}

describe('a wrong query and a wrong rules file', () => {
  const problems = [...queries.flatMap(ofQuery), ...files.flatMap(ofFile)]
  /** Said elsewhere: of a refused question, of what the parser never finds in rules, of names that zod gives to no path. */
  const elsewhere = new Set(['query-column', 'at-line', 'of-topic', 'yaml', 'file-unreadable', 'name-file', 'name-list', 'kind-object', 'kind-number'])
  test('are met here with every code that they can have', () => {
    const met = new Set(problems.flatMap(({ said }) => codesIn(said)))
    expect([...Object.keys(queryTexts), ...Object.keys(rulesTexts)].filter((code) => !met.has(code) && !elsewhere.has(code))).toEqual([])
  })
  test('say in English what their codes say, and in Chinese the same without a place left open or a sentence left in English', () => {
    for (const problem of problems) {
      const text = inChinese(problem)
      expect(problem.message).toBe(inEnglish(problem.said))
      expect(text).toMatch(/[一-鿿]/)
      expect(text).not.toMatch(/\{[a-z]+\}/)
      expect(text.replaceAll(/英文原文：.*|字段有 .*?；|类型有 .*|其中一项：.*/g, '')).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/)
    }
  })
})

const piece = fc.constantFrom('a', '断网', '"', '“', '(', ')', ' ', 'AND', 'OR', 'NOT', 'NEAR/5', 'NEAR/9999', '*', '-', 'platform:', 'kind:x', 'followers>', 'verified:', '{word}', '$&', '|', 'C++', 'and', '\n')
test('any query: the English is what the codes say, and the Chinese is of codes alone', () => {
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    for (const problem of ofQuery(pieces.join(''))) {
      expect(problem.message).toBe(inEnglish(problem.said))
      inChinese(problem)
    }
  }), { numRuns: 300 })
})

test.each([[{ id: 'a', query: '(x' }, 'query: this ( is never closed', 'query：这个 ( 没有闭合'], [{ id: 'a', query: 'x', velocity: [{ count: 0, within: '1m' }], colour: 1 }, 'velocity.0.count: 0 is not a count: at least 1; unknown key colour', 'velocity.0.count：count 不能是 0：至少 1；没有键 colour'], [{}, 'id: id is missing: add it; query: query is missing', 'id：缺少 id：请补上；query：缺少 query'], [5, 'entry 1 of topics is 5: write keys', 'topics 的第 1 项是 5：请写带值的键']])(
  'a topic by itself, %j', (given, en, zh) => {
    const found = topicOf(given)
    expect(found.ok ? '' : inEnglish(found.problem)).toContain(en)
    expect(found.ok ? '' : inChinese({ message: '-', said: found.problem })).toContain(zh)
  })
