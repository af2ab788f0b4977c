// Which rules were in force, since when, and who saved them.
import type { Store } from '../../ports.ts'

type Reader = Pick<Store, 'query'>

/** Sequence numbers are of a stream; where it was made anew they begin again. */
export interface StoredRulesRow { readonly stream: number; readonly seq: number; readonly by: string | null; readonly at: number; readonly size: number } // at: ms; size: bytes

export const historyMax = 50

/** The newest first. */
export function rulesHistory(store: Reader): Promise<StoredRulesRow[]> {
  return store.query<StoredRulesRow>(
    `SELECT stream, seq, nullIf(by, '') AS by, toUnixTimestamp64Milli(appliedAt) AS at, length(text) AS size FROM rules FINAL ORDER BY stream DESC, seq DESC LIMIT ${historyMax}`)
}

/** Null: there are none of this sequence. */
export async function rulesTextAt(store: Reader, of: { readonly stream: number; readonly seq: number }): Promise<string | null> {
  const [row] = await store.query<{ text: string }>('SELECT text FROM rules FINAL WHERE stream = {stream:UInt64} AND seq = {seq:UInt64}', { ...of })
  return row?.text ?? null
}

/** The text and the one that was in force before it; `before` null: none was. Null: there are none of this sequence. */
export async function rulesTextsAt(store: Reader, of: { readonly stream: number; readonly seq: number }): Promise<{ readonly text: string; readonly before: string | null } | null> {
  const rows = await store.query<{ seq: number; stream: number; text: string }>('SELECT stream, seq, text FROM rules FINAL WHERE (stream, seq) <= ({stream:UInt64}, {seq:UInt64}) ORDER BY stream DESC, seq DESC LIMIT 2', { ...of })
  const [row, before] = rows
  return row === undefined || row.seq !== of.seq || row.stream !== of.stream ? null : { text: row.text, before: before?.text ?? null }
}

/** Who saved them, null: the file; and when they came into force, ms, null: it is not known. */
export async function savedBy(store: Reader, of: { readonly stream: number; readonly seq: number }): Promise<{ readonly by: string | null; readonly at: number | null }> {
  const [row] = await store.query<{ by: string; at: number }>('SELECT by, toUnixTimestamp64Milli(appliedAt) AS at FROM rules FINAL WHERE stream = {stream:UInt64} AND seq = {seq:UInt64}', { ...of })
  return { by: row === undefined || row.by === '' ? null : row.by, at: row?.at ?? null }
}
