import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { hubsOf, placeLabels } from './aggregate.ts'
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

test('labels keep inside the box and off each other', () => {
  const disc = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 300 }), r: fc.integer({ min: 1, max: 30 }), text: fc.constantFrom('微博 1,204', '抖音 7', 'Weibo 88,120') })
  fc.assert(fc.property(fc.array(disc, { maxLength: 12 }), (discs) => {
    const wide = (text: string): number => text.length * 0.6
    const labels = placeLabels(discs, { max: 12, width: 400, height: 300, em: 24 }, wide)
    const boxes = labels.map(({ x, y, anchor, text }) => ({ left: anchor === 'start' ? x : x - wide(text) * 24, right: anchor === 'start' ? x + wide(text) * 24 : x, top: y - 12, bottom: y + 12 }))
    for (const [index, box] of boxes.entries()) {
      expect([box.left >= 0, box.right <= 400, box.top >= 0, box.bottom <= 300]).toEqual([true, true, true, true])
      for (const other of boxes.slice(index + 1)) expect(box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom).toBe(false)
    }
    if (discs.length === 1 && discs[0]!.x > 40 && discs[0]!.x < 200 && discs[0]!.y > 40 && discs[0]!.y < 260) expect(labels).toHaveLength(1)
  }))
})
