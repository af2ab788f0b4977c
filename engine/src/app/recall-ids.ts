// Reads back which ids are stored, for an engine that has no checkpoint to know them from: the newest first, as far as there is time for.
import { systemClock, type Clock } from '../clock.ts'
import { IdHash } from '../core/1-decode/hash.ts'
import type { Engine } from '../core/engine.ts'
import type { Store } from '../ports.ts'

/** Ids older than what is read back in this time are known no more: a room waits for its wall. */
export const recallIdsMs = 60_000
const sliceRows = 2_000_000 // about what one query sorts

export interface RecallIdsOptions {
  readonly where: string // which rows, in ClickHouse's words
  readonly params: Readonly<Record<string, unknown>>
  readonly max: number
  readonly clock?: Clock
  readonly onProgress?: (progress: { readonly known: number; readonly of: number }) => void
}

interface Slice { readonly from: number; readonly to: number; readonly rows: number } // minutes since 1970, both included

/** Makes the newest stored ids known to the engine, oldest first; answers how many of how many that are stored. */
export async function recallIds(store: Pick<Store, 'query' | 'queryChunks'>, engine: Pick<Engine, 'know'>, options: RecallIdsOptions): Promise<{ readonly known: number; readonly of: number }> {
  const { max, clock = systemClock, onProgress = () => undefined } = options
  const { slices, stored } = await slicesOf(store, options)
  const of = Math.min(max, stored)
  const began = clock.now()
  const read: { readonly ids: Uint32Array; readonly at: number }[] = []
  let known = 0
  for (const slice of slices) {
    if (known >= max || (known > 0 && clock.now() - began > recallIdsMs)) break
    const ids = await idsOf(store, slice, options)
    read.push({ ids, at: slice.from * 60_000 })
    known += ids.length / 2
    onProgress({ known: Math.min(known, of), of })
  }
  let tooMany = Math.max(0, known - max)
  for (const { ids, at } of read.toReversed()) {
    for (let i = 0; i < ids.length; i += 2) if (tooMany-- <= 0) engine.know(ids[i]!, ids[i + 1]!, at)
  }
  return { known: Math.min(known, of), of }
}

/** Newest first, each of whole minutes. */
async function slicesOf(store: Pick<Store, 'query'>, { where, params, max }: RecallIdsOptions): Promise<{ readonly slices: readonly Slice[]; readonly stored: number }> {
  const minutes = await store.query<{ minute: number; rows: number }>(
    `SELECT toUInt32(intDiv(toUnixTimestamp64Milli(ingested), 60000)) AS minute, count() AS rows FROM mentions WHERE ${where} GROUP BY minute ORDER BY minute DESC`, params, 'patient')
  const slices: Slice[] = []
  let rows = 0
  for (const one of minutes) {
    rows += one.rows
    if (rows - one.rows >= max) continue
    const last = slices.at(-1)
    if (last && last.rows + one.rows <= sliceRows) slices[slices.length - 1] = { from: one.minute, to: last.to, rows: last.rows + one.rows }
    else slices.push({ from: one.minute, to: one.minute, rows: one.rows })
  }
  return { slices, stored: rows }
}

async function idsOf(store: Pick<Store, 'queryChunks'>, { from, to, rows }: Slice, { where, params }: RecallIdsOptions): Promise<Uint32Array> {
  const chunks = store.queryChunks(
    `SELECT id FROM mentions WHERE (${where}) AND ingested >= fromUnixTimestamp64Milli({sliceFrom:Int64}) AND ingested < fromUnixTimestamp64Milli({sliceTo:Int64}) ORDER BY ingested, seq, line`,
    { ...params, sliceFrom: from * 60_000, sliceTo: (to + 1) * 60_000 })
  const hash = new IdHash()
  let ids = new Uint32Array(2 * rows)
  let end = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(10, at)
      const line = chunk.subarray(at, newline < 0 ? chunk.length : newline)
      at += line.length + 1
      if (line.length === 0) continue
      hashLine(line, hash)
      if (end === ids.length) ids = grown(ids)
      ids[end++] = hash.low
      ids[end++] = hash.high
    }
  }
  return ids.subarray(0, end)
}

const before = '{"id":"'.length
const behind = '"}'.length

/** Of `{"id":"…"}`, as the store writes it: only an id with something escaped is parsed. */
function hashLine(line: Uint8Array, hash: IdHash): void {
  if (!line.includes(92)) return hash.of(line, before, line.length - behind)
  hash.ofText((JSON.parse(new TextDecoder().decode(line)) as { id: string }).id)
}

function grown(ids: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * ids.length + 2)
  larger.set(ids)
  return larger
}
