// Dead letters as they are read back: for people (valid UTF-8, cut short) and for being sent again (every byte, page by page).
import { createHash } from 'node:crypto'
import type { Store } from '../../ports.ts'

type Reader = Pick<Store, 'query'>

/** Which letters. Times are ingest time, ms; `before` is exclusive. Letters that were sent again are left out unless `all`. */
export interface LetterFilter { readonly reason?: string | undefined; readonly since?: number | undefined; readonly before?: number | undefined; readonly all?: boolean | undefined }

export interface StoredDeadLetter {
  readonly at: string // ingest time
  readonly platform: string // the subject's token
  readonly reason: string
  readonly detail: string
  readonly seq: number
  readonly line: number
  readonly raw: string // its first 1,000 characters; what is not UTF-8 is U+FFFD
  readonly replayed?: string | null // only with `all`: when it was sent again
}

export interface LetterReason { readonly reason: string; readonly letters: number; readonly replayed: number; readonly newest: string }

/** Where a letter lies; `ingested` is ms. */
export interface LetterKey { readonly ingested: number; readonly stream: number; readonly seq: number; readonly line: number }
/** A letter that is to be sent again, without its bytes yet. */
export interface LetterFound extends LetterKey { readonly platform: string; readonly bytes: number }
export interface Letter extends LetterFound { readonly raw: Uint8Array }

/** Newest first, at most 1,000. */
export async function deadLettersOf(store: Reader, filter: LetterFilter & { readonly limit: number }): Promise<StoredDeadLetter[]> {
  const { where, params } = conditionOf(filter)
  // A character has at most four bytes: no more of a raw line is looked at than is told.
  const rows = await store.query<Omit<StoredDeadLetter, 'at' | 'replayed'> & { readonly at: number; readonly replayedAt: number }>(
    `SELECT toUnixTimestamp64Milli(ingested) AS at, subject AS platform, reason, toValidUTF8(detail) AS detail, seq, line, leftUTF8(toValidUTF8(substring(raw, 1, 4000)), 1000) AS raw, replayedAt FROM
       (SELECT * FROM dead_letters WHERE ${where} ORDER BY ingested DESC, seq DESC, line DESC LIMIT {limit:UInt32}) AS letters
       LEFT JOIN (SELECT stream, seq, line, toUnixTimestamp64Milli(max(at)) AS replayedAt FROM replayed_letters GROUP BY stream, seq, line) AS again USING (stream, seq, line)
     ORDER BY letters.ingested DESC, seq DESC, line DESC`, { ...params, limit: Math.min(1000, Math.max(1, filter.limit)) })
  return rows.map(({ replayedAt, ...row }) => ({
    ...row, at: new Date(row.at).toISOString(), ...(filter.all === true && { replayed: replayedAt === 0 ? null : new Date(replayedAt).toISOString() }),
  }))
}

/** How many there are of each reason, most first. */
export async function reasonsOf(store: Reader, filter: Omit<LetterFilter, 'reason' | 'all'> = {}): Promise<LetterReason[]> {
  const { where, params } = conditionOf({ ...filter, all: true })
  const rows = await store.query<Omit<LetterReason, 'newest'> & { readonly newest: number }>(
    `SELECT reason, count() AS letters, countIf(isReplayed) AS replayed, toUnixTimestamp64Milli(max(ingested)) AS newest FROM
       (SELECT reason, ingested, (stream, seq, line) IN (${replayedKeys}) AS isReplayed FROM dead_letters WHERE ${where}) GROUP BY reason ORDER BY letters DESC, reason`, params)
  return rows.map((row) => ({ ...row, newest: new Date(row.newest).toISOString() }))
}

export interface PageOptions {
  readonly after: LetterKey | null
  readonly limit: number
  /** Letters of this stream that came later are left out: what is sent again and is still bad must not be met again. */
  readonly until: { readonly stream: number; readonly seq: number }
}

