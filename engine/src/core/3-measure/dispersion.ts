// How much wider than a Poisson series a series scatters, in a slice and in an hour of slices that lean on each other.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Before anything is seen mentions are taken to scatter this many times as widely as if nobody repeated anybody. */
const prior = { dispersion: 2, slices: 24, hours: 6 } as const
/** A week of slices: what lies further back weighs less and less. */
const daysKept = 7
/** One squared residual counts at most this many times the mean one: a crisis is not scatter. */
const clip = 9

/** Variance over mean (quasi-Poisson), per slice and per hour, both clipped means; between and beyond them a power of the window's length. */
export class Dispersion implements Stateful {
  readonly #perHour: number
  readonly #keptSlices: number
  #slice: number = prior.dispersion
  #slices: number = prior.slices
  #hour: number = 2 * prior.dispersion
  #hours: number = prior.hours
  #growth = 0.3 // exponent by which dispersion grows with the window's length: of the last whole hour
  #count = 0 // of the hour under way, clipped
  #expected = 0
  #held = 0 // slices of it

  constructor(sliceSeconds: number) {
    this.#perHour = Math.max(1, Math.round(3600 / sliceSeconds))
    this.#keptSlices = (daysKept * 86_400) / sliceSeconds
  }

  /** Of one slice. */
  get ofSlice(): number { return Math.max(1, this.#slice) }

  /** Of a window of as many slices: 1 for an instant, growing with the length as far as slices lean on each other. */
  of(slices: number): number {
    const slice = this.ofSlice
    if (slices <= 1 || this.#perHour === 1) return 1 + (slice - 1) * Math.min(1, slices)
    return slice * slices ** this.#growth
  }

  /** A slice held `count` (clipped by the caller) where `expected` was expected. */
  learn(count: number, expected: number): void {
    const square = (count - expected) ** 2 / Math.max(expected, 0.05)
    this.#slices = Math.min(this.#slices + 1, this.#keptSlices)
    this.#slice += (Math.min(square, clip * this.#slice) - this.#slice) / this.#slices
    this.#count += count
    this.#expected += expected
    if (++this.#held < this.#perHour) return
    this.learnHour(this.#count, this.#expected)
    this.endHour()
  }

  /** A whole hour, of which no slices are known where it comes from outside. */
  learnHour(count: number, expected: number): void {
    const square = (count - expected) ** 2 / Math.max(expected, 0.05)
    this.#hours = Math.min(this.#hours + 1, 24 * daysKept)
    this.#hour += (Math.min(square, clip * this.#hour) - this.#hour) / this.#hours
    if (this.#perHour > 1) this.#growth = Math.min(1, Math.max(0, Math.log(Math.max(1, this.#hour) / this.ofSlice) / Math.log(this.#perHour)))
  }

  /** Takes what slices scatter from what hours do, half way between slices that know nothing of each other and slices that are one. */
  assumeSlices(): void {
    this.#slice = Math.max(1, this.#hour / Math.sqrt(this.#perHour))
    this.#growth = 0.5
  }

  /** A slice is missing: the hour under way is given up. */
  endHour(): void { this.#count = this.#expected = this.#held = 0 }

  save(out: StateWriter): void { for (const one of [this.#slice, this.#slices, this.#hour, this.#hours, this.#growth, this.#count, this.#expected, this.#held]) out.number(one) }
  load(from: StateReader): void {
    this.#slice = from.finite(0)
    this.#slices = from.finite(1)
    this.#hour = from.finite(0)
    this.#hours = from.finite(1)
    this.#growth = from.finite(0)
    this.#count = from.finite(0)
    this.#expected = from.finite(0)
    this.#held = from.whole(0, this.#perHour)
  }
}
