// What was counted before a topic was watched, learnt as if it had been watched: hours of the weeks before, then slices of the last days.
import type { Baseline } from './baseline.ts'

/** Whoever is taught: a baseline, or what stands before one. Slices ascend. */
export interface PastPupil extends Pick<Baseline, 'sliceSeconds' | 'warmUp'> { learn(slice: number, count: number): void }

type Counted = readonly [at: number, count: number]
type Span = readonly [from: number, to: number] // seconds, both included

export interface KnownPast {
  readonly hours: readonly Counted[] // [hour since 1970, mentions], ascending
  readonly minutes: readonly Counted[] // [minute since 1970, mentions], ascending
  readonly known: readonly Span[] | null // where what is left out held nothing: elsewhere nothing is known. null: from the first of the minutes on
}

/** Where the topic's own counting goes on. */
export interface OwnPast {
  readonly clock: number
  readonly live: number // first slice that is its own …
  readonly liveAfter: (slice: number) => number // … and the first from a slice on that is no gap
  readonly end: number // first slice that is not to be learnt yet
  readonly keptFrom: number // minute from which on `countOf` knows both
  readonly countOf: (slice: number) => number
}

const hourSeconds = 3600
const minutesBackSeconds = 7 * 86_400 // how far minutes go back, where hours are told besides

/** Teaches one that has learnt nothing; answers the slice that is to be learnt next, and how many were. */
export function learnPast(baseline: PastPupil, past: KnownPast, own: OwnPast): { readonly next: number; readonly learnt: number } {
  const first = past.minutes[0]?.[0]
  const spans: readonly Span[] = past.known ?? (first === undefined ? [] : [[first * 60 + 59, own.clock]])
  const boundary = past.hours.length === 0 ? 0 : Math.ceil((own.clock - minutesBackSeconds + 1) / hourSeconds)
  const hours = learnHours(baseline, { hours: past.hours, spans, before: boundary })
  const slices = learnSlices(baseline, past.minutes, { spans, from: boundary * hourSeconds, own })
  // What is too young to be learnt yet, and known by the past and the topic's own counting together, comes in its turn.
  const newest = spans.at(-1)
  const joins = newest !== undefined && reaches(newest, own.live, baseline.sliceSeconds)
  let next = own.liveAfter(joins ? Math.min(own.live, Math.max(own.end, Math.ceil(newest[0] / baseline.sliceSeconds))) : own.live)
  let live = 0
  for (; next < own.end; next = own.liveAfter(next + 1), live++) baseline.learn(next, own.countOf(next))
  return { next: Math.max(own.end, next), learnt: (hours * hourSeconds) / baseline.sliceSeconds + slices + live }
}

function learnHours(baseline: PastPupil, { hours, spans, before }: { readonly hours: readonly Counted[]; readonly spans: readonly Span[]; readonly before: number }): number {
  let learnt = 0
  for (const [from, to] of spans) {
    const first = Math.ceil(from / hourSeconds)
    const end = Math.min(before, Math.floor((to + 1) / hourSeconds))
    if (end <= first) continue
    const within = hours.filter(([hour]) => hour >= first && hour < end)
    baseline.warmUp(within[0]?.[0] === first ? within : [[first, 0], ...within], end)
    learnt += end - first
  }
  return learnt
}

interface Slices { readonly spans: readonly Span[]; readonly from: number; readonly own: OwnPast }

function learnSlices(baseline: PastPupil, minutes: readonly Counted[], { spans, from, own }: Slices): number {
  const { sliceSeconds } = baseline
  const sliceMinutes = sliceSeconds / 60
  let [at, learnt] = [0, 0]
  for (const span of spans) {
    const end = Math.min(own.live, own.end, reaches(span, own.live, sliceSeconds) ? own.live : Math.floor((span[1] + 1) / sliceSeconds))
    for (let slice = Math.ceil(Math.max(span[0], from) / sliceSeconds); slice < end; slice++) {
      const first = slice * sliceMinutes
      while (at < minutes.length && minutes[at]![0] < first) at++
      let count = 0
      for (; at < minutes.length && minutes[at]![0] < first + sliceMinutes; at++) count += minutes[at]![1]
      baseline.learn(slice, first >= own.keptFrom ? own.countOf(slice) : count)
      learnt++
    }
  }
  return learnt
}

/** Whether a stretch goes on into the slice in which the topic's own counting began: both together know all of that slice. */
const reaches = (span: Span, live: number, sliceSeconds: number): boolean => span[1] >= (live - 1) * sliceSeconds
