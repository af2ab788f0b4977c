// How often a statistic comes as high as this when nothing is the matter: peaks over a threshold that follows, declustered (SPOT, Siffer KDD'17).
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** What is taken for normal before anything is seen, and what a peak is. */
export interface TailSettings {
  readonly threshold: number // gone above `perDay` times a day …
  readonly excess: number // … by this on average
  readonly perDay: number // so many separate peaks a day are to go above the threshold: rare enough to be tail, often enough to be learnt
  readonly declusterSeconds: number // what comes again within this time, or goes on for less, is the same peak
}

/** In peaks; each with its reason. */
const learning = {
  prior: 4, // what was taken for normal weighs as much as so many peaks
  kept: 15, // a week or two: what is normal changes
  daysKept: 7, // without peaks that say otherwise what was taken for normal comes back within weeks: a storm is no reason to be deaf for months
  winsor: 3, // a peak counts as at most so many times the mean excess: a crisis is not the tail of normal
  step: 2, // a peak moves the threshold by so many mean excesses, divided among the peaks kept
  least: 0.5, // threshold and excess do not sink below this share of what they began as: silence is no proof
} as const
const daySeconds = 86_400
/** More often than once a minute is nothing rare at all. */
export const mostPerDay = 1440

/** Threshold and mean excess of an exponential tail (GPD of shape 0). The threshold moves so that `perDay` peaks a day go above it: up with each, down with time. */
export class Tail implements Stateful {
  readonly #settings: TailSettings
  #threshold: number
  #excess: number
  #peaks: number = learning.prior
  #newest = -1
  #begun = -1 // second in which the peak under way, or the last one, began
  #above = -1 // newest second above the threshold
  #top = 0 // largest excess of that peak

  constructor(settings: TailSettings) {
    this.#settings = settings
    this.#threshold = settings.threshold
    this.#excess = settings.excess
  }

  /** Times a day that separate peaks go above `value`; below the threshold the same line goes on, up to once a minute. */
  perDay(value: number): number { return Math.min(mostPerDay, this.#settings.perDay * Math.exp((this.#threshold - value) / this.#excess)) }

  /** The value that is gone above as often a day. */
  valueOf(perDay: number): number { return this.#threshold + this.#excess * Math.log(this.#settings.perDay / perDay) }

  /** Seconds ascend. Time that was not looked at is calm. */
  learn(second: number, value: number): void {
    const { threshold, excess, perDay, declusterSeconds } = this.#settings
    if (this.#newest >= 0 && this.#excess > excess) this.#forget((second - this.#newest) / daySeconds)
    const step = (this.#excess * learning.step) / Math.min(this.#peaks, learning.kept)
    if (this.#newest >= 0) this.#threshold = Math.max(threshold * learning.least, this.#threshold - (step * perDay * (second - this.#newest)) / daySeconds)
    this.#newest = second
    if (value <= this.#threshold) return
    const fresh = this.#above < 0 || second - this.#above > declusterSeconds || second - this.#begun > declusterSeconds
    this.#above = second
    const over = Math.min(value - this.#threshold, learning.winsor * this.#excess)
    if (fresh) {
      this.#begun = second
      this.#peaks = Math.min(this.#peaks + 1, learning.kept)
      this.#excess += (over - this.#excess) / this.#peaks
      this.#threshold += step
      this.#top = over
    } else if (over > this.#top) {
      this.#excess += (over - this.#top) / this.#peaks // the peak is higher than when it began
      this.#top = over
    }
    this.#excess = Math.max(this.#excess, excess * learning.least)
  }

  /** What lies between the last look and the end of `second` is no example: it was neither calm nor a peak. */
  pass(second: number): void { this.#newest = second }

  /** Where peaks were wilder than what is taken for normal they weigh less with time; what was found tamer than that stays known. */
  #forget(days: number): void {
    const keep = Math.exp(-days / learning.daysKept)
    const peaks = learning.prior + (this.#peaks - learning.prior) * keep
    this.#excess = this.#settings.excess + ((this.#excess - this.#settings.excess) * this.#peaks * keep) / peaks
    this.#peaks = peaks
  }

  save(out: StateWriter): void { for (const one of [this.#threshold, this.#excess, this.#peaks, this.#newest, this.#begun, this.#above, this.#top]) out.number(one) }
  load(from: StateReader): void {
    this.#threshold = from.finite(0)
    this.#excess = from.finite(1e-9)
    this.#peaks = from.finite(learning.prior)
    this.#newest = from.whole(-1)
    this.#begun = from.whole(-1)
    this.#above = from.whole(-1)
    this.#top = from.finite(0)
  }
}
