// The stage of a topic, from its velocity against its band and its acceleration: 潜伏 latent, 发酵 fermenting, 爆发 outbreak, 平息 subsiding.
//
//   velocity v: mentions a minute, mean of 5 min · a: acceleration over 15 min · peak, trough: of v in this event
//   height h: mentions above the usual in units of the band's half width (99 % bound less usual, at least 5 mentions); highest of the clocks
//
//                 h ≥ 2, 2 min               h ≥ 5 (2 where a threshold is tripped), a not falling, 1 min
//     latent ──────────────────► fermenting ──────────────────► outbreak ◄── from latent and subsiding too
//       ▲                            │  ▲                          │
//       │  h ≤ 1, 10 min             │  │ v ≥ 1.5 trough, a > 0,   │ v ≤ 0.6 peak and a < 0, 3 min; or h ≤ 1
//       │                            ▼  │ h ≥ 2, 3 min             ▼ (beyond chance: standard errors of the counts)
//       └────────────────────── subsiding ◄────────────────────────┘
//
// Up and down have bounds of their own, and each change is to hold for some minutes: what swings about a bound changes nothing.
import { stages, type Stage } from '@groundswell/schemas/stage.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import type { ClockReading, Reading } from './velocity-detector.ts'

/** The minutes of which the acceleration is told. */
export const accelerationMinutes = 15

/** Mentions a minute, per minute: the least-squares slope over counts of consecutive minutes, oldest first. */
export function acceleration(minutes: ArrayLike<number>): number {
  const middle = (minutes.length - 1) / 2
  let covariance = 0
  let spread = 0
  for (let i = 0; i < minutes.length; i++) {
    covariance += (i - middle) * minutes[i]!
    spread += (i - middle) ** 2
  }
  return spread === 0 ? 0 : covariance / spread
}

export const stageBounds = {
  above: 2, inside: 1, outbreak: 5, // heights
  bandMin: 5, // mentions
  fallen: 0.6, // of the peak
  again: 1.5, // of the trough
  fallenErrors: 3, againErrors: 4, // standard errors: peak and trough are the most extreme of many
  quiet: 0.25, // of the peak, where no baseline is known: what counts as back inside
} as const
/** Seconds for which a look is to say the same. */
const held = { fermenting: 120, outbreak: 60, again: 180, down: 180, inside: 600 } as const
const velocityMinutes = 5
const longClock = 3600

export interface StageLook {
  readonly minutes: ArrayLike<number> // counts of the last 15 closed minutes, oldest first
  readonly reading: Reading | null // null: what is normal is not known
  readonly tripped: boolean // whether a fixed threshold of the topic is tripped
}

export class StageTracker implements Stateful {
  #stage: Stage | null = null
  #since = -1 // second of the last change
  #next: Stage | null = null // what the newest looks say …
  #nextSince = -1 // … since this second
  #peak = 0 // of the velocity since it was latent
  #trough = 0 // of the velocity since it subsides
  #isBlind = false // it began by a threshold, before any baseline was known

