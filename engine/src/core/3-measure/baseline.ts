// What is normal for a series of counts at this hour of this week: a level that follows, a season, and how widely counts scatter around both.
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { Dispersion } from './dispersion.ts'
import { Season } from './season.ts'

export const baselineLimits = { sliceSeconds: 300, hoursBack: 28 * 24 } as const

/** In hours, and in standard deviations; each with its reason. */
const learning = {
  gapMax: 1, // a longer gap makes the windows that hold it say nothing; a shorter one makes them a little deaf
  knownAfter: 0.5, // nothing is said of a topic in its first half hour
  levelYoung: 4, // while the hours of the day are unknown the level must follow the day itself
  levelKept: 48, // afterwards what is normal changes from day to day, slowly
  aboveDay: 2, // times that the level may be above what the season is measured against
  dayKept: 72, // what the season is measured against: whole days, so that the hours of a day share one measure
  recentKept: 6, // what a new level is read from when it is accepted
  shiftAfter: 24, // so long above the band is a new normal, no crisis
  shiftShare: 0.75, // of the time since the first mention: as good a reason
  clip: 3, // a slice counts as at most so many deviations above what was expected (Noufaily 2013 weights such down likewise)
  unseenHour: 0.4, // relative deviation of an hour of the day that was never seen
  priorSlices: 2, // the level begins as if so many slices had held what `priorCount` says
  priorCount: 0.1,
} as const

/** Windows longer than this are summed by two hours, shorter ones by the hour. */
const longSeconds = 14_400
/** Slices longer than five minutes: so many at least, of what is known and of a new level. */
const slicesLeast = 6

/** What a light baseline takes from a larger one: a platform of a topic has the topic's season, and its own level and scatter (about 300 bytes). */
export interface BorrowedSeason { readonly season: Baseline }

export class Baseline implements Stateful {
  readonly sliceSeconds: number
  readonly #season: Season
  readonly #ownSeason: boolean
  readonly #dispersion: Dispersion
  readonly #perHour: number
  #level: number = learning.priorCount // mentions a slice, season apart
  #levelSlices: number = learning.priorSlices // that it rests on
  #day = 0 // the same, slower, season included, from the first mention on; 0: there was none
  #recent = 0
  #above = 0 // slices above the band, less those that were not
  #slices = 0
  #newest = -1
  #counted = -1 // newest slice that was learnt and not missing
  #gapEnd = -1 // first slice behind the newest long gap: windows that reach before it hold too little

  constructor(sliceSeconds: number = baselineLimits.sliceSeconds, borrowed: BorrowedSeason | null = null) {
    this.sliceSeconds = sliceSeconds
    this.#perHour = 3600 / sliceSeconds
    this.#ownSeason = borrowed === null
    this.#season = borrowed ? borrowed.season.#season : new Season(sliceSeconds)
    this.#dispersion = new Dispersion(sliceSeconds)
  }

