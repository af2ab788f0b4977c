// What the page of a topic reads: its minutes from the roll-up, and of which stretches of time anything is stored at all.
import type { Store } from '../../ports.ts'

type Reader = Pick<Store, 'query'>

/** Seconds; `to` excluded. */
export interface TimeSpan { readonly from: number; readonly to: number }
export interface Minutes { readonly at: readonly number[]; readonly count: readonly number[] }
/** First and last second of which mentions are stored, in one hour. */
export interface HeardHour { readonly first: number; readonly last: number }

const within = "minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')"

/** Counted mentions by minute since 1970, ascending; minutes without one are not in it. As two columns: a row a minute would take ten times as long to read. */
export async function minutesOf(store: Reader, topic: string, { from, to }: TimeSpan): Promise<Minutes> {
  const [row] = await store.query<Minutes>(
    `SELECT minutes.1 AS at, minutes.2 AS count FROM (SELECT arraySort(groupArray((slot, held))) AS minutes FROM
       (SELECT intDiv(toUInt32(minute), 60) AS slot, sum(mentions) AS held FROM topic_minutes WHERE topic = {topic:String} AND ${within} GROUP BY slot))`, { topic, from, to })
  return row ?? { at: [], count: [] }
}

/** The first second of the oldest stored minute of a topic; null where nothing of it is stored. */
export async function oldestOf(store: Reader, topic: string): Promise<number | null> {
  const [row] = await store.query<{ rows: number; oldest: number }>('SELECT count() AS rows, toUInt32(min(minute)) AS oldest FROM topic_minutes WHERE topic = {topic:String}', { topic })
  return row === undefined || row.rows === 0 ? null : row.oldest
}

/** The hours in which mentions of any topic are stored, ascending. */
export function heardHours(store: Reader, { from, to }: TimeSpan): Promise<HeardHour[]> {
  return store.query<HeardHour>(
    `SELECT toUInt32(min(minute)) AS first, toUInt32(max(minute)) + 59 AS last FROM topic_minutes WHERE ${within} GROUP BY intDiv(toUInt32(minute), 3600) ORDER BY first`, { from, to })
}

/** The same of mentions that belong to no topic: for stretches in which no topic was heard of. */
export function heardHoursOfAll(store: Reader, { from, to }: TimeSpan): Promise<HeardHour[]> {
  return store.query<HeardHour>(
    `SELECT toUnixTimestamp(min(ts)) AS first, toUnixTimestamp(max(ts)) AS last FROM mentions
     WHERE fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC') AND ts < toDateTime64({to:Int64}, 3, 'UTC') GROUP BY intDiv(toUnixTimestamp(ts), 3600) ORDER BY first`, { from, to })
}
