// Days and nights as the room's clocks have them, summer time included.
export const night = { fromHour: 22, toHour: 7 } as const

const quarterMs = 900_000 // no zone is off by less
const keptMax = 20_000 // quarters: more than half a year of them

export class RoomDays {
  readonly #format: Intl.DateTimeFormat
  readonly #kept = new Map<number, { readonly day: number; readonly hour: number }>()

  /** `zone`: an IANA name that is known to be one; another throws RangeError. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  }

  /** ms at which the room's day of `ms` began. */
  dayOf(ms: number): number { return this.#of(ms).day }

  /** From 22 to 7 on the room's clock. */
  isNight(ms: number): boolean {
    const { hour } = this.#of(ms)
    return hour >= night.fromHour || hour < night.toHour
  }

  #of(ms: number): { readonly day: number; readonly hour: number } {
    const quarter = Math.floor(ms / quarterMs)
    const known = this.#kept.get(quarter)
    if (known !== undefined) return known
    if (this.#kept.size >= keptMax) this.#kept.clear()
    const start = quarter * quarterMs
    const { hour, minute } = this.#clock(start)
    let day = start - (60 * hour + minute) * 60_000
    const at = this.#clock(day) // not midnight where summer time began or ended since
    if (at.hour !== 0 || at.minute !== 0) day += at.hour >= 12 ? (24 * 60 - (60 * at.hour + at.minute)) * 60_000 : -(60 * at.hour + at.minute) * 60_000
    const found = { day, hour }
    this.#kept.set(quarter, found)
    return found
  }

  #clock(ms: number): { readonly hour: number; readonly minute: number } {
    const parts = this.#format.formatToParts(ms)
    const of = (type: 'hour' | 'minute'): number => Number(parts.find((part) => part.type === type)!.value)
    return { hour: of('hour'), minute: of('minute') }
  }
}
