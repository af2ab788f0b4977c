// What a frame must carry so that a client who holds the picture before holds the picture after. Pure.
import { isDeepStrictEqual } from 'node:util'
import type { Frame, Mode, Problem, Snapshot } from '@groundswell/schemas/live.ts'

/** What the engine shows of itself at a moment. */
export type LivePicture = Pick<Snapshot, 'clock' | 'totals' | 'topics' | 'topicsTotal' | 'sources' | 'alerts' | 'silences' | 'pin' | 'canary'>
/** All of a snapshot that a frame can change. */
export type FullPicture = LivePicture & { readonly mode: Mode; readonly problems: readonly Problem[] }
export type FrameParts = Omit<Frame, 'epoch' | 'seq' | 'serverNow'>

/**
 * Only what differs: changed or new rows of topics and sources, the order of topics where it is another one, the rest whole.
 * `changed` is false where nothing but serverNow would be told. null where no frame can say it, because a source is gone:
 * every client needs a snapshot then.
 */
export function diffPicture(before: FullPicture, after: FullPicture): { readonly parts: FrameParts; readonly changed: boolean } | null {
  const platforms = new Set(after.sources.map((source) => source.platform))
  if (before.sources.some((source) => !platforms.has(source.platform))) return null
  const topics = changedRows(before.topics, after.topics, (topic) => topic.id)
  const sources = changedRows(before.sources, after.sources, (source) => source.platform)
  const order = after.topics.map((topic) => topic.id)
  const parts: FrameParts = {
    clock: after.clock,
    ...(!isDeepStrictEqual(before.totals, after.totals) && { totals: after.totals }),
    ...(topics.length > 0 && { topics }),
    ...(!isDeepStrictEqual(before.topics.map((topic) => topic.id), order) && { order }),
    ...(before.topicsTotal !== after.topicsTotal && { topicsTotal: after.topicsTotal }),
    ...(sources.length > 0 && { sources }),
    ...(!isDeepStrictEqual(before.alerts, after.alerts) && { alerts: after.alerts }),
    ...(!isDeepStrictEqual(before.silences, after.silences) && { silences: after.silences }),
    ...(!isDeepStrictEqual(before.pin, after.pin) && { pin: after.pin }),
    ...(!isDeepStrictEqual(before.canary, after.canary) && { canary: after.canary }),
    ...(before.mode !== after.mode && { mode: after.mode }),
    ...(!isDeepStrictEqual(before.problems, after.problems) && { problems: after.problems }),
  }
  return { parts, changed: before.clock !== after.clock || Object.keys(parts).length > 1 }
}

function changedRows<Row>(before: readonly Row[], after: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const known = new Map(before.map((row) => [keyOf(row), row]))
  return after.filter((row) => !isDeepStrictEqual(known.get(keyOf(row)), row))
}
