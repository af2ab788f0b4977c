import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { hubsOf } from './aggregate.ts'
import { graphTree, type GraphTree } from './graph-tree.ts'

const treeOf = (parent: readonly number[]): GraphTree => graphTree({ ...cascadeColumns(parent.length), parent: Int32Array.from(parent) })

test('the hubs\' own mentions add up to the cascade, whatever its shape, and each hub is below the one that it names', () => {
  const parents = fc.array(fc.nat(1e6), { maxLength: 300 }).map((draws) => [-1, ...draws.map((draw, index) => draw % (index + 1))])
  fc.assert(fc.property(parents, fc.integer({ min: 1, max: 12 }), (parent, max) => {
    const tree = treeOf(parent)
    const hubs = hubsOf(tree, max)
    expect(hubs.length).toBeLessThanOrEqual(max)
    expect(hubs.reduce((sum, { own }) => sum + own, 0)).toBe(tree.size)
    const nodes = hubs.map(({ node }) => node)
    for (const { node, above, below } of hubs) {
      const path: number[] = []
      for (let at = tree.parent[node]!; at >= 0; at = tree.parent[at]!) path.push(at)
      expect(above).toBe(node === 0 ? -1 : nodes.indexOf(path.find((one) => nodes.includes(one))!))
      expect(below).toBe(tree.subtree[node])
    }
  }))
})

test('who only hands on is no hub, the one behind it is', () => {
  // 0 ─ 1 ─ 2 ─ (six mentions)
  expect(hubsOf(treeOf([-1, 0, 1, 2, 2, 2, 2, 2, 2]), 5).map(({ node, below, own }) => [node, below, own])).toEqual([[0, 9, 2], [2, 7, 7]])
})

test('a large cascade has its largest hubs first', () => {
  const hubs = hubsOf(graphTree(cascadeColumns(20_000)), 14)
  expect(hubs).toHaveLength(14)
  for (let place = 2; place < hubs.length; place++) expect(hubs[place]!.below).toBeLessThanOrEqual(hubs[place - 1]!.below)
})
