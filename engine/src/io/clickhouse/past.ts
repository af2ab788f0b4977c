// The past of topics as the store holds it: counts as they were matched when they arrived, mentions to be matched again, and which hours
// hold anything at all.
import type { Store, StoredRule } from '../../ports.ts'

type Reader = Pick<Store, 'query' | 'queryChunks'>

export interface PastOptions {
  readonly stream: number
  readonly beforeSeq: number // of that stream: what comes from here on is counted by the engine itself
  readonly newestSecond: number // the newest counted second
}

/** Counts by second, minute and hour since 1970, ascending; what has no mention is not in it. Hours are told of the whole past, minutes of its last 7 d. */
export interface TopicPast { readonly id: string; readonly seconds: Slices; readonly minutes: Slices; readonly hours: Slices }
export interface Slices { readonly at: readonly number[]; readonly count: readonly number[] }

/** An hour since 1970 in which mentions of anybody are stored: how many, and the seconds of the first and the last. */
export interface StoredHour { readonly hour: number; readonly mentions: number; readonly first: number; readonly last: number }

const secondsBack = 7800 // the longest window in seconds, 2 h, and the ten minutes that a mention may be late
const optional = ['author', 'authorName', 'kind', 'parent', 'root', 'lang', 'url', 'geo'] as const
const daySeconds = 86_400
const minutesBackSeconds = 7 * daySeconds
const hoursBack = 35 * 24
const pastWhere = `fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC') AND ts < toDateTime64({to:Int64}, 3, 'UTC') AND (stream != {stream:UInt64} OR seq < {before:UInt64})`

/** How many slices one query counts: the store keeps them all in memory, while of its answer one topic at a time is read. */
const slicesMax = 2_000_000

/** The second from which on minutes are told, and the first whole hour behind it. */
const minutesFrom = (newestSecond: number): number => newestSecond - minutesBackSeconds + 1
export const firstMinutesHour = (newestSecond: number): number => Math.ceil(minutesFrom(newestSecond) / 3600)

/** The second from which on hours are told: 35 days before the running hour. */
export const hoursFrom = (newestSecond: number): number => Math.max(0, (Math.floor(newestSecond / 3600) - hoursBack) * 3600)

/** The hours of the past in which anything is stored, ascending. */
export function storedHours(store: Reader, { stream, beforeSeq, newestSecond }: PastOptions): Promise<StoredHour[]> {
  return store.query<StoredHour>(
    `SELECT intDiv(toUnixTimestamp(ts), 3600) AS hour, count() AS mentions, toUnixTimestamp(min(ts)) AS first, toUnixTimestamp(max(ts)) AS last
     FROM mentions WHERE ${pastWhere} GROUP BY hour ORDER BY hour`,
    { from: hoursFrom(newestSecond), to: newestSecond + 1, stream, before: beforeSeq }, 'patient')
}

/** Every rules text that was in force for a counted mention of the seven days before `newestSecond`, or since `fromSecond`; oldest first. */
export function rulesDuring(store: Reader, { stream, beforeSeq, newestSecond }: PastOptions, fromSecond = minutesFrom(newestSecond)): Promise<StoredRule[]> {
  return store.query<StoredRule>(
    `SELECT seq, text FROM rules FINAL WHERE stream = {stream:UInt64} AND seq < {before:UInt64} AND seq >= (SELECT max(seq) FROM rules WHERE stream = {stream:UInt64} AND seq <=
       (SELECT min(seq) FROM mentions WHERE stream = {stream:UInt64} AND seq < {before:UInt64} AND fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC'))) ORDER BY seq`,
    { stream, before: beforeSeq, from: fromSecond }, 'patient')
}

/**
 * Counted mentions of the given topics as they were matched when they arrived: for a restart with unchanged topics. Each topic comes once.
 * Topics are counted in parts by their hash, as many as the roll-up says that memory needs; their ids, which may be thousands, are not sent.
 */
