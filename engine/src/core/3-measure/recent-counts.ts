// What a topic's last seconds to hours held: counts over twelve windows, each twice as long as the one before, all ending now.
// Read from its wheels when asked: no state, and nothing in the hot path.
import type { SliceWheel } from './slice-wheel.ts'

/** Seconds of the windows. Up to eight minutes they are read from the wheel of seconds, above from that of minutes. */
export const recentScales = [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440] as const
const secondScales = 5

export interface RecentCounts {
  readonly clock: number // the running second
  readonly counts: ArrayLike<number> // mentions in each window
  readonly spans: ArrayLike<number> // seconds of each window of which anything is known; above eight minutes up to a minute less than the scale
}

/** `wheels.seconds` keeps ten minutes at least, `wheels.minutes` a day; `knownFrom`: second from which the topic's past is known. */
export function recentCounts(wheels: { readonly seconds: SliceWheel; readonly minutes: SliceWheel }, clock: number, knownFrom: number): RecentCounts {
  const counts = new Float64Array(recentScales.length)
  const spans = new Float64Array(recentScales.length)
  const known = Math.max(0, clock + 1 - Math.max(0, knownFrom))
  const minute = Math.floor(clock / 60)
  let sum = 0
  for (let k = 0; k < secondScales; k++) {
    sum += wheels.seconds.sumBetween(clock - recentScales[k]! + 1, clock - (recentScales[k - 1] ?? 0))
    counts[k] = sum
    spans[k] = Math.min(recentScales[k]!, known)
  }
  sum = 0
  for (let k = secondScales, newer = 0; k < recentScales.length; k++) {
    const minutes = recentScales[k]! / 60
    sum += wheels.minutes.sumBetween(minute - minutes + 1, minute - newer)
    newer = minutes
    counts[k] = sum
    spans[k] = Math.min(clock + 1 - (minute - minutes + 1) * 60, known)
  }
  return { clock, counts, spans }
}
