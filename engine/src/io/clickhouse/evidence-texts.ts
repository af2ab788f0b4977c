// What the mentions of a filter say, as lines for the thread that reads them: all of them, or those that a hash of their ids chooses.
import type { EvidenceQuestion, Reader } from './evidence-where.ts'
import { axisOf, screenSettings, whereOf, type Where } from './evidence-where.ts'

export const textLimits = { charactersMax: 500 } as const // of one text: what is behind is not read

/** Mentions, and those of them with a text. */
export interface Worded { readonly total: number; readonly worded: number }

export async function wordedOf(store: Reader, question: EvidenceQuestion): Promise<Worded> {
  const { sql, params } = whereOf(question)
  const [row] = await store.query<Worded>(`SELECT count() AS total, countIf(notEmpty(text)) AS worded FROM mentions WHERE ${sql} ${screenSettings}`, params)
  return row ?? { total: 0, worded: 0 }
}

const columns = `id, toUnixTimestamp64Milli(ts) AS at, platform, author, toUInt8(mentions.sentiment < -toFloat32(0.05)) AS negative, substringUTF8(mentions.text, 1, ${textLimits.charactersMax}) AS text`
const hashes = 2n ** 64n

/** At most `max` of `worded`: the same ones each time, whatever else is asked. */
export function sampleOf(store: Reader, question: EvidenceQuestion, { worded, max }: { readonly worded: number; readonly max: number }): Promise<Uint8Array[]> {
  const { sql, params } = whereOf(question)
  const text = 'notEmpty(mentions.text)'
  if (worded <= max) return linesOf(store, { sql: `${sql} AND ${text}`, params }, `LIMIT ${max}`)
  const bound = ((hashes - 1n) * BigInt(max)) / BigInt(worded)
  return linesOf(store, { sql: `${sql} AND ${text} AND cityHash64(mentions.id) <= {bound:UInt64}`, params: { ...params, bound: String(bound) } }, `ORDER BY cityHash64(mentions.id) LIMIT ${max}`)
}

/** `cut`: older ones were left out, for the bytes or for the rows. */
export interface Newest { readonly chunks: Uint8Array[]; readonly cut: boolean }

/** The newest ones on the filter's axis, of a text of some length; no more is read once they are of so many bytes, but for the rest of a chunk. */
export async function newestOf(store: Reader, question: EvidenceQuestion, { max, bytesMax, charactersMin }: { readonly max: number; readonly bytesMax: number; readonly charactersMin: number }): Promise<Newest> {
  const { sql, params } = whereOf(question)
  const newest = `SELECT ${columns} FROM mentions WHERE ${sql} AND lengthUTF8(mentions.text) >= {charactersMin:UInt32} ORDER BY mentions.${axisOf(question.filter)} DESC LIMIT ${max + 1} ${screenSettings}, max_block_size = 8192`
  const chunks: Uint8Array[] = []
  let bytes = 0, rows = 0
  for await (const chunk of store.queryChunks(newest, { ...params, charactersMin })) {
    if (bytes >= bytesMax) return { chunks, cut: true }
    const within = upTo(chunk, max - rows)
    if (within.rows > 0) chunks.push(within.lines)
    bytes += chunk.byteLength
    rows += within.rows
    if (within.lines.byteLength < chunk.byteLength) return { chunks, cut: true }
  }
  return { chunks, cut: false }
}

/** The first lines of it, so many at most. */
function upTo(chunk: Uint8Array, max: number): { readonly lines: Uint8Array; readonly rows: number } {
  let rows = 0, end = 0
  while (rows < max && end < chunk.byteLength) {
    const feed = chunk.indexOf(10, end)
    end = feed < 0 ? chunk.byteLength : feed + 1
    rows++
  }
  return { lines: chunk.subarray(0, end), rows }
}

async function linesOf(store: Reader, { sql, params }: Where, end: string): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.queryChunks(`SELECT ${columns} FROM mentions WHERE ${sql} ${end} ${screenSettings}`, params)) chunks.push(chunk)
  return chunks
}
