import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hintsOf, parseRules } from './rules-file.ts'

const topic = (query: string, more = '') => `topics:\n  - id: a\n    name: { zh: 题, en: topic }\n    query: ${query}\n${more}`
const problems = (text: string) => {
  const parsed = parseRules(text)
  return parsed.ok ? [] : parsed.problems.map(({ line, column, path, message }) => ({ at: `${line}:${column}`, path, message }))
}

test('a right file gives its rules', () => {
  const parsed = parseRules(topic("'(\"断网\" OR outage) NOT 演练'", '    velocity:\n      - { count: 100, within: 2h, grade: severe }\n      - { count: 100, within: 10m }\n'))
  expect(parsed).toMatchObject({ ok: true, rules: { topics: [{ id: 'a', velocity: [{ count: 100 }, { count: 100 }] }] } })
})

const topicsOf = (text: string) => {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message)
  return parsed.rules.topics
}

test('a name may be left out, or have one language only', () => {
  const names = topicsOf(['a', 'b, name: { zh: 乙 }', 'c, name: { en: C, zh: }', 'd, name: ', `E_1, name: { en: ${'x'.repeat(200)} }`].map((rest) => `- { id: ${rest}, query: x }`).join('\n').replace(/^/, 'topics:\n')).map(({ name }) => name)
  expect(names).toEqual([{ zh: 'a', en: 'a' }, { zh: '乙', en: '乙' }, { zh: 'C', en: 'C' }, { zh: 'd', en: 'd' }, { zh: 'x'.repeat(200), en: 'x'.repeat(200) }])
})

test('keys that are left empty are not there', () => {
  expect(topicsOf(topic('x', '    velocity:\n    baseline:\n    spread:\n'))).toEqual([{ id: 'a', name: { zh: '题', en: 'topic' }, query: 'x' }])
})

test('one window written in two ways makes two rules, and 64 rules are allowed', () => {
  expect(topicsOf(topic('x', '    velocity: [{ count: 1, within: 2h }, { count: 1, within: 120m }]\n'))[0]!.velocity).toHaveLength(2)
  expect(topicsOf(topic('x', `    velocity: [${Array.from({ length: 64 }, (_, i) => `{ count: ${i + 1}, within: 2h }`).join(', ')}]\n`))[0]!.velocity).toHaveLength(64)
})

test('YAML merge keys are merged, and what is wrong in them is found', () => {
  const merged = (count: string) => `topics:\n  - &base\n    id: a\n    query: x\n    velocity: [{ count: ${count}, within: 1m }]\n  - <<: *base\n    id: b\n`
  expect(topicsOf(merged('5'))[1]).toEqual({ id: 'b', name: { zh: 'b', en: 'b' }, query: 'x', velocity: [{ count: 5, within: '1m' }] })
  expect(problems(merged('0')).map(({ path, message }) => `${path} ${message}`)).toEqual(['topics.0.velocity.0.count 0 is not a count: at least 1', 'topics.1.velocity.0.count 0 is not a count: at least 1'])
})

test('a window over 2h that is no whole number of minutes is taken, with a hint how it is counted', () => {
  const text = topic('x', '    velocity: [{ count: 5, within: 7201s }, { count: 5, within: 7200s }, { count: 5, within: 3h }]\n')
  const parsed = parseRules(text)
  expect(parsed.ok && hintsOf(text, parsed.rules)).toMatchObject([{ line: 5, column: 36, path: 'topics.0.velocity.0.within', message: '7201s is counted as 121m: windows over 2h are kept in whole minutes' }])
})

