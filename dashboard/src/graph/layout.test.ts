import fc from 'fast-check'
import type { CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import { describe, expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { graphTree, knownShare, pathToRoot } from './graph-tree.ts'
import { HitGrid } from './hit-grid.ts'
import { layoutNames, layoutOf } from './layout.ts'
import { timeScaleNames } from './time-scale.ts'

const columnsArbitrary = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1000 })).map(([size, seed]) => cascadeColumns(size, { seed }))
const questions = layoutNames.flatMap((name) => timeScaleNames.map((scale) => ({ name, scale })))

/** The same cascade with mentions put in anywhere in time, whose parents are any that were there; `was[i]`: the old node that is now i, −1 for a new one. */
function grown(columns: CascadeColumns, added: readonly { readonly under: number; readonly after: number }[]): { columns: CascadeColumns; was: number[] } {
  const last = columns.at.at(-1)!
  const all = [
    ...Array.from(columns.at, (at, node) => ({ at, node, parent: columns.parent[node]! })),
    ...added.map(({ under, after }) => ({ at: Math.floor(columns.at[0]! + after * (last - columns.at[0]!) * 1.01) + 1, node: -1, parent: Math.floor(under * columns.size) })),
  ]
  const order = [all[0]!, ...all.slice(1).sort((a, b) => a.at - b.at)]
  const place = new Map(order.map(({ node }, index) => [node, index]))
  const pick = (column: ArrayLike<number>, fresh: number): number[] => order.map(({ node }) => (node < 0 ? fresh : column[node]!))
  return { was: order.map(({ node }) => node), columns: {
    ...columns, size: order.length, parent: Int32Array.from(order, ({ parent }) => (parent < 0 ? -1 : place.get(parent)!)), at: Float64Array.from(order, ({ at }) => at),
    followers: Float64Array.from(pick(columns.followers, 17)), author: Uint32Array.from(pick(columns.author, 0)), platform: Uint8Array.from(pick(columns.platform, 1)), sign: Int8Array.from(pick(columns.sign, 0)), flags: Uint8Array.from(pick(columns.flags, 1)),
  } }
}

test('what is derived of a tree is what walking it says', () => {
  fc.assert(fc.property(columnsArbitrary, (columns) => {
    const tree = graphTree(columns)
    const subtree = Array.from({ length: tree.size }, () => 0), childless = Array.from({ length: tree.size }, () => 0)
    for (let node = 0; node < tree.size; node++) {
      const path = pathToRoot(tree, node)
      expect(tree.generation[node]).toBe(path.length - 1)
      const isLeaf = !columns.parent.includes(node)
      for (const above of path) {
        subtree[above]!++
        if (isLeaf) childless[above]!++
      }
    }
    expect([...tree.subtree]).toEqual(subtree)
    expect([...tree.leaves]).toEqual(childless)
    expect([...tree.byWeight].sort((a, b) => a - b)).toEqual(Array.from({ length: tree.size - 1 }, (_, index) => index + 1))
    for (let i = 1; i < tree.size - 1; i++) expect(tree.subtree[tree.byWeight[i]!]).toBeLessThanOrEqual(tree.subtree[tree.byWeight[i - 1]!]!)
    expect(knownShare(tree)).toBeCloseTo(tree.size === 1 ? 1 : columns.flags.filter((flags, node) => node > 0 && (flags & 4) === 0).length / (tree.size - 1), 9)
  }))
})

test.each(questions)('$name, $scale: one tree has one picture, whole inside its bounds', (question) => {
  fc.assert(fc.property(columnsArbitrary, (columns) => {
    const layout = layoutOf(graphTree(columns), question)
    expect(layoutOf(graphTree(columns), question)).toEqual(layout)
    const { left, right, top, bottom } = layout.bounds
    for (let node = 0; node < columns.size; node++) {
      expect(layout.x[node]).toBeGreaterThanOrEqual(left - 1e-4)
      expect(layout.x[node]).toBeLessThanOrEqual(right + 1e-4)
      expect(layout.y[node]).toBeGreaterThanOrEqual(top - 1e-4)
      expect(layout.y[node]).toBeLessThanOrEqual(bottom + 1e-4)
    }
  }))
})

