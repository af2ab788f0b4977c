// The adaptive half of a topic: what is normal for it at this hour of the week, whether the minute that closed still is, its alarm and
// stage; and for a topic that may alarm the same of each platform, lightly.
//
//   slices of 5 min   ──learnt──┤ 10 min for late ones ├── the clock       learnt when somebody looks, as if each in turn
//   minutes           looked at when they close: those with mentions, and all while an alarm is open or the stage has not come to rest
//
// Not learnt: what is before the topic's known past, what lies in a gap of the feed, what closes while a blind source holds the topic, and
// what an alarm is about: it is set apart until the alarm ends, or until it has lasted two hours and a quarter of what was learnt before, and is believed.
// Every topic has an alarm for this, by the usual budget where the rules name none; only topics with `baseline` tell of theirs.
// The budget is that of the topic with all its platforms (core/platform-surge.ts).
import { levelRank, type Grade, type Level } from '@groundswell/schemas/grade.ts'
import type { UsualFigure } from '@groundswell/schemas/live.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { Baseline, baselineLimits } from './3-measure/baseline.ts'
import { clockLimits } from './3-measure/event-clock.ts'
import type { Gaps } from './3-measure/gaps.ts'
import type { KnownPast } from './3-measure/learn-past.ts'
import { sourceLimits } from './3-measure/sources.ts'
import type { TopicWheels } from './3-measure/topic-wheels.ts'
import { watchedMinutes, windowLimits } from './3-measure/window-plan.ts'
import { accelerationMinutes, StageTracker } from './4-detect/stage.ts'
import { budgetPerDay, type ResumedAlarm, type SurgeChange } from './4-detect/surge.ts'
import { TellingSurge, type ToldChange } from './4-detect/telling-surge.ts'
import { clockSeconds, highOf, VelocityDetector, type Reading } from './4-detect/velocity-detector.ts'
import { apartFrom, nothingApart } from './apart.ts'
import { PlatformSurge, sharesOf } from './platform-surge.ts'
import type { StateReader, StateWriter } from './state.ts'
import { teachPast } from './taught-past.ts'

const { sliceSeconds } = baselineLimits
const sliceMinutes = sliceSeconds / 60

/** A topic, or a platform of it, left what is normal, is further from it than was told, or is back. The false alarms told of a platform's are those of all that are looked at. */
export interface AdaptiveChange extends ToldChange { readonly platform: number | null }

export interface MinuteLook {
  readonly wheels: TopicWheels
  readonly gaps: Gaps
  readonly minute: number
  readonly tripped: boolean // whether a fixed threshold was tripped when it closed
  readonly isHeld: boolean // a blind source holds the topic: what is open stays as it is
}

const counts = new Float64Array(watchedMinutes.length)
const lastMinutes: number[] = Array.from({ length: accelerationMinutes }, () => 0)
const hourClock = watchedMinutes.indexOf(60)
const mostOfTopic = 0.8
const noChange: readonly AdaptiveChange[] = []

export class Adaptive {
  readonly baseline = new Baseline()
  readonly #detector = new VelocityDetector()
  readonly #surge: TellingSurge
  #tells: boolean // whether the rules ask for alarms
  #budget: number | null // false alarms a day of the topic with all its platforms
  readonly #stages = new StageTracker()
  readonly #platforms = new Map<number, PlatformSurge>() // of a topic that may alarm; at most one a platform that has a number
  #next: number // slice that is to be learnt next
  #looked = -1 // newest minute that was looked at
  #learnt = 0 // slices
  #apart = nothingApart
  #heldFrom = -1 // first slice that was not learnt when a blind source began to hold the topic; −1: none does
  #reading: Reading | null = null
  #usual = { minute: -1, next: -1, figure: null as UsualFigure | null }

  /** `clock`: the topic is new at that second, −1 before the first mention. */
  constructor(rules: TopicRules, clock: number) {
    this.#budget = budgetOf(rules)
    this.#surge = new TellingSurge(this.#budget)
    this.#tells = rules.baseline !== undefined
    this.#next = firstAfter(clock)
  }

