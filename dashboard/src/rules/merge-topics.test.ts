// Topics of two people put together, against each id looked at by itself: what only one did is in it, what both did differently stays as theirs and is named.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChangeQueue } from './change-queue.ts'
import { mergeTopics } from './merge-topics.ts'

interface Topic { readonly id: string; readonly query: string; readonly velocity?: readonly unknown[] }
const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const topics: fc.Arbitrary<Topic[]> = fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), query: fc.constantFrom('1', '2', '3') }), { selector: ({ id }) => id, maxLength: 6 })
const queries = (all: readonly Topic[]): Record<string, string> => Object.fromEntries(all.map(({ id, query }) => [id, query]))

test('what one changed alone is in it, what both changed differently is named and stays as theirs', () => {
  fc.assert(fc.property(topics, topics, topics, (base, mine, theirs) => {
    const [before, own, other] = [queries(base), queries(mine), queries(theirs)]
    const clashing = ids.filter((id) => own[id] !== before[id] && other[id] !== before[id] && own[id] !== other[id])
    const wanted = Object.fromEntries(ids.map((id) => [id, own[id] !== before[id] && !clashing.includes(id) ? own[id] : other[id]]).filter(([, query]) => query !== undefined))
    const merge = mergeTopics({ base, mine, theirs })!
    const queue = new ChangeQueue()
    for (const change of merge.changes) queue.put(change)
    let merged = [...theirs]
    for (let change = queue.send(); change !== null; change = queue.send()) {
      merged = change.at === null ? [...merged, change.topic as Topic] : merged.toSpliced(change.at, 1, ...(change.topic === null ? [] : [change.topic as Topic]))
      queue.answered(true)
    }
    expect([queries(merged), merged.length, merge.clashing.toSorted()]).toEqual([wanted, Object.keys(wanted).length, clashing])
    expect(merged.filter(({ id }) => id in other).map(({ id }) => id)).toEqual(theirs.map(({ id }) => id).filter((id) => id in wanted)) // in their order
  }))
})

test('the order of keys is no difference, whatever the form does not show is one', () => {
  const [base, turned, other] = [[{ id: 'a', query: 'q' }], [{ query: 'q', id: 'a' }], [{ id: 'a', query: 'q', velocity: [] }]]
  expect(mergeTopics({ base, mine: turned, theirs: other })).toEqual({ changes: [], clashing: [] })
  expect(mergeTopics({ base, mine: other, theirs: base })).toEqual({ changes: [{ at: 0, topic: other[0] }], clashing: [] })
})

test.each([{ why: 'two have one id', mine: [{ id: 'a' }, { id: 'a' }] }, { why: 'one has none', mine: [{ query: 'q' }] }])('nothing is told where topics cannot be told apart: $why', ({ mine }) => {
  expect(mergeTopics({ base: [], mine, theirs: [] })).toBeNull()
  expect(mergeTopics({ base: mine, mine: [], theirs: [] })).toBeNull()
})
