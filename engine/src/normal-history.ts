// What was normal for a topic at each step of a past span, and how surprising the counts were: computed again from stored minutes by the
// engine's own classes, at the pace at which the engine learns and looks. Pure; in pieces, so that a long past holds nobody up.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { HistoryPoint } from '@groundswell/schemas/topic-history.ts'
import { Adaptive, endOf } from './core/adaptive.ts'
import { baselineLimits } from './core/3-measure/baseline.ts'
import { Gaps } from './core/3-measure/gaps.ts'
import { TopicWheels } from './core/3-measure/topic-wheels.ts'
import { mostPerDay } from './core/4-detect/tail.ts'
import { highOf, type Reading } from './core/4-detect/velocity-detector.ts'

type Span = readonly [from: number, to: number] // seconds, `to` excluded

export interface HistoryQuestion {
  readonly rules: TopicRules
  readonly from: number // seconds, whole steps
  readonly to: number
  readonly stepSeconds: number
  readonly learnFrom: number // whole slices are learnt from here on …
  readonly lookFrom: number // … and minutes looked at from here on
  readonly clock: number // the newest second of which anything is known
  readonly budgetPerDay?: number | null // that the topic itself has, where its platforms have a part; absent: the whole of its rules
}

export interface StoredPast {
  readonly minutes: { readonly at: readonly number[]; readonly count: readonly number[] } // minutes since 1970, ascending; those with mentions
  readonly known: readonly Span[] // ascending: there a minute that is left out held nothing, elsewhere nothing is known
  readonly tripped: readonly Span[] // while a fixed threshold of the topic was tripped
}

const minutesAPiece = 200

/** One point a step from `from` to `to`; what is behind the clock has no point. */
export function* normalHistory(question: HistoryQuestion, past: StoredPast): Generator<undefined, HistoryPoint[]> {
  const course = new Course(question, past)
  const points: HistoryPoint[] = []
  for (let step = question.from; step < question.to && step <= question.clock; step += question.stepSeconds) {
    points.push(yield* course.through(step))
  }
  return points
}

/** The series minute by minute, and the topic as the engine has it. */
class Course {
  readonly #question: HistoryQuestion
  readonly #first: number // minute since 1970 of index 0
  readonly #counts: Uint32Array
  readonly #known: Uint8Array
  readonly #tripped: Uint8Array
  readonly #wheels: TopicWheels
  readonly #adaptive: Adaptive
  readonly #gaps = new Gaps(baselineLimits.sliceSeconds)
  #minute: number // next to close
  #lastKnown: number // newest minute of which anything is known

  constructor(question: HistoryQuestion, { minutes, known, tripped }: StoredPast) {
    const { rules, learnFrom, to, clock, budgetPerDay } = question
    this.#question = question
    this.#first = Math.floor(learnFrom / 60)
    const length = Math.max(0, Math.floor(Math.min(to - 1, clock) / 60) + 1 - this.#first)
    this.#counts = new Uint32Array(length)
    minutes.at.forEach((minute, index) => {
      if (minute >= this.#first && minute < this.#first + length) this.#counts[minute - this.#first] = minutes.count[index]!
    })
    this.#known = this.#marked(known, length)
    this.#tripped = this.#marked(tripped, length)
    this.#wheels = new TopicWheels(rules, learnFrom)
    this.#adaptive = new Adaptive(rules, learnFrom - baselineLimits.sliceSeconds)
    if (budgetPerDay !== undefined) this.#adaptive.budgetPerDay = budgetPerDay
    this.#minute = this.#first
    this.#lastKnown = this.#first - 1
  }

  /** Closes every minute up to the end of the step that begins at this second. */
  *through(step: number): Generator<undefined, HistoryPoint> {
    const { stepSeconds, clock } = this.#question
    const end = Math.min(Math.floor((step + stepSeconds) / 60), Math.floor((clock + 1) / 60))
    let rarest: Reading | null = null
    for (; this.#minute < end; this.#minute++) {
      if (this.#minute % minutesAPiece === 0) yield
      const reading = this.#close(this.#minute)
      if (reading && this.#minute * 60 >= step && (rarest === null || reading.falsePerDay < rarest.falsePerDay)) rarest = reading
    }
    return this.#point(step, rarest)
  }

  #point(step: number, rarest: Reading | null): HistoryPoint {
    const { stepSeconds, clock } = this.#question
    const from = Math.floor(step / 60)
    const to = Math.min(Math.floor((step + stepSeconds) / 60), Math.floor(clock / 60) + 1)
    const isKnown = this.#isKnown(from, to)
    const { baseline, stage } = this.#adaptive
    const usual = baseline.known ? baseline.expected(step + stepSeconds - 1, stepSeconds) : null
    const dispersion = usual === null ? 1 : baseline.dispersion(stepSeconds, usual)
    return {
      at: step, count: isKnown ? this.#between(from, to) : null,
      usual, low: usual === null ? null : lowOf(usual, dispersion), high: usual === null ? null : highOf(usual, dispersion),
      ...(isKnown && usual !== null ? { score: rarest?.score ?? 0, falsePerDay: rarest?.falsePerDay ?? mostPerDay } : { score: null, falsePerDay: null }),
      stage: isKnown ? stage : null,
    }
  }

  /** As the engine does: a minute with mentions is looked at, and every minute while the topic has not come to rest. */
  #close(minute: number): Reading | null {
    const second = 60 * minute + 59
    const count = this.#counts[minute - this.#first]!
    if (count > 0) this.#wheels.minutes.add(minute, minute, count)
    if (!this.#isKnown(minute, minute + 1)) return null
    if (this.#lastKnown < minute - 1) this.#jump(this.#lastKnown, minute)
    this.#lastKnown = minute
    this.#adaptive.catchUp(this.#wheels, second, this.#gaps)
    if (second < this.#question.lookFrom || (count === 0 && !this.#adaptive.isRestless)) return null
    this.#adaptive.look({ wheels: this.#wheels, gaps: this.#gaps, minute, tripped: this.#tripped[minute - this.#first] === 1, isHeld: false })
    return this.#adaptive.reading
  }

  /** Between two minutes nothing is known. */
  #jump(from: number, to: number): void {
    this.#adaptive.catchUp(this.#wheels, from * 60 + 59, this.#gaps)
    if (this.#gaps.full) this.#gaps.learnt(endOf(from * 60 + 59))
    this.#gaps.add(from * 60 + 59, to * 60)
    this.#adaptive.skip(to - 1)
  }

  #between(from: number, to: number): number {
    let sum = 0
    for (let minute = from; minute < to; minute++) sum += this.#counts[minute - this.#first] ?? 0
    return sum
  }

  #isKnown(from: number, to: number): boolean {
    for (let minute = from; minute < to; minute++) if (this.#known[minute - this.#first] !== 1) return false
    return to > from
  }

  /** One for each minute of which a span holds anything. */
  #marked(spans: readonly Span[], length: number): Uint8Array {
    const marked = new Uint8Array(length)
    for (const [from, to] of spans) marked.fill(1, Math.max(0, Math.floor(from / 60) - this.#first), Math.max(0, Math.ceil(to / 60) - this.#first))
    return marked
  }
}

/** 1 of 100 windows holds fewer: the mirror of the upper bound. */
export function lowOf(usual: number, dispersion: number): number {
  const middle = Math.sqrt(usual + 0.375)
  const high = Math.sqrt(highOf(usual, dispersion))
  return Math.max(0, Math.max(0, 2 * middle - high) ** 2 - 0.375)
}
