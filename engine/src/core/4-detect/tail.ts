// How often a statistic comes as high as this when nothing is the matter: peaks over a threshold that follows, declustered (SPOT, Siffer KDD'17).
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** In days and in peaks; each with its reason. */
export const tailLearning = {
  perDay: 4, // so many peaks a day go above the threshold: rare enough to be tail, often enough to be learnt in a day
  declusterSeconds: 3600, // what comes again within an hour is the same peak
  priorPeaks: 6, // the prior weighs as much as so many peaks
  keptPeaks: 60, // about two weeks
  winsor: 4, // a peak counts as at most so many times the mean excess: a crisis is not the tail of normal
} as const
/** More often than once a minute is nothing rare at all. */
export const mostPerDay = 1440
const daySeconds = 86_400

/** Threshold and mean excess of an exponential tail. The threshold moves so that `perDay` separate peaks a day go above it: up with each peak, down with time. */
export class Tail implements Stateful {
  #threshold: number
  #excess: number
  #peaks: number = tailLearning.priorPeaks
  #newest = -1
  #aboveAt = Number.NEGATIVE_INFINITY // newest second above the threshold
  #top = 0 // largest excess of the peak under way

  /** Where nothing is known: `threshold` is gone above `perDay` times a day, by `excess` on average. */
  constructor(prior: { readonly threshold: number; readonly excess: number }) {
    this.#threshold = prior.threshold
    this.#excess = prior.excess
  }

  /** Times a day that separate peaks go above `value`; below the threshold the same line goes on, up to once a minute. */
  perDay(value: number): number {
    return Math.min(mostPerDay, tailLearning.perDay * Math.exp((this.#threshold - value) / this.#excess))
  }

  /** The value that is gone above as often a day. */
  valueOf(perDay: number): number { return this.#threshold + this.#excess * Math.log(tailLearning.perDay / perDay) }

  /** Seconds ascend. Time that was not looked at, an hour apart or more, is taken as looked at and calm. */
  learn(second: number, value: number): void {
    const step = (this.#excess * 2) / Math.min(this.#peaks, tailLearning.keptPeaks)
    if (this.#newest >= 0) this.#threshold -= (step * tailLearning.perDay * Math.min(second - this.#newest, daySeconds)) / daySeconds
    this.#newest = second
    if (value <= this.#threshold) return
    const fresh = second - this.#aboveAt > tailLearning.declusterSeconds
    this.#aboveAt = second
    const over = Math.min(value - this.#threshold, tailLearning.winsor * this.#excess)
    if (fresh) {
      this.#peaks = Math.min(this.#peaks + 1, tailLearning.keptPeaks)
      this.#excess += (over - this.#excess) / this.#peaks
      this.#threshold += step
      this.#top = over
    } else if (over > this.#top) {
      this.#excess += (over - this.#top) / this.#peaks // the peak is higher than it was when it began
      this.#top = over
    }
  }

  save(out: StateWriter): void { for (const one of [this.#threshold, this.#excess, this.#peaks, this.#newest, this.#aboveAt, this.#top]) out.number(one) }
  load(from: StateReader): void {
    this.#threshold = from.finite(-1e9)
    this.#excess = from.finite(1e-9)
    this.#peaks = from.finite(1)
    this.#newest = from.whole(-1)
    this.#aboveAt = from.number()
    this.#top = from.finite(-1e9)
  }
}
