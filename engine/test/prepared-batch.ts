// EnrichedBatches from plain rows, for tests and benches of the core: what the workers would hand over, without text.
import type { EnrichedBatch } from '../src/core/batch.ts'

export interface PlainRow {
  readonly id: number
  readonly second: number
  readonly topics?: readonly number[] // indexes into the rules' topics, ascending
  readonly skewed?: boolean
  readonly sign?: number
  readonly platform?: string
}

export interface BatchFacts { readonly seq?: number; readonly time?: number; readonly rulesSeq?: number; readonly rejected?: Readonly<Record<string, number>> }

/** One message that holds all rows; `native` is just the column of fates. */
export function preparedBatch(rows: readonly PlainRow[], facts: BatchFacts = {}): EnrichedBatch {
  const platforms = [...new Set(rows.map((row) => row.platform ?? 'weibo'))]
  const reasons = facts.rejected ?? {}
  let end = 0
  return {
    rows: rows.length,
    rulesSeq: facts.rulesSeq ?? 0,
    idLow: Uint32Array.from(rows, (row) => row.id),
    idHigh: Uint32Array.from(rows, (row) => Math.imul(row.id, 0x9e3779b1)),
    seconds: Uint32Array.from(rows, (row) => row.second),
    skewed: Uint8Array.from(rows, (row) => (row.skewed ? 1 : 0)),
    signs: Int8Array.from(rows, (row) => row.sign ?? 0),
    platformIds: Uint16Array.from(rows, (row) => platforms.indexOf(row.platform ?? 'weibo')),
    platforms,
    topicEnds: Uint32Array.from(rows, (row) => (end += row.topics?.length ?? 0)),
    topicIds: Uint16Array.from(rows.flatMap((row) => row.topics ?? [])),
    rowEnds: Uint32Array.of(rows.length),
    seqs: Float64Array.of(facts.seq ?? 1),
    times: Float64Array.of(facts.time ?? 0),
    native: new Uint8Array(rows.length),
    fateOffset: 0,
    rejected: { count: Object.values(reasons).reduce((a, b) => a + b, 0), native: new Uint8Array(0), reasons },
    unknownFields: 0, wrongTypes: 0, platformDiffers: 0,
  }
}
