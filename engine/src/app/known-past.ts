// How far back a fill reads, and of which stretches of the past it may say that what is not there did not happen.
//
// A stretch in which nothing of anybody was stored for over two hours is a gap of the feed or the engine, not calm: it is not known.
// So is all that is older than what is read: the weeks before the last seven days are read as far as their mentions are few enough.
import { firstMinutesHour, pastMentions, storedHours, type PastOptions, type StoredHour } from '../io/clickhouse/past.ts'
import type { Log } from '../io/log/log.ts'
import type { Span } from '../pipeline/fill.ts'
import type { Store } from '../ports.ts'

export const knownPastLimits = { gapSecondsMax: 7200, olderMentionsMax: 5_000_000 } as const

export interface KnownPast {
  readonly from: number // second from which mentions are read
  readonly known: readonly Span[] // ascending
  readonly cut: number // mentions before it that are left out
}

type Reader = Pick<Store, 'query' | 'queryChunks'>

/** Stored mentions to be matched again: the last seven days, and of the four weeks before as much as bounded time allows. What is left out is told. */
export async function matchedAgain(store: Reader, options: PastOptions, log: Pick<Log, 'warn'>): Promise<Pick<KnownPast, 'known'> & { readonly past: AsyncIterable<Uint8Array> }> {
  const { known, from, cut } = knownPast(await storedHours(store, options), { clock: options.newestSecond, fromHour: firstMinutesHour(options.newestSecond) })
  if (cut > 0) log.warn(`${cut} stored mentions from before ${new Date(from * 1000).toISOString()} are too many to match again: what is normal for topics that are new is learnt from what came since`)
  return { known, past: pastMentions(store, options, from) }
}

/** Where all that is stored is known, without a bound: for counts of topics that were matched when their mentions arrived. */
export async function countedSpans(store: Reader, options: PastOptions): Promise<readonly Span[]> {
  return knownPast(await storedHours(store, options), { clock: options.newestSecond, fromHour: 0 }).known
}

/**
 * Of the hours that the store holds, ascending, up to `clock` (second); `fromHour`: from that hour on all is read, before it at most
 * `olderMax` mentions, whole hours, the newest first.
 */
export function knownPast(hours: readonly StoredHour[], { clock, fromHour, olderMax = knownPastLimits.olderMentionsMax }: { readonly clock: number; readonly fromHour: number; readonly olderMax?: number }): KnownPast {
  let from = fromHour * 3600
  let left = olderMax
  let cut = 0
  for (const { hour, mentions } of hours.toReversed()) {
    if (hour >= fromHour) continue
    left -= mentions
    if (left < 0) cut += mentions
    else from = hour * 3600
  }
  return { from, known: spansOf(hours.filter(({ first }) => first >= from), clock), cut }
}

/** Only the second from which on they are known is another. */
export const knownSince = (known: readonly Span[], from: number): Span[] => known.flatMap((span): Span[] => (span[1] < from ? [] : [[Math.max(span[0], from), span[1]]]))

function spansOf(hours: readonly StoredHour[], clock: number): Span[] {
  const spans: [number, number][] = []
  for (const { first, last } of hours) {
    const before = spans.at(-1)
    if (before && first - before[1] <= knownPastLimits.gapSecondsMax) before[1] = last
    else spans.push([first, last])
  }
  const newest = spans.at(-1)
  if (newest && clock > newest[1] && clock - newest[1] <= knownPastLimits.gapSecondsMax) newest[1] = clock
  return spans
}
