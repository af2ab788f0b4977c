// When a source counts as silent: at twice its own cadence of arrival (W19), never before the wall could have known; that it is blind (W21)
// is the engine's word.
import type { SourceRow } from '@groundswell/schemas/live.ts'

/** Frames come once a second at worst and ages are shown in whole seconds: a busier source is not called silent earlier than this. */
export const silentMsMin = 5_000

/** A self-test comes twice a minute by default: one that is older than this is told with its age. */
export const selfTestFreshMs = 90_000

/** Milliseconds since the newest arrival, never negative. */
export const ageMs = (newestAt: number, now: number): number => Math.max(0, now - newestAt)

export function isSilent(source: SourceRow, now: number): boolean {
  if (source.blindSince !== null) return true
  if (source.cadenceMs === null) return false
  return ageMs(source.newestAt, now) >= Math.max(silentMsMin, 2 * source.cadenceMs)
}

/** Longer than this without data, and nobody can say whether that is usual: it must not look calm. */
export const unknownMsMin = 180_000

export const isUnknown = (source: SourceRow, now: number): boolean => source.blindSince === null && source.cadenceMs === null && ageMs(source.newestAt, now) >= unknownMsMin

/** Blind ones first, then silent ones, then those of unknown rhythm, the longest silence on top; then the loudest of the last hour. */
export function bySilenceThenVolume(sources: readonly SourceRow[], now: number): readonly SourceRow[] {
  return sources.toSorted((a, b) => {
    const [rankA, rankB] = [silenceRank(a, now), silenceRank(b, now)]
    if (rankA !== rankB) return rankB - rankA
    return (rankA > 0 ? a.newestAt - b.newestAt : b.lastHour - a.lastHour) || (a.platform < b.platform ? -1 : 1)
  })
}

const silenceRank = (source: SourceRow, now: number): number => (source.blindSince !== null ? 3 : isSilent(source, now) ? 2 : isUnknown(source, now) ? 1 : 0)
