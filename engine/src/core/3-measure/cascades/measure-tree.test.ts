// What is said of a tree is what all pairs, all paths and all mentions say one by one.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeFlags, type CascadeTree } from './cascade-tree.ts'
import { layOut, makeUpOf, shapeOf } from './measure-tree.ts'
import { treeArbitrary, treeOf } from './trees.testing.ts'

/** Nodes from `node` up to the root, itself first. */
function path(tree: CascadeTree, node: number): number[] {
  const nodes = [node]
  while (tree.parent[nodes.at(-1)!]! >= 0) nodes.push(tree.parent[nodes.at(-1)!]!)
  return nodes
}
function meanDistance(tree: CascadeTree): number {
  let sum = 0, pairs = 0
  for (let a = 0; a < tree.size; a++) {
    for (let b = 0; b < a; b++) {
      const ofA = path(tree, a), ofB = path(tree, b)
      const shared = ofA.filter((node) => ofB.includes(node)).length
      sum += ofA.length + ofB.length - 2 * shared
      pairs++
    }
  }
  return pairs === 0 ? 0 : sum / pairs
}

test('the shape is that of a recomputation over all pairs and all paths', () => {
  fc.assert(fc.property(treeArbitrary(), (tree) => {
    const nodes = [...Array(tree.size).keys()]
    const generations = nodes.map((node) => path(tree, node).length - 1)
    const shape = shapeOf(tree)
    expect(shape).toMatchObject({
      root: tree.root, size: tree.size, depth: Math.max(...generations), leaves: nodes.filter((node) => !tree.parent.includes(node)).length,
      maxBreadth: Math.max(...generations.map((generation) => generations.filter((other) => other === generation).length)),
      durationSeconds: (Math.max(...tree.at) - Math.min(...tree.at)) / 1000, reach: tree.followers.filter((count) => count >= 0).reduce((sum, count) => sum + count, 0),
    })
    expect(Math.abs(shape.structuralVirality - meanDistance(tree))).toBeLessThanOrEqual(1e-9)
  }), { numRuns: 300 })
})

test('the layout of every node is that of a recomputation', () => {
  fc.assert(fc.property(treeArbitrary(), (tree) => {
    const layout = layOut(tree)
    const paths = [...Array(tree.size).keys()].map((node) => path(tree, node))
    expect([...layout.generation]).toEqual(paths.map(({ length }) => length - 1))
    expect([...layout.subtree]).toEqual(paths.map((_, node) => paths.filter((up) => up.includes(node)).length))
    expect([...layout.children]).toEqual(paths.map((_, node) => tree.parent.filter((parent) => parent === node).length))
    expect([...layout.breadth]).toEqual([...layout.breadth.keys()].map((generation) => paths.filter(({ length }) => length - 1 === generation).length))
    expect(layout.order.toSorted()).toEqual(Uint32Array.from(paths.keys()))
    expect([...layout.order].every((node, i) => i === 0 || layout.order.indexOf(tree.parent[node]!) < i)).toBe(true)
  }), { numRuns: 200 })
})

test('who spoke, where and how is that of a recomputation', () => {
  fc.assert(fc.property(treeArbitrary(), (tree) => {
    const nodes = [...Array(tree.size).keys()]
    const count = (holds: (node: number) => boolean): number => nodes.filter(holds).length
    const { platforms, ...rest } = makeUpOf(tree)
    expect(rest).toEqual({
      firstMs: Math.min(...tree.at), lastMs: Math.max(...tree.at), reach: shapeOf(tree).reach, followersKnown: count((n) => tree.followers[n]! >= 0),
      authors: new Set(tree.author.filter((hash) => hash !== 0)).size, withText: count((n) => (tree.flags[n]! & nodeFlags.hasText) !== 0), unknownEdges: count((n) => (tree.flags[n]! & nodeFlags.unknownEdge) !== 0),
      negative: count((n) => tree.sign[n] === -1), neutral: count((n) => tree.sign[n] === 0), positive: count((n) => tree.sign[n] === 1),
    })
    const timesOf = (name: string): number[] => nodes.filter((n) => tree.platforms[tree.platform[n]!] === name).map((n) => tree.at[n]!)
    expect(new Set(platforms.map(({ platform }) => platform))).toEqual(new Set(tree.platforms.filter((name) => timesOf(name).length > 0)))
    for (const { platform, mentions, firstMs, lagMs } of platforms) expect([mentions, firstMs, lagMs]).toEqual([timesOf(platform).length, Math.min(...timesOf(platform)), firstMs - Math.min(...tree.at)])
    expect(platforms.map(({ lagMs }) => lagMs)).toEqual(platforms.map(({ lagMs }) => lagMs).toSorted((a, b) => a - b))
  }), { numRuns: 200 })
})

test.each([
  { form: 'one mention', parents: [-1], depth: 0, maxBreadth: 1, leaves: 1, structuralVirality: 0 },
  { form: 'two', parents: [-1, 0], depth: 1, maxBreadth: 1, leaves: 1, structuralVirality: 1 },
  { form: 'a star', parents: [-1, 0, 0, 0], depth: 1, maxBreadth: 3, leaves: 3, structuralVirality: 1.5 },
  { form: 'a chain', parents: [-1, 0, 1, 2], depth: 3, maxBreadth: 1, leaves: 1, structuralVirality: 10 / 6 },
  { form: 'a chain whose parents are younger', parents: [-1, 2, 3, 0], depth: 3, maxBreadth: 1, leaves: 1, structuralVirality: 10 / 6 },
])('$form', ({ parents, depth, maxBreadth, leaves, structuralVirality }) => {
  expect(shapeOf(treeOf(parents.map((parent) => ({ parent }))))).toEqual({ root: 'root', size: parents.length, depth, maxBreadth, leaves, structuralVirality, durationSeconds: parents.length - 1, reach: 0 })
})

test('a chain of a million is walked without a stack, and its virality is exact', () => {
  const size = 1_000_000
  const { depth, structuralVirality } = shapeOf({ ...treeOf([{ parent: -1 }]), size, parent: Int32Array.from({ length: size }, (_, i) => i - 1) })
  expect(depth).toBe(size - 1)
  expect(Math.abs(structuralVirality - (size + 1) / 3)).toBeLessThanOrEqual(1e-9)
})

test.each([{ why: 'two roots', parents: [-1, -1] }, { why: 'a ring', parents: [-1, 2, 1] }, { why: 'a ring with the root', parents: [1, 0] }, { why: 'nobody', parents: [] }])('$why is no tree', ({ parents }) => {
  expect(() => layOut(treeOf(parents.map((parent) => ({ parent }))))).toThrow(/no tree under node 0/)
})
