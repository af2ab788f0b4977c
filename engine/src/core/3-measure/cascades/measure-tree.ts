// All that is said of one whole tree, worked out by walking it: exact, in time and room of its size, however deep it is.
import type { CascadeShape } from '@groundswell/schemas/cascade.ts'
import { nodeFlags, type CascadeTree } from './cascade-tree.ts'

/** How the nodes of a tree lie to each other. Index: node. */
export interface TreeLayout {
  readonly order: Uint32Array // nodes, each behind its parent; the root first
  readonly generation: Uint32Array // steps below the root
  readonly children: Uint32Array // right under it
  readonly subtree: Uint32Array // all below it, itself included
  readonly breadth: Uint32Array // nodes by generation
}

/** Who spoke in a tree, where, and how. */
export interface TreeMakeUp {
  readonly firstMs: number
  readonly lastMs: number
  readonly reach: number // sum of the followers that are known
  readonly followersKnown: number // mentions that say how many
  readonly authors: number // distinct 32-bit hashes of accounts; one that is not known is none
  readonly withText: number // mentions with words of their own
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  readonly unknownEdges: number
  readonly platforms: readonly PlatformShare[] // in the order in which they were reached, those of the same moment by name
}
export interface PlatformShare { readonly platform: string; readonly mentions: number; readonly firstMs: number; readonly lagMs: number } // behind the platform that was first

/** Throws where `parent` is no tree under node 0: whoever made it is wrong. */
export function layOut({ parent, size }: Pick<CascadeTree, 'parent' | 'size'>): TreeLayout {
  const children = new Uint32Array(size)
  for (let node = 1; node < size; node++) children[parent[node]!]!++
  const order = leavesLast(parent, children)
  const subtree = new Uint32Array(size).fill(1)
  for (let i = size - 1; i > 0; i--) subtree[parent[order[i]!]!]! += subtree[order[i]!]!
  const generation = new Uint32Array(size)
  let depth = 0
  for (let i = 1; i < size; i++) {
    const node = order[i]!
    generation[node] = generation[parent[node]!]! + 1
    if (generation[node] > depth) depth = generation[node]
  }
  const breadth = new Uint32Array(depth + 1)
  for (let node = 0; node < size; node++) breadth[generation[node]!]!++
  return { order, generation, children, subtree, breadth }
}

/** Leaves are taken off, then what has become a leaf, filling the order from its end: a parent may be younger than its child, so the index says nothing. */
function leavesLast(parent: Int32Array, children: Uint32Array): Uint32Array {
  const size = children.length
  const order = new Uint32Array(size)
  const waitsFor = children.slice()
  let at = size
  for (let node = 0; node < size; node++) if (waitsFor[node] === 0) order[--at] = node
  for (let i = size - 1; i >= at; i--) {
    const node = order[i]!
    if (node === 0) break
    const above = parent[node]!
    if (--waitsFor[above]! === 0) order[--at] = above
  }
  if (at !== 0 || size === 0 || parent[0] !== -1 || order[0] !== 0) throw new Error(`the parents of ${size} nodes are no tree under node 0`)
  return order
}

/** A line of `groundswell cascades`. */
export function shapeOf(tree: CascadeTree, layout: TreeLayout = layOut(tree), makeUp: Pick<TreeMakeUp, 'firstMs' | 'lastMs' | 'reach'> = makeUpOf(tree)): CascadeShape {
  const { breadth, children, subtree } = layout
  let maxBreadth = 0, leaves = 0
  for (let generation = 0; generation < breadth.length; generation++) if (breadth[generation]! > maxBreadth) maxBreadth = breadth[generation]!
  for (let node = 0; node < children.length; node++) if (children[node] === 0) leaves++
  return {
    root: tree.root, size: tree.size, depth: breadth.length - 1,
    maxBreadth, leaves,
    structuralVirality: structuralVirality(subtree),
    durationSeconds: (makeUp.lastMs - makeUp.firstMs) / 1000,
    reach: makeUp.reach,
  }
}

const lane = 2 ** 52

/**
 * Mean distance over all pairs of nodes, from the sizes of the subtrees, the root's first (Goel, Anderson, Hofman & Watts 2015): the edge above
 * a subtree of s nodes lies between s · (n − s) pairs. 0 for one node. The sum is a whole number in two lanes, so it is exact up to 2²⁷ nodes.
 */
export function structuralVirality(subtree: Uint32Array): number {
  const n = subtree.length
  if (n < 2) return 0
  let high = 0
  let low = 0
  for (let node = 1; node < n; node++) {
    const below = subtree[node]!
    low += below * (n - below)
    if (low >= lane) { low -= lane; high++ }
  }
  return (2 * (high * lane + low)) / (n * (n - 1))
}

export function makeUpOf(tree: CascadeTree): TreeMakeUp {
  const { size, at, followers, sign, flags } = tree
  let firstMs = Infinity, lastMs = -Infinity
  let reach = 0, followersKnown = 0, withText = 0, unknownEdges = 0
  const signs = [0, 0, 0]
  for (let node = 0; node < size; node++) {
    if (at[node]! < firstMs) firstMs = at[node]!
    if (at[node]! > lastMs) lastMs = at[node]!
    if (followers[node]! >= 0) { reach += followers[node]!; followersKnown++ }
    if (flags[node]! & nodeFlags.hasText) withText++
    if (flags[node]! & nodeFlags.unknownEdge) unknownEdges++
    signs[sign[node]! + 1]!++
  }
  const [negative, neutral, positive] = signs as [number, number, number]
  return { firstMs, lastMs, reach, followersKnown, authors: distinct(tree.author), withText, negative, neutral, positive, unknownEdges, platforms: platformsOf(tree) }
}

/** Distinct numbers other than 0, in a table of open addresses that is never more than half full. */
function distinct(values: Uint32Array): number {
  if (values.length <= fewValues) return distinctOfFew(values)
  const bits = Math.ceil(Math.log2(Math.max(2, 2 * values.length)))
  const mask = 2 ** bits - 1
  const table = new Uint32Array(mask + 1)
  let count = 0
  for (const value of values) {
    if (value === 0) continue
    let slot = (Math.imul(value, 0x9e3779b1) >>> 0) & mask
    while (table[slot] !== 0 && table[slot] !== value) slot = (slot + 1) & mask
    if (table[slot] === value) continue
    table[slot] = value
    count++
  }
  return count
}

const fewValues = 24 // fewer are compared with each other sooner than put into a table

function distinctOfFew(values: Uint32Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && values.indexOf(values[i]!) === i) count++
  return count
}

function platformsOf({ size, at, platform, platforms }: CascadeTree): readonly PlatformShare[] {
  const mentions = new Float64Array(platforms.length)
  const firstMs = new Float64Array(platforms.length).fill(Infinity)
  for (let node = 0; node < size; node++) {
    const place = platform[node]!
    mentions[place]!++
    if (at[node]! < firstMs[place]!) firstMs[place] = at[node]!
  }
  const begin = firstMs.reduce((least, ms) => Math.min(least, ms), Infinity)
  return platforms.map((name, i) => ({ platform: name, mentions: mentions[i]!, firstMs: firstMs[i]!, lagMs: firstMs[i]! - begin }))
    .filter(({ mentions }) => mentions > 0)
    .sort((a, b) => a.firstMs - b.firstMs || (a.platform < b.platform ? -1 : 1))
}
