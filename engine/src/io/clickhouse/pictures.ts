// Pictures of the walls in the store: one row each, read one at a time or one a step. The times of rows are read apart from the pictures, which are large.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { PictureNews, WallAt, WallPictures, WallShown, WallTimes } from '@groundswell/schemas/replay.ts'
import type { Store } from '../../ports.ts'
import type { Migratable } from './migrate.ts'

type Reader = Pick<Store, 'query'>
const patienceMs = 10_000

/** Throws where the store does not take it in time: it is lost then. */
export function keepPicture(store: Pick<Store, 'insertRows'>, { at, snapshot, news }: { readonly at: number; readonly snapshot: Snapshot; readonly news: readonly PictureNews[] }): Promise<void> {
  const row = { at: new Date(at).toISOString(), perMinute: snapshot.totals.perMinute, news: news.length === 0 ? '' : JSON.stringify(news), snapshot: JSON.stringify(snapshot) }
  return store.insertRows('pictures', `picture:${snapshot.epoch}:${at}`, [row], { signal: AbortSignal.timeout(patienceMs) })
}

/** Answers whether it changed. Where none are kept any more, what there is leaves in its time. */
export async function setPictureDays(store: Pick<Migratable, 'query' | 'command'>, days: number): Promise<boolean> {
  if (days === 0) return false
  const [table] = await store.query<{ create: string }>('SELECT create_table_query AS create FROM system.tables WHERE database = currentDatabase() AND name = \'pictures\'')
  if (table === undefined || table.create.includes(`TTL toDateTime(at) + toIntervalDay(${days}) `)) return false
  await store.command(`ALTER TABLE pictures MODIFY TTL toDateTime(at) + toIntervalDay(${days})`)
  return true
}

