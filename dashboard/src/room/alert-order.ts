// In which places groups of alerts stand. What needs eyes is first, then the grade, then the newest; but rows keep their places while the list is
// used, and move seldom where only their newest alert changed: in a flood the list can still be read and clicked.
//
//   alerts ─► groups that match ─► wanted order ──┬─ nobody uses the list, and it stood long enough ─► new places
//                                                 └─ otherwise: the old places; `waiting` says how many would stand elsewhere
import { levelRank } from '@groundswell/schemas/grade.ts'
import type { AlertGroup } from './alert-groups.ts'

/** Rows of the list until it is opened; beyond, the least urgent are one row. */
export const rowsMax = 10
/** Places change at most this often where somebody's eyes, a grade or a topic is new, and where only the newest alert is another. */
export const settleMs = { urgent: 2_000, newest: 15_000 } as const
/** The list is in use this long after the pointer or a key. */
export const usedMs = 30_000
/** Groups whose newest alerts came within this time of each other are as new as each other: they keep their order. */
const asNewMs = 60_000

export interface Places {
  readonly order: readonly string[] // topics, all of them, from the first row on
  readonly tiers: ReadonlyMap<string, number> // how urgent each was when it got its place
  readonly sortedAt: number // ms of a clock that never steps back
  readonly key: string // of the filter: another one is another list
  readonly waiting: readonly string[] // topics that are more urgent than their place says, or have none yet; most urgent first
}
export const noPlaces: Places = { order: [], tiers: new Map(), sortedAt: -Infinity, key: '', waiting: [] }

export interface Moment { readonly now: number; readonly used: boolean; readonly key: string }

/** `groups` are those that match. Gone from `known`, a topic leaves its place at once; one that no longer matches keeps it until places change. */
export function place(before: Places, groups: readonly AlertGroup[], known: ReadonlySet<string>, { now, used, key }: Moment): Places {
  const wanted = wantedOrder(groups, before.key === key ? before.order : [])
  const tiers = new Map(groups.map((group) => [group.topic, tierOf(group)]))
  if (before.key !== key || before.order.length === 0) return { order: wanted, tiers, sortedAt: now, key, waiting: [] }
  const kept = before.order.every((topic) => known.has(topic)) ? before.order : before.order.filter((topic) => known.has(topic))
  const urgent = wanted.length !== kept.length || wanted.some((topic) => before.tiers.get(topic) !== tiers.get(topic))
  if (!used && now - before.sortedAt >= (urgent ? settleMs.urgent : settleMs.newest)) {
    return same(wanted, before.order) && !urgent ? { ...before, sortedAt: now, waiting: [] } : { order: wanted, tiers, sortedAt: now, key, waiting: [] }
  }
  const waiting = wanted.filter((topic) => (tiers.get(topic) ?? 0) > (before.tiers.get(topic) ?? -1))
  return { ...before, order: filledUp(kept, before.order, wanted), waiting: same(waiting, before.waiting) ? before.waiting : waiting }
}

/** In a flood topics are forgotten under the hand of who uses the list: where too few rows are left, those without a place stand behind them. */
function filledUp(kept: readonly string[], before: readonly string[], wanted: readonly string[]): readonly string[] {
  if (kept.length === before.length || kept.length >= rowsMax) return kept
  const placed = new Set(kept)
  return [...kept, ...wanted.filter((topic) => !placed.has(topic))]
}

/** What needs eyes, then the grade: 0 to 7, the most urgent is the highest. */
export const tierOf = ({ eyes, grade, open }: AlertGroup): number => (eyes ? 4 : 0) + (open > 0 ? levelRank(grade) : 0)

/** Where nobody used the list: by tier, then by the newest; those that are as new as each other as before, then by the name of the topic. */
export function wantedOrder(groups: readonly AlertGroup[], before: readonly string[]): string[] {
  const placed = new Map(before.map((topic, index) => [topic, index]))
  const sorted = groups.map((group) => ({ topic: group.topic, at: group.at, tier: tierOf(group), place: placed.get(group.topic) ?? Infinity, run: 0 })).sort((a, b) => b.tier - a.tier || b.at - a.at)
  let head = sorted[0]
  let run = 0 // of groups that are as new as each other
  for (const group of sorted) {
    if (head !== undefined && (group.tier !== head.tier || head.at - group.at > asNewMs)) {
      head = group
      run++
    }
    group.run = run
  }
  return sorted.sort((a, b) => a.run - b.run || compare(a.place, b.place) || (a.topic < b.topic ? -1 : 1)).map(({ topic }) => topic)
}

/** The rows of the list: all, or where they are too many and it is not opened, the most urgent and how many more there are. */
export function rowsOf(order: readonly string[], opened: boolean): { readonly shown: readonly string[]; readonly folded: readonly string[] } {
  if (opened || order.length <= rowsMax) return { shown: order, folded: [] }
  return { shown: order.slice(0, rowsMax - 1), folded: order.slice(rowsMax - 1) }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, index) => one === b[index])
