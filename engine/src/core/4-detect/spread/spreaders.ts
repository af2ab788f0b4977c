// The accounts that carried a cascade, ranked by who would be missing without them.
//
// An account is all mentions of one author hash (32 bits: among 100,000 accounts one pair may be taken for one); a mention whose author is not known is an account of
// its own. Its place, time, followers and platform are those of the mention below which most hangs; reposts, subtree and share are of all its mentions together,
// and what hangs below two of them counts once.
import type { Spreader } from '@groundswell/schemas/cascade.ts'
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { ascendingTimes } from './exposure.ts'
import { DelayCounts, generationInterval, type GenerationPrior } from './generation-interval.ts'
import { delaysOf } from './generation-prior.ts'
import { isoMs, seenParent, seenSize } from './seen-part.ts'
import { WithoutAccount, type Grown } from './without-account.ts'

export const spreadersMax = 100
const spare = 10

export interface SpreaderOptions {
  readonly limit: number // at most `spreadersMax`
  readonly prior?: GenerationPrior
  /** Parents to take instead of the platform's, such as those of `inferred-parents` where a flat tree hides them; −1 for the root. */
  readonly parents?: Int32Array
  /** Name of a public account; null: it stays pseudonymous. The core knows no names. */
  readonly nameOf?: (author: number, node: number) => string | null
  /** Id of a mention, where the caller knows it. */
  readonly mentionOf?: (node: number) => string | null
}

/** `7f3a-2c19` for an author hash: the same account has the same pseudonym in every cascade. Empty for 0, an account that is not known. */
export function pseudonymOf(author: number): string {
  const hex = author.toString(16).padStart(8, '0')
  return author === 0 ? '' : `${hex.slice(0, 4)}-${hex.slice(4)}`
}

/** Those of a tree at `now` (ms), the share that would be missing falling; without those who drew nothing. The accounts below which most hangs are weighed, ten more than are asked for. */
export function spreadersOf(tree: CascadeTree, now: number, options: SpreaderOptions): Spreader[] {
  const grown = grow(tree, now, options.parents), size = grown.parent.length
  const limit = Math.min(options.limit, spreadersMax)
  const accounts = [...accountsOf(tree, grown).values()].filter(({ subtree, own }) => subtree > own.size).sort((a, b) => b.subtree - a.subtree || a.tops[0]! - b.tops[0]!).slice(0, limit + spare)
  if (accounts.length === 0) return []
  const counts = new DelayCounts()
  counts.add(tree, size, now)
  const without = new WithoutAccount(grown, generationInterval(counts, options.prior ?? delaysOf(tree.platforms[tree.platform[0]!]!)))
  return accounts.map((account) => ({ account, missing: without.of(account.tops, account.own) }))
    .sort((a, b) => b.missing.share - a.missing.share || b.account.subtree - a.account.subtree || a.account.tops[0]! - b.account.tops[0]!).slice(0, limit)
    .map(({ account, missing }) => told(tree, grown, account, { ...options, missing }))
}

interface Account { readonly author: number; readonly tops: number[]; readonly own: Set<number>; subtree: number }

function told(tree: CascadeTree, grown: Grown, { author, tops, own, subtree }: Account, { nameOf, mentionOf, missing }: SpreaderOptions & { readonly missing: Spreader['without'] }): Spreader {
  let node = tops[0]!, direct = 0
  for (const top of tops) if (grown.subtree[top]! > grown.subtree[node]!) node = top
  for (const above of grown.parent) if (own.has(above)) direct++
  let generation = 0
  for (let above = grown.parent[node]!; above >= 0; above = grown.parent[above]!) generation++
  const followers = tree.followers[node]!
  return {
    node, mention: mentionOf?.(node) ?? (node === 0 ? tree.root : null), account: nameOf?.(author, node) ?? pseudonymOf(author), at: isoMs(tree.at[node]!), followers: followers < 0 ? null : followers,
    platform: tree.platforms[tree.platform[node]!]!, direct, subtree, generation, halfSeconds: halfSeconds(tree, grown, node), without: missing,
  }
}

/** From a mention until half of all below it had come. Nodes are in order of time. */
function halfSeconds({ at }: CascadeTree, { order, place, subtree }: Grown, node: number): number | null {
  const below = order.slice(place[node]! + 1, place[node]! + subtree[node]!).sort()
  return below.length === 0 ? null : Math.max(0, at[below[Math.ceil(below.length / 2) - 1]!]! - at[node]!) / 1000
}

/** The tree as it was, laid out so that what hangs below a node lies side by side. */
export function grow(tree: CascadeTree, now: number, parents?: Int32Array): Grown {
  const size = seenSize(tree, now), parent = parents?.slice(0, size) ?? Int32Array.from({ length: size }, (_, node) => (node === 0 ? -1 : seenParent(tree, node, size)))
  const firstChild = new Int32Array(size).fill(-1), next = new Int32Array(size).fill(-1), order = new Int32Array(size), place = new Int32Array(size), subtree = new Int32Array(size).fill(1)
  for (let node = size - 1; node > 0; node--) {
    next[node] = firstChild[parent[node]!]!
    firstChild[parent[node]!] = node
  }
  for (let node = 0, filled = 0; node >= 0;) {
    place[node] = filled
    order[filled++] = node
    let down = firstChild[node]!
    for (let up = node; down < 0 && up > 0; up = parent[up]!) down = next[up]!
    node = down
  }
  for (let at = size - 1; at > 0; at--) subtree[parent[order[at]!]!]! += subtree[order[at]!]!
  return { times: ascendingTimes(tree, size), parent, order, place, subtree, now }
}

/** Mentions added up by author; of each author those that are not below another of its own, by one walk with what is open on the way down. */
function accountsOf(tree: CascadeTree, { order, place, subtree }: Grown): Map<number, Account> {
  const accounts = new Map<number, Account>(), until = new Map<number, number>()
  for (const node of order) {
    const author = tree.author[node]!, key = author === 0 ? -1 - node : author
    let account = accounts.get(key)
    if (account === undefined) accounts.set(key, (account = { author, tops: [], own: new Set(), subtree: 0 }))
    account.own.add(node)
    if (place[node]! < (until.get(key) ?? 0)) continue
    until.set(key, place[node]! + subtree[node]!)
    account.tops.push(node)
    account.subtree += subtree[node]!
  }
  return accounts
}
