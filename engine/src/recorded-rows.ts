// The mentions of recordings as columns, and each of their rows as the cascade store takes it.
import { createEnricher } from './core/2-enrich/enrich.ts'
import type { IdText } from './core/3-measure/cascades/root-texts.ts'
import type { EnrichedBatch, SpreadColumns } from './core/batch.ts'
import { readRecordings } from './recording.ts'

export interface RecordedRowsOptions {
  readonly files: readonly string[]
  readonly startedAt: number // ms
  readonly mentionsMax?: number
  readonly onRead?: (bytes: number) => void
}

export type Columns = Pick<EnrichedBatch, keyof SpreadColumns | 'rows' | 'idLow' | 'idHigh' | 'platformIds' | 'platforms'>
export interface RecordedRows {
  readonly batches: Columns[]
  readonly rows: number
  readonly deadLetters: number
  readonly reasons: Readonly<Record<string, number>> // RejectReason → how many
}

/** The files hold more than is kept at once. */
export class RecordingTooLarge extends Error {
  override readonly name = 'RecordingTooLarge'
}

/** At 250 to 400 bytes each, as measured, they take up to 13 GB. */
export const recordedMentionsMax = 2 ** 25
const platformsMax = 256 // a later one is called by the name of the last
/** Topics and sentiment are no matter of a tree. */
const enricherParts = { matcher: { topics: [], match: (_view: unknown, _out: unknown, at: number) => at }, scorer: { score: () => 0 }, rulesSeq: 0 } as const

/** Throws RecordingUnreadable where a file cannot be read, RecordingTooLarge where the files hold more than `mentionsMax` mentions. */
export async function readRows({ files, startedAt, mentionsMax = recordedMentionsMax, onRead }: RecordedRowsOptions): Promise<RecordedRows> {
  const enrich = createEnricher(enricherParts)
  const batches: Columns[] = []
  const reasons: Record<string, number> = {}
  let rows = 0
  let deadLetters = 0
  for await (const raw of readRecordings(files, { ingestedAt: startedAt, ...(onRead ? { onRead } : {}) })) {
    const { native: _rows, rejected, ...columns } = enrich(raw)
    rows += columns.rows
    if (rows > mentionsMax) throw new RecordingTooLarge(`the files hold more than ${mentionsMax.toLocaleString('en')} mentions, which is as many as are kept at once: give fewer files`)
    deadLetters += rejected.count
    for (const [reason, count] of Object.entries(rejected.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
    batches.push(columns)
  }
  return { batches, rows, deadLetters, reasons }
}

/** One row at a time of batch after batch, in objects that are filled anew. */
export class RowFacts {
  readonly facts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: 0, platform: 0, sign: 0, flags: 0, topics: 0 }
  readonly id: { -readonly [key in keyof IdText]: IdText[key] } = { bytes: new Uint8Array(0), start: 0, end: 0 }
  readonly platforms: string[] = []
  #batch: Columns | null = null
  #places: number[] = []

  fill(batch: Columns, row: number): void {
    if (batch !== this.#batch) {
      this.#batch = batch
      this.#places = batch.platforms.map((name) => this.#placeOf(name))
    }
    const { facts, id } = this
    facts.idLow = batch.idLow[row]!
    facts.idHigh = batch.idHigh[row]!
    facts.parentLow = batch.parentLow[row]!
    facts.parentHigh = batch.parentHigh[row]!
    facts.rootLow = batch.rootLow[row]!
    facts.rootHigh = batch.rootHigh[row]!
    facts.at = batch.ats[row]!
    facts.author = batch.authors[row]!
    facts.followers = batch.followers[row]!
    facts.platform = this.#places[batch.platformIds[row]!]!
    facts.flags = batch.flags[row]!
    id.bytes = batch.idBytes
    id.start = row === 0 ? 0 : batch.idEnds[row - 1]!
    id.end = batch.idEnds[row]!
  }

  #placeOf(name: string): number {
    const known = this.platforms.indexOf(name)
    if (known >= 0 || this.platforms.length === platformsMax) return known >= 0 ? known : platformsMax - 1
    return this.platforms.push(name) - 1
  }
}