test.each<[what: string, text: string, at: string, path: string, says: RegExp]>([
  ['wrong YAML', 'topics:\n  - id: "a\n', '3:1', '', /YAML/],
  ['a key twice', 'topics: []\ntopics: []\n', '2:1', '', /unique/],
  ['an empty file', '', '1:1', '', /topics:/],
  ['a list', '- 1\n', '1:1', '', /the file is a list: write topics:/],
  ['several documents', 'topics: []\n---\ntopics: []\n', '2:1', '', /several documents: keep one/],
  ['an unknown key', topic('x', '    velocty: []\n'), '5:5', 'topics.0.velocty', /unknown key velocty/],
  ['a missing query', 'topics:\n  - id: a\n', '2:5', 'topics.0.query', /query is missing/],
  ['a number for an id', 'topics:\n  - id: 123\n    query: x\n', '2:9', 'topics.0.id', /^id is 123: quote it, "123"$/],
  ['a count of 0', topic('x', '    velocity: [{ count: 0, within: 2h }]\n'), '5:25', 'topics.0.velocity.0.count', /^0 is not a count: at least 1$/],
  ['a count of 1.5', topic('x', '    velocity: [{ count: 1.5, within: 2h }]\n'), '5:25', 'topics.0.velocity.0.count', /^count is 1.5: write a whole number$/],
  ['a count in words', topic('x', '    velocity: [{ count: many, within: 2h }]\n'), '5:25', 'topics.0.velocity.0.count', /^count is "many": write a /],
  ['a grade of its own', topic('x', '    velocity: [{ count: 1, within: 2h, grade: huge }]\n'), '5:47', 'topics.0.velocity.0.grade', /^grade is "huge": write minor, /],
  ['velocity as keys', topic('x', '    velocity: { count: 1, within: 2h }\n'), '5:15', 'topics.0.velocity', /^velocity is a set of keys: write a list$/],
  ['an empty query', topic("''"), '4:12', 'topics.0.query', /^query is empty: write something$/],
  ['too many rules', topic('x', `    velocity: [${Array.from({ length: 65 }, (_, i) => `{ count: ${i + 1}, within: 2h }`).join(', ')}]\n`), '5:15', 'topics.0.velocity', /^velocity has 65 entries: at most 64$/],
  ['a query that is too long', topic('x'.repeat(524_289)), '4:12', 'topics.0.query', /^query has 524289 characters: at most 524288$/],
  ['a wrong duration', topic('x', '    velocity: [{ count: 1, within: 2 hours }]\n'), '5:36', 'topics.0.velocity.0.within', /^within is "2 hours": a duration is a whole number/],
  ['an id twice', `${topic('x')}  - id: a\n    name: { zh: 题, en: topic }\n    query: y\n`, '5:9', 'topics.1.id', /twice, first on line 2/],
  ['a rule twice', topic('x', '    velocity:\n      - { count: 1, within: 2h }\n      - { count: 1, within: 2h }\n'), '7:9', 'topics.0.velocity.1', /says the same/],
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
    expect(problems(`topics: ${open.repeat(depth)}1${close.repeat(depth)}`)[0]!.message).toMatch(/nests too deeply|is a list|is a set of keys/)
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

test('a problem behind a quoted text of several lines is placed in the line where it is', () => {
  const text = '!topics": [\n  {\n   "id": "a",\n   "query": "断网"\n  }\n ]\n}'
  const lines = text.split('\n')
  const parsed = parseRules(text)
  expect(parsed.ok).toBe(false)
  for (const { line, column } of parsed.ok ? [] : parsed.problems) expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
})

test('a file of one line in which all is wrong is refused before anybody gives up waiting', () => {
  const topics = Array.from({ length: 9000 }, (_, n) => ({ id: `t${n}`, query: '断网', x: 1, y: 2, z: 3 }))
  expect(parseRules(JSON.stringify({ topics }))).toMatchObject({ ok: false, problems: { length: 100, 0: { line: 1, column: 36, path: 'topics.0.x' }, 99: { line: 1, path: 'topics.33.x' } } })
})

test('keys that are maps, five hundred in each other, are refused at once and with their place', () => {
  const parsed = parseRules(`topics: []\nx: ${'? '.repeat(500)}`)
  expect(parsed).toMatchObject({ ok: false })
  expect(parseRules(`topics:\n  - ? { a: b }\n    : c\n`)).toMatchObject({ ok: false, problems: [{ line: 2, column: 7, message: expect.stringContaining('a key is a word') }] })
  expect(parseRules('? '.repeat(500))).toMatchObject({ ok: false, problems: [{ line: 1, message: expect.stringContaining('a key is a word') }] })
})
