import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelRank } from '@groundswell/schemas/grade.ts'
import { topicRow } from '../../test/seeded.ts'
import { topicMove, topicOrder, topicSorts, topicsQuery, topicsViewOf, type TopicLine } from './topic-table.ts'

const lineAt = (index: number, more: Partial<TopicLine['now'] & object> = {}): TopicLine => {
  const row = topicRow(index % 10, 1_763_706_000_000, () => 0.5)
  return { id: `t${index}`, name: row.name, now: { ...row, id: `t${index}`, ...more } }
}
const arbitraryLines = fc.uniqueArray(fc.record({ id: fc.nat(60), level: fc.constantFrom('normal', 'minor', 'moderate', 'severe'), ratio: fc.option(fc.integer({ min: 0, max: 100 })), count: fc.nat(1000), perMinute: fc.nat(50), newestAt: fc.option(fc.nat(1000)), taken: fc.boolean(), known: fc.boolean() }), { selector: ({ id }) => id, maxLength: 30 })
  .map((some) => some.map(({ id, known, taken, ...now }) => { const line = lineAt(id, { ...now, ...(taken ? { taken } : {}) } as object); return known ? line : { ...line, now: null } }))

test('every line that matches is there once, the largest first, of one level what nobody has seen, what is not known last', () => {
  fc.assert(fc.property(arbitraryLines, fc.constantFrom(...topicSorts), fc.constantFrom('', 'T1', '网络', 'queue', 'nothing like this'), (lines, by, text) => {
    const order = topicOrder(lines, { by, text }, (line) => line.name.en)
    const matches = lines.filter(({ id, name }) => `${id}\n${name.zh}\n${name.en}`.toLowerCase().includes(text.toLowerCase()))
    expect(order.toSorted()).toEqual(matches.map(({ id }) => id).toSorted())
    const of = order.map((id) => lines.find((line) => line.id === id)!)
    const value = ({ now }: TopicLine): number => (now === null ? -Infinity : by === 'level' ? levelRank(now.level) * 2 + (now.taken ? 0 : 1) : by === 'name' ? 0 : by === 'newest' ? now.newestAt ?? -1 : by === 'ratio' ? now.ratio ?? -1 : now[by])
    if (by !== 'name') for (let at = 1; at < of.length; at++) expect(value(of[at - 1]!)).toBeGreaterThanOrEqual(value(of[at]!))
  }))
})

test('names are in the order of their letters, numbers by their size', () => {
  const named = ['b 10', 'b 9', 'a'].map((en, index): TopicLine => ({ id: `t${index}`, name: { zh: en, en }, now: null }))
  expect(topicOrder(named, { by: 'name', text: '' }, ({ name }) => name.en)).toEqual(['t2', 't1', 't0'])
})

test.each([['j', -1, 0], ['j', 2, 3], ['k', 0, 0], ['End', -1, 9], ['End', 3, 9], ['Home', 7, 0], ['PageDown', 2, 7], ['PageUp', 2, 0], ['x', 2, null]])('%s from %d leads to %s', (key, at, to) => expect(topicMove(key, at, { length: 10, page: 5 })).toBe(to))

test('the address holds the whole of what is shown', () => {
  fc.assert(fc.property(fc.record({ by: fc.constantFrom(...topicSorts), text: fc.string({ maxLength: 20 }), chosen: fc.option(fc.string({ minLength: 1, maxLength: 20 })) }), (view) => { expect(topicsViewOf(topicsQuery(view))).toEqual(view) }))
})
