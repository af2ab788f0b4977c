// A tree of the store as columns in order of time, its root first; mentions of one time are in the order of the hashes of their ids.
import { nodeFlags, type CascadeTree } from './cascade-tree.ts'
import { word, type Nodes } from './nodes.ts'

/** Nodes of the tree, parents first. */
export function nodesBelow(nodes: Nodes, root: number): Uint32Array {
  const below = new Uint32Array(nodes.subtree(root))
  let count = 0
  for (let node = root; node !== 0; node = nodes.after(node, root)) below[count++] = node
  return below
}

/** Nodes of the tree by time, the root first: a function of the tree alone. */
export const nodesByTime = (nodes: Nodes, root: number): Uint32Array => byTime(nodes, nodesBelow(nodes, root))

/** `order`: as nodesByTime gives it. */
export function treeColumns(nodes: Nodes, order: Uint32Array, { id, names }: { readonly id: string; readonly names: (platform: number) => string }): CascadeTree {
  const size = order.length
  const root = order[0]!
  const places = new Map<number, number>() // of platforms
  const tree = {
    root: id, size, parent: new Int32Array(size), at: new Float64Array(size), followers: new Float64Array(size), author: new Uint32Array(size),
    platform: new Uint8Array(size), sign: new Int8Array(size), flags: new Uint8Array(size), idLow: new Uint32Array(size), idHigh: new Uint32Array(size),
  }
  for (let i = 1; i < size; i++) nodes.set(order[i]!, word.last, i) // only a root has a last second of its own
  for (let i = 0; i < size; i++) {
    const node = order[i]!
    const platform = nodes.platform(node)
    if (!places.has(platform)) places.set(platform, places.size)
    tree.parent[i] = i === 0 ? -1 : nodes.parent(node) === root ? 0 : nodes.get(nodes.parent(node), word.last)
    tree.at[i] = nodes.at(node)
    tree.followers[i] = nodes.followers(node)
    tree.author[i] = nodes.author(node)
    tree.platform[i] = places.get(platform)!
    tree.sign[i] = nodes.sign(node)
    tree.flags[i] = flagsOf(nodes, node)
    if (nodes.isForgotten(node)) continue
    tree.idLow[i] = nodes.get(node, word.idLow)
    tree.idHigh[i] = nodes.get(node, word.idHigh)
  }
  return { ...tree, platforms: [...places.keys()].map(names) }
}

/** Bits of nodeFlags; a root has no edge. */
export function flagsOf(nodes: Nodes, node: number): number {
  return nodes.flags(node) & (nodes.parent(node) === 0 ? nodeFlags.hasText | nodeFlags.verified : nodeFlags.hasText | nodeFlags.verified | nodeFlags.unknownEdge)
}

/** The root, which is the first, stays there. */
function byTime(nodes: Nodes, below: Uint32Array): Uint32Array {
  if (below.length < 3) return below
  const rest = below.subarray(1)
  let first = Infinity
  let last = -Infinity
  for (const node of rest) {
    first = Math.min(first, nodes.at(node))
    last = Math.max(last, nodes.at(node))
  }
  const count = rest.length
  if ((last - first + 1) * count < 2 ** 52 && Number.isInteger(last - first)) { // a number for time and place at once: sorted without being compared by hand
    const keys = new Float64Array(count)
    for (let i = 0; i < count; i++) keys[i] = Math.floor(nodes.at(rest[i]!) - first) * count + i
    keys.sort()
    const old = rest.slice()
    for (let i = 0; i < count; i++) rest[i] = old[keys[i]! % count]!
  } else rest.sort((a, b) => nodes.at(a) - nodes.at(b))
  for (let from = 0, to = 0; from < count; from = to) {
    while (to < count && nodes.at(rest[to]!) === nodes.at(rest[from]!)) to++
    if (to - from > 1) rest.subarray(from, to).sort((a, b) => (nodes.isEarlier(a, b) ? -1 : 1))
  }
  return below
}