test.each(timeScaleNames)('A2: one in a hundred more, anywhere in time, moves no other node of time-radial (%s) by half a percent of the radius', (scale) => {
  const moreArbitrary = fc.integer({ min: 200, max: 1_200 }).chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: 1000 }),
    fc.array(fc.record({ under: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), after: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 1, maxLength: Math.floor(size / 100) })))
  fc.assert(fc.property(moreArbitrary, ([size, seed, added]) => {
    const before = cascadeColumns(size, { seed })
    const after = grown(before, added)
    const [first, second] = [layoutOf(graphTree(before), { name: 'time-radial', scale }), layoutOf(graphTree(after.columns), { name: 'time-radial', scale })]
    const radius = first.bounds.right
    after.was.forEach((node, index) => {
      if (node >= 0) expect(Math.hypot(second.x[index]! - first.x[node]!, second.y[index]! - first.y[node]!) / radius).toBeLessThan(0.005)
    })
    expect(second.bounds.right / radius - 1).toBeLessThan(0.02) // the picture as a whole stays as large
  }), { numRuns: 40 })
})

describe('wedge radial', () => {
  test('gives each subtree the angle of its leaves, beside its siblings', () => {
    fc.assert(fc.property(columnsArbitrary, (columns) => {
      const tree = graphTree(columns)
      const { x, y, rings } = layoutOf(tree, { name: 'wedge', scale: 'log' })
      const leaf = Array.from({ length: tree.size }, (_, node) => node).filter((node) => tree.leaves[node] === 1 && tree.subtree[node] === 1 && node > 0)
      const angles = leaf.map((node) => (Math.atan2(y[node]!, x[node]!) + 2.5 * Math.PI) % (2 * Math.PI)).sort((a, b) => a - b)
      for (let i = 1; i < angles.length; i++) expect(angles[i]! - angles[i - 1]!).toBeCloseTo((2 * Math.PI) / tree.leaves[0]!, 3)
      for (let node = 0; node < tree.size; node++) {
        const depth = tree.generation[node]!, radius = Math.hypot(x[node]!, y[node]!)
        expect(radius).toBeLessThanOrEqual(rings[depth]! + 1e-4)
        if (depth > 0) expect(radius).toBeGreaterThan(rings[depth - 1]!)
      }
    }))
  })
})

test('A4: the grid finds the nearest node that may be hit, as looking at all does', () => {
  fc.assert(fc.property(columnsArbitrary, fc.constantFrom(...questions), fc.array(fc.tuple(fc.double({ min: -0.1, max: 1.1, noNaN: true }), fc.double({ min: -0.1, max: 1.1, noNaN: true })), { maxLength: 20 }), (columns, question, points) => {
    const layout = layoutOf(graphTree(columns), question)
    const grid = new HitGrid(layout)
    const { left, right, top, bottom } = layout.bounds
    const reach = { x: (right - left) / 40, y: (bottom - top) / 30 }
    for (const [across, down] of points) {
      const point = { x: left + across * (right - left), y: top + down * (bottom - top) }
      const distance = (node: number): number => Math.hypot((layout.x[node]! - point.x) / reach.x, (layout.y[node]! - point.y) / reach.y)
      const may = (node: number): boolean => node % 3 !== 0
      const found = grid.nearest(point, reach, may)
      const least = Array.from(layout.x.keys()).filter(may).reduce((nearest, node) => Math.min(nearest, distance(node)), Infinity)
      if (least < 0.999) expect(distance(found)).toBeCloseTo(least, 6)
      else if (least > 1.001) expect(found).toBe(-1)
    }
  }))
})
