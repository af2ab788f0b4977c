// Since when a series is not normal: for each of several growth factors a cumulative sum of how much better "grown by this factor"
// explains the counts than "normal" does. The last second at which the strongest sum was zero is the most likely beginning.
//
//   counts     ▁▁▂▁▁▁▃▅█▇█      sum    ▁▁▁▁▁▁▂▄▆▇█
//                   ▲ the last zero: the counts left normal behind it
//
// Page, "Continuous inspection schemes", Biometrika 1954; that the last zero estimates the change: Hinkley 1970.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Growth factors that are weighed against each other: a slow burn doubles, a flash on a topic of one mention a week is fifty thousandfold. */
export const onsetFactors = [2, 8, 32, 128, 1024, 8192, 65_536] as const
const logs = onsetFactors.map(Math.log)
/** A topic that was never mentioned still is expected this often a second: else one stray mention a year ago began everything. */
const usualMin = 1 / 600_000

export class Onset implements Stateful {
  readonly #sums = new Float64Array(onsetFactors.length)
  readonly #zeroAt = new Float64Array(onsetFactors.length).fill(-1) // last second at which the sum was zero
  #at = -1

  /** The `seconds` that end with `second` held `count` where `usual` is normal; what lies between this and the last look held nothing. */
  add(second: number, { seconds, count, usual }: { readonly seconds: number; readonly count: number; readonly usual: number }): void {
    const rate = Math.max(usual / seconds, usualMin)
    const from = this.#at < 0 ? second - seconds : Math.min(second, Math.max(this.#at, second - seconds))
    const silent = this.#at < 0 ? 0 : Math.max(0, from - this.#at)
    for (let i = 0; i < onsetFactors.length; i++) {
      const fall = (onsetFactors[i]! - 1) * rate
      const before = this.#at < 0 ? 0 : this.#sums[i]! - fall * silent
      if (before <= 0) this.#zeroAt[i] = from
      const sum = Math.max(0, before) + (from < second ? count * logs[i]! - fall * (second - from) : 0)
      if (sum <= 0) this.#zeroAt[i] = second
      this.#sums[i] = Math.max(0, sum)
    }
    this.#at = second
  }

  /** First second of the most likely beginning; the one behind the last look where nothing speaks for any. */
  get since(): number {
    let best = 0
    for (let i = 1; i < onsetFactors.length; i++) if (this.#sums[i]! > this.#sums[best]!) best = i
    return this.#zeroAt[best]! + 1
  }

  /** Nothing can be said of what lies between the last look and the end of `second`. */
  skip(second: number): void {
    if (this.#at < 0) this.forget(second)
    else this.#at = second
  }

  /** Whatever began before the end of `second` is over, or nothing is known of it. */
  forget(second: number): void {
    this.#sums.fill(0)
    this.#zeroAt.fill(second)
    this.#at = second
  }

  save(out: StateWriter): void {
    out.number(this.#at)
    out.array(this.#sums)
    out.array(this.#zeroAt)
  }

  load(from: StateReader): void {
    this.#at = from.whole(-1)
    const sums = from.floats()
    const zeroAt = from.floats()
    if (sums.length !== onsetFactors.length || zeroAt.length !== onsetFactors.length) from.refuse(`there are ${sums.length} sums and ${zeroAt.length} zeros of ${onsetFactors.length} factors`)
    for (const sum of sums) if (!(sum >= 0 && sum < Infinity)) from.refuse(`${sum} is no sum`)
    for (const second of zeroAt) if (!Number.isInteger(second) || second > this.#at) from.refuse(`a sum was zero at ${second}, the newest look is at ${this.#at}`)
    this.#sums.set(sums)
    this.#zeroAt.set(zeroAt)
  }
}
