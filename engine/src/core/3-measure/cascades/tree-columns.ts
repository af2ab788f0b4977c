// A tree of the store as columns in order of time, its root first; mentions of one time are in the order of the hashes of their ids.
import { nodeFlags, type CascadeTree } from './cascade-tree.ts'
import { word, type Nodes } from './nodes.ts'

const placeOf = new Uint16Array(256) // of platforms in the tree that is copied, from 1 on; 0: not seen yet
const few = 32 // so many nodes are sorted by hand, without an array for it

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
  const platforms: string[] = []
  const numbers: number[] = []
  const tree = {
    root: id, size, platforms, parent: new Int32Array(size), at: new Float64Array(size), followers: new Float64Array(size), author: new Uint32Array(size),
    platform: new Uint8Array(size), sign: new Int8Array(size), flags: new Uint8Array(size), idLow: new Uint32Array(size), idHigh: new Uint32Array(size),
  }
  for (let i = 1; i < size; i++) nodes.set(order[i]!, word.last, i) // only a root has a last second of its own
  for (let i = 0; i < size; i++) {
    const node = order[i]!
    const platform = nodes.platform(node)
    if (placeOf[platform] === 0) placeOf[platform] = numbers.push(platform)
    tree.parent[i] = i === 0 ? -1 : nodes.parent(node) === root ? 0 : nodes.get(nodes.parent(node), word.last)
    tree.at[i] = nodes.at(node)
    tree.followers[i] = nodes.followers(node)
    tree.author[i] = nodes.author(node)
    tree.platform[i] = placeOf[platform]! - 1
    tree.sign[i] = nodes.sign(node)
    tree.flags[i] = flagsOf(nodes, node)
    if (nodes.isForgotten(node)) continue
    tree.idLow[i] = nodes.get(node, word.idLow)
    tree.idHigh[i] = nodes.get(node, word.idHigh)
  }
  for (const platform of numbers) {
    placeOf[platform] = 0
    platforms.push(names(platform))
  }
  return tree
}

/** Bits of nodeFlags; a root has no edge. */
export function flagsOf(nodes: Nodes, node: number): number {
  return nodes.flags(node) & (nodes.parent(node) === 0 ? nodeFlags.hasText | nodeFlags.verified : nodeFlags.hasText | nodeFlags.verified | nodeFlags.unknownEdge)
}

/** The root, which is the first, stays there. */
function byTime(nodes: Nodes, below: Uint32Array): Uint32Array {
  if (below.length < 3) return below
  if (below.length <= few) return fewByTime(nodes, below)
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

/** Of siblings the newest comes first: they are turned round before those that came late are moved forward. */
function fewByTime(nodes: Nodes, below: Uint32Array): Uint32Array {
  for (let from = 1, to = below.length - 1; from < to; from++, to--) {
    const node = below[from]!
    below[from] = below[to]!
    below[to] = node
  }
  for (let i = 2; i < below.length; i++) {
    const node = below[i]!
    let at = i
    for (; at > 1 && nodes.isEarlier(node, below[at - 1]!); at--) below[at] = below[at - 1]!
    below[at] = node
  }
  return below
}
