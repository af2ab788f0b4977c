// A cascade as the graph reads it: its columns, and what follows from its parents. Derived in one go from the bytes, as typed arrays only.
import type { CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'

/** Bits of CascadeColumns.flags: it has words of its own, its account is verified, the root stands in for its parent, which is not known. */
export const nodeFlags = { hasText: 1, verified: 2, unknownEdge: 4 } as const

/** No cascade has so many nodes: a node's number and what it is sorted by go into one float. */
export const nodesEnd = 2 ** 26

export interface GraphTree extends CascadeColumns {
  readonly childStart: Int32Array // size + 1: children of node i are children[childStart[i]] … children[childStart[i + 1] − 1]
  readonly children: Int32Array // by time
  readonly byLevel: Int32Array // all nodes, parents before their children
  readonly generation: Int32Array // the root's is 0
  readonly generations: number // below the root
  readonly subtree: Int32Array // nodes, itself included
  readonly leaves: Int32Array // nodes without children in the subtree, at least 1
  readonly key: Uint32Array // what a node is known by, whatever comes after it
  readonly byWeight: Int32Array // all nodes but the root: larger subtrees first, leaves evenly mixed
  readonly unknownEdges: number
}

export function graphTree(columns: CascadeColumns): GraphTree {
  const { size } = columns
  const { childStart, children } = childrenOf(columns.parent)
  const byLevel = new Int32Array(size), generation = new Int32Array(size)
  for (let taken = 0, known = 1; taken < known; taken++) {
    const node = byLevel[taken]!
    for (let at = childStart[node]!; at < childStart[node + 1]!; at++) {
      const child = children[at]!
      generation[child] = generation[node]! + 1
      byLevel[known++] = child
    }
  }
  const { subtree, leaves } = sums(columns.parent, byLevel)
  const key = keysOf(columns)
  let unknownEdges = 0
  for (const flags of columns.flags) if ((flags & nodeFlags.unknownEdge) !== 0) unknownEdges++
  return { ...columns, childStart, children, byLevel, generation, generations: generation[byLevel[size - 1]!]!, subtree, leaves, key, byWeight: weightOrder(subtree, key), unknownEdges }
}

export const childrenCount = (tree: GraphTree, node: number): number => tree.childStart[node + 1]! - tree.childStart[node]!

/** From the node up to the root, both included. */
export function pathToRoot(tree: CascadeColumns, node: number): number[] {
  const path: number[] = []
  for (let at = node; at >= 0; at = tree.parent[at]!) path.push(at)
  return path
}

/** Share of the edges whose parent was named and is here; 1 where there is no edge. */
export const knownShare = ({ size, unknownEdges }: GraphTree): number => (size < 2 ? 1 : 1 - unknownEdges / (size - 1))

/** The node of this tree that is the given one of an earlier state of it; null where it is gone. */
export const sameNode = (tree: GraphTree, earlier: GraphTree, node: number): number | null => (node === 0 ? 0 : nodeOf(tree, earlier.at[node]!, earlier.key[node]!))

/** The node of this moment (ms) and key; null: there is none, or none but the root. */
export function nodeOf(tree: GraphTree, at: number, key: number): number | null {
  let low = 1, high = tree.size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tree.at[middle]! < at) low = middle + 1
    else high = middle
  }
  for (let i = low; i < tree.size && tree.at[i] === at; i++) if (tree.key[i] === key) return i
  return null
}

function childrenOf(parent: Int32Array): { childStart: Int32Array; children: Int32Array } {
  const size = parent.length
  const childStart = new Int32Array(size + 1)
  for (let i = 1; i < size; i++) childStart[parent[i]! + 1]!++
  for (let i = 0; i < size; i++) childStart[i + 1]! += childStart[i]!
  const next = childStart.slice(0, size)
  const children = new Int32Array(size - 1)
  for (let i = 1; i < size; i++) children[next[parent[i]!]!++] = i
  return { childStart, children }
}

function sums(parent: Int32Array, byLevel: Int32Array): { subtree: Int32Array; leaves: Int32Array } {
  const subtree = new Int32Array(parent.length).fill(1), leaves = new Int32Array(parent.length)
  for (let i = byLevel.length - 1; i >= 0; i--) {
    const node = byLevel[i]!, above = parent[node]!
    if (leaves[node] === 0) leaves[node] = 1
    if (above < 0) continue
    subtree[above]! += subtree[node]!
    leaves[above]! += leaves[node]!
  }
  return { subtree, leaves }
}

/** From what never changes of a mention. Nodes that do not differ in it are told apart by their order, and trade places at worst among themselves. */
function keysOf({ size, at, followers, platform, sign, flags, platforms }: CascadeColumns): Uint32Array {
  const keys = new Uint32Array(size)
  const ofPlatform = platforms.map((name) => [...name].reduce((hash, letter) => mix(hash ^ letter.codePointAt(0)!), 7))
  let before = 0, alike = 0
  for (let i = 0; i < size; i++) {
    const ms = at[i]!, many = followers[i]!
    let hash = mix(ms >>> 0 ^ Math.floor(ms / 4_294_967_296))
    hash = mix(hash ^ many)
    hash = mix(hash ^ ofPlatform[platform[i]!]! ^ (sign[i]! + 1) * 8 + (flags[i]! & 3))
    alike = hash === before ? alike + 1 : 0
    before = hash
    keys[i] = alike === 0 ? hash : mix(hash + alike)
  }
  return keys
}

/** Finaliser of MurmurHash3 (Appleby 2011): every bit of the input changes half of those that come out. */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Sorted as numbers, which takes no comparison: what comes first in the high bits, the node in the low ones. */
function weightOrder(subtree: Int32Array, key: Uint32Array): Int32Array {
  const size = subtree.length
  const hubs = new Float64Array(size), single = new Float64Array(size)
  let hubsCount = 0, singleCount = 0
  for (let i = 1; i < size; i++) {
    if (subtree[i]! > 1) hubs[hubsCount++] = (nodesEnd - subtree[i]!) * nodesEnd + i
    else single[singleCount++] = (key[i]! >>> 12) * nodesEnd + i
  }
  const order = new Int32Array(size - 1)
  let taken = 0
  for (const packed of hubs.subarray(0, hubsCount).sort()) order[taken++] = packed % nodesEnd
  for (const packed of single.subarray(0, singleCount).sort()) order[taken++] = packed % nodesEnd
  return order
}