  /** Whether enough is known to say what is normal. */
  get known(): boolean { return this.#slices >= Math.max(slicesLeast, learning.knownAfter * this.#perHour) }
  /** The newest slice that was learnt; −1: none. */
  get newest(): number { return this.#newest }
  /** The second from which on it learnt, had no slice been missing; later than that where some were. null: it learnt nothing. */
  get learntFrom(): number | null { return this.#slices === 0 ? null : Math.round(this.#counted + 1 - this.#slices) * this.sliceSeconds }

  /** A closed slice, ascending: what it held, null where nothing can be said of it: missing is not zero. Slices that are left out are missing. */
  learn(slice: number, count: number | null): void {
    this.#newest = slice
    const next = count === null ? slice + 1 : slice
    if (this.#counted < 0 || next - this.#counted > 1 + learning.gapMax * this.#perHour) this.#gapEnd = next
    if (count === null) return
    if (slice !== this.#counted + 1) this.#dispersion.endHour()
    this.#counted = slice
    const second = (slice + 0.5) * this.sliceSeconds
    const factor = this.#factorAt(second)
    const usual = this.#level * factor
    const deviation = Math.sqrt(this.#variance(usual, 1))
    const clipped = this.known ? Math.min(count, usual + learning.clip * deviation) : count
    if (this.#above >= slicesLeast) this.#dispersion.endHour() // what stays above the band is a level that moves, no scatter
    else if (this.known) this.#dispersion.learn(clipped, usual)
    this.#learnLevel(second, { clipped, factor, slices: 1 })
    this.#followShift(count, { usual, deviation, factor })
  }

  /** Whether the window that ends with `second` lies in what was learnt without a gap. */
  covers(second: number, seconds: number): boolean { return second + 1 - seconds >= this.#gapEnd * this.sliceSeconds }

  /** Mentions that the `seconds` up to and with `second` hold on average when nothing is the matter. */
  expected(second: number, seconds: number): number {
    const slices = seconds / this.sliceSeconds
    if (seconds <= Math.max(3600, this.sliceSeconds)) return this.#level * slices * this.#factorAt(second + 1 - seconds / 2)
    const pieces = Math.ceil(seconds / (seconds > longSeconds ? 7200 : 3600))
    let factors = 0
    for (let piece = 0; piece < pieces; piece++) factors += this.#season.ofHour(second + 1 - ((piece + 0.5) * seconds) / pieces, this.#trusted)
    return (this.#level * slices * factors) / pieces
  }

  /** Variance over mean of such a window, at least 1; `usual`: what it holds on average, of which more make the doubt about the level weigh more. */
  dispersion(seconds: number, usual: number = (this.#level * seconds) / this.sliceSeconds): number {
    return this.#variance(usual, seconds / this.sliceSeconds) / Math.max(usual, 1e-9)
  }

  /** Begins with a past by the hour, ascending: [hour since 1970, mentions]; hours between the first and `to` that are left out held nothing. */
  warmUp(hours: readonly (readonly [number, number])[], to: number): void {
    const of = new Map(hours)
    if (hours.length > 0) this.#gapEnd = Math.ceil((hours[0]![0] * 3600) / this.sliceSeconds)
    for (let hour = hours[0]?.[0] ?? to; hour < to; hour++) this.#learnHour(hour, of.get(hour) ?? 0)
    if (this.#slices >= 24 * this.#perHour) this.#dispersion.assumeSlices()
  }

  #learnHour(hour: number, count: number): void {
    const second = (hour + 0.5) * 3600
    const factor = this.#factorAt(second)
    const usual = this.#level * factor * this.#perHour
    const deviation = Math.sqrt(this.#variance(usual, this.#perHour))
    const clipped = this.known ? Math.min(count, usual + learning.clip * deviation) : count
    if (this.known) this.#dispersion.learnHour(clipped, usual)
    this.#learnLevel(second, { clipped: clipped / this.#perHour, factor, slices: this.#perHour })
    this.#followShift(count / this.#perHour, { usual: usual / this.#perHour, deviation: deviation / this.#perHour, factor }, this.#perHour)
    this.#counted = this.#newest = Math.floor(((hour + 1) * 3600) / this.sliceSeconds) - 1
  }

  #learnLevel(second: number, { clipped, factor, slices }: { readonly clipped: number; readonly factor: number; readonly slices: number }): void {
    this.#slices += slices
    const kept = this.#slicesOf(learning.levelYoung + (learning.levelKept - learning.levelYoung) * Math.min(1, this.#season.timesSeen(second)))
    this.#levelSlices = Math.min(this.#levelSlices + slices, kept)
    this.#level += ((clipped - this.#level * factor) * slices) / this.#levelSlices
    this.#level = Math.max(this.#level, 1e-6)
    if (this.#ownSeason && (clipped > 0 || this.#day > 0)) this.#learnSeason(second, clipped, slices)
  }

  /**
   * Silence before the first mention is no season: the hours in which nobody knew the topic are not its nights. A measure that still holds
   * little of what comes is lifted by the level, else an hour in which more began would for days be many times its day.
   */
  #learnSeason(second: number, clipped: number, slices: number): void {
    this.#day += ((clipped - this.#day) * slices) / Math.min(this.#season.slices + slices, this.#slicesOf(learning.dayKept))
    this.#season.learn(second, clipped / Math.max(this.#day, this.#level / learning.aboveDay, 1e-6), slices)
  }

  /**
   * What stays above the band for a day is accepted at once: clipped, it would take days. So is what was above it for most of the time since
   * the first mention: nothing else is known of the topic.
   */
  #followShift(count: number, { usual, deviation, factor }: { readonly usual: number; readonly deviation: number; readonly factor: number }, slices = 1): void {
    const heard = this.#ownSeason && this.#day > 0 ? this.#season.slices : this.#slices
    this.#recent += ((count / Math.max(factor, 0.1) - this.#recent) * slices) / Math.max(slices, Math.min(heard, this.#slicesOf(learning.recentKept)))
    this.#above = count > usual + 2 * deviation ? this.#above + slices : Math.max(0, this.#above - slices)
    if (this.#above < Math.max(slicesLeast, Math.min(learning.shiftAfter * this.#perHour, learning.shiftShare * heard))) return
    this.#level = this.#day = this.#recent
    this.#above = 0
  }

  /** A mean over less than one slice would swing further with each. */
  #slicesOf(hours: number): number { return Math.max(1, hours * this.#perHour) }

  get #trusted(): number { return this.#level / this.#dispersion.ofSlice }
  #factorAt(second: number): number { return this.#season.at(second, this.#trusted) }

  /** Over-dispersed counts around a mean that is itself not quite known. */
  #variance(usual: number, slices: number): number {
    const scatter = this.#dispersion.of(slices)
    const level = this.#dispersion.ofSlice / Math.max(this.#level * this.#levelSlices, 0.05)
    const season = learning.unseenHour ** 2 / (1 + 4 * this.#season.timesSeen(this.#newest * this.sliceSeconds))
    return scatter * usual + (Math.min(level, 1) + season) * usual * usual
  }

  save(out: StateWriter): void {
    for (const one of [this.#level, this.#levelSlices, this.#day, this.#recent, this.#above, this.#slices, this.#newest, this.#counted, this.#gapEnd]) out.number(one)
    this.#dispersion.save(out)
    if (this.#ownSeason) this.#season.save(out)
  }

  load(from: StateReader): void {
    this.#level = from.finite(0)
    this.#levelSlices = from.finite(0)
    this.#day = from.finite(0)
    this.#recent = from.finite(0)
    this.#above = from.finite(0)
    this.#slices = from.finite(0)
    this.#newest = from.whole(-1)
    this.#counted = from.whole(-1)
    this.#gapEnd = from.whole(-1)
    this.#dispersion.load(from)
    if (this.#ownSeason) this.#season.load(from)
  }
}
