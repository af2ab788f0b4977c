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

// Cells:  24 hours of a weekend day │ 24 hours of a weekday │ 168 hours of the week, from Sunday 0:00 UTC
const dayTypes = 2 * 24
const cells = dayTypes + hoursOfWeek

/**
 * Factors, mean 1, for the hours of the day, of a weekday or a weekend day, and of the week; each is shrunk towards the one before
 * (empirical Bayes, gamma-Poisson). 1.3 KB.
 */
export class Season implements Stateful {
  readonly #perHour: number
  readonly #factors: Float32Array
  readonly #seen: Uint16Array // slices, up to what is kept

  constructor(sliceSeconds: number) {
    this.#perHour = Math.max(1, hourSeconds / sliceSeconds)
    const bytes = new ArrayBuffer(6 * cells)
    this.#factors = new Float32Array(bytes, 0, cells)
    this.#seen = new Uint16Array(bytes, 4 * cells)
  }

  /** As many slices around `second` held `ratio` times the level each. */
  learn(second: number, ratio: number, slices = 1): void {
    const hour = hourOfWeek(second)
    this.#learnCell(dayTypeCell(hour), ratio, slices, isWeekend(hour) ? 2 * weeksKept : 5 * weeksKept)
    this.#learnCell(dayTypes + hour, ratio, slices, weeksKept)
  }

  /** Slices that it was taught, as far as it keeps them. */
  get slices(): number {
    let seen = 0
    for (let cell = 0; cell < dayTypes; cell++) seen += this.#seen[cell]!
    return seen
  }

  /** The factor of the hour that holds `second`; `level`: mentions a slice over their dispersion: few make a cell less trusted. */
  ofHour(second: number, level: number): number { return this.#ofHour(hourOfWeek(second), level) }

  /** The factor at `second`, between the middles of two hours. */
  at(second: number, level: number): number {
    const hours = second / hourSeconds
    const offset = hours - Math.floor(hours) - 0.5
    const hour = hourOfWeek(second)
    const near = this.#ofHour(hour, level)
    const other = this.#ofHour(offset < 0 ? (hour === 0 ? hoursOfWeek - 1 : hour - 1) : hour === hoursOfWeek - 1 ? 0 : hour + 1, level)
    return near + (other - near) * Math.abs(offset)
  }

  #ofHour(hour: number, level: number): number {
    const weekend = hour % 24, weekday = weekend + 24
    const onWeekends = this.#seen[weekend]!, onWeekdays = this.#seen[weekday]!
    const seen = onWeekends + onWeekdays
    if (seen === 0) return 1
    const mean = (this.#factors[weekend]! * onWeekends + this.#factors[weekday]! * onWeekdays) / seen
    const day = 1 + (mean - 1) * this.#trust(seen, level, leaning.hourOfDay)
    const type = this.#shrunk(isWeekend(hour) ? weekend : weekday, level, leaning.dayType, day)
    return this.#shrunk(dayTypes + hour, level, leaning.hourOfWeek, type)
  }

  /** Times that the hour of the day was seen, at most what is kept. */
  timesSeen(second: number): number {
    const hour = hourOfWeek(second) % 24
    return (this.#seen[hour]! + this.#seen[hour + 24]!) / this.#perHour
  }

  #learnCell(cell: number, ratio: number, slices: number, timesKept: number): void {
    const seen = Math.min(this.#seen[cell]! + slices, Math.floor(Math.min(65_535, timesKept * this.#perHour)))
    this.#seen[cell] = seen
    this.#factors[cell]! += ((ratio - this.#factors[cell]!) * slices) / Math.max(seen, slices)
  }

  #shrunk(cell: number, level: number, half: number, parent: number): number {
    const seen = this.#seen[cell]!
    return seen === 0 ? parent : parent + (this.#factors[cell]! - parent) * this.#trust(seen, level, half)
  }

  #trust(seen: number, level: number, half: number): number {
    const times = seen / this.#perHour, mentions = seen * level
    return Math.min(times / (times + half), mentions / (mentions + leaning.mentions))
  }

  save(out: StateWriter): void { out.array(new Uint8Array(this.#factors.buffer)) }

  load(from: StateReader): void {
    const bytes = from.bytes()
    if (bytes.length !== 6 * cells) from.refuse(`a season of ${bytes.length} bytes`)
    if (new Float32Array(bytes.buffer, 0, cells).some((factor) => !(factor >= 0 && factor < 1e6))) from.refuse('a factor of a season is not a number from 0')
    new Uint8Array(this.#factors.buffer).set(bytes)
  }
}

/** Hours since Sunday 0:00 UTC: 0 … 167. */
export function hourOfWeek(second: number): number {
  const hour = Math.floor(second / hourSeconds) + hourAtEpoch
  return hour - hoursOfWeek * Math.floor(hour / hoursOfWeek)
}
const isWeekend = (hour: number): boolean => hour < 24 || hour >= 144
const dayTypeCell = (hour: number): number => (isWeekend(hour) ? 0 : 24) + (hour % 24)
