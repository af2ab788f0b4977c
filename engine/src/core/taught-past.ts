// The past that a fill brings, taught as if the topic had been watched: of the last day each minute is looked at too, so that a crisis in it, above all
// one that is not over, is set apart and does not become what is normal. What is found is told to nobody: nothing is back-dated.
import type { Baseline } from './3-measure/baseline.ts'
import { clockLimits } from './3-measure/event-clock.ts'
import { learnPast, type KnownPast, type OwnPast, type PastPupil } from './3-measure/learn-past.ts'
import type { StageTracker } from './4-detect/stage.ts'
import { accelerationMinutes } from './4-detect/stage.ts'
import type { TellingSurge } from './4-detect/telling-surge.ts'
import { clockSeconds, type VelocityDetector } from './4-detect/velocity-detector.ts'
import { apartFrom, apartMax, nothingApart, type Apart } from './apart.ts'

/** What of a topic learns from its past; `apart`: of an alarm that was resumed. */
export interface Taught { readonly baseline: Baseline; readonly detector: VelocityDetector; readonly surge: TellingSurge; readonly stages: StageTracker; readonly apart: Apart }

export interface PastToTeach extends OwnPast {
  readonly lastMinute: number // newest that has closed, and of which something is known
  readonly countOfMinute: (minute: number) => number // from `keptFrom` on
}
/** Where learning goes on, and what is set apart meanwhile; `looked`: the newest minute that was looked at. */
export interface AfterPast { readonly next: number; readonly learnt: number; readonly apart: Apart; readonly looked: number }

/** As long as an alarm is not believed at least, and the hours in which it began. */
export const lookBackMinutes = 25 * 60
const dayMinutes = 1440

export function teachPast(of: Taught, past: KnownPast, own: PastToTeach): AfterPast {
  if (of.apart.from > 0) return teachResumed(of, past, own)
  const looking = new LookingBack(of, past, own)
  return looking.end(learnPast(looking, past, own))
}

/** Of an alarm that was resumed nothing is learnt with the past; if it is old enough to be believed, the minutes that are kept have it. */
function teachResumed({ baseline, apart: { from } }: Taught, past: KnownPast, own: OwnPast): AfterPast {
  const { next, learnt } = learnPast(baseline, past, { ...own, end: own.end < from + apartMax ? Math.min(own.end, from) : own.end })
  passGap(baseline, next)
  return { next, learnt, apart: apartFrom(from * baseline.sliceSeconds, learnt), looked: -1 }
}

/** As in turn: windows that reach into a gap say nothing from now on. */
function passGap(baseline: Baseline, next: number): void { if (baseline.newest >= 0 && baseline.newest < next - 1) baseline.learn(next - 1, null) }

class LookingBack implements PastPupil {
  readonly sliceSeconds: number
  readonly #of: Taught
  readonly #own: PastToTeach
  readonly #sums: Float64Array // [i]: mentions in the minutes from `#first` up to `#first` + i, that one left out
  readonly #first: number
  readonly #counts = new Float64Array(clockSeconds.length)
  readonly #minutes = Array.from({ length: accelerationMinutes }, () => 0)
  #minute: number // to be looked at next
  #slice = -1 // newest that was brought
  #apart = nothingApart
  #held: [slice: number, count: number][] = [] // set apart: as many as are not believed at once
  #from = 0 // slices before it are of an alarm that ended
  #left = 0 // slices that were brought and not learnt

  constructor(of: Taught, { minutes }: KnownPast, own: PastToTeach) {
    this.#of = of
    this.#own = own
    this.sliceSeconds = of.baseline.sliceSeconds
    this.#minute = Math.max(0, own.lastMinute - lookBackMinutes)
    this.#first = this.#minute - dayMinutes
    this.#sums = sumsOf(minutes, { from: this.#first, to: own.lastMinute, own })
  }