  /** The topic's rules have changed: another budget, or none. Without one nothing is told, and what is open ends unsaid; with one for the first time it is told. */
  setRules(rules: TopicRules): void {
    if (rules.baseline && !this.#tells) this.#surge.listen()
    this.#tells = rules.baseline !== undefined
    this.#budget = budgetOf(rules)
    if (!this.#tells) {
      this.#surge.silence()
      this.#platforms.clear()
    }
    this.#share()
  }

  /** How many alarms are open that were told: that of the topic, and those of its platforms. */
  get open(): number {
    let open = this.#surge.isTold ? 1 : 0
    for (const { surge } of this.#platforms.values()) if (surge.isTold) open++
    return open
  }

  get told(): Grade | null { return this.#surge.told } // of the topic's own open alarm
  /** What the past taught is the alarm that was told of another query: it goes on, where looking back found one. */
  goOn(told: Grade): boolean { return this.#tells && this.#surge.goOn(told) }
  /** Worst grade of the open alarms. */
  get level(): Level {
    let worst = this.#surge.level
    for (const { surge } of this.#platforms.values()) if (levelRank(surge.level) > levelRank(worst)) worst = surge.level
    return worst
  }

  /** What the newest look found; null where what is normal was not known then. In no checkpoint. */
  get reading(): Reading | null { return this.#reading }
  get stage(): StageTracker['stage'] { return this.#stages.stage }
  /** False alarms a day that the topic itself may tell: what its platforms leave of its budget. Set where they are not looked at. */
  get budgetPerDay(): number | null { return this.#surge.surge.budgetPerDay }
  set budgetPerDay(perDay: number | null) { this.#surge.surge.budgetPerDay = perDay }

  /** Whether minutes in which nothing came are to be looked at too. */
  get isRestless(): boolean {
    if (this.#surge.open || !this.#stages.settled) return true
    for (const { surge } of this.#platforms.values()) if (surge.open) return true
    return false
  }

  /** What the ten minutes that end with the running minute hold when nothing is the matter; null while that is not known. The baseline has caught up. */
  usual(clock: number): UsualFigure | null {
    const minute = Math.floor(clock / 60)
    if (this.#usual.minute !== minute || this.#usual.next !== this.#next) this.#usual = { minute, next: this.#next, figure: this.#usualAt(60 * minute + 59) }
    return this.#usual.figure
  }

  /** Learns every slice that closed over ten minutes before `clock`, as if each when its time had come. */
  catchUp(wheels: TopicWheels, clock: number, gaps: Gaps): void {
    const closed = endOf(clock)
    const end = closed < this.#apart.believed ? Math.min(closed, this.#apart.from) : closed
    if (this.isHeld || this.#next >= end) return
    let slice = this.#pass(this.#next, gaps)
    while (slice < end) {
      for (const stop = Math.min(end, gaps.next(slice)); slice < stop; slice++) this.#learn(wheels, slice)
      slice = this.#pass(slice, gaps)
    }
    this.#next = Math.max(end, slice)
  }

  /** A blind source holds the topic from now on, or no more: what has not been learnt by then is missing. The baseline has caught up. */
  hold(isHeld: boolean, clock: number): void {
    if (isHeld === this.isHeld) return
    if (!isHeld) this.#next = Math.max(this.#next, firstAfter(clock))
    this.#heldFrom = isHeld ? Math.max(0, endOf(clock)) : -1
  }

  get isHeld(): boolean { return this.#heldFrom >= 0 }
  get next(): number { return this.#next } // slice to be learnt

  /** Learns what was counted before the topic was watched, and what it counted itself since. One that has learnt already knows its own past. */
  learnPast(past: KnownPast, { wheels, clock, gaps }: { readonly wheels: TopicWheels; readonly clock: number; readonly gaps: Gaps }): void {
    this.#usual.minute = -1
    if (this.baseline.newest >= 0) return this.catchUp(wheels, clock, gaps)
    const closed = this.isHeld ? this.#heldFrom : endOf(clock)
    const minute = Math.floor(clock / 60)
    const own = { clock, live: this.#next, liveAfter: (slice: number) => gaps.after(slice), end: closed, keptFrom: minute - wheels.minutes.retained + 1, countOf: (slice: number) => wheels.minutes.sumBetween(...minutesOf(slice)) }
    const parts = { baseline: this.baseline, detector: this.#detector, surge: this.#surge, stages: this.#stages, apart: this.#apart }
    const { next, learnt, apart, looked } = teachPast(parts, past, { ...own, lastMinute: this.isHeld ? closed * sliceMinutes - 1 : minute - 1, countOfMinute: (one) => wheels.minutes.sumBetween(one, one) })
    this.#next = next
    this.#learnt = learnt
    this.#apart = apart
    this.#looked = Math.max(this.#looked, looked)
    this.catchUp(wheels, clock, gaps)
  }

  /** Looks at the minute that closed, once; answers what began or ended. */
  look(look: MinuteLook): readonly AdaptiveChange[] {
    const { wheels, gaps, minute, tripped, isHeld } = look
    if (minute <= this.#looked) return noChange
    this.#looked = minute
    const second = 60 * minute + 59
    this.catchUp(wheels, second, gaps)
    wheels.watched(minute, counts)
    const reading = this.#reading = this.#detector.look(second, counts, this.baseline, !this.#surge.open)
    const keeps = isHeld && this.isRestless
    const { change, told } = this.#surge.take(second, keeps && this.#surge.open ? null : reading, this.#tells)
    if (change) this.#setApart(change)
    if (!keeps) {
      wheels.minutes.copyLast(minute, lastMinutes)
      this.#stages.take(second, { minutes: lastMinutes, reading, tripped })
    }
    const ofPlatforms = this.#tells ? this.#lookAtPlatforms(look, second) : noChange
    return told ? [{ ...told, platform: null }, ...ofPlatforms] : ofPlatforms
  }

  /** Nothing is known of the minutes up to this one, and so nothing ends in them. */
  skip(minute: number): void {
    const second = 60 * minute + 59
    if (this.#surge.open) this.#surge.take(second, null, false)
    for (const { surge } of this.#platforms.values()) if (surge.open) surge.take(second, null, false)
  }

  /** Goes on with an alarm that is stored as begun and not as ended, before any look and before the past is learnt. */
  resume(begun: ResumedAlarm): void {
    if (!this.#tells) return
    this.#surge.resume(begun, clockSeconds.length)
    this.#apart = apartFrom(this.#surge.surge.since, this.#learnt)
  }

  save(out: StateWriter): void {
    for (const one of [this.#next, this.#looked, this.#learnt, this.#apart.from, this.#apart.believed, this.#heldFrom]) out.number(one)
    this.baseline.save(out)
    this.#detector.save(out)
    this.#surge.save(out)
    this.#stages.save(out)
    out.number(this.#platforms.size)
    for (const [id, platform] of this.#platforms) {
      out.number(id)
      platform.save(out)
    }
  }

  load(from: StateReader, clock: number): void {
    this.#next = from.whole(0, Math.max(0, firstAfter(clock)))
    this.#looked = from.whole(-1, Math.max(-1, Math.floor(clock / 60)))
    this.#learnt = from.whole(0)
    this.#apart = { from: from.whole(0), believed: from.whole(0) }
    this.#heldFrom = from.whole(-1)
    this.baseline.load(from)
    this.#detector.load(from)
    this.#surge.load(from)
    this.#stages.load(from)
    if (this.#surge.isTold && !this.#tells) from.refuse('an alarm was told of a topic that tells none')
    this.#platforms.clear()
    this.#share()
    for (let left = from.whole(0, this.#tells ? sourceLimits.platformsMax + 1 : 0); left > 0; left--) this.#platform(from.whole(0, sourceLimits.platformsMax), 0).load(from)
  }

  /** The first slice from `slice` on that is in no gap. Windows that reach into one are told to say nothing now, not when the next slice is learnt. */
  #pass(slice: number, gaps: Gaps): number {
    const after = gaps.after(slice)
    if (after === slice || this.baseline.newest < 0) return after
    this.baseline.learn(after - 1, null)
    for (const platform of this.#platforms.values()) platform.learn(after - 1, null)
    return after
  }

  #learn(wheels: TopicWheels, slice: number): void {
    const from = slice * sliceMinutes
    const to = from + sliceMinutes - 1
    this.baseline.learn(slice, wheels.minutes.sumBetween(from, to))
    this.#learnt++
    if (this.#platforms.size === 0 || from < wheels.platformsSince) return
    for (const [id, platform] of this.#platforms) platform.learn(slice, wheels.platformBetween(id, from, to))
  }

  /** Notes which slices an alarm is about, and when it ends whether they are learnt. */
  #setApart({ state, at, since, moved }: SurgeChange): void {
    if (state === 'begin') {
      this.#apart = apartFrom(since, this.#learnt)
      return
    }
    if (!moved && endOf(at) < this.#apart.believed) this.#next = Math.max(this.#next, firstAfter(at))
    this.#apart = nothingApart
  }

  /** The alarm of a platform is told only where the topic as a whole has none, and where the topic is not next to nothing but this platform. */
  #lookAtPlatforms({ wheels, minute, isHeld }: MinuteLook, second: number): readonly AdaptiveChange[] {
    let changes = noChange
    for (let id = 0; id < wheels.platforms; id++) {
      const known = this.#platforms.get(id)
      if (!known?.surge.open && wheels.platformBetween(id, minute, minute) === 0) continue
      const platform = known ?? this.#platform(id, Math.floor(minute / sliceMinutes))
      const reading = platform.look(second, (minutes) => wheels.platformBetween(id, minute - minutes + 1, minute))
      const isPart = wheels.platformBetween(id, minute - 59, minute) < mostOfTopic * counts[hourClock]!
      const { told } = platform.surge.take(second, isHeld && platform.surge.open ? null : reading, isPart && !this.#surge.open)
      if (told) changes = [...changes, { ...told, platform: id, reading: { ...told.reading, falsePerDay: told.reading.falsePerDay * this.#platforms.size } }]
    }
    return changes
  }

  #platform(id: number, from: number): PlatformSurge {
    const known = this.#platforms.get(id)
    if (known) return known
    const platform = new PlatformSurge(this.baseline, Math.max(from, this.#next))
    this.#platforms.set(id, platform)
    this.#share()
    return platform
  }

  /** The more platforms are looked at, the rarer each has to be. */
  #share(): void {
    const { topic, platform } = sharesOf(this.#budget, this.#platforms.size)
    this.#surge.surge.budgetPerDay = topic
    for (const { surge } of this.#platforms.values()) surge.surge.budgetPerDay = platform
  }

  #usualAt(second: number): UsualFigure | null {
    if (!this.baseline.known) return null
    const count = this.baseline.expected(second, windowLimits.paceSeconds)
    return { count, high: highOf(count, this.baseline.dispersion(windowLimits.paceSeconds, count)) }
  }
}

const minutesOf = (slice: number): [from: number, to: number] => [slice * sliceMinutes, (slice + 1) * sliceMinutes - 1]
/** The first slice that is wholly behind a second; −1: before the first mention. */
const firstAfter = (clock: number): number => Math.floor(Math.max(0, clock + sliceSeconds) / sliceSeconds)

/** The first slice that closed less than ten minutes ago: mentions for it may still come. */
export const endOf = (clock: number): number => Math.floor((clock - clockLimits.lateSecondsMax) / sliceSeconds)

/** False alarms a day that the topic and its platforms may give together. */
function budgetOf({ baseline }: TopicRules): number | null { return budgetPerDay(baseline?.alarmBudget) }
