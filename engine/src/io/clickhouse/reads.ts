// What the engine reads back: how much is stored, where it stopped, which rules were in force, and the past of topics.
import type { ThresholdEvent } from '@groundswell/schemas/spike.ts'
import type { Store, StoredRule } from '../../ports.ts'

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

/** Every rules text that was in force for a counted mention of the seven days before `newestSecond`, oldest first. */
export function rulesDuring(store: Reader, { stream, beforeSeq, newestSecond }: PastOptions): Promise<StoredRule[]> {
  return store.query<StoredRule>(
    `SELECT seq, text FROM rules FINAL WHERE stream = {stream:UInt64} AND seq < {before:UInt64} AND seq >= (SELECT max(seq) FROM rules WHERE stream = {stream:UInt64} AND seq <=
       (SELECT min(seq) FROM mentions WHERE stream = {stream:UInt64} AND seq < {before:UInt64} AND fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC'))) ORDER BY seq`,
    { stream, before: beforeSeq, from: newestSecond - 7 * daySeconds + 1 }, 'patient')
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

export interface SpikeFilter { readonly topic?: string; readonly fromSecond?: number; readonly toSecond?: number; readonly kind?: 'spike' | 'clear'; readonly limit?: number }
export type StoredSpike = ThresholdEvent & { readonly id: string }

/** Newest first, at most 1,000 (100 where no limit is given). */
export function spikesOf(store: Reader, filter: SpikeFilter = {}): Promise<StoredSpike[]> {
  const { topic = '', fromSecond = 0, toSecond = 4_294_967_295, kind = '', limit = 100 } = filter
  return store.query<StoredSpike>(
    `SELECT kind, topic, rule, grade, formatDateTime(at, '%Y-%m-%dT%H:%i:%SZ') AS at, count, id FROM
       (SELECT * FROM spikes FINAL WHERE ({topic:String} = '' OR topic = {topic:String}) AND ({kind:String} = '' OR kind = {kind:String})
        AND at >= toDateTime({from:UInt32}, 'UTC') AND at <= toDateTime({to:UInt32}, 'UTC') ORDER BY at DESC, id LIMIT {limit:UInt32})`,
    { topic, kind, from: fromSecond, to: toSecond, limit: Math.min(1000, Math.max(1, limit)) })
}

export interface PastOptions {
  readonly stream: number
  readonly beforeSeq: number // of that stream: what comes from here on is counted by the engine itself
  readonly newestSecond: number // the newest counted second
}

/** Counts by second and minute since 1970, ascending; what has no mention is not in it. */
export interface TopicPast { readonly id: string; readonly seconds: Slices; readonly minutes: Slices }
export interface Slices { readonly at: readonly number[]; readonly count: readonly number[] }

const secondsBack = 7800 // the longest window in seconds, 2 h, and the ten minutes that a mention may be late
const optional = ['author', 'authorName', 'kind', 'parent', 'root', 'lang', 'url', 'geo'] as const
const daySeconds = 86_400
const pastWhere = `fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC') AND ts < toDateTime64({to:Int64}, 3, 'UTC') AND (stream != {stream:UInt64} OR seq < {before:UInt64})`

/** How many slices one query counts: the store keeps them all in memory, while of its answer one topic at a time is read. */
const slicesMax = 2_000_000

/**
 * Counted mentions of the given topics as they were matched when they arrived: for a restart with unchanged topics. Each topic comes once.
 * Topics are counted in parts by their hash, as many as the roll-up says that memory needs; their ids, which may be thousands, are not sent.
 */
export async function* pastCounts(store: Reader, topics: readonly string[], options: PastOptions): AsyncGenerator<TopicPast> {
  const wanted = new Set(topics)
  if (wanted.size === 0) return
  const { newestSecond, stream, beforeSeq } = options
  const params = { from: newestSecond - 7 * daySeconds + 1, to: newestSecond + 1, secondsFrom: newestSecond - secondsBack + 1, stream, before: beforeSeq }
  const parts = await partsOf(store, params)
  const slices = (name: string): string => `arraySort(groupArray((at, count))) AS ${name}`
  const counted = (unit: number, from: string): string =>
    `SELECT topic, intDiv(toUnixTimestamp(ts), ${unit}) AS at, count() AS count FROM mentions ARRAY JOIN topics AS topic
     WHERE ${pastWhere} AND ts >= toDateTime64({${from}:Int64}, 3, 'UTC') AND cityHash64(topic) % {parts:UInt32} = {part:UInt32} GROUP BY topic, at`
  for (let part = 0; part < parts; part++) {
    const lines = store.queryChunks(
      `SELECT topic, s.1 AS secondsAt, s.2 AS seconds, m.1 AS minutesAt, m.2 AS minutes
       FROM (SELECT topic, ${slices('m')} FROM (${counted(60, 'from')}) GROUP BY topic) AS byMinute
       LEFT JOIN (SELECT topic, ${slices('s')} FROM (${counted(1, 'secondsFrom')}) GROUP BY topic) AS bySecond USING topic`, { ...params, parts, part })
    for await (const past of pastsIn(lines)) if (wanted.delete(past.id)) yield past
  }
  for (const id of wanted) yield { id, seconds: { at: [], count: [] }, minutes: { at: [], count: [] } }
}

async function partsOf(store: Reader, range: { readonly from: number; readonly to: number; readonly secondsFrom: number }): Promise<number> {
  const [row] = await store.query<{ minutes: number; seconds: number }>(
    `SELECT count() AS minutes, toUInt64(least(sumIf(mentions, minute >= toDateTime({secondsFrom:UInt32}, 'UTC')), uniq(topic) * ${secondsBack})) AS seconds
     FROM topic_minutes WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')`, range)
  return Math.max(1, Math.ceil(((row?.minutes ?? 0) + (row?.seconds ?? 0)) / slicesMax))
}

/** A line a topic, read one at a time. */
async function* pastsIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TopicPast> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let start = 0, end = bytes.indexOf(10); start < bytes.length; start = end + 1, end = bytes.indexOf(10, start)) {
      if (end < 0) end = bytes.length
      const row = JSON.parse(bytes.toString('utf8', start, end)) as { topic: string; secondsAt: number[]; seconds: number[]; minutesAt: number[]; minutes: number[] }
      yield { id: row.topic, seconds: { at: row.secondsAt, count: row.seconds }, minutes: { at: row.minutesAt, count: row.minutes } }
    }
  }
}

/** Stored counted mentions of the last 7 d in the published shape, as whole lines of NDJSON: for topics whose query is new. */
export function pastMentions(store: Reader, options: PastOptions): AsyncIterable<Uint8Array> {
  return store.queryChunks(
    `SELECT id, toUnixTimestamp64Milli(ts) AS ts, text, platform, ${optional.map((name) => `nullIf(${name}, '') AS ${name}`).join(', ')}, tags,
       if(followers < 0, NULL, followers) AS followers, if(verified < 0, NULL, verified = 1) AS verified, if(likes < 0, NULL, likes) AS likes,
       if(reposts < 0, NULL, reposts) AS reposts, if(comments < 0, NULL, comments) AS comments, if(sentimentBy = 1, sentiment, NULL) AS sentiment
     FROM (SELECT * FROM mentions WHERE ${pastWhere})`,
    { from: options.newestSecond - 7 * daySeconds + 1, to: options.newestSecond + 1, stream: options.stream, before: options.beforeSeq })
}
