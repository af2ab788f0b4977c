// Random mentions for the cascade store's tests, and what the store says of its trees in the words of the naive recomputation.
import fc from 'fast-check'
import { naiveEdges, naiveTrees, type NaiveMention } from '../../../../test/naive-cascades.ts'
import { CascadeStore, type NodeFacts } from './cascade-store.ts'
import { nodeFlags } from './cascade-tree.ts'

const encoder = new TextEncoder()

/** Hash of an id of a test: spread over both halves, and colliding in the index now and then. */
export function hashOf(id: string): { readonly low: number; readonly high: number } {
  const number = Number(id.slice(1)) + 1
  return { low: Math.imul(number, 0x9e3779b1) & 0xf000000f, high: Math.imul(number, 0x85ebca6b) >>> 0 }
}

const rankOf = (id: string): bigint => (BigInt(hashOf(id).high >>> 0) << 32n) | BigInt(hashOf(id).low >>> 0)

/** Mentions of few ids and few times, so that parents are unknown, roots stand in, rings close and times are equal. */
export const someMentions = (idsMax: number): fc.Arbitrary<NaiveMention[]> => {
  const id = fc.nat(idsMax - 1).map((number) => `m${number}`)
  const named = fc.option(id, { nil: undefined, freq: 4 })
  return fc.array(fc.record({
    id, parent: named, root: named, at: fc.nat(40).map((step) => 1_700_000_000_000 + step * 700),
    author: fc.nat(12), followers: fc.oneof(fc.constant(-1), fc.nat(5000)), platform: fc.nat(3), sign: fc.constantFrom(-1, 0, 1), hasText: fc.boolean(),
  }).map((mention) => ({ ...mention, rank: rankOf(mention.id) })), { minLength: 1, maxLength: 2 * idsMax, size: 'max' })
}

export function addMention(store: CascadeStore, mention: NaiveMention): number {
  const named = (id: string | undefined): { low: number; high: number } => (id === undefined ? { low: 0, high: 0 } : hashOf(id))
  const facts: NodeFacts = {
    idLow: hashOf(mention.id).low >>> 0, idHigh: hashOf(mention.id).high, parentLow: named(mention.parent).low >>> 0, parentHigh: named(mention.parent).high,
    rootLow: named(mention.root).low >>> 0, rootHigh: named(mention.root).high, at: mention.at, author: mention.author ?? 0, followers: mention.followers ?? -1,
    platform: mention.platform ?? 0, sign: mention.sign ?? 0, flags: mention.hasText ? nodeFlags.hasText : 0, topics: 0,
  }
  const bytes = encoder.encode(`--${mention.id}--`)
  return store.add(facts, { bytes, start: 2, end: bytes.length - 2 })
}

/** Everything that is asked of the store, by the ids of its mentions. */
export function saidOf(store: CascadeStore, ids: readonly string[]): unknown {
  const byNode = new Map(ids.map((id) => [store.find(hashOf(id).low, hashOf(id).high), id] as const).filter(([node]) => node !== -1))
  const edges = [...byNode].map(([node, id]) => [id, byNode.get(store.parentOf(node)) ?? null, (store.flagsOf(node) & nodeFlags.unknownEdge) !== 0, store.depthOf(node), store.subtreeOf(node)])
  const trees = [...store.roots(1)].map((root) => {
    const { structuralVirality, subtreeSum: _sum, subtreeSquares: _squares, rootAt: _rootAt, topics: _topics, root: _root, ...measures } = store.measuresOf(root)
    const nodes = [...store.nodesOf(root)].map((node) => byNode.get(node)!).sort()
    return { ...measures, root: byNode.get(root), virality: structuralVirality.toPrecision(9), nodes, platforms: [...measures.platforms].sort((a, b) => a.platform - b.platform) }
  })
  return { edges: edges.sort(), trees: trees.sort((a, b) => (a.root! < b.root! ? -1 : 1)) }
}

export function naivelySaid(mentions: readonly NaiveMention[]): unknown {
  const edges = naiveEdges(mentions)
  const trees = [...naiveTrees(mentions).values()]
  const of = new Map(trees.flatMap((tree) => tree.nodes.map((id) => [id, tree] as const)))
  return {
    edges: [...edges].map(([id, edge]) => [id, edge.parent, edge.unknown, of.get(id)!.generation.get(id), of.get(id)!.subtree.get(id)]).sort(),
    trees: trees.map(({ breadth, structuralVirality, generation: _generation, subtree: _subtree, nodes, platforms, ...tree }) => ({
      ...tree, maxBreadth: Math.max(...breadth), virality: structuralVirality.toPrecision(9), nodes: [...nodes].sort(),
      platforms: [...platforms].map(([platform, each]) => ({ platform, ...each })).sort((a, b) => a.platform - b.platform),
    })).sort((a, b) => (a.root < b.root ? -1 : 1)),
  }
}

/** The counters that are functions of the set of mentions. */
export function naiveCounters(mentions: readonly NaiveMention[]): { nodes: number; trees: number; waiting: number; rings: number; selfParents: number } {
  const edges = naiveEdges(mentions)
  const first = new Map<string, NaiveMention>()
  for (const one of mentions) if (!first.has(one.id)) first.set(one.id, one)
  const isAway = (id: string | undefined): boolean => id !== undefined && !first.has(id)
  const each = [...first.values()]
  return {
    nodes: first.size, trees: [...naiveTrees(mentions).values()].filter((tree) => tree.size > 1).length, rings: [...edges.values()].filter((edge) => edge.cut).length,
    waiting: each.filter((one) => isAway(one.parent) || ((one.parent === undefined || one.parent === one.id) && isAway(one.root))).length,
    selfParents: each.filter((one) => one.parent === one.id).length,
  }
}