  /** Null while nothing can be said: no baseline is known, and no threshold was tripped yet. */
  get stage(): Stage | null { return this.#stage }
  /** Whether minutes without mentions need no look: it is latent or unknown, and stays it while nothing comes. */
  get settled(): boolean { return this.#stage === null || this.#stage === 'latent' }

  /** A look at the minute that closed with `second`; none where data is missing. While it is not settled, every minute is looked at. */
  take(second: number, look: StageLook): Stage | null {
    const { reading, tripped } = look
    if (this.settled) {
      if (reading === null && !tripped) {
        this.#next = null
        return this.#stage
      }
      this.#stage ??= 'latent'
      this.#isBlind = reading === null
      this.#peak = 0
    } else if (reading !== null) this.#isBlind = false
    else if (!this.#isBlind) return this.#stage // began against a baseline of which nothing is known now: nothing can be said
    const velocity = meanOfLast(look.minutes, velocityMinutes)
    this.#peak = Math.max(this.#peak, velocity)
    this.#trough = Math.min(this.#trough, velocity)
    const says = this.#judge(second, look, velocity)
    if (says === this.#stage) this.#next = null
    else if (says !== this.#next) {
      // A step further up keeps the time that was waited for the step below.
      if (this.#next === null || !(isUp(says) && isUp(this.#next))) this.#nextSince = second
      this.#next = says
    }
    if (this.#next !== null && second - this.#nextSince >= this.#wait(this.#next)) this.#become(this.#next, second, velocity)
    return this.#stage
  }

  save(out: StateWriter): void {
    for (const stage of [this.#stage, this.#next]) out.number(stage === null ? -1 : stages.indexOf(stage))
    for (const one of [this.#since, this.#nextSince, this.#peak, this.#trough, this.#isBlind ? 1 : 0]) out.number(one)
  }

  load(from: StateReader): void {
    this.#stage = stages[from.whole(-1, stages.length - 1)] ?? null
    this.#next = stages[from.whole(-1, stages.length - 1)] ?? null
    this.#since = from.whole(-1)
    this.#nextSince = from.whole(-1)
    this.#peak = from.finite(0)
    this.#trough = from.finite(0)
    this.#isBlind = from.whole(0, 1) === 1
  }

  /** The stage of which this one look speaks. */
  #judge(second: number, { minutes, reading, tripped }: StageLook, velocity: number): Stage {
    const stage = this.#stage!
    const pace = acceleration(minutes)
    const high = reading ? this.#height(second, reading.clocks) : tripped ? Infinity : 0
    const low = reading ? heightOf(reading.clocks, longClock - 1) : !tripped && velocity <= stageBounds.quiet * this.#peak ? 0 : Infinity
    if (low <= stageBounds.inside && (stage === 'subsiding' || stage === 'fermenting' || high < stageBounds.above)) return stage === 'outbreak' ? 'subsiding' : 'latent'
    const isFalling = pace < -slopeError(minutes)
    const risen = stage !== 'subsiding' || (pace > 0 && velocity >= stageBounds.again * this.#trough && standardErrors(this.#trough, velocity) >= stageBounds.againErrors)
    if (!isFalling && risen && high >= (tripped ? stageBounds.above : stageBounds.outbreak)) return 'outbreak'
    if (stage === 'latent' && this.#isBlind) return 'outbreak' // the trip is all that is known
    if (stage === 'latent') return high >= stageBounds.above ? 'fermenting' : 'latent'
    if (stage === 'subsiding') return risen && high >= stageBounds.above ? 'fermenting' : 'subsiding'
    return pace < 0 && velocity <= stageBounds.fallen * this.#peak && standardErrors(velocity, this.#peak) >= stageBounds.fallenErrors ? 'subsiding' : stage
  }

  /** The highest of the clocks up to an hour; the hour itself only where it holds nothing from before the last change to latent. */
  #height(second: number, clocks: readonly ClockReading[]): number {
    const isPast = this.#stage !== 'latent' || (this.#since >= 0 && second - longClock < this.#since)
    return heightOf(clocks, isPast ? longClock - 1 : longClock)
  }

  #wait(next: Stage): number {
    if (next === 'latent') return held.inside
    if (next === 'subsiding') return held.down
    if (this.#stage === 'latent' && this.#isBlind) return 0
    return this.#stage === 'subsiding' ? held.again : held[next]
  }

  #become(next: Stage, second: number, velocity: number): void {
    this.#stage = next
    this.#since = second
    this.#next = null
    this.#trough = velocity
    if (next === 'latent') this.#isBlind = false
    else if (next !== 'subsiding') this.#peak = Math.max(velocity, this.#peak)
  }
}

const isUp = (stage: Stage): boolean => stage === 'fermenting' || stage === 'outbreak'

function heightOf(clocks: readonly ClockReading[], secondsMax: number): number {
  let highest = -Infinity
  for (const { seconds, count, usual, band } of clocks) {
    if (seconds < velocityMinutes * 60 || seconds > secondsMax) continue
    highest = Math.max(highest, (count - usual) / Math.max(band - usual, stageBounds.bandMin))
  }
  return highest
}

function meanOfLast(minutes: ArrayLike<number>, of: number): number {
  let sum = 0
  for (let i = Math.max(0, minutes.length - of); i < minutes.length; i++) sum += minutes[i]!
  return sum / of
}

/** Standard error of the acceleration if the counts are Poisson. */
function slopeError(minutes: ArrayLike<number>): number {
  const n = minutes.length
  return n < 2 ? 0 : Math.sqrt(meanOfLast(minutes, n) / ((n * (n * n - 1)) / 12))
}

/** By how many standard errors of their counts two velocities differ. */
function standardErrors(low: number, high: number): number {
  return high <= low ? 0 : ((high - low) * velocityMinutes) / Math.sqrt((high + low) * velocityMinutes)
}
