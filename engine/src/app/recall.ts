// Reads back what the wall showed at the position of a stream: an engine that starts without a checkpoint shows no calm where there is none.
import { sourceLimits } from '../core/3-measure/sources.ts'
import type { Recalled } from '../core/remembered.ts'
import type { Store } from '../ports.ts'

const hourSeconds = 3660
const rhythmMs = 12 * 3_600_000 // of stored arrivals, before the newest
const arrivalsMax = 64 // of a platform: the cadence is of fewer, but arrivals close together are one

export interface RecallOptions { readonly stream: number; readonly position: number; readonly clock: number }

/** Every row but those that are read from the stream again. */
export const upToPosition = '(stream != {stream:UInt64} OR seq <= {position:UInt64})'
const ofStream = 'stream = {stream:UInt64} AND seq <= {position:UInt64}'
const since = (seconds: number): string => `fate = 0 AND ts >= fromUnixTimestamp64Milli(toInt64(({clock:Int64} - ${seconds}) * 1000)) AND ts < fromUnixTimestamp64Milli(toInt64(({clock:Int64} + 1) * 1000))`

export async function recalledAt(store: Pick<Store, 'query'>, options: RecallOptions): Promise<Recalled> {
  const params = { ...options }
  // One pass over all that is stored of the stream: the platforms in the order in which they appeared, and what became of their mentions.
  const platforms = await store.query<Pick<Recalled['tally'], 'counted' | 'late' | 'skewed'> & { readonly platform: string; readonly newestAt: number; readonly since: number }>(
    `SELECT platform, countIf(fate = 0) AS counted, countIf(fate = 1) AS late, countIf(fate = 2) AS skewed, toUnixTimestamp(minIf(ts, fate = 0)) AS since,
       toUnixTimestamp64Milli(max(ingested)) AS newestAt FROM mentions WHERE ${ofStream} GROUP BY platform ORDER BY min(ingested), platform`, params, 'patient')
  // Arrivals of one second are one: what is held in memory does not grow with the mentions.
  const rhythms = await store.query<{ platform: string; arrivals: number[]; firstAt: number; longestMs: number }>(
    `SELECT platform, arraySlice(arraySort(groupArray(at)), -${arrivalsMax}) AS arrivals, min(at) AS firstAt, arrayMax(arrayDifference(arraySort(groupArray(at)))) AS longestMs FROM (
       SELECT platform, min(toUnixTimestamp64Milli(ingested)) AS at FROM mentions
       WHERE ${ofStream} AND ingested >= fromUnixTimestamp64Milli(toInt64({from:Int64})) GROUP BY platform, toUnixTimestamp(ingested)) GROUP BY platform`,
    { ...params, from: Math.max(0, ...platforms.map(({ newestAt }) => newestAt)) - rhythmMs }, 'patient')
  const [dead] = await store.query<{ deadLetters: number }>(`SELECT count() AS deadLetters FROM dead_letters WHERE ${ofStream}`, params, 'patient')
  const minutes = await store.query<{ platform: string; minute: number; count: number }>(
    `SELECT platform, intDiv(toUnixTimestamp(ts), 60) AS minute, count() AS count FROM mentions WHERE ${ofStream} AND ${since(hourSeconds)} GROUP BY platform, minute ORDER BY minute`, params, 'patient')
  const seconds = await store.query<{ second: number; count: number }>(
    `SELECT toUnixTimestamp(ts) AS second, count() AS count FROM mentions WHERE ${ofStream} AND ${since(59)} GROUP BY second ORDER BY second`, params, 'patient')
  const newest = await store.query<{ topic: string; at: number }>('SELECT topic, toUnixTimestamp(max(newest)) * 1000 AS at FROM topic_minutes GROUP BY topic', {}, 'patient')
  const perMinute = new Map<number, number>()
  for (const { minute, count } of minutes) perMinute.set(minute, (perMinute.get(minute) ?? 0) + count)
  return {
    since: platforms.reduce((first, { counted, since }) => (counted > 0 ? Math.min(first, since) : first), options.clock),
    tally: { counted: sum(platforms, 'counted'), late: sum(platforms, 'late'), skewed: sum(platforms, 'skewed'), deadLetters: dead?.deadLetters ?? 0 },
    seconds: seconds.map(({ second, count }) => [second, count]), minutes: [...perMinute],
    sources: platforms.slice(0, sourceLimits.platformsMax).map(({ platform, newestAt }) => ({
      platform, newestAt, minutes: minutes.filter((row) => row.platform === platform).map(({ minute, count }) => [minute, count]),
      ...(rhythms.find((row) => row.platform === platform) ?? { arrivals: [], firstAt: newestAt, longestMs: 0 }),
    })),
    newest,
  }
}

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0)
}
