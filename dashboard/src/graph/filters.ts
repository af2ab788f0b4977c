// Which nodes are shown, and why the others are not: filters, the playhead, the subtree in focus, and leaves that are folded into their parent.
// Every node has exactly one state, so that the counts always add up to the cascade.
import { nodeFlags, type GraphTree } from './graph-tree.ts'

export interface Filters {
  readonly platforms: readonly string[] | null // null: all
  readonly generations: readonly [least: number, most: number] | null
  readonly within: readonly [from: number, to: number] | null // ms since the root, both included
  readonly sign: readonly number[] | null // −1, 0, 1
  readonly verified: boolean // only those
}
export const noFilters: Filters = { platforms: null, generations: null, within: null, sign: null, verified: false }
export const isFiltered = (filters: Filters): boolean => filters.platforms !== null || filters.generations !== null || filters.within !== null || filters.sign !== null || filters.verified

export const nodeStates = { shown: 0, folded: 1, filtered: 2, outside: 3, later: 4 } as const
export interface View {
  readonly state: Uint8Array
  readonly held: number // nodes that had come, the first of the columns
  readonly standing: Standing
  readonly counts: { readonly shown: number; readonly folded: number; readonly filtered: number; readonly outside: number; readonly later: number } // sum: the cascade
  readonly foldedUnder: Int32Array // by node: leaves that are drawn as one number at it
  readonly foldedHubs: readonly number[] // most first
}

export interface Viewed {
  readonly filters: Filters
  readonly until: number | null // ms; null: all
  readonly focus: number | null // only this node's subtree; null: all
  readonly foldFrom: number | null // leaves of a parent are folded where it shows at least this many; null: never
  readonly unfolded: ReadonlySet<number> // parents whose leaves are shown all the same
}

/** What filters and focus leave of every node, whatever the playhead says; and how many of each state there are among the first nodes. */
export interface Standing {
  readonly state: Uint8Array
  readonly shown: Int32Array // size + 1: among the first n nodes
  readonly filtered: Int32Array
  readonly noneFolded: Int32Array // zeros
}

/** The root is shown whatever the filters say, for everything hangs on it. */
export function viewOf(tree: GraphTree, viewed: Viewed): View {
  return viewAt(tree, standingOf(tree, viewed), viewed)
}

/** One pass over the columns. */
export function standingOf(tree: GraphTree, { filters, focus }: Pick<Viewed, 'filters' | 'focus'>): Standing {
  const { size, parent, byLevel } = tree
  const state = new Uint8Array(size), shown = new Int32Array(size + 1), filtered = new Int32Array(size + 1)
  const passes = isFiltered(filters) ? filterOf(tree, filters) : null
  if (focus !== null && focus !== 0) {
    state.fill(nodeStates.outside)
    for (let i = 0; i < size; i++) {
      const node = byLevel[i]!
      if (node === focus || (node !== 0 && state[parent[node]!] === nodeStates.shown)) state[node] = nodeStates.shown
    }
  }
  if (passes !== null) for (let node = 1; node < size; node++) if (state[node] === nodeStates.shown && !passes(node)) state[node] = nodeStates.filtered
  state[0] = nodeStates.shown
  for (let node = 0; node < size; node++) {
    shown[node + 1] = shown[node]! + (state[node] === nodeStates.shown ? 1 : 0)
    filtered[node + 1] = filtered[node]! + (state[node] === nodeStates.filtered ? 1 : 0)
  }
  return { state, shown, filtered, noneFolded: new Int32Array(size) }
}

/** The standing at a moment, without a pass over the columns unless leaves are folded: what comes later is the end of the columns. */
export function viewAt(tree: GraphTree, standing: Standing, { until, foldFrom, unfolded }: Pick<Viewed, 'until' | 'foldFrom' | 'unfolded'>): View {
  const { size } = tree
  const held = heldAt(tree, until)
  const state = standing.state.slice()
  state.fill(nodeStates.later, held)
  const foldedUnder = foldFrom === null ? standing.noneFolded : new Int32Array(size)
  const foldedHubs = foldFrom === null ? [] : fold(tree, state, { foldedUnder, foldFrom, unfolded })
  let folded = 0
  if (foldFrom !== null) for (let node = 0; node < held; node++) if (state[node] === nodeStates.folded) folded++
  const shown = standing.shown[held]! - folded, filtered = standing.filtered[held]!
  return { state, held, standing, foldedUnder, foldedHubs, counts: { shown, folded, filtered, outside: held - shown - folded - filtered, later: size - held } }
}

/** How many nodes had come by then, the root among them: they are the first of the columns. */
export function heldAt({ size, at }: Pick<GraphTree, 'size' | 'at'>, until: number | null): number {
  if (until === null) return size
  let low = 1, high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! <= until) low = middle + 1
    else high = middle
  }
  return low
}

function filterOf(tree: GraphTree, { platforms, generations, within, sign, verified }: Filters): (node: number) => boolean {
  const { at, platform, generation, flags } = tree
  const onPlatform = tree.platforms.map((name) => platforms === null || platforms.includes(name))
  const [least, most] = generations ?? [0, Infinity]
  const [from, to] = within === null ? [-Infinity, Infinity] : [at[0]! + within[0], at[0]! + within[1]]
  const signs = [-1, 0, 1].map((one) => sign === null || sign.includes(one))
  return (node) => onPlatform[platform[node]!]! && generation[node]! >= least && generation[node]! <= most && at[node]! >= from && at[node]! <= to
    && signs[tree.sign[node]! + 1]! && (!verified || (flags[node]! & nodeFlags.verified) !== 0)
}

/** A leaf here is a node without shown children: what a filter hides is not counted under the hub but by the filter. */
function fold(tree: GraphTree, state: Uint8Array, { foldedUnder, foldFrom, unfolded }: { readonly foldedUnder: Int32Array; readonly foldFrom: number; readonly unfolded: ReadonlySet<number> }): number[] {
  const { parent, size } = tree
  const carries = new Uint8Array(size)
  for (let node = 1; node < size; node++) if (state[node] === nodeStates.shown) carries[parent[node]!] = 1
  const isLeaf = (node: number): boolean => state[node] === nodeStates.shown && carries[node] === 0
  for (let node = 1; node < size; node++) if (isLeaf(node)) foldedUnder[parent[node]!]!++
  const hubs: number[] = []
  for (let node = 0; node < size; node++) {
    if (foldedUnder[node] === 0) continue
    // A parent that is not shown cannot carry the number.
    if (foldedUnder[node]! < foldFrom || unfolded.has(node) || state[node] !== nodeStates.shown) foldedUnder[node] = 0
    else hubs.push(node)
  }
  for (let node = 1; node < size; node++) if (isLeaf(node) && foldedUnder[parent[node]!]! > 0) state[node] = nodeStates.folded
  return hubs.sort((a, b) => foldedUnder[b]! - foldedUnder[a]! || a - b)
}
