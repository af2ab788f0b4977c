import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { noFilters, nodeStates, viewOf, type Filters } from './filters.ts'
import { graphTree, pathToRoot } from './graph-tree.ts'

const some = <T>(values: readonly T[]): fc.Arbitrary<readonly T[] | null> => fc.option(fc.subarray([...values]))
const filtersArbitrary: fc.Arbitrary<Filters> = fc.record({
  platforms: some(['weibo', 'douyin', 'news']), generations: fc.option(fc.tuple(fc.nat(4), fc.integer({ min: 4, max: 9 }))), within: fc.option(fc.tuple(fc.nat(2_000), fc.integer({ min: 2_000, max: 60_000 }))), sign: some([-1, 0, 1]), verified: fc.boolean(),
})

test('A5: exactly what passes every filter is shown, and every node is in one state', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), filtersArbitrary, fc.option(fc.nat(10_000)), fc.option(fc.nat(399)), (size, filters, untilSince, focusAt) => {
    const tree = graphTree(cascadeColumns(size))
    const until = untilSince === null ? null : tree.at[0]! + untilSince
    const focus = focusAt === null ? null : focusAt % size
    const { state, counts } = viewOf(tree, { filters, until, focus, foldFrom: null, unfolded: new Set() })
    for (let node = 1; node < size; node++) {
      const since = tree.at[node]! - tree.at[0]!
      const passes = (filters.platforms?.includes(tree.platforms[tree.platform[node]!]!) ?? true) && (filters.generations === null || (tree.generation[node]! >= filters.generations[0] && tree.generation[node]! <= filters.generations[1]))
        && (filters.within === null || (since >= filters.within[0] && since <= filters.within[1])) && (filters.sign?.includes(tree.sign[node]!) ?? true) && (!filters.verified || (tree.flags[node]! & 2) !== 0)
      const expected = until !== null && tree.at[node]! > until ? 'later' : focus !== null && !pathToRoot(tree, node).includes(focus) ? 'outside' : passes ? 'shown' : 'filtered'
      expect(state[node]).toBe(nodeStates[expected])
    }
    expect(state[0]).toBe(nodeStates.shown)
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(size)
  }))
})

test('A3: folding never loses a mention: shown, folded and hidden are the cascade, and the numbers at the hubs are what is folded', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), filtersArbitrary, fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(399)), (size, filters, foldFrom, unfolded) => {
    const tree = graphTree(cascadeColumns(size, { seed: size }))
    const asked = { filters, until: null, focus: null, foldFrom, unfolded: new Set(unfolded) }
    const plain = viewOf(tree, { ...asked, foldFrom: null })
    const { state, counts, foldedUnder, foldedHubs } = viewOf(tree, asked)
    expect(counts.shown + counts.folded).toBe(plain.counts.shown)
    expect([counts.filtered, counts.outside, counts.later]).toEqual([plain.counts.filtered, plain.counts.outside, plain.counts.later])
    expect(foldedUnder.reduce((sum, count) => sum + count, 0)).toBe(counts.folded)
    expect(foldedHubs.reduce((sum, hub) => sum + foldedUnder[hub]!, 0)).toBe(counts.folded)
    for (const hub of foldedHubs) {
      expect([state[hub], asked.unfolded.has(hub), foldedUnder[hub]! >= foldFrom]).toEqual([nodeStates.shown, false, true])
      expect(Array.from(state.keys()).filter((node) => tree.parent[node] === hub && state[node] === nodeStates.folded)).toHaveLength(foldedUnder[hub]!)
      // Expanding it brings back exactly those.
      const expanded = viewOf(tree, { ...asked, unfolded: new Set([...unfolded, hub]) })
      expect(expanded.counts.shown).toBe(counts.shown + foldedUnder[hub]!)
    }
  }), { numRuns: 60 })
})

test('without filters everything is shown', () => {
  const tree = graphTree(cascadeColumns(1_000))
  expect(viewOf(tree, { filters: noFilters, until: null, focus: null, foldFrom: null, unfolded: new Set() }).counts).toEqual({ shown: 1_000, folded: 0, filtered: 0, outside: 0, later: 0 })
})
