// EnrichedBatches from plain rows, for tests and benches of the core: what the workers would hand over, without text.
import { spreadFlags, type EnrichedBatch, type SpreadColumns } from '../src/core/batch.ts'

export interface PlainRow {
  readonly id: number
  readonly second: number
  readonly topics?: readonly number[] // indexes into the rules' topics, ascending
  readonly skewed?: boolean
  readonly sign?: number
  readonly platform?: string
  readonly ms?: number // of the second, 0 … 999
  readonly parent?: number // an id, never 0: that one hashes to "absent"; so for the next
  readonly root?: number
  readonly author?: number // stands for the hash, as share and link do; 0 is absent
  readonly followers?: number
  readonly verified?: boolean
  readonly hasText?: boolean // has words of its own
  readonly share?: number
  readonly link?: number
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
    idHigh: Uint32Array.from(rows, (row) => highOf(row.id)),
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
    ...spreadOf(rows),
  }
}

/** The second lane of the hash of an id. */
const highOf = (id: number): number => Math.imul(id, 0x9e3779b1) >>> 0

/** Ids as text are their digits. */
function spreadOf(rows: readonly PlainRow[]): SpreadColumns {
  const ids = rows.map(({ id }) => Buffer.from(String(id)))
  let end = 0
  return {
    ats: Float64Array.from(rows, (row) => row.second * 1000 + (row.ms ?? 0)),
    parentLow: Uint32Array.from(rows, (row) => row.parent ?? 0), parentHigh: Uint32Array.from(rows, (row) => highOf(row.parent ?? 0)),
    rootLow: Uint32Array.from(rows, (row) => row.root ?? 0), rootHigh: Uint32Array.from(rows, (row) => highOf(row.root ?? 0)),
    authors: Uint32Array.from(rows, (row) => row.author ?? 0),
    followers: Float64Array.from(rows, (row) => row.followers ?? -1),
    flags: Uint8Array.from(rows, (row) => (row.hasText ? spreadFlags.hasText : 0) | (row.verified ? spreadFlags.verified : 0)),
    shareLow: Uint32Array.from(rows, (row) => row.share ?? 0), shareHigh: Uint32Array.from(rows, (row) => highOf(row.share ?? 0)),
    links: Uint32Array.from(rows, (row) => row.link ?? 0),
    idBytes: new Uint8Array(Buffer.concat(ids)),
    idEnds: Uint32Array.from(ids, ({ length }) => (end += length)),
  }
}

/** Mentions at these seconds that answer nobody and of which nothing is known, not even their ids as text: for benches of what does not look at spread. */
export function noSpread(seconds: Uint32Array): SpreadColumns {
  const rows = seconds.length
  const lanes = (): Uint32Array => new Uint32Array(rows)
  return {
    ats: Float64Array.from(seconds, (second) => second * 1000), parentLow: lanes(), parentHigh: lanes(), rootLow: lanes(), rootHigh: lanes(), authors: lanes(), followers: new Float64Array(rows).fill(-1),
    flags: new Uint8Array(rows), shareLow: lanes(), shareHigh: lanes(), links: lanes(), idBytes: new Uint8Array(0), idEnds: lanes(),
  }
}
