// Two hours of a room's walls as the engine keeps them: a picture every five seconds, a severe alert that comes, is acknowledged and clears, and a gap.
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { PictureNews, WallAt, WallPictures, WallTimes } from '@groundswell/schemas/replay.ts'
import { alertRow, snapshot } from './seeded.ts'

const now = snapshot().serverNow
const hourMs = 3_600_000
export const past = { now, begin: now - 2 * hourMs, alertAt: now - 5_400_000, secondAt: now - 5_340_000, acknowledgedAt: now - 5_320_000, clearedAt: now - 4_500_000, gap: [now - 3_600_000, now - 3_000_000] as const }

const iso = (ms: number): string => new Date(ms).toISOString()
const severe = (id: string, index: number, at: number): AlertRow => ({ ...alertRow(index, now), id, grade: 'severe', at: iso(at), clearedAt: null })

/** What the walls showed at a moment at which a picture was kept. */
export function pictureAt(at: number): Snapshot {
  const first = severe('first', 0, past.alertAt), second = severe('second', 3, past.secondAt)
  const alerts = [
    ...(at >= past.secondAt ? [second] : []),
    ...(at >= past.alertAt ? [{ ...first, clearedAt: at >= past.clearedAt ? iso(past.clearedAt) : null, ...(at >= past.acknowledgedAt ? { handling: { state: 'acknowledged' as const, by: 'li', at: past.acknowledgedAt, assignee: null, notes: 0 } } : {}) }] : []),
    { ...alertRow(2, past.begin), id: 'old' },
  ]
  const seen = snapshot({ now: at, seed: 7 })
  return { ...seen, seq: (at - past.begin) / 1000, alerts, totals: { ...seen.totals, perMinute: 400 + Math.round(((at - past.begin) / 7_200_000) * 3_000), counted: (at - past.begin) / 1000 } }
}

const times: readonly number[] = Array.from({ length: 1441 }, (_, index) => past.begin + index * replayLimits.everyMs).filter((at) => at <= past.gap[0] || at >= past.gap[1])
const newsAt = (at: number): PictureNews[] => {
  const of = (id: string): PictureNews[] => pictureAt(at).alerts.filter((alert) => alert.id === id).map(({ id: alert, topic, name, grade }) => ({ what: 'alert', alert, topic, name, grade }))
  if (at === past.alertAt) return of('first')
  if (at === past.secondAt) return of('second')
  const { topic, name } = severe('first', 0, 0)
  if (at === past.acknowledgedAt) return [{ what: 'handled', alert: 'first', topic, name, state: 'acknowledged', by: 'li' }]
  return at === past.clearedAt ? [{ what: 'cleared', alert: 'first', topic, name, grade: 'severe' }] : []
}

/** As the engine answers `/api/replay/wall…`; null: another route. */
export function answerOfPast(asked: URL): { readonly status: number; readonly body: unknown } | null {
  const number = (name: string): number => Number(asked.searchParams.get(name))
  if (asked.pathname === '/api/replay/wall') return { status: 200, body: wallAt(number('at')) }
  if (asked.pathname === '/api/replay/wall/pictures') return { status: 200, body: pictures(number('from'), number('to'), number('step')) }
  return asked.pathname === '/api/replay/wall/times' ? { status: 200, body: timesOf(number('from'), number('to')) } : null
}

function wallAt(asked: number): WallAt {
  const at = times.findLast((one) => one <= asked) ?? null
  const index = at === null ? -1 : times.indexOf(at)
  const next = times[index + 1] ?? null
  return { asked, at, snapshot: at === null ? null : pictureAt(at), previous: times[index - 1] ?? null, next, gap: at !== null && asked - at > replayLimits.gapMs ? [at, next] : null }
}

function pictures(from: number, to: number, stepMs: number): WallPictures {
  const newest = new Map<number, number>()
  for (const at of times) if (at >= from && at < to) newest.set(Math.floor((at - from) / stepMs), at)
  const lead = times.findLast((at) => at < from)
  return { from, to, stepMs, pictures: [...(lead === undefined ? [] : [lead]), ...[...newest.values()].slice(0, replayLimits.picturesMax)].map((at) => ({ at, snapshot: pictureAt(at) })) }
}

function timesOf(from: number, to: number): WallTimes {
  const stepMs = Math.max(replayLimits.everyMs, Math.ceil((to - from) / replayLimits.stepsMax))
  const perMinute = Array<number>(Math.ceil((to - from) / stepMs)).fill(-1)
  const inside = times.filter((at) => at >= from && at < to)
  for (const at of inside) perMinute[Math.floor((at - from) / stepMs)] = 400 + Math.round(((at - past.begin) / 7_200_000) * 3_000)
  const gaps: [number, number][] = [...(from < past.begin ? [[from, Math.min(to, past.begin)] as [number, number]] : []), ...(from < past.gap[1] && to > past.gap[0] ? [[Math.max(from, past.gap[0]), Math.min(to, past.gap[1])] as [number, number]] : [])]
  return { from, to, days: 30, first: past.begin, last: times.at(-1)!, stepMs, perMinute, kept: inside.length, news: inside.map((at) => ({ at, news: newsAt(at) })).filter(({ news }) => news.length > 0), newsCut: false, gaps, gapsCut: false }
}
