// How often a day holds a window as full as this one: the peaks of past days, whatever the hour, as a Gumbel law of their logarithms (block maxima).
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** In seconds, days and mentions; each with its reason. */
const learning = {
  quarter: 21_600, // a peak of the last 24 hours is taken every six hours: four times the samples of calendar days
  daysKept: [3, 30], // what the last days held and what the last month held are asked apart, and have to agree
  offset: 3, // mentions added before the logarithm: from none to three is no explosion
  priorDays: 3, // what is taken for normal scatter weighs as much as so many days …
  priorSpread: 0.8, // … and is a factor of e^0.8 ≈ 2.2
} as const
const quartersOfDay = 4
const memories = learning.daysKept.length
const eulerGamma = 0.577_215_664_9
const everyDay = -3 // below it all but one day in a billion hold as much
const certain = 12 // beyond it the tail of the law is its exponential to nine digits

// One window:  quarter 0 … 3 of the day │ peak of the quarter under way │ per memory: weight, mean, squares, location, scale
const perMemory = 5
const stride = quartersOfDay + 1 + perMemory * memories

/** Peaks of as many windows, which are much shorter than a day. About 120 bytes a window. */
export class DayPeaks implements Stateful {
  readonly #of: Float64Array
  readonly #windows: number
  #quarter = -1 // since 1970, under way
  #held = 0 // quarters of the day that lie behind it without a gap
  #known = false

  constructor(windows: number) {
    this.#windows = windows
    this.#of = new Float64Array(windows * stride)
    this.#forgetDay()
  }

  /** Whether a whole day was seen. */
  get known(): boolean { return this.#known }

  /** −log10 of the share of days that hold such a window, mean over the memories; 0 while nothing is known. */
  rarity(window: number, count: number): number {
    if (!this.#known) return 0
    const value = Math.log(count + learning.offset)
    let sum = 0
    for (let memory = 0; memory < memories; memory++) {
      const at = window * stride + quartersOfDay + 1 + memory * perMemory
      const reduced = (value - this.#of[at + 3]!) / this.#of[at + 4]!
      if (reduced > everyDay) sum += reduced > certain ? reduced : -Math.log(-Math.expm1(-Math.exp(-reduced)))
    }
    return sum / (memories * Math.LN10)
  }

  /** counts[i] is what window i holds that ends with `second`, ascending; `covered`: what was not looked at since the last time held nothing, and is no gap. */
  learn(second: number, counts: ArrayLike<number>, covered: boolean): void {
    const quarter = Math.floor(second / learning.quarter)
    if (this.#quarter >= 0 && quarter > this.#quarter) this.#close(quarter, covered)
    this.#quarter = quarter
    for (let window = 0; window < this.#windows; window++) {
      const at = window * stride + quartersOfDay
      this.#of[at] = Math.max(this.#of[at]!, counts[window]!)
    }
  }

  #close(quarter: number, covered: boolean): void {
    if (!covered && quarter - this.#quarter > 1) return this.#forgetDay()
    const quarters = Math.min(quarter - this.#quarter, quartersOfDay * 2 * learning.daysKept.at(-1)!)
    for (let i = 0; i < quarters; i++) {
      this.#held = Math.min(this.#held + 1, quartersOfDay)
      for (let window = 0; window < this.#windows; window++) this.#closeWindow(window * stride, (this.#quarter + i) % quartersOfDay)
      this.#known ||= this.#held === quartersOfDay
    }
  }

  #closeWindow(start: number, quarter: number): void {
    const of = this.#of
    of[start + quarter] = of[start + quartersOfDay]!
    of[start + quartersOfDay] = 0
    if (this.#held < quartersOfDay) return
    const peak = Math.log(Math.max(of[start]!, of[start + 1]!, of[start + 2]!, of[start + 3]!) + learning.offset)
    const share = 1 / quartersOfDay
    for (let memory = 0; memory < memories; memory++) {
      const at = start + quartersOfDay + 1 + memory * perMemory
      const keep = Math.exp(-share / learning.daysKept[memory]!)
      const weight = of[at]! * keep + share
      const distance = peak - of[at + 1]!
      const mean = of[at + 1]! + (distance * share) / weight
      const squares = of[at + 2]! * keep + share * distance * (peak - mean)
      const variance = (squares + learning.priorDays * learning.priorSpread ** 2) / (weight + learning.priorDays)
      const scale = Math.sqrt(6 * variance) / Math.PI // moments of a Gumbel law
      of[at] = weight
      of[at + 1] = mean
      of[at + 2] = squares
      of[at + 3] = mean - eulerGamma * scale
      of[at + 4] = scale
    }
  }

  #forgetDay(): void {
    this.#held = 0
    for (let window = 0; window < this.#windows; window++) this.#of.fill(0, window * stride, window * stride + quartersOfDay + 1)
  }

  save(out: StateWriter): void {
    for (const one of [this.#quarter, this.#held, this.#known ? 1 : 0]) out.number(one)
    out.array(this.#of)
  }

  load(from: StateReader): void {
    this.#quarter = from.whole(-1)
    this.#held = from.whole(0, quartersOfDay)
    this.#known = from.whole(0, 1) === 1
    const of = from.floats()
    if (of.length !== this.#of.length || !of.every((one) => Number.isFinite(one))) from.refuse(`the peaks of days are ${of.length} numbers`)
    this.#of.set(of)
  }
}
