// The volume of all counted mentions together, for the totals on the wall.
import type { StateReader, StateWriter } from '../state.ts'
import { SliceWheel } from './slice-wheel.ts'

export class Volume {
  readonly minutes = new SliceWheel({ lengths: [], retained: 61 })
  readonly #seconds = new SliceWheel({ lengths: [60], retained: 60 })

  add(second: number, clock: number): void {
    this.#seconds.add(second, clock)
    this.minutes.add((second / 60) >>> 0, (clock / 60) >>> 0)
  }

  /** What was counted before: slices of the last minute and of the last hour, ascending, none ahead of the clock. */
  recall(past: { readonly seconds: readonly (readonly [number, number])[]; readonly minutes: readonly (readonly [number, number])[] }, clock: number): void {
    for (const [second, count] of past.seconds) this.#seconds.add(second, clock, count)
    for (const [minute, count] of past.minutes) this.minutes.add(minute, Math.floor(clock / 60), count)
  }

  /** Mentions of the 60 s that end with the running second. */
  perMinute(clock: number): number { return clock < 0 ? 0 : this.#seconds.sumAt(0, clock) }

  save(out: StateWriter): void {
    this.minutes.save(out)
    this.#seconds.save(out)
  }

  load(from: StateReader, clock: number): void {
    this.minutes.load(from, Math.floor(clock / 60))
    this.#seconds.load(from, clock)
  }
}
