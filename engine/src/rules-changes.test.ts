import { expect, test } from 'vitest'
import { changesMax, rulesChanges } from './rules-changes.ts'

const topic = (id: string, more = ''): string => `  - { id: ${id}, name: { zh: ${id}题, en: ${id} }, query: x${more} }\n`
const file = (...topics: string[]): string => `# the room's\ntopics:\n${topics.join('')}`
const name = (id: string) => ({ id, zh: `${id}题`, en: id })
const none = { count: 0, topics: [] }

test('says which topics came, went and changed, and what of them', () => {
  const before = file(topic('a'), topic('b', ', velocity: [{ count: 5, within: 1m }]'), topic('c'))
  const after = file(topic('d'), topic('c'), topic('b', ' OR y, velocity: [{ within: 1m, count: 6 }], baseline: {}'))
  expect(rulesChanges(before, after)).toEqual({ added: { count: 1, topics: [name('d')] }, removed: { count: 1, topics: [name('a')] }, changed: { count: 1, topics: [{ ...name('b'), parts: ['query', 'velocity', 'baseline'] }] }, rest: false })
})

test('another order of topics and keys, and comments, are no change of a topic', () => {
  expect(rulesChanges(file(topic('a'), topic('b', ', velocity: [{ count: 5, within: 1m }]')), file('  # why\n', topic('b', ', velocity: [{ within: 1m, count: 5 }]'), topic('a')))).toEqual({ added: none, removed: none, changed: none, rest: true })
})

test('of the first version all topics came; of many the first are named; what is no rules file says nothing', () => {
  const many = Array.from({ length: changesMax + 3 }, (_, n) => topic(`t${n}`))
  expect(rulesChanges(null, file(...many))).toMatchObject({ added: { count: changesMax + 3, topics: many.slice(0, changesMax).map((_, n) => name(`t${n}`)) }, rest: false })
  expect(rulesChanges('topics: [', file())).toBeNull()
})
