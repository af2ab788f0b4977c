// Sends dead letters again: their raw bytes, a message a letter, through the stream like any input. What is mended by now becomes a mention,
// the rest becomes dead letters again, with a new sequence. Message ids are made of the letter's place, so that a repetition is one message.
// Or dismisses them: they are noted as those that were sent are, and nothing is sent.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { lettersFound, noteReplayed, withBytes, type Letter, type LetterFilter, type LetterFound, type LetterKey, type PageOptions } from '../io/clickhouse/dead-letters.ts'
import { ReplayStopped, type DismissAnswer, type DismissQuestion, type ReplayAnswer, type ReplayQuestion } from '../io/http/dead-letters.ts'
import type { DurabilityMetrics } from '../io/metrics/durability.ts'
import type { InputStream, Store } from '../ports.ts'
import { StreamRefused } from '../stream-errors.ts'

export interface Replaying {
  readonly store: Pick<Store, 'query' | 'insertRows'>
  readonly stream: Pick<InputStream, 'created' | 'publish' | 'state'>
  readonly metrics: Pick<DurabilityMetrics, 'deadLettersReplayed'>
  readonly now: () => number
}

const groupLimits = { bytesMax: 4 << 20, lettersMax: 500 } as const // of letters that are in memory together

export async function replayLetters(house: Replaying, { from, limit, dryRun, ...filter }: ReplayQuestion): Promise<ReplayAnswer> {
  const { found, next } = await pageOf(house, filter, { from, limit })
  const answer = { letters: found.length, sent: 0, repeated: 0, refused: 0, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0), dryRun, next }
  if (dryRun) return answer
  try {
    for (const group of groupsOf(found)) await sendGroup(house, await withBytes(house.store, group), answer)
    return answer
  } catch (error) {
    throw new ReplayStopped({ ...answer, next: null }, error)
  }
}

export async function dismissLetters(house: Omit<Replaying, 'metrics'>, { from, limit, dryRun, ...filter }: DismissQuestion): Promise<DismissAnswer> {
  const { found, next } = await pageOf(house, filter, { from, limit })
  if (!dryRun && found.length > 0) await noteReplayed(house.store, found, house.now())
  return { letters: found.length, dryRun, next }
}

/** What comes in after the first page was asked for is on none of them. */
async function pageOf({ store, stream }: Omit<Replaying, 'metrics'>, filter: LetterFilter, { from, limit }: Pick<ReplayQuestion, 'from' | 'limit'>): Promise<{ readonly found: LetterFound[]; readonly next: string | null }> {
  const { after, until } = from === null ? { after: null, until: { stream: stream.created, seq: (await stream.state()).lastSeq } } : placeOf(from)
  const found = await lettersFound(store, filter, { after, limit, until })
  const last = found.at(-1)
  return { found, next: last && found.length === limit ? textOf(last, until) : null }
}

interface Counts { sent: number; repeated: number; refused: number }

/** Notes what the stream has taken, also where it has not taken everything. */
async function sendGroup({ store, stream, metrics, now }: Replaying, letters: readonly Letter[], counts: Counts): Promise<void> {
  const ends = await Promise.allSettled(letters.map((letter) => stream.publish(subjects.mentions(letter.platform || 'unknown'), letter.raw, `replay:${letter.stream}:${letter.seq}:${letter.line}`)))
  const taken = letters.filter((_, index) => ends[index]!.status === 'fulfilled')
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  const refused = failures.filter((failure) => failure instanceof StreamRefused).length
  counts.sent += taken.length
  counts.repeated += ends.filter((end) => end.status === 'fulfilled' && end.value.duplicate).length
  counts.refused += refused
  if (taken.length > 0) {
    metrics.deadLettersReplayed('sent', taken.length)
    await noteReplayed(store, taken, now())
  }
  if (refused > 0) metrics.deadLettersReplayed('refused', refused)
  const other = failures.find((failure) => !(failure instanceof StreamRefused))
  if (other !== undefined) throw other
}

/** Each group fits memory; a letter of any size is a group at least. */
export function groupsOf(letters: readonly LetterFound[]): LetterFound[][] {
  const groups: LetterFound[][] = []
  let bytes = 0
  for (const letter of letters) {
    const group = groups.at(-1)
    bytes += letter.bytes
    if (group && bytes <= groupLimits.bytesMax && group.length < groupLimits.lettersMax) group.push(letter)
    else {
      groups.push([letter])
      bytes = letter.bytes
    }
  }
  return groups
}

/** The place that the next request begins behind, and where this replay ends: in one word, for the answer. */
const textOf = ({ ingested, stream, seq, line }: LetterKey, until: PageOptions['until']): string => [ingested, stream, seq, line, until.stream, until.seq].join('.')

function placeOf(text: string): Pick<PageOptions, 'until'> & { readonly after: LetterKey } {
  const [ingested, stream, seq, line, untilStream, untilSeq] = text.split('.').map(Number) as [number, number, number, number, number, number]
  return { after: { ingested, stream, seq, line }, until: { stream: untilStream, seq: untilSeq } }
}
