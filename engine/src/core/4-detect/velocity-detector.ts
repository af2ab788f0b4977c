// How surprising the newest counts of a series are against its baseline, over several clocks at once, and how often such a surprise
// comes up when nothing is the matter.
import type { Baseline } from '../3-measure/baseline.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { DayPeaks } from './day-peaks.ts'
import { mostPerDay, Tail } from './tail.ts'

/** Seconds of the windows that are watched at once. */
export const clockSeconds = [60, 300, 900, 3600, 7200, 86_400] as const

/** One clock of a look: what its window holds against what is normal. */
export interface ClockReading {
  readonly seconds: number
  readonly count: number
  readonly usual: number
  readonly high: number // 99 of 100 hold at most this, as the topic's own past has it: an alarm is told and ended by it
  readonly band: number // 99 of 100 by what is normal alone, with all doubt about that: at least `high`
  readonly falsePerDay: number // that of the look if only this clock spoke: the same scale over all clocks
}

/** One look at a series. */
export interface Reading {
  readonly score: number // 0: nothing; how rare the counts are among the peaks of days, whatever the hour: mean over the clocks of −log10 of the share of days; in the first day −log10 of falsePerDay
  readonly falsePerDay: number // alarms a day that a threshold at this score brings when nothing is the matter
  readonly clock: number // which of the clocks stands out most: index
  readonly count: number // in that clock's window …
  readonly usual: number // … where it holds this on average
  readonly high: number // … and 99 of 100 hold at most this
  readonly clocks: readonly ClockReading[] // every clock, in the order of the detector's: the alarm ends by the short ones
}

const slicesPerDay = 288
/** Deviates of one clock: a normal one is above 2.5 about twice a day of slices, those of people's counts go on further. */
const clockTail = { threshold: 2.5, excess: 0.8, perDay: 2, declusterSeconds: 7200 } as const
/** The cubic mean of the rarities: one clock that shouts is heard, and clocks that agree are heard earlier. */
const allTail = { threshold: 2.1, excess: 0.4, perDay: 2, declusterSeconds: 7200 } as const
/** A window that is a good part of a day has no peak of a day. */
const peakSecondsMax = 14_400
const deviates = { of97: 1.96, of99: 2.326 } as const
/** Shorter windows are as many as these: a tail counts peaks, and minutes of one peak are one. */
const sideBySideMin = 300

/** 99 of 100 windows hold at most this, by the square root that makes the scatter of counts even; `dispersion`: variance over mean. */
export function highOf(usual: number, dispersion: number): number { return boundOf(usual, Math.sqrt(dispersion), deviates.of99) }

/** The square root of a count scatters by half. */
function boundOf(usual: number, spread: number, deviate: number): number { return (Math.sqrt(usual + 0.375) + (deviate / 2) * spread) ** 2 }

/**
 * The deviate that 99 of 100 windows side by side stay below, as the topic's own past has it. The band of a young topic, or of one that had a storm, is
 * wide: hardly one in a thousand windows goes above it, and none could be told as above 99 of 100. Not below 97½ of 100 by the band, nor above it.
 */
function deviateOf99(tail: Tail, seconds: number): number {
  const oneOf100 = 864 / Math.max(sideBySideMin, seconds) // windows a day
  return Math.min(deviates.of99, Math.max(deviates.of97, tail.valueOf(oneOf100)))
}

export class VelocityDetector implements Stateful {
  readonly #clocks: readonly number[]
  readonly #tails: readonly Tail[]
  readonly #all = new Tail(allTail)
  readonly #peaks: DayPeaks
  readonly #peakClocks: number // the first so many clocks have peaks of a day
  #looked = -1 // newest second

  constructor(clocks: readonly number[] = clockSeconds) {
    this.#clocks = clocks
    this.#tails = clocks.map(() => new Tail(clockTail))
    this.#peakClocks = Math.max(1, clocks.filter((seconds) => seconds <= peakSecondsMax).length)
    this.#peaks = new DayPeaks(this.#peakClocks)
  }

  /**
   * Looks at the windows that end with `second`; counts[i] is what that of clocks[i] holds. Seconds ascend. Null while too little is known.
   * `learns`: false while an alarm is open: what is told as an event is no example of what comes when nothing is the matter.
   */
  look(second: number, counts: ArrayLike<number>, baseline: Baseline, learns = true): Reading | null {
    if (!baseline.known) return null
    let sum = 0, heard = 0, most = -1, best = 0, peaks = 0
    const clocks: ClockReading[] = []
    for (let clock = 0; clock < this.#clocks.length; clock++) {
      const seconds = this.#clocks[clock]!, count = counts[clock]!
      if (clock < this.#peakClocks) peaks += this.#peaks.rarity(clock, count) / this.#peakClocks
      const usual = baseline.expected(second, seconds)
      const spread = Math.sqrt(baseline.dispersion(seconds, usual))
      const band = boundOf(usual, spread, deviates.of99)
      if (!baseline.covers(second, seconds)) {
        clocks.push({ seconds, count, usual, high: band, band, falsePerDay: mostPerDay })
        continue
      }
      const deviate = (2 * (Math.sqrt(count + 0.375) - Math.sqrt(usual + 0.375))) / spread
      const tail = this.#tails[clock]!
      const falsePerDay = tail.perDay(deviate)
      const high = boundOf(usual, spread, deviateOf99(tail, seconds))
      if (learns) tail.learn(second, deviate)
      else tail.pass(second)
      clocks.push({ seconds, count, usual, high, band, falsePerDay })
      const rarity = deviate > 0 ? Math.max(0, Math.log10(slicesPerDay / falsePerDay)) : 0
      sum += rarity ** 3
      heard++
      if (rarity > most) {
        most = rarity
        best = clock
      }
    }
    this.#peaks.learn(second, counts, this.#looked < 0 || baseline.covers(second, second - this.#looked))
    this.#looked = second
    if (heard === 0) return null
    const together = Math.cbrt(sum / heard)
    const falsePerDay = this.#all.perDay(together)
    if (learns) this.#all.learn(second, together)
    else this.#all.pass(second)
    const { count, usual, high } = clocks[best]!
    return { score: this.#peaks.known ? peaks : Math.max(0, -Math.log10(falsePerDay)), falsePerDay, clock: best, count, usual, high, clocks }
  }

  save(out: StateWriter): void {
    for (const tail of this.#tails) tail.save(out)
    this.#all.save(out)
    this.#peaks.save(out)
    out.number(this.#looked)
  }

  load(from: StateReader): void {
    for (const tail of this.#tails) tail.load(from)
    this.#all.load(from)
    this.#peaks.load(from)
    this.#looked = from.whole(-1)
  }
}
