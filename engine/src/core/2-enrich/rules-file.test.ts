import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRules } from './rules-file.ts'

const topic = (query: string, more = '') => `topics:\n  - id: a\n    name: { zh: 题, en: topic }\n    query: ${query}\n${more}`
const problems = (text: string) => {
  const parsed = parseRules(text)
  return parsed.ok ? [] : parsed.problems.map(({ line, column, path, message }) => ({ at: `${line}:${column}`, path, message }))
}

test('a right file gives its rules', () => {
  const parsed = parseRules(topic("'(\"断网\" OR outage) NOT 演练'", '    velocity:\n      - { count: 100, within: 2h, grade: severe }\n      - { count: 100, within: 10m }\n'))
  expect(parsed).toMatchObject({ ok: true, rules: { topics: [{ id: 'a', velocity: [{ count: 100 }, { count: 100 }] }] } })
})

test.each<[what: string, text: string, at: string, path: string, says: RegExp]>([
  ['wrong YAML', 'topics:\n  - id: "a\n', '3:1', '', /YAML/],
  ['a key twice', 'topics: []\ntopics: []\n', '2:1', '', /unique/],
  ['an empty file', '', '1:1', '', /topics:/],
  ['a list', '- 1\n', '1:1', '', /object/],
  ['an unknown key', topic('x', '    velocty: []\n'), '5:5', 'topics.0.velocty', /unknown key velocty/],
  ['a missing name', 'topics:\n  - id: a\n    query: x\n', '2:5', 'topics.0.name', /name is missing/],
  ['a wrong duration', topic('x', '    velocity: [{ count: 1, within: 2 hours }]\n'), '5:36', 'topics.0.velocity.0.within', /whole number.*2 hours/],
  ['an id twice', `${topic('x')}  - id: a\n    name: { zh: 题, en: topic }\n    query: y\n`, '5:9', 'topics.1.id', /twice, first on line 2/],
  ['a rule twice', topic('x', '    velocity:\n      - { count: 1, within: 2h }\n      - { count: 1, within: 120m }\n'), '7:9', 'topics.0.velocity.1', /120m.*2h/],
  ['a plain query', topic('断网 AND (x OR'), '4:22', 'topics.0.query', /OR has no term after it.*\n.*\n/],
  ['a single-quoted query', topic("'it''s foo:bar'"), '4:19', 'topics.0.query', /unknown field foo/],
  ['a double-quoted query', topic('"\\"断\\u7f51\\" foo:bar"'), '4:25', 'topics.0.query', /unknown field foo/],
  ['a block query', topic('>-\n      断网 OR\n      foo:bar'), '6:7', 'topics.0.query', /unknown field foo/],
  ['an unbalanced quote', topic(`'a "断网'`), '4:15', 'topics.0.query', /never closed/],
  ['a dangling alias', topic('*q'), '1:1', '', /[Aa]lias/],
])('%s is refused with its place', (...[, text, at, path, says]) => {
  const found = problems(text)
  expect(found[0]).toMatchObject({ at, path })
  expect(found[0]!.message).toMatch(says)
})

test('one run tells of wrong keys and of wrong queries, from top to bottom', () => {
  expect(problems(topic('a OR', '    velocty: []\n')).map(({ at, path }) => `${at} ${path}`)).toEqual(['4:14 topics.0.query', '5:5 topics.0.velocty'])
})

test('an alias bomb and a file over the limit are refused, not expanded', () => {
  const levels = Array.from({ length: 12 }, (_, level) => `l${level}: &l${level} [${Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*l${level - 1}`)).join(', ')}]`)
  expect(problems(levels.join('\n'))[0]!.message).toMatch(/alias/)
  expect(problems(`topics: []\n# ${'x'.repeat(900_000)}`)[0]!.message).toMatch(/at most 900000/)
})

test.each([50, 700, 1100, 1500, 1900, 20_000])('brackets nested %d deep are refused', (depth) => {
  for (const [open, close] of [['[', ']'], ['{a: ', '}']] as const) {
    expect(problems(`topics: ${open.repeat(depth)}1${close.repeat(depth)}`)[0]!.message).toMatch(/nests too deeply|expected|Invalid/)
  }
})

test('no text makes it throw', () => {
  const bit = fc.constantFrom('topics:', '\n', '  ', '- ', 'id: a', 'query: ', '"', "'", '(', ')', 'NOT ', '断网', '*', '&a', '{', '}', '[', ']', '|', '>', '\t', '#', '\0', 'a*', ' NEAR/2 ', ':', '\\')
  fc.assert(fc.property(fc.array(bit, { maxLength: 30 }), (bits) => {
    for (const text of [bits.join(''), topic(bits.join(''))]) {
      const parsed = parseRules(text)
      if (!parsed.ok) for (const problem of parsed.problems) expect(problem.line >= 1 && problem.column >= 1 && problem.message !== '').toBe(true)
    }
  }), { numRuns: 500 })
})
