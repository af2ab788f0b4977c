// A cascade as it was when its first `held` mentions had come: its figures, what hung below each mention, and who had carried it. From columns alone.
import { nodeFlags, type GraphTree } from './graph-tree.ts'

export const spreadersShown = 8
const hourMs = 3_600_000

/** An account by what its mentions had drawn; its place is the mention below which most hung. */
export interface SpreaderThen {
  readonly node: number
  readonly mentions: number // of the account
  readonly direct: number // mentions right under one of them whose parent is known
  readonly subtree: number // below its place, itself included
  readonly halfMs: number | null // from its place until half of what that drew had come; null: it drew nothing itself
}

export interface AsOf {
  readonly held: number // nodes: the first of the columns
  readonly depth: number // generations below the root
  readonly breadth: number // most mentions in one generation
  readonly virality: number // mean distance over all pairs (Goel et al. 2015)
  readonly authors: number // accounts that are known
  readonly reach: number // sum of the followers that are known
  readonly lastHour: number // mentions of the hour before `until`
  readonly durationMs: number
  readonly subtree: Int32Array // by node; 0 for those that had not come
  readonly spreaders: readonly SpreaderThen[] // most direct first, then what hung below
}

/** `until`: ms. */
export function asOf(tree: GraphTree, held: number, until: number): AsOf {
  const { size, at, parent, byLevel, generation, followers, author } = tree
  const subtree = new Int32Array(size), breadths = new Int32Array(tree.generations + 1), seen = new Uint8Array(authorsIn(tree) + 1)
  let depth = 0, authors = 0, reach = 0, lastHour = 0, first = at[0]!, last = at[0]!
  for (let node = 0; node < held; node++) {
    subtree[node] = 1
    breadths[generation[node]!]!++
    if (generation[node]! > depth) depth = generation[node]!
    if (followers[node]! > 0) reach += followers[node]!
    if (at[node]! > until - hourMs) lastHour++
    if (at[node]! < first) first = at[node]!
    if (at[node]! > last) last = at[node]!
    const account = author[node]!
    if (account !== 0 && seen[account] === 0) {
      seen[account] = 1
      authors++
    }
  }
  // A parent may be younger than its child: then what hangs below it hangs on it before it is seen, and is counted with whoever it hangs on.
  for (let i = size - 1; i > 0; i--) {
    const node = byLevel[i]!
    if (subtree[node]! > 0) subtree[parent[node]!]! += subtree[node]!
  }
  let pairs = 0
  for (let node = 1; node < size; node++) pairs += subtree[node]! * (held - subtree[node]!)
  for (let node = held; node < size; node++) subtree[node] = 0
  return {
    held, depth, breadth: breadths.reduce((most, count) => Math.max(most, count), 0), virality: held < 2 ? 0 : (2 * pairs) / (held * (held - 1)),
    authors, reach, lastHour, durationMs: last - first, subtree, spreaders: spreadersOf(tree, held, subtree),
  }
}

function spreadersOf(tree: GraphTree, held: number, subtree: Int32Array): SpreaderThen[] {
  const { parent, flags, author } = tree
  const accounts = authorsIn(tree)
  const direct = new Int32Array(held), drawn = new Int32Array(accounts + 1), mentions = new Int32Array(accounts + 1), place = new Int32Array(accounts + 1).fill(-1)
  for (let node = 1; node < held; node++) if ((flags[node]! & nodeFlags.unknownEdge) === 0 && parent[node]! < held) direct[parent[node]!]!++
  const best: SpreaderThen[] = []
  const weigh = (one: SpreaderThen): void => {
    if (one.direct === 0 || (best.length === spreadersShown && before(best[best.length - 1]!, one) <= 0)) return
    best.push(one)
    best.sort(before)
    if (best.length > spreadersShown) best.pop()
  }
  for (let node = 0; node < held; node++) {
    const account = author[node]!
    if (account === 0) weigh({ node, mentions: 1, direct: direct[node]!, subtree: subtree[node]!, halfMs: halfMs(tree, node, held) })
    else {
      mentions[account]!++
      drawn[account]! += direct[node]!
      if (place[account] === -1 || subtree[node]! > subtree[place[account]!]!) place[account] = node
    }
  }
  for (let account = 1; account <= accounts; account++) if (drawn[account]! > 0) weigh({ node: place[account]!, mentions: mentions[account]!, direct: drawn[account]!, subtree: subtree[place[account]!]!, halfMs: halfMs(tree, place[account]!, held) })
  return best
}

const before = (a: SpreaderThen, b: SpreaderThen): number => b.direct - a.direct || b.subtree - a.subtree || a.node - b.node

/** Children lie in order of time, so half of them had come with the middle one of those that are here. */
function halfMs({ at, children, childStart, flags }: GraphTree, node: number, held: number): number | null {
  let known = 0, half = 0
  const each = (visit: (child: number) => boolean): void => {
    for (let place = childStart[node]!; place < childStart[node + 1]! && children[place]! < held; place++) if ((flags[children[place]!]! & nodeFlags.unknownEdge) === 0 && visit(children[place]!)) return
  }
  each(() => { known++; return false })
  if (known === 0) return null
  let moment = at[node]!
  each((child) => { moment = at[child]!; return ++half >= known / 2 })
  return Math.max(0, moment - at[node]!)
}

/** Accounts are numbered from 1 in the order of their first mention. */
const authorsIn = ({ author }: GraphTree): number => author.reduce((most, one) => Math.max(most, one), 0)