const msOf = 'toUnixTimestamp64Milli(at) AS ms'
const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`

/** In one statement, for each costs as much as several pictures do: the picture, then when those beside it were kept. */
export async function pictureAt(store: Reader, at: number): Promise<WallAt> {
  const rows = await store.query<{ ms: number; snapshot: string }>(
    `SELECT ${msOf}, snapshot FROM pictures WHERE at IN (SELECT at FROM pictures WHERE at <= ${moment('at')} ORDER BY at DESC LIMIT 1) LIMIT 1
     UNION ALL SELECT ${msOf}, '' FROM (SELECT at FROM pictures WHERE at <= ${moment('at')} ORDER BY at DESC LIMIT 2)
     UNION ALL SELECT ${msOf}, '' FROM (SELECT at FROM pictures WHERE at > ${moment('at')} ORDER BY at LIMIT 1)`, { at })
  const times = rows.map(({ ms }) => ms).sort((a, b) => a - b)
  const held = times.findLast((ms) => ms <= at) ?? null
  const previous = times.findLast((ms) => held !== null && ms < held) ?? null
  const next = times.find((ms) => ms > at) ?? null
  if (held === null) return { asked: at, at: null, snapshot: null, previous, next, gap: null }
  const row = rows.find(({ ms, snapshot }) => ms === held && snapshot !== '')
  const inGap = at - held > replayLimits.gapMs && (next === null || next - held > replayLimits.gapMs)
  return { asked: at, at: held, snapshot: row === undefined ? null : JSON.parse(row.snapshot) as Snapshot, previous, next, gap: inGap ? [held, next] : null }
}

/** When walls first showed an alert: alerts are dated by what was said, which of an old recording is long before. */
export async function shownSince(store: Reader, alert: string): Promise<WallShown> {
  const of: Pick<Extract<PictureNews, { what: 'alert' }>, 'what' | 'alert'> = { what: 'alert', alert }
  const [row] = await store.query<{ ms: number }>(`SELECT ${msOf} FROM pictures WHERE position(news, {said:String}) > 0 ORDER BY at DESC LIMIT 1`, { said: JSON.stringify(of).slice(1, -1) })
  return { alert, at: row?.ms ?? null }
}

/** What was shown at `from`, then the newest of each step from there on, as many as there is room for. The times are read first, which are narrow, and the pictures of them alone; in one statement. */
export async function picturesOf(store: Reader, { from, to, stepMs }: { readonly from: number; readonly to: number; readonly stepMs: number }): Promise<WallPictures> {
  const step = 'intDiv(toUnixTimestamp64Milli(at) - {from:Int64}, {step:Int64})'
  const newest = `SELECT max(at) AS last FROM pictures WHERE at >= ${moment('from')} AND at < ${moment('to')} GROUP BY ${step} ORDER BY last LIMIT ${replayLimits.picturesMax}`
  const lead = `SELECT at FROM pictures WHERE at < ${moment('from')} ORDER BY at DESC LIMIT 1`
  const rows = await store.query<{ ms: number; snapshot: string }>(
    `SELECT ${msOf}, snapshot FROM pictures WHERE at IN (SELECT last FROM (${newest}) UNION ALL SELECT at FROM (${lead})) ORDER BY at LIMIT 1 BY at`, { from, to, step: stepMs })
  return { from, to, stepMs, pictures: rows.map(({ ms, snapshot }) => ({ at: ms, snapshot: JSON.parse(snapshot) as Snapshot })) }
}

/** `now`: ms; what lies ahead of it is no gap. */
export async function timesOf(store: Reader, { from, to, now, days }: { readonly from: number; readonly to: number; readonly now: number; readonly days: number }): Promise<WallTimes> {
  const stepMs = Math.max(replayLimits.everyMs, Math.ceil((to - from) / replayLimits.stepsMax))
  const range = `at >= ${moment('from')} AND at < ${moment('to')}`
  const [[ends], steps, news, [before], inside] = await Promise.all([
    store.query<{ pictures: number; first: number; last: number }>('SELECT count() AS pictures, toUnixTimestamp64Milli(min(at)) AS first, toUnixTimestamp64Milli(max(at)) AS last FROM pictures'),
    store.query<{ step: number; perMinute: number; kept: number; first: number; last: number }>(
      `SELECT intDiv(toUnixTimestamp64Milli(at) - {from:Int64}, {step:Int64}) AS step, max(perMinute) AS perMinute, count() AS kept, toUnixTimestamp64Milli(min(at)) AS first, toUnixTimestamp64Milli(max(at)) AS last FROM pictures WHERE ${range} GROUP BY step ORDER BY step`,
      { from, to, step: stepMs }),
    store.query<{ ms: number; news: string }>(`SELECT ${msOf}, news FROM pictures WHERE ${range} AND news != '' ORDER BY at DESC LIMIT ${replayLimits.newsMax + 1}`, { from, to }),
    store.query<{ ms: number }>(`SELECT ${msOf} FROM pictures WHERE at < ${moment('from')} ORDER BY at DESC LIMIT 1`, { from }),
    store.query<{ begin: number; end: number }>(
      `SELECT previous AS begin, ms AS end FROM (SELECT ${msOf}, lagInFrame(toUnixTimestamp64Milli(at), 1, toUnixTimestamp64Milli(at)) OVER (ORDER BY at ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous FROM pictures WHERE ${range}) WHERE ms - previous > ${replayLimits.gapMs} ORDER BY ms LIMIT ${replayLimits.gapsMax + 1}`, { from, to }),
  ])
  const perMinute = Array<number>(Math.max(1, Math.ceil((to - from) / stepMs))).fill(-1)
  for (const one of steps) perMinute[one.step] = one.perMinute
  const first = steps[0]?.first ?? null, last = steps.at(-1)?.last ?? null
  const gaps = [...gapBefore(from, Math.min(to, now), { before: before?.ms ?? null, first }), ...inside.map(({ begin, end }) => [begin, end] as [number, number]), ...gapBehind(Math.min(to, now), last)]
  const kept = (ends?.pictures ?? 0) > 0
  return {
    from, to, days, first: kept ? ends!.first : null, last: kept ? ends!.last : null, stepMs, perMinute, kept: steps.reduce((sum, one) => sum + one.kept, 0),
    news: news.slice(0, replayLimits.newsMax).toReversed().map(({ ms, news: told }) => ({ at: ms, news: JSON.parse(told) as PictureNews[] })), newsCut: news.length > replayLimits.newsMax,
    gaps: gaps.slice(0, replayLimits.gapsMax), gapsCut: gaps.length > replayLimits.gapsMax,
  }
}

/** From the end of what was shown before the span. */
function gapBefore(from: number, end: number, { before, first }: { readonly before: number | null; readonly first: number | null }): [number, number][] {
  const until = first ?? end
  if (until <= from || (before !== null && until - before <= replayLimits.gapMs)) return []
  return [[from, until]]
}

const gapBehind = (end: number, last: number | null): [number, number][] => (last !== null && end - last > replayLimits.gapMs ? [[last, end]] : [])
