import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { asOf, spreadersShown } from './as-of.ts'
import { heldAt, noFilters, standingOf, viewAt, viewOf } from './filters.ts'
import { graphTree, nodeFlags } from './graph-tree.ts'

const cascade = fc.record({ size: fc.integer({ min: 1, max: 120 }), seed: fc.integer({ min: 1, max: 500 }), accounts: fc.integer({ min: 1, max: 60 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ size, seed, accounts, share }) => {
    const columns = cascadeColumns(size, { seed })
    // Accounts that speak often, and some that are not known, numbered in the order of their first mention.
    const numbers = new Map<number, number>()
    const author = columns.author.map((_, node) => {
      const one = (node * 7 + seed) % accounts
      if (one === 0) return 0
      if (!numbers.has(one)) numbers.set(one, numbers.size + 1)
      return numbers.get(one)!
    })
    const tree = graphTree({ ...columns, author })
    return { tree, until: tree.at[Math.floor(share * (size - 1))]! }
  })

test('as of a moment is what a cascade of the mentions until then is', () => {
  fc.assert(fc.property(cascade, ({ tree, until }) => {
    const held = heldAt(tree, until)
    const nodes = Array.from({ length: tree.size }, (_, node) => node).filter((node) => node === 0 || tree.at[node]! <= until)
    expect(held).toBe(nodes.length)
    const then = asOf(tree, held, until)
    const cut = graphTree({ ...tree, size: held, parent: tree.parent.slice(0, held), at: tree.at.slice(0, held), followers: tree.followers.slice(0, held), author: tree.author.slice(0, held), platform: tree.platform.slice(0, held), sign: tree.sign.slice(0, held), flags: tree.flags.slice(0, held) })
    expect(Array.from(then.subtree)).toEqual([...cut.subtree, ...Array<number>(tree.size - held).fill(0)])
    expect(then.depth).toBe(cut.generations)
    const breadths = new Map<number, number>()
    for (const generation of cut.generation) breadths.set(generation, (breadths.get(generation) ?? 0) + 1)
    expect(then.breadth).toBe(Math.max(...breadths.values()))
    expect(then.authors).toBe(new Set(Array.from(cut.author).filter((one) => one !== 0)).size)
    expect(then.reach).toBe(Array.from(cut.followers).filter((many) => many > 0).reduce((sum, many) => sum + many, 0))
    expect(then.lastHour).toBe(nodes.filter((node) => tree.at[node]! > until - 3_600_000).length)
    expect(then.virality).toBeCloseTo(meanDistance(cut.parent), 9)
  }), { numRuns: 60 })
})

test('spreaders are the accounts that drew most by then, and half of it had come after their half time', () => {
  fc.assert(fc.property(cascade, ({ tree, until }) => {
    const held = heldAt(tree, until)
    const { spreaders, subtree } = asOf(tree, held, until)
    const known = (node: number): boolean => node > 0 && (tree.flags[node]! & nodeFlags.unknownEdge) === 0
    const nodes = Array.from({ length: held }, (_, node) => node)
    const groups = Map.groupBy(nodes, (node) => (tree.author[node] === 0 ? `node ${node}` : tree.author[node]!))
    const drew = [...groups.values()].map((own) => nodes.filter((node) => known(node) && own.includes(tree.parent[node]!)).length).filter((many) => many > 0).toSorted((a, b) => b - a)
    expect(spreaders.map(({ direct }) => direct)).toEqual(drew.slice(0, spreadersShown))
    for (const one of spreaders) {
      expect(one.subtree).toBe(subtree[one.node])
      const times = nodes.filter((node) => known(node) && tree.parent[node] === one.node).map((node) => tree.at[node]! - tree.at[one.node]!).toSorted((a, b) => a - b)
      expect(one.halfMs).toBe(times.length === 0 ? null : Math.max(0, times[Math.ceil(times.length / 2) - 1]!))
    }
  }), { numRuns: 60 })
})

test('a view at a moment is the view that one pass over all columns gives', () => {
  fc.assert(fc.property(cascade, fc.boolean(), fc.option(fc.integer({ min: 2, max: 5 })), ({ tree, until }, verified, foldFrom) => {
    const filters = { ...noFilters, sign: verified ? [1, 0] : null }
    const standing = standingOf(tree, { filters, focus: null })
    const asked = { filters, focus: null, until, foldFrom, unfolded: new Set<number>() }
    const view = viewAt(tree, standing, asked)
    const counts = { shown: 0, folded: 0, filtered: 0, outside: 0, later: 0 }
    for (const state of view.state) counts[(['shown', 'folded', 'filtered', 'outside', 'later'] as const)[state]!]++
    expect(view.counts).toEqual(counts)
    expect(view).toEqual(viewOf(tree, asked))
  }))
})

/** Over all pairs, by walking from both to where they meet. */
function meanDistance(parent: Int32Array): number {
  const path = (node: number): number[] => { const all: number[] = []; for (let at = node; at >= 0; at = parent[at]!) all.push(at); return all }
  let sum = 0, pairs = 0
  for (let a = 0; a < parent.length; a++) for (let b = 0; b < a; b++) {
    const [one, other] = [path(a), path(b)]
    const shared = one.filter((node) => other.includes(node)).length
    sum += one.length + other.length - 2 * shared
    pairs++
  }
  return pairs === 0 ? 0 : sum / pairs
}
