// What is normal for a series of counts at this hour of this week.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

export const baselineLimits = { sliceSeconds: 300, hoursBack: 28 * 24 } as const

export class Baseline implements Stateful {
  readonly sliceSeconds: number
  #level = 0
  #slices = 0
  #newest = -1

  constructor(sliceSeconds: number = baselineLimits.sliceSeconds) { this.sliceSeconds = sliceSeconds }

  /** Whether enough is known to say what is normal. */
  get known(): boolean { return this.#slices >= 12 }
  /** The newest slice that was learnt; −1: none. */
  get newest(): number { return this.#newest }

  /** A closed slice, ascending: what it held, null where nothing can be said of it: missing is not zero. Slices that are left out are missing. */
  learn(slice: number, count: number | null): void {
    this.#newest = slice
    if (count === null) return
    this.#slices++
    this.#level += (count - this.#level) / Math.min(this.#slices, 288)
  }

  /** Mentions that the `seconds` up to and with `second` hold on average when nothing is the matter. */
  expected(second: number, seconds: number): number {
    void second
    return (this.#level * seconds) / this.sliceSeconds
  }

  /** Variance over mean of such a window, at least 1. */
  dispersion(seconds: number): number { return 1 + seconds / 3600 }

  /** Begins with a past by the hour, ascending: [hour since 1970, mentions]; hours between the first and `to` that are left out held nothing. */
  warmUp(hours: readonly (readonly [number, number])[], to: number): void {
    const of = new Map(hours)
    const slices = 3600 / this.sliceSeconds
    for (let hour = hours[0]?.[0] ?? to; hour < to; hour++) for (let i = 0; i < slices; i++) this.learn(hour * slices + i, (of.get(hour) ?? 0) / slices)
  }

  save(out: StateWriter): void { for (const one of [this.#level, this.#slices, this.#newest]) out.number(one) }
  load(from: StateReader): void {
    this.#level = from.finite(0)
    this.#slices = from.whole(0)
    this.#newest = from.whole(-1)
  }
}
