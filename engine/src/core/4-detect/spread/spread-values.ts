// What a spread rule measures of a cascade: as it stands, or of its mentions up to a time, when younger ones are there already.
import type { SpreadMeasure } from '@groundswell/schemas/rules.ts'
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import type { CascadeStore } from '../../3-measure/cascades/cascade-store.ts'
import { reproductionOf } from './reproduction.ts'
import { seenSize } from './seen-part.ts'

/** R from so many mentions on, the coordinated share from so many: below, a few accounts make any share. */
export const leastMentions = { R: 30, coordinatedShare: 20 } as const

export interface Measuring {
  readonly store: CascadeStore
  readonly names: (platform: number) => string
  readonly isCoordinated: (author: number) => boolean // by the hash of the account
  readonly linkedAt: () => number // second in which that last changed, or may have
}

/** All but R and the coordinated share, which are worked out of the whole tree; no mention of the cascade is younger than asked. O(1) for trees with a row. */
export function valueNow(store: CascadeStore, root: number, measure: SpreadMeasure): number {
  if (measure === 'size') return store.subtreeOf(root)
  const measures = store.measuresOf(root)
  if (measure === 'depth') return measures.depth
  if (measure === 'reach') return measures.reach
  if (measure === 'platforms') return measures.platforms.length
  return measures.spreaderFollowersMax
}

/** The same of the mentions up to `limit` (ms), each as deep as it is now. O(size). */
export function valueUntil(store: CascadeStore, root: number, measure: SpreadMeasure, limit: number): number {
  let value = measure === 'spreaderFollowers' ? -1 : 0
  const platforms = new Set<number>()
  for (const node of store.nodesOf(root)) {
    if (store.atOf(node) > limit) continue
    const followers = store.followersOf(node)
    if (measure === 'size') value++
    else if (measure === 'depth') value = Math.max(value, store.depthOf(node))
    else if (measure === 'reach') value += Math.max(0, followers)
    else if (measure === 'platforms') value = platforms.add(store.platformOf(node)).size
    else if (node !== root) value = Math.max(value, followers)
  }
  return value
}

/** R at `now` (ms); null where too little is seen. O(size · log size). */
export function reproductionNow({ store, names }: Measuring, root: number, now: number): Reproduction | null {
  if (store.subtreeOf(root) < leastMentions.R) return null
  const tree = store.treeOf(root, names)
  return seenSize(tree, now) < leastMentions.R ? null : reproductionOf(tree, now)
}

/** Share of the mentions up to `until` (ms) that came from accounts which repeatedly share the same within a minute; null where there are too few mentions. O(size). */
export function coordinatedShareOf({ store, isCoordinated }: Measuring, root: number, until: number): number | null {
  if (store.subtreeOf(root) < leastMentions.coordinatedShare) return null
  let size = 0
  let coordinated = 0
  for (const node of store.nodesOf(root)) {
    if (store.atOf(node) > until) continue
    size++
    if (store.authorOf(node) !== 0 && isCoordinated(store.authorOf(node))) coordinated++
  }
  return size < leastMentions.coordinatedShare ? null : coordinated / size
}

/** When the last hour will have brought fewer than one in twenty of its mentions, if nothing comes any more: ms. O(size). */
export function restsFrom(store: CascadeStore, root: number): number {
  const times = Float64Array.from(store.nodesOf(root), (node) => store.atOf(node)).sort()
  return times[times.length - Math.ceil(times.length / 20)]! + 3_600_000
}

/** Mentions after `from` (ms). */
export function mentionsSince(store: CascadeStore, root: number, from: number): number {
  let count = 0
  for (const node of store.nodesOf(root)) if (store.atOf(node) > from) count++
  return count
}
