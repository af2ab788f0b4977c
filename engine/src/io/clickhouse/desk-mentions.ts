// Stored mentions for who writes rules: how many there are of each minute, the newest of them, and all of a span in the order of their minutes.
// Only counted ones: what came too late, or ahead of its time, is in no window.
import type { Store } from '../../ports.ts'

type Reader = Pick<Store, 'query' | 'queryChunks'>

/** Seconds, `to` exclusive. */
export interface DeskSpan { readonly from: number; readonly to: number }
export interface StoredMinute { readonly minute: number; readonly mentions: number } // minute: since 1970

const optional = ['author', 'authorName', 'kind', 'parent', 'root', 'lang', 'url', 'geo'] as const
const where = `fate = 0 AND ts >= toDateTime64({from:Int64}, 3, 'UTC') AND ts < toDateTime64({to:Int64}, 3, 'UTC')`
const published = `id, toUnixTimestamp64Milli(ts) AS ts, text, platform, ${optional.map((name) => `nullIf(${name}, '') AS ${name}`).join(', ')}, tags,
  if(followers < 0, NULL, followers) AS followers, if(verified < 0, NULL, verified = 1) AS verified, if(sentimentBy = 1, sentiment, NULL) AS sentiment`
/** What is stored comes from one thread of ClickHouse: inserts and the wall go first. */
const calm = 'SETTINGS max_threads = 1, max_block_size = 8192'

/** Second of the newest counted mention; null: none is stored. */
export async function newestStored(store: Reader): Promise<number | null> {
  const [row] = await store.query<{ newest: number; rows: number }>('SELECT toUnixTimestamp(max(ts)) AS newest, count() AS rows FROM mentions WHERE fate = 0', {}, 'patient')
  return row && row.rows > 0 ? row.newest : null
}

/** Minutes that hold anything, ascending. */
export function storedMinutes(store: Reader, span: DeskSpan): Promise<StoredMinute[]> {
  return store.query<StoredMinute>(`SELECT intDiv(toUnixTimestamp(ts), 60) AS minute, count() AS mentions FROM mentions WHERE ${where} GROUP BY minute ORDER BY minute ${calm}`, { ...span }, 'patient')
}

/** In the published shape, as whole lines of NDJSON, newest first. */
export function newestMentions(store: Reader, span: DeskSpan, limit: number): AsyncIterable<Uint8Array> {
  return store.queryChunks(`SELECT ${published} FROM (SELECT * FROM mentions WHERE ${where} ORDER BY ts DESC, seq DESC, line DESC LIMIT {limit:UInt32}) ${calm}`, { ...span, limit })
}

/** As arrival-order.ts reads them: `0`, `1`, `2` say where in which stream a mention came, `3` its second; then as published. By minute. */
export function mentionsByMinute(store: Reader, span: DeskSpan): AsyncIterable<Uint8Array> {
  return store.queryChunks(
    `SELECT stream AS \`0\`, seq AS \`1\`, line AS \`2\`, toUnixTimestamp(at) AS \`3\`, ${published.replace('toUnixTimestamp64Milli(ts)', 'toUnixTimestamp64Milli(at)')}
     FROM (SELECT *, ts AS at FROM mentions WHERE ${where} ORDER BY toStartOfMinute(ts), seq, line) ${calm}`, { ...span })
}
