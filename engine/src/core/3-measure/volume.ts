// The volume of all counted mentions together, for the totals on the wall.
import { SliceWheel } from './slice-wheel.ts'

export class Volume {
  readonly minutes = new SliceWheel({ lengths: [], retained: 61 })
  readonly #seconds = new SliceWheel({ lengths: [60], retained: 60 })

  add(second: number, clock: number): void {
    this.#seconds.add(second, clock)
    this.minutes.add((second / 60) >>> 0, (clock / 60) >>> 0)
  }

  /** Mentions of the 60 s that end with the running second. */
  perMinute(clock: number): number { return clock < 0 ? 0 : this.#seconds.sumAt(0, clock) }
}