  warmUp(hours: readonly (readonly [number, number])[], to: number): void { this.#of.baseline.warmUp(hours, to) }

  learn(slice: number, count: number): void {
    const sliceMinutes = this.sliceSeconds / 60
    if (slice !== this.#slice + 1) this.#pass(slice * sliceMinutes)
    this.#lookBefore(Math.ceil(((slice + 1) * this.sliceSeconds + clockLimits.lateSecondsMax - 59) / 60)) // when it was due, those had been looked at
    this.#slice = slice
    if (slice < this.#from) this.#left++
    else if (slice >= this.#apart.from && slice < this.#apart.believed) {
      this.#held.push([slice, count])
      if (slice + 1 === this.#apart.believed) this.#believe()
    } else {
      this.#believe() // before a gap that reached beyond
      this.#of.baseline.learn(slice, count)
    }
  }

  end({ next, learnt }: { readonly next: number; readonly learnt: number }): AfterPast {
    this.#lookBefore(this.#own.lastMinute + 1)
    if (this.#of.surge.open) this.#of.surge.listen()
    // Learning goes on where what is set apart begins; of what lies before a gap nobody would know any more that it was one.
    const run = this.#held.findLastIndex(([slice], at) => at === 0 || this.#held[at - 1]![0] !== slice - 1)
    const left = this.#left + this.#held.length
    if (left === 0) passGap(this.#of.baseline, next)
    return { next: run < 0 ? Math.max(next, this.#from) : this.#held[run]![0], learnt: learnt - left, apart: this.#apart, looked: this.#minute - 1 }
  }

  /** Nothing is known of the minutes before this one: nothing begins or ends in them. */
  #pass(minute: number): void {
    if (minute <= this.#minute) return
    if (this.#of.surge.open) this.#of.surge.take(60 * minute - 1, null, false)
    this.#minute = minute
  }

  #lookBefore(end: number): void {
    for (const last = Math.min(end, this.#own.lastMinute + 1); this.#minute < last; this.#minute++) this.#look(this.#minute)
  }

  #look(minute: number): void {
    const { baseline, detector, surge, stages } = this.#of
    if (this.#sum(minute, 1) === 0 && !surge.open && stages.settled) return
    const second = 60 * minute + 59
    for (let clock = 0; clock < this.#counts.length; clock++) this.#counts[clock] = this.#sum(minute, clockSeconds[clock]! / 60)
    const reading = detector.look(second, this.#counts, baseline, !surge.open)
    const { change } = surge.take(second, reading, false)
    for (let back = 0; back < accelerationMinutes; back++) this.#minutes[accelerationMinutes - 1 - back] = this.#sum(minute - back, 1)
    stages.take(second, { minutes: this.#minutes, reading, tripped: false })
    if (change?.state === 'begin') this.#apart = apartFrom(change.since, this.#learntUntil())
    else if (change) this.#over(change.at, change.moved)
  }

  #learntUntil(): number {
    const { learntFrom, newest } = this.#of.baseline
    return learntFrom === null ? 0 : newest + 1 - learntFrom / this.sliceSeconds
  }

  #over(at: number, moved: boolean): void {
    const due = Math.floor((at - clockLimits.lateSecondsMax) / this.sliceSeconds)
    if (moved || due >= this.#apart.believed) this.#believe()
    else {
      this.#left += this.#held.length
      this.#held = []
      this.#from = Math.floor((at + this.sliceSeconds) / this.sliceSeconds)
    }
    this.#apart = nothingApart
  }

  #believe(): void {
    for (const [slice, count] of this.#held) this.#of.baseline.learn(slice, count)
    this.#held = []
  }

  /** Of the minutes that end with this one. */
  #sum(minute: number, minutes: number): number {
    const end = minute + 1 - this.#first
    return this.#sums[end]! - this.#sums[Math.max(0, end - minutes)]!
  }
}

function sumsOf(minutes: KnownPast['minutes'], { from, to, own }: { readonly from: number; readonly to: number; readonly own: PastToTeach }): Float64Array {
  const sums = new Float64Array(Math.max(0, to - from) + 2)
  for (const [minute, count] of minutes) if (minute >= from && minute <= to && minute < own.keptFrom) sums[minute - from + 1]! += count
  for (let minute = Math.max(from, own.keptFrom); minute <= to; minute++) sums[minute - from + 1] = own.countOfMinute(minute)
  for (let at = 1; at < sums.length; at++) sums[at]! += sums[at - 1]!
  return sums
}