/** The next letters by place, oldest first, without their bytes. */
export async function lettersFound(store: Reader, filter: LetterFilter, { after, limit, until }: PageOptions): Promise<LetterFound[]> {
  const { where, params } = conditionOf(filter)
  const behind = after === null ? '' : `AND (ingested, stream, seq, line) > ${place('after')}`
  const rows = await store.query<Omit<LetterFound, 'ingested'> & { readonly at: number }>(
    `SELECT toUnixTimestamp64Milli(ingested) AS at, stream, seq, line, subject AS platform, length(raw) AS bytes FROM dead_letters
     WHERE ${where} AND (stream != {untilStream:UInt64} OR seq <= {untilSeq:UInt64}) ${behind} ORDER BY ingested, stream, seq, line LIMIT {limit:UInt32}`,
    { ...params, untilStream: until.stream, untilSeq: until.seq, limit, ...(after && placeParams('after', after)) })
  return rows.map(({ at, ...row }) => ({ ...row, ingested: at }))
}

/** Letters that follow each other, as lettersFound gave them, with every byte as it came; those that were deleted meanwhile are left out. */
export async function withBytes(store: Reader, letters: readonly LetterFound[]): Promise<Letter[]> {
  const [first, last] = [letters[0], letters.at(-1)]
  if (!first || !last) return []
  const rows = await store.query<Omit<LetterKey, 'ingested'> & { readonly raw: string }>(
    `SELECT stream, seq, line, base64Encode(raw) AS raw FROM dead_letters WHERE (ingested, stream, seq, line) >= ${place('first')} AND (ingested, stream, seq, line) <= ${place('last')}
     AND ingested >= ${time('firstIngested')} AND ingested <= ${time('lastIngested')}`, { ...placeParams('first', first), ...placeParams('last', last) })
  const raw = new Map(rows.map((row) => [`${row.stream} ${row.seq} ${row.line}`, row.raw]))
  return letters.flatMap((letter) => {
    const bytes = raw.get(`${letter.stream} ${letter.seq} ${letter.line}`)
    return bytes === undefined ? [] : [{ ...letter, raw: Buffer.from(bytes, 'base64') }]
  })
}

/** Notes that they were sent again; doing it again is harmless. */
export async function noteReplayed(store: Pick<Store, 'insertRows'>, letters: readonly LetterKey[], at: number): Promise<void> {
  const rows = letters.map(({ stream, seq, line }) => ({ stream, seq, line, at: new Date(at).toISOString() }))
  const places = createHash('sha256').update(rows.map(({ stream, seq, line }) => `${stream}:${seq}:${line}`).join(' ')).digest('base64url')
  await store.insertRows('replayed_letters', `replayed:${places}`, rows)
}

const replayedKeys = 'SELECT stream, seq, line FROM replayed_letters'
const time = (param: string): string => `fromUnixTimestamp64Milli({${param}:Int64}, 'UTC')`
const endOfTime = 9_999_999_999_999

function conditionOf({ reason = '', since = 0, before = endOfTime, all = false }: LetterFilter): { readonly where: string; readonly params: Readonly<Record<string, unknown>> } {
  const where = `({reason:String} = '' OR reason = {reason:String}) AND ingested >= ${time('since')} AND ingested < ${time('before')}${all ? '' : ` AND (stream, seq, line) NOT IN (${replayedKeys})`}`
  return { where, params: { reason, since, before } }
}

const place = (prefix: string): string => `(${time(`${prefix}Ingested`)}, {${prefix}Stream:UInt64}, {${prefix}Seq:UInt64}, {${prefix}Line:UInt32})`
const placeParams = (prefix: string, { ingested, stream, seq, line }: LetterKey): Record<string, number> => ({ [`${prefix}Ingested`]: ingested, [`${prefix}Stream`]: stream, [`${prefix}Seq`]: seq, [`${prefix}Line`]: line })
