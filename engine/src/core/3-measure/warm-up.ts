// Teaches a baseline what was counted before it was watched: hours of the last weeks, and slices of the last days, which say more of how
// counts scatter. What is not known is not learnt: it leaves a gap.
//
//   hours     ■ ■ ■   ■ ■ ■ ■ ■ ■ ■|                      counts by the hour, up to the first minute that is told
//   minutes                        |▪▪▪▪▪▪▪▪   ▪▪▪▪▪▪▪▪
//   known   ├───────┤ ├──────────────────────┤ ├────────┤  mentions of anybody are stored: a slice that is left out here held nothing
import type { Baseline } from './baseline.ts'
import { clockLimits } from './event-clock.ts'

type Counts = readonly (readonly [at: number, count: number])[]

/** Of a topic, as a fill command brings it: counts by hour and minute since 1970, and seconds [from, to] that are known; all ascending. */
export interface CountedPast { readonly hours: Counts; readonly minutes: Counts; readonly known: Counts }

/** What has been learnt already is not learnt again. The last ten minutes before `clock`, in which mentions may still be late, are left to the wheels. */
export function warmUp(baseline: Baseline, { hours, minutes, known }: CountedPast, clock: number): void {
  const { sliceSeconds } = baseline
  const end = clock + 1 - clockLimits.lateSecondsMax
  const minutesFrom = minutes.length > 0 ? Math.ceil(minutes[0]![0] / 60) : Math.floor(end / 3600) // hour
  const ofHour = new Map(hours)
  const ofSlice = slicesOf(minutes, sliceSeconds)
  for (const [from, to] of known) {
    const free = Math.max(from, (baseline.newest + 1) * sliceSeconds)
    const until = Math.min(to + 1, end)
    const hoursFrom = Math.ceil(free / 3600)
    const hoursTo = Math.min(Math.floor(until / 3600), minutesFrom)
    if (hoursTo > hoursFrom) baseline.warmUp(within(ofHour, hoursFrom, hoursTo), hoursTo)
    const slicesFrom = Math.ceil(Math.max(free, minutesFrom * 3600) / sliceSeconds)
    for (let slice = slicesFrom; (slice + 1) * sliceSeconds <= until; slice++) baseline.learn(slice, ofSlice.get(slice) ?? 0)
  }
}

/** Every hour of a stretch, those that held nothing included. */
const within = (counts: ReadonlyMap<number, number>, from: number, to: number): [number, number][] => Array.from({ length: to - from }, (_, i) => [from + i, counts.get(from + i) ?? 0])

function slicesOf(minutes: Counts, sliceSeconds: number): Map<number, number> {
  const slices = new Map<number, number>()
  for (const [minute, count] of minutes) {
    const slice = Math.floor((minute * 60) / sliceSeconds)
    slices.set(slice, (slices.get(slice) ?? 0) + count)
  }
  return slices
}
