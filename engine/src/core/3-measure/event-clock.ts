// The event clock: the newest second among counted mentions. It says which mentions come too late, and how far an idle tick may move it.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

export const clockLimits = { lateSecondsMax: 600, idleMsMax: 120_000, secondMax: 0xffff_ffff } as const

export class EventClock implements Stateful {
  #second = -1

  constructor(second: number | null = null) {
    if (second !== null) this.#second = second
  }

  /** The running second, since 1970; null before the first counted mention. */
  get second(): number | null { return this.#second < 0 ? null : this.#second }

  /** As `second`, with −1 for "no clock": for the hot loop. */
  get raw(): number { return this.#second }

  /** More than ten minutes behind the clock. Before the first mention nothing is late. */
  isLate(second: number): boolean { return second < this.#second - clockLimits.lateSecondsMax }

  /** The clock never runs backwards. */
  moveTo(second: number): void {
    if (second > this.#second) this.#second = second
  }

  /** Where an idle tick at `now` (ms) moves the clock, or null where it stays: without a clock, over 2 min from `now`, or backwards. */
  idleTarget(now: number): number | null {
    if (this.#second < 0 || Math.abs(now - this.#second * 1000) > clockLimits.idleMsMax) return null
    const target = Math.floor(now / 1000)
    return target > this.#second ? target : null
  }

  save(out: StateWriter): void { out.number(this.#second) }

  load(from: StateReader): void { this.#second = from.whole(-1, clockLimits.secondMax) }
}
