// Trees for tests: one of given columns, and random ones of every form, whose parents may be younger than their children.
import fc from 'fast-check'
import { nodeFlags, type CascadeTree } from './cascade-tree.ts'

/** A node as a test tells it; `parent` is an index, −1 for the root. */
export interface TreeNode {
  readonly parent: number
  readonly at?: number // ms; absent: its index in seconds
  readonly followers?: number
  readonly author?: number
  readonly platform?: number
  readonly sign?: number
  readonly flags?: number
  readonly id?: readonly [low: number, high: number]
}

export function treeOf(nodes: readonly TreeNode[], { root = 'root', platforms = ['weibo'] }: { readonly root?: string; readonly platforms?: readonly string[] } = {}): CascadeTree {
  return {
    root, size: nodes.length, platforms,
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    at: Float64Array.from(nodes, ({ at }, i) => at ?? i * 1000),
    followers: Float64Array.from(nodes, ({ followers }) => followers ?? -1),
    author: Uint32Array.from(nodes, ({ author }) => author ?? 0),
    platform: Uint8Array.from(nodes, ({ platform }) => platform ?? 0),
    sign: Int8Array.from(nodes, ({ sign }) => sign ?? 0),
    flags: Uint8Array.from(nodes, ({ flags }) => flags ?? 0),
    idLow: Uint32Array.from(nodes, ({ id }, i) => id?.[0] ?? i),
    idHigh: Uint32Array.from(nodes, ({ id }) => id?.[1] ?? 0),
  }
}

const nodeArbitrary = fc.record({
  under: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), bend: fc.constantFrom(0, 1, 8),
  at: fc.oneof(fc.nat(20).map((s) => s * 1000), fc.nat(10_000_000_000)),
  followers: fc.oneof(fc.constant(-1), fc.nat(3000), fc.nat(2 ** 31 - 1), fc.constant(2 ** 52)),
  author: fc.oneof(fc.nat(5), fc.nat(2 ** 31 - 1).map((low) => 2 * low + 1)),
  platform: fc.nat(2), sign: fc.constantFrom(-1, 0, 1), flags: fc.nat(nodeFlags.hasText | nodeFlags.verified | nodeFlags.unknownEdge),
  id: fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)),
})

/** Recursive trees, chains and stars of up to `sizeMax` nodes, then put in order of time as a CascadeTree is. */
export const treeArbitrary = (sizeMax = 60): fc.Arbitrary<CascadeTree> => fc.tuple(
  fc.array(nodeArbitrary, { minLength: 1, maxLength: sizeMax }), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), fc.constantFrom(1_300_000_000_000, 1_434_384_764_123, 10_000_000_000_000),
).map(([made, root, begin]) => {
  // bend 0: anywhere above; 1: the node just before, a chain; 8: near the root, a star
  const above = made.map(({ under, bend }, i) => (i === 0 ? -1 : bend === 1 ? i - 1 : Math.floor(i * under ** (bend || 1))))
  const byTime = [0, ...made.slice(1).map((_, i) => i + 1).sort((a, b) => made[a]!.at - made[b]!.at)]
  const place = new Map(byTime.map((node, i) => [node, i]))
  return treeOf(byTime.map((node) => ({ ...made[node]!, at: begin + made[node]!.at, parent: node === 0 ? -1 : place.get(above[node]!)! })), { root, platforms: ['weibo', 'zhihu', 'news'] })
})