export async function* pastCounts(store: Reader, topics: readonly string[], options: PastOptions): AsyncGenerator<TopicPast> {
  const wanted = new Set(topics)
  if (wanted.size === 0) return
  const { newestSecond, stream, beforeSeq } = options
  const boundary = firstMinutesHour(newestSecond)
  const params = {
    from: minutesFrom(newestSecond), to: newestSecond + 1, secondsFrom: newestSecond - secondsBack + 1, stream, before: beforeSeq,
    hoursFrom: hoursFrom(newestSecond), hoursTo: boundary * 3600,
  }
  const parts = await partsOf(store, params)
  const ofPart = 'cityHash64(topic) % {parts:UInt32} = {part:UInt32}'
  const counted = (unit: number, from: string): string =>
    `SELECT topic, ${unit} AS unit, intDiv(toUnixTimestamp(ts), ${unit}) AS at, count() AS count FROM mentions ARRAY JOIN topics AS topic
     WHERE ${pastWhere} AND ts >= toDateTime64({${from}:Int64}, 3, 'UTC') AND ${ofPart} GROUP BY topic, at`
  // Before the last seven days no mention is still to come: there the roll-up is right, and small.
  const older = `SELECT topic, 3600 AS unit, intDiv(toUnixTimestamp(minute), 3600) AS at, sum(mentions) AS count FROM topic_minutes
     WHERE minute >= toDateTime({hoursFrom:UInt32}, 'UTC') AND minute < toDateTime({hoursTo:UInt32}, 'UTC') AND ${ofPart} GROUP BY topic, at`
  const slices = (unit: number): string => `arraySort(groupArrayIf((at, count), unit = ${unit}))`
  for (let part = 0; part < parts; part++) {
    const lines = store.queryChunks(
      `SELECT topic, s.1 AS secondsAt, s.2 AS seconds, m.1 AS minutesAt, m.2 AS minutes, h.1 AS hoursAt, h.2 AS hours FROM (
         SELECT topic, ${slices(1)} AS s, ${slices(60)} AS m, ${slices(3600)} AS h
         FROM (${counted(60, 'from')} UNION ALL ${counted(1, 'secondsFrom')} UNION ALL ${older}) GROUP BY topic)`, { ...params, parts, part })
    for await (const past of pastsIn(lines, boundary)) if (wanted.delete(past.id)) yield past
  }
  for (const id of wanted) yield { id, seconds: { at: [], count: [] }, minutes: { at: [], count: [] }, hours: { at: [], count: [] } }
}

interface PartsRange { readonly from: number; readonly to: number; readonly secondsFrom: number; readonly hoursFrom: number; readonly hoursTo: number }

async function partsOf(store: Reader, range: PartsRange): Promise<number> {
  const [row] = await store.query<{ minutes: number; seconds: number; hours: number }>(
    `SELECT countIf(minute >= toDateTime({from:UInt32}, 'UTC')) AS minutes, toUInt64(least(sumIf(mentions, minute >= toDateTime({secondsFrom:UInt32}, 'UTC')), uniq(topic) * ${secondsBack})) AS seconds,
       toUInt64(least(countIf(minute < toDateTime({hoursTo:UInt32}, 'UTC')), uniq(topic) * ${hoursBack})) AS hours
     FROM topic_minutes WHERE minute >= toDateTime({hoursFrom:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')`, { ...range })
  return Math.max(1, Math.ceil(((row?.minutes ?? 0) + (row?.seconds ?? 0) + (row?.hours ?? 0)) / slicesMax))
}

interface PastRow { readonly topic: string; readonly secondsAt: number[]; readonly seconds: number[]; readonly minutesAt: number[]; readonly minutes: number[]; readonly hoursAt: number[]; readonly hours: number[] }

/** A line a topic, read one at a time. */
async function* pastsIn(chunks: AsyncIterable<Uint8Array>, boundary: number): AsyncGenerator<TopicPast> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let start = 0, end = bytes.indexOf(10); start < bytes.length; start = end + 1, end = bytes.indexOf(10, start)) {
      if (end < 0) end = bytes.length
      const row = JSON.parse(bytes.toString('utf8', start, end)) as PastRow
      const minutes = { at: row.minutesAt, count: row.minutes }
      yield { id: row.topic, seconds: { at: row.secondsAt, count: row.seconds }, minutes, hours: withRecent({ at: row.hoursAt, count: row.hours }, minutes, boundary) }
    }
  }
}

/** Hours from `boundary` on are those of the minutes. */
function withRecent({ at, count }: Slices, minutes: Slices, boundary: number): Slices {
  const recent = new Map<number, number>()
  minutes.at.forEach((minute, i) => {
    const hour = Math.floor(minute / 60)
    if (hour >= boundary) recent.set(hour, (recent.get(hour) ?? 0) + minutes.count[i]!)
  })
  return { at: [...at, ...recent.keys()], count: [...count, ...recent.values()] }
}

/** Stored counted mentions of the last 7 d, or since `fromSecond` where that is longer ago, in the published shape, as whole lines of NDJSON: for topics whose query is new. */
export function pastMentions(store: Reader, options: PastOptions, fromSecond = minutesFrom(options.newestSecond)): AsyncIterable<Uint8Array> {
  return store.queryChunks(
    `SELECT id, toUnixTimestamp64Milli(ts) AS ts, text, platform, ${optional.map((name) => `nullIf(${name}, '') AS ${name}`).join(', ')}, tags,
       if(followers < 0, NULL, followers) AS followers, if(verified < 0, NULL, verified = 1) AS verified, if(likes < 0, NULL, likes) AS likes,
       if(reposts < 0, NULL, reposts) AS reposts, if(comments < 0, NULL, comments) AS comments, if(sentimentBy = 1, sentiment, NULL) AS sentiment
     FROM (SELECT * FROM mentions WHERE ${pastWhere})`,
    { from: Math.min(fromSecond, minutesFrom(options.newestSecond)), to: options.newestSecond + 1, stream: options.stream, before: options.beforeSeq })
}
