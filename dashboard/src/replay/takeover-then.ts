// What had the wall to itself at a moment of the past: the wall's own rules over what was told of alerts in the ten minutes before it.
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import type { PictureNews } from '@groundswell/schemas/replay.ts'
import { isMuted } from '../room/attention.ts'
import { noTakeover, takeOver, type Takeover } from '../room/takeover.ts'

export interface ToldNews { readonly at: number; readonly news: readonly PictureNews[] }

/** Longer than a takeover and the queue behind it, as a rule, last. */
const lookBackMs = 600_000
const stepMs = 1_000

/** `news`: oldest first, those of lookBackMs at least. What was severe before them has been shown. */
export function takeoverAt(snapshot: Snapshot, news: readonly ToldNews[], at: number): Takeover {
  const recent = news.filter((told) => told.at > at - lookBackMs && told.at <= at)
  if (recent.length === 0) return noTakeover
  const rows = new Map(snapshot.alerts.map((alert) => [alert.id, alert]))
  const ends = endsOf(recent)
  const claimsAt = (now: number): readonly AlertRow[] => snapshot.alerts.filter(({ id, clearedAt }) => (ends.get(id) ?? (clearedAt === null ? Infinity : at)) > now).map((row) => ({ ...row, clearedAt: null }))
  let held = noTakeover
  let from = recent[0]!.at
  for (const told of recent) {
    held = waited(held, from, told.at, claimsAt)
    const fresh = told.news.flatMap((one) => (one.what === 'alert' ? rows.get(one.alert) ?? [] : []))
    held = takeOver(held, { fresh, alerts: claimsAt(told.at), now: told.at })
    from = told.at
  }
  held = waited(held, from, at, claimsAt)
  const now = snapshot.alerts.filter((alert) => alert.clearedAt === null && !isMuted(alert, { silences: snapshot.silences, now: at }))
  return takeOver(held, { fresh: [], alerts: now, now: at })
}

/** Topics that flash: a severe alert was new within `flashMs`. */
export function flashingAt(snapshot: Snapshot, news: readonly ToldNews[], { at, flashMs }: { readonly at: number; readonly flashMs: number }): ReadonlySet<string> {
  const open = new Map(snapshot.alerts.filter((alert) => alert.clearedAt === null && !isMuted(alert, { silences: snapshot.silences, now: at })).map((alert) => [alert.id, alert]))
  return new Set(news.filter((told) => told.at <= at && told.at > at - flashMs).flatMap((told) => told.news).flatMap((one) => (one.what === 'alert' && one.grade === 'severe' && open.has(one.alert) ? [one.topic] : [])))
}

/** When each alert lost its claim, as far as it was told. */
function endsOf(news: readonly ToldNews[]): Map<string, number> {
  const ends = new Map<string, number>()
  for (const { at, news: all } of news) for (const one of all) {
    if (one.what === 'cleared' || (one.what === 'handled' && one.state !== 'new')) ends.set(one.alert, Math.min(at, ends.get(one.alert) ?? Infinity))
    if (one.what === 'handled' && one.state === 'new') ends.delete(one.alert)
  }
  return ends
}

/** Between two news a takeover ends and the next in the queue begins. */
function waited(before: Takeover, from: number, to: number, claimsAt: (now: number) => readonly AlertRow[]): Takeover {
  if (before.shown === null && before.queue.length === 0) return before
  let held = before
  for (let now = from + stepMs; now < to; now += stepMs) held = takeOver(held, { fresh: [], alerts: claimsAt(now), now })
  return held
}
