// The shape of a week: how many times its usual level a series holds in each hour, with as much detail as has been seen.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

const hoursOfWeek = 168
const hourSeconds = 3600
// 1970-01-01 was a Thursday: hour 96 of a week that begins on Sunday.
const hourAtEpoch = 96

/** How strongly a cell leans on the one that is coarser: after as many times seen, or mentions over their dispersion, it is trusted by half. */
const leaning = { mentions: 20, hourOfDay: 0.5, dayType: 1.5, hourOfWeek: 2 } as const
/** Weeks after which a cell forgets: what lies further back weighs less and less. */
const weeksKept = 5

/**
 * Factors, mean 1, for 24 hours of the day, 24 hours of a weekday or a weekend day, and 168 hours of the week; each is shrunk
 * towards the one before (empirical Bayes, gamma-Poisson). 1.2 KB.
 */
export class Season implements Stateful {
  readonly #perHour: number
  readonly #factors = new Float32Array(24 + 48 + hoursOfWeek).fill(1)
  readonly #seen = new Uint16Array(24 + 48 + hoursOfWeek) // slices, up to what is kept

  constructor(sliceSeconds: number) { this.#perHour = Math.max(1, hourSeconds / sliceSeconds) }

  /** As many slices around `second` held `ratio` times the level each. */
  learn(second: number, ratio: number, slices = 1): void {
    const hour = hourOfWeek(second)
    this.#learnCell(hour % 24, ratio, slices, 7 * weeksKept)
    this.#learnCell(dayTypeCell(hour), ratio, slices, isWeekend(hour) ? 2 * weeksKept : 5 * weeksKept)
    this.#learnCell(72 + hour, ratio, slices, weeksKept)
  }

  /** The factor of the hour that holds `second`; `level`: mentions a slice over their dispersion: few make a cell less trusted. */
  ofHour(second: number, level: number): number {
    const hour = hourOfWeek(second)
    const day = this.#shrunk(hour % 24, level, leaning.hourOfDay, 1)
    return this.#shrunk(72 + hour, level, leaning.hourOfWeek, this.#shrunk(dayTypeCell(hour), level, leaning.dayType, day))
  }

  /** The factor at `second`, between the middles of two hours. */
  at(second: number, level: number): number {
    const offset = mod(second, hourSeconds) / hourSeconds - 0.5
    const near = this.ofHour(second, level)
    const other = this.ofHour(second + (offset < 0 ? -hourSeconds : hourSeconds), level)
    return near + (other - near) * Math.abs(offset)
  }

  /** Times that the hour of the day was seen, at most what is kept. */
  timesSeen(second: number): number { return this.#seen[hourOfWeek(second) % 24]! / this.#perHour }

  #learnCell(cell: number, ratio: number, slices: number, timesKept: number): void {
    const seen = Math.min(this.#seen[cell]! + slices, Math.floor(Math.min(65_535, timesKept * this.#perHour)))
    this.#seen[cell] = seen
    this.#factors[cell]! += ((ratio - this.#factors[cell]!) * slices) / Math.max(seen, slices)
  }

  #shrunk(cell: number, level: number, half: number, parent: number): number {
    const seen = this.#seen[cell]!
    if (seen === 0) return parent
    const times = seen / this.#perHour
    const trust = Math.min(times / (times + half), (seen * level) / (seen * level + leaning.mentions))
    return parent + (this.#factors[cell]! - parent) * trust
  }

  save(out: StateWriter): void {
    out.array(new Uint32Array(this.#factors.buffer))
    out.array(Uint32Array.from(this.#seen))
  }

  load(from: StateReader): void {
    const factors = new Float32Array(from.words().buffer), seen = from.words()
    if (factors.length !== this.#factors.length || seen.length !== this.#seen.length) from.refuse(`a season of ${factors.length} factors and ${seen.length} cells seen`)
    if (factors.some((factor) => !(factor >= 0 && factor < 1e6))) from.refuse('a factor of a season is not a number from 0')
    this.#factors.set(factors)
    this.#seen.set(seen)
  }
}

const mod = (value: number, of: number): number => value - of * Math.floor(value / of)
const hourOfWeek = (second: number): number => mod(Math.floor(second / hourSeconds) + hourAtEpoch, hoursOfWeek)
/** Sunday is day 0, Saturday day 6 (UTC). */
const isWeekend = (hour: number): boolean => hour < 24 || hour >= 144
const dayTypeCell = (hour: number): number => (isWeekend(hour) ? 24 : 48) + (hour % 24)
