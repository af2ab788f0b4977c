// The alarm of one series: it begins where a reading is rarer than the budget and matters in mentions, tells one event once, and ends
// when the short clocks are back inside their bands for as long as the event makes one wait, or when its level has moved for good.
//
//            begin            waves: no end                    calm for a quarter of it: end
//   band  ─────┼──▄█▇▆▃▁─▂▅▃▁──────────────────────────────────────┼──── longer clocks, still full of it, say nothing new
//         since┘     └ outside ┘└ calm, less four times what leaves the band ┘
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { grades, type Grade } from '@groundswell/schemas/grade.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { Onset } from './onset.ts'
import { ToldEvent } from './told.ts'
import type { ClockReading, Reading } from './velocity-detector.ts'

/** The alarm began or ended: at which second, and since when the counts were not normal. */
export interface SurgeChange {
  readonly state: 'begin' | 'end'
  readonly at: number // second
  readonly since: number // second: best estimate of when the counts left normal; the same at the end
  readonly reading: Reading // of the clock by which it is told
  readonly grade: Grade // at the end: the worst that it was
  readonly moved: boolean // an end: the counts are not back, what is normal has moved to where they are
}

/** What the store remembers of an alarm that began; seconds, and the index of the clock by which it was told. */
export interface ResumedAlarm { readonly since: number; readonly at: number; readonly grade: Grade; readonly clock: number }

export const defaultAlarmBudget = '1 per 24h'

/** Alarms a day that `2 per 8h` allows: 6; null where the text is no budget. */
export function budgetPerDay(text: string = defaultAlarmBudget): number | null {
  const [alarms = '', within = ''] = text.split(' per ')
  const seconds = durationSeconds(within)
  return seconds === null || !/^\d+$/.test(alarms) ? null : (Number(alarms) * 86_400) / seconds
}

/** What matters in mentions: more than 99 of 100 windows hold, this many more than usual, and this many times the usual. */
export const surgeMatters = { mentions: 8, times: 1.5 } as const
/** Moderate at begin or later: this many times rarer than the budget, and these mentions. Severe is never said of counts alone. */
export const surgeModerate = { rarer: 1000, mentions: 100, times: 4 } as const

/** Seconds: how an end is found. */
export const surgeEnd = {
  shortest: 300, // clocks below say nothing of an end: one quiet minute is none
  judged: 900, // clocks up to this, and up to a quarter of what the event lasted, are to be inside their bands …
  judgedMax: 7200, // … but none above
  calmMin: 600, // for a quarter of what the event lasted, at least and …
  calmMax: 14_400, // … at most this
  day: 86_400, // a level that is the same a day later, more than a day after the beginning, has moved for good
} as const
const sameLevel = 1.5 // times
const nearlyAll = 0.9
const grazing = 4 // a second outside the band costs as many seconds of calm
const stray = 2 // mentions above the usual are inside every band

export class Surge implements Stateful {
  budgetPerDay: number | null // null: measured, never an alarm
  readonly #onset = new Onset()
  readonly #told = new ToldEvent()
  #event: OpenEvent | null = null

  constructor(budget: number | null) { this.budgetPerDay = budget }

