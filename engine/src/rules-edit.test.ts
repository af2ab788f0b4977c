import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRules } from './core/2-enrich/rules-file.ts'
import { editTopic, readRulesForForm } from './rules-edit.ts'

const example = readFileSync(fileURLToPath(new URL('../../rules/example.yml', import.meta.url)), 'utf8')
type Plain = Record<string, unknown>
const topicsOf = (text: string): Plain[] => readRulesForForm(text).topics as Plain[]
const linesChanged = (a: string, b: string): string[] => b.split('\n').filter((line) => !a.split('\n').includes(line))

test('the files that are shipped come out as they went in', () => {
  for (const name of ['example.yml', 'demo.yml']) {
    const text = readFileSync(fileURLToPath(new URL(`../../rules/${name}`, import.meta.url)), 'utf8')
    const topics = topicsOf(text)
    expect(editTopic(text, { at: 0, topic: topics[0]! })).toBe(text)
  }
})

test('one threshold changes one line, and comments and order stay', () => {
  const [first] = topicsOf(example)
  const velocity = first!['velocity'] as Plain[]
  const text = editTopic(example, { at: 0, topic: { ...first, velocity: [velocity[0], { ...velocity[1], count: 3000 }] } })!
  expect(linesChanged(example, text)).toEqual(['      - { count: 3000, within: 10m, grade: moderate }'])
  expect(text.split('\n')).toHaveLength(example.split('\n').length)
})

test('rules that change places take their comments along', () => {
  const [first] = topicsOf(example)
  const text = editTopic(example, { at: 0, topic: { ...first, velocity: (first!['velocity'] as Plain[]).toReversed() } })!
  expect(text.split('\n').toSorted()).toEqual(example.split('\n').toSorted())
  expect(topicsOf(text)[0]!['velocity']).toEqual((first!['velocity'] as Plain[]).toReversed())
})

test('what is taken out is gone, with its key, and what is added stands in a line', () => {
  const [first] = topicsOf(example)
  const { baseline: _baseline, ...rest } = first!
  const text = editTopic(example, { at: 0, topic: { ...rest, spread: [{ R: 2, within: '1h' }] } })!
  expect(topicsOf(text)[0]).toEqual({ ...rest, spread: [{ R: 2, within: '1h' }] })
  expect(text).toContain('      - { R: 2, within: 1h }\n')
})

test('a new topic comes last, in the way of the file; a deleted one leaves the others as they are', () => {
  const topic = { id: 'refund', name: { zh: '退款', en: 'Refund' }, query: '退款 OR "refund"', velocity: [{ count: 10, within: '1h', grade: 'minor' }], baseline: {} }
  const text = editTopic(example, { at: null, topic })!
  expect(text.startsWith(example.trimEnd())).toBe(true)
  expect(parseRules(text).ok).toBe(true)
  expect(topicsOf(text).at(-1)).toEqual(topic)
  expect(editTopic(text, { at: 4, topic: null })).toBe(example)
  expect(topicsOf(editTopic(example, { at: 1, topic: null })!).map(({ id }) => id)).toEqual(['network-outage', 'verified-complaints', 'official-reply'])
})

test.each([
  { why: 'an empty file', text: '' }, { why: 'no topics', text: 'topics: []\n' }, { why: 'a comment', text: '# mine\ntopics:\n' }, { why: 'lists that are not indented', text: 'topics:\n- id: a\n  query: x\n' },
])('a topic is added to $why', ({ text }) => {
  const edited = editTopic(text, { at: null, topic: { id: 'b', query: '断网' } })!
  expect(topicsOf(edited).at(-1)).toEqual({ id: 'b', query: '断网' })
  expect(edited.includes('# mine')).toBe(text.includes('# mine'))
  expect(edited.includes('\n- id: a')).toBe(text.includes('\n- id: a'))
})

test.each(['topics: {', 'topics: 5', '- a', 'topics: [\n'.repeat(3)])('%s is not edited by a form, and says what is wrong', (text) => {
  expect(editTopic(text, { at: null, topic: { id: 'b', query: 'x' } })).toBeNull()
  expect(readRulesForForm(text).problems).not.toEqual([])
})

test('a topic that another one refers to is not taken out by a form', () => {
  expect(editTopic('topics:\n  - { id: a, query: x, velocity: &v [ { count: 5, within: 3h } ] }\n  - { id: b, query: y, velocity: *v }\n', { at: 0, topic: null })).toBeNull()
})

test('notes are told where nothing is wrong', () => {
  const { problems, notes } = readRulesForForm('topics:\n  - id: a\n    query: x\n    velocity: [ { count: 5, within: 3h, grade: severe }, { count: 9, within: 3h } ]\n')
  expect(problems).toEqual([])
  expect(notes.map(({ line, message }) => `${line} ${message.slice(0, 30)}`)).toEqual(['4 topic a is severe at 5 within '])
})

const names = fc.string({ unit: fc.constantFrom('a', '断', '"', "'", ':', '#', ' ', '\n', '{', '-', '&', '*', '!', '%', '@', '😀'), minLength: 1, maxLength: 12 })
const topic = fc.record({
  id: fc.constantFrom('a', 'b', 'c1'), name: fc.record({ zh: names, en: names }), query: names,
  velocity: fc.option(fc.array(fc.record({ count: fc.integer({ min: 1, max: 99 }), within: fc.constantFrom('1h', '90s'), grade: fc.constantFrom('minor', 'severe') }, { requiredKeys: ['count', 'within'] }), { maxLength: 4 }), { nil: undefined }),
  baseline: fc.option(fc.constantFrom({}, { alarmBudget: '2 per 8h' }), { nil: undefined }),
}, { requiredKeys: ['id', 'name', 'query'] })
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('whatever is edited in whatever order, the text holds just that', () => {
  const edit = fc.record({ at: fc.option(fc.nat({ max: 6 }), { nil: null }), topic: fc.option(topic, { nil: null }) })
  fc.assert(fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
    let text = example
    const model = topicsOf(example)
    for (const { at, topic: one } of edits) {
      const next = editTopic(text, { at, topic: one })
      if (one === null) {
        if (at === null || at >= model.length) { expect(next).toBeNull(); continue }
        model.splice(at, 1)
      } else if (at === null || at >= model.length) model.push(plain(one) as Plain)
      else model[at] = plain(one) as Plain
      text = next!
      expect(topicsOf(text)).toEqual(model)
    }
  }), { numRuns: 30 })
})

test.each([
  { what: 'names that stand for a thousand items', text: 'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\ntopics:\n  - {id: t, query: x, velocity: *c}\n', edit: { at: 0, topic: { id: 't', query: 'y' } } },
  { what: 'a topic that nests deeper than the stack', text: 'topics: []', edit: { at: null, topic: { id: 't', name: JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as Plain } } },
])('$what cannot be edited by a form', ({ text, edit }) => {
  expect(editTopic(text, edit)).toBeNull()
})
