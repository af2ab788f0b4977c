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

/** Null: the file. */
export async function savedBy(store: Reader, of: { readonly stream: number; readonly seq: number }): Promise<string | null> {
  const [row] = await store.query<{ by: string }>('SELECT by FROM rules FINAL WHERE stream = {stream:UInt64} AND seq = {seq:UInt64}', { ...of })
  return row === undefined || row.by === '' ? null : row.by
}
