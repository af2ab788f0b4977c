// The order of the table against a plain sort: every node once, whatever is not known or had not come.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GraphTree } from './graph-tree.ts'
import { tableOrders, wholeOrder } from './table-order.ts'

test('every node is in the table once, most first, equal ones by time', () => {
  const value = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.integer({ min: -1, max: 2 ** 27 - 3 }))
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.constantFrom(...tableOrders), (values, order) => {
    const tree = { size: values.length, followers: Float64Array.from(values) } as GraphTree
    const subtree = Int32Array.from(values, (one) => Math.max(0, one))
    const by = (node: number): number => (order === 'time' ? 0 : order === 'followers' ? values[node]! : subtree[node]!)
    const plain = values.map((_, node) => node).sort((a, b) => by(b) - by(a) || a - b)
    expect([...wholeOrder(tree, order, subtree)]).toEqual(plain)
  }))
})
