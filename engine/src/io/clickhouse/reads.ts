// What the engine reads back: how much is stored, where it stopped, which rules were in force, and what charts show.
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { Store, StoredRule } from '../../ports.ts'
import { spikeColumns, spikeOfRow, type SpikeRow } from './spike-rows.ts'

type Reader = Pick<Store, 'query' | 'queryChunks'>

/** Answered from the parts' headers, whatever the size of the table. */
export async function storedCount(store: Reader): Promise<number> {
  const [row] = await store.query<{ stored: number }>('SELECT count() AS stored FROM mentions')
  return row?.stored ?? 0
}

/** Last sequence of the stream whose insert is in; 0 where there is none. */
export async function positionOf(store: Reader, stream: number): Promise<number> {
  const [row] = await store.query<{ last: number }>('SELECT max(last) AS last FROM positions WHERE stream = {stream:UInt64}', { stream })
  return row?.last ?? 0
}

/** The rules in force after sequence `at` of the stream, or null. */
export async function rulesAt(store: Reader, stream: number, at: number): Promise<StoredRule | null> {
  const rows = await store.query<StoredRule>('SELECT seq, text FROM rules FINAL WHERE stream = {stream:UInt64} AND seq <= {at:UInt64} ORDER BY seq DESC LIMIT 1', { stream, at })
  return rows[0] ?? null
}

export interface SeriesOptions { readonly topic: string; readonly fromSecond: number; readonly toSecond: number; readonly stepSeconds: number } // step: whole minutes
export interface Series {
  readonly points: readonly { readonly at: number; readonly count: number; readonly negative: number }[] // only steps that hold a mention of the topic; at: their first second
  readonly covered: readonly (readonly [from: number, to: number])[] // seconds in which mentions of any topic are stored: there a missing step is a zero, elsewhere it is unknown
}

/** Counts a step from the roll-up. It is not filled up with zeros: a gap in the recording is not silence. */
export async function seriesOf(store: Reader, options: SeriesOptions): Promise<Series> {
  const { topic, fromSecond: from, toSecond: to, stepSeconds } = options
  if (!Number.isInteger(stepSeconds) || stepSeconds < 60 || stepSeconds % 60 !== 0) throw new RangeError(`a step of ${stepSeconds} s is not a whole number of minutes`)
  const params = { topic, from, to, step: stepSeconds }
  const range = 'minute >= toDateTime({from:UInt32}, \'UTC\') AND minute < toDateTime({to:UInt32}, \'UTC\')'
  const points = await store.query<{ at: number; count: number; negative: number }>(
    `SELECT intDiv(toUInt32(minute), {step:UInt32}) * {step:UInt32} AS at, sum(mentions) AS count, sumIf(mentions, sign < 0) AS negative
     FROM topic_minutes WHERE topic = {topic:String} AND ${range} GROUP BY at ORDER BY at`, params)
  const steps = await store.query<{ at: number }>(
    `SELECT DISTINCT intDiv(toUInt32(minute), {step:UInt32}) * {step:UInt32} AS at FROM topic_minutes WHERE ${range} ORDER BY at`, { from, to, step: stepSeconds })
  return { points, covered: joined(steps.map(({ at }) => at), stepSeconds) }
}

function joined(steps: readonly number[], step: number): [number, number][] {
  const spans: [number, number][] = []
  for (const at of steps) {
    const last = spans.at(-1)
    if (last && last[1] === at) last[1] = at + step
    else spans.push([at, at + step])
  }
  return spans
}

export interface SpikeFilter { readonly topic?: string; readonly fromSecond?: number; readonly toSecond?: number; readonly kind?: SpikeEvent['kind']; readonly limit?: number }

/** Newest first, at most 1,000 (100 where no limit is given). */
export async function spikesOf(store: Reader, filter: SpikeFilter = {}): Promise<SpikeEvent[]> {
  const { topic = '', fromSecond = 0, toSecond = 4_294_967_295, kind = '', limit = 100 } = filter
  const rows = await store.query<SpikeRow>(
    `SELECT ${spikeColumns} FROM
       (SELECT * FROM spikes FINAL WHERE ({topic:String} = '' OR topic = {topic:String}) AND ({kind:String} = '' OR kind = {kind:String})
        AND at >= toDateTime({from:UInt32}, 'UTC') AND at <= toDateTime({to:UInt32}, 'UTC') ORDER BY at DESC, id LIMIT {limit:UInt32})`,
    { topic, kind, from: fromSecond, to: toSecond, limit: Math.min(1000, Math.max(1, limit)) })
  return rows.map(spikeOfRow)
}