  get open(): boolean { return this.#event !== null }
  /** First second of what is not normal, as far as can be told; −1: no alarm is open. */
  get since(): number { return this.#event?.since ?? -1 }
  /** Whether the newest look heard it: it is not on its way to an end. */
  get isHeard(): boolean { return this.#event !== null && this.#event.loudAt === this.#event.lookedAt }
  /** The worst grade of the open alarm. */
  get grade(): Grade | null { return this.#event ? grades[this.#event.grade]! : null }

  /** A look at the second that closed; null: nothing can be said, which neither begins nor ends anything. Seconds ascend; while it is open every minute is looked at. */
  take(second: number, reading: Reading | null): SurgeChange | null {
    if (reading === null) {
      this.#onset.skip(second)
      if (this.#event) this.#event.lookedAt = second
      return null
    }
    if (this.#event) return this.#goOn(this.#event, second, reading)
    this.#onset.add(second, reading.clocks[0]!)
    const clock = this.#standsOut(second, reading)
    return clock < 0 ? null : this.#begin(second, reading, clock)
  }

  /** Goes on with an alarm that was told and not ended, of which the store knows no more than this; before any look. `clocks`: how many the readings have. */
  resume({ since, at, grade, clock }: ResumedAlarm, clocks: number): void {
    this.#event = {
      since: Math.min(since, at), beganAt: at, clock: Math.min(clock, clocks - 1), lookedAt: at, loudAt: at, calm: 0, grade: Math.min(1, Math.max(0, grades.indexOf(grade))),
      peaks: new Float64Array(clocks), rate: 0, usualBefore: -1, levelAt: -1, level: 0, // not known
    }
  }

  save(out: StateWriter): void {
    this.#onset.save(out)
    this.#told.save(out)
    out.number(this.#event ? 1 : 0)
    if (!this.#event) return
    for (const key of eventKeys) out.number(this.#event[key])
    out.array(this.#event.peaks)
  }

  load(from: StateReader): void {
    this.#onset.load(from)
    this.#told.load(from)
    this.#event = null
    if (from.whole(0, 1) === 0) return
    const event: Record<string, number> = {}
    for (const key of eventKeys) event[key] = key === 'since' || key === 'beganAt' ? from.whole(0) : key === 'grade' ? from.whole(0, 1) : from.finite(-1)
    this.#event = { ...(event as unknown as Omit<OpenEvent, 'peaks'>), peaks: from.floats() }
    const { since, beganAt, lookedAt, peaks, clock } = this.#event
    if (since > beganAt || beganAt > lookedAt) from.refuse(`an alarm since ${since} that began at ${beganAt} was looked at at ${lookedAt}`)
    if (!Number.isInteger(clock) || clock < 0 || clock >= peaks.length || peaks.some((peak) => !(peak >= 0 && peak < Infinity))) from.refuse(`an alarm of clock ${clock} has peaks of ${peaks.length} clocks`)
  }

  /**
   * The rarest clock that is worth an alarm and is not the event that was told already; −1: none. While windows are full of that event, what
   * all clocks say together is of no use: a clock whose window lies behind it is to be rare enough by itself.
   */
  #standsOut(second: number, { falsePerDay, clocks }: Reading): number {
    const budget = this.budgetPerDay
    if (budget === null || budget === 0 || falsePerDay > budget) return -1
    const isClean = this.#told.isBehind(second, clocks.at(-1)!.seconds)
    let best = -1
    for (let i = 0; i < clocks.length; i++) {
      const clock = clocks[i]!
      if (!matters(clock) || !(isClean || (clock.falsePerDay <= budget && this.#told.isBehind(second, clock.seconds)))) continue
      if (!this.#told.isLouder(second, i, clock)) this.#told.hear(second)
      else if (best < 0 || clock.falsePerDay < clocks[best]!.falsePerDay) best = i
    }
    return best
  }

  #begin(second: number, reading: Reading, clock: number): SurgeChange {
    const { clocks } = reading
    const { seconds, count, usual } = clocks[clock]!
    const last = clocks.at(-1)!
    const since = Math.min(second, Math.max(this.#onset.since, second - this.#spanOf(second, clocks) + 1, 0))
    this.#event = {
      since, beganAt: second, clock, lookedAt: second, loudAt: second, calm: 0, grade: 0, peaks: new Float64Array(clocks.length),
      rate: (count - usual) / Math.min(seconds, second - since + 1), usualBefore: last.usual, levelAt: -1, level: 0,
    }
    this.#weigh(this.#event, reading)
    return this.#change('begin', this.#event, { second, reading, moved: false, clock })
  }

  /** The shortest window that holds nearly all that is above the usual, but for what was told already: it did not begin before that. */
  #spanOf(second: number, clocks: readonly ClockReading[]): number {
    const fresh = clocks.filter(({ seconds }) => this.#told.isBehind(second, seconds))
    const most = Math.max(...fresh.map(({ count, usual }) => count - usual))
    return fresh.find(({ count, usual }) => count - usual >= nearlyAll * most)!.seconds
  }

  #goOn(event: OpenEvent, second: number, reading: Reading): SurgeChange | null {
    // A look speaks for no more than the windows that it judges by.
    const passed = Math.min(second - event.lookedAt, surgeEnd.judged)
    event.lookedAt = second
    this.#weigh(event, reading)
    const { outside, far, longest, calmest } = judged(event, reading.clocks)
    if (outside) event.loudAt = second
    event.calm = far ? 0 : outside ? Math.max(0, event.calm - grazing * passed) : event.calm + passed
    const lasted = event.loudAt - event.since + 1
    const isCalm = event.calm >= Math.min(surgeEnd.calmMax, Math.max(surgeEnd.calmMin, lasted / 4))
    const stays = !isCalm && levelStays(event, second, reading.clocks.at(-1)!)
    if (!isCalm && !stays) return null
    const moved = stays || (lasted >= surgeEnd.day / 2 && hasMoved(event, longest, reading.clocks.at(-1)!))
    this.#event = null
    this.#told.keep(second, event)
    this.#onset.forget(second)
    return this.#change('end', event, { second, reading, moved, clock: moved ? event.clock : calmest })
  }

  /** Peaks and grade of the open event. */
  #weigh(event: OpenEvent, { clocks }: Reading): void {
    for (let i = 0; i < event.peaks.length; i++) {
      const clock = clocks[i]!
      event.peaks[i] = Math.max(event.peaks[i]!, clock.count - clock.usual)
      const isModerate = this.#told.isBehind(event.beganAt, clock.seconds) && this.budgetPerDay !== null && clock.falsePerDay * surgeModerate.rarer <= this.budgetPerDay
        && clock.count - clock.usual >= surgeModerate.mentions && clock.count >= surgeModerate.times * clock.usual
      if (isModerate) event.grade = 1
    }
  }

  #change(state: 'begin' | 'end', event: OpenEvent, { second, reading, moved, clock }: { readonly second: number; readonly reading: Reading; readonly moved: boolean; readonly clock: number }): SurgeChange {
    return { state, at: second, since: event.since, reading: toldBy(clock, reading), grade: grades[event.grade]!, moved }
  }
}

/** The reading as one of its clocks tells it. */
export function toldBy(clock: number, reading: Reading): Reading {
  const { count, usual, high, falsePerDay } = reading.clocks[clock]!
  return { ...reading, clock, count, usual, high, falsePerDay: Math.min(falsePerDay, reading.falsePerDay) }
}

interface OpenEvent {
  readonly since: number
  readonly beganAt: number
  readonly clock: number // by which it was told
  readonly rate: number // mentions a second above the usual when it began; 0: not known
  readonly usualBefore: number // of the longest clock, when it began; −1: not known
  readonly peaks: Float64Array<ArrayBuffer> // by clock: most mentions above the usual
  lookedAt: number
  loudAt: number // last second at which a judged clock was outside its band
  calm: number // seconds inside the bands, less those outside
  grade: number // index of the worst so far
  level: number // of the longest clock at …
  levelAt: number // … this second, for the next day; −1: not yet
}
const eventKeys = ['since', 'beganAt', 'clock', 'rate', 'usualBefore', 'lookedAt', 'loudAt', 'calm', 'grade', 'level', 'levelAt'] as const

/** Whether a window is worth an alarm in mentions. */
export const matters = ({ count, usual, high }: ClockReading): boolean => count > high && count - usual >= surgeMatters.mentions && count >= surgeMatters.times * usual

/** The clock that says best why a reading is worth an alarm: the rarest one that matters. */
export function rarestThatMatters({ clock: rarest, clocks }: Reading): number {
  let best = -1
  clocks.forEach((clock, i) => { if (matters(clock) && (best < 0 || clock.falsePerDay < clocks[best]!.falsePerDay)) best = i })
  return best < 0 ? rarest : best
}

interface Judged {
  readonly outside: boolean
  readonly far: boolean
  readonly longest: ClockReading
  readonly calmest: number // index of the longest judging clock inside its band: what an end is told by
}

/**
 * Whether the event is still heard, and loudly. It is where a judged clock is outside its band; also where the longest judged clock, inside
 * a band that is wide for it, still holds a third of what the event had when it began: a slow burn is never outside the short bands.
 */
function judged({ since, loudAt, rate }: OpenEvent, clocks: readonly ClockReading[]): Judged {
  const secondsMax = Math.min(surgeEnd.judgedMax, Math.max(surgeEnd.judged, (loudAt - since + 1) / 4))
  const ripe = clocks.filter(({ seconds }) => seconds >= surgeEnd.shortest && seconds <= secondsMax)
  const judges = ripe.length > 0 ? ripe : clocks.slice(0, 1)
  const longest = judges.at(-1)!
  const { seconds, count, usual } = longest
  const isOutside = (clock: ClockReading): boolean => clock.count > Math.max(clock.high, clock.usual + stray)
  const outside = judges.some(isOutside) || (rate > 0 && count - usual > Math.max(stray, (rate * seconds) / 3))
  return { outside, far: judges.some((clock) => clock.count > clock.usual + Math.max(2 * (clock.high - clock.usual), 2 * stray)), longest, calmest: clocks.indexOf(judges.findLast((clock) => !isOutside(clock)) ?? longest) }
}

/** Whether more is usual than before the event, and more comes: the baseline has followed. */
function hasMoved({ usualBefore }: OpenEvent, { seconds, count }: ClockReading, last: ClockReading): boolean {
  return usualBefore >= 0 && last.usual >= sameLevel * usualBefore + stray && count >= (sameLevel * usualBefore * seconds) / last.seconds + stray
}

/** Whether the longest clock holds as much as a day ago, when it already held nothing from before the event. */
function levelStays(event: OpenEvent, second: number, { count, seconds }: ClockReading): boolean {
  if (event.levelAt < 0 ? second - event.since < Math.max(seconds, surgeEnd.day) : second - event.levelAt < Math.max(seconds, surgeEnd.day)) return false
  const stays = event.levelAt >= 0 && count <= sameLevel * event.level && sameLevel * count >= event.level
  event.level = count
  event.levelAt = second
  return stays
}
