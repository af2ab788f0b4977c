// The watched topics, and the closing of seconds: every second is evaluated as if in turn, at the cost of the topics that changed.
//
// Between mentions a count can only fall. So a closing second concerns only topics that got mentions since the one before (they may
// trip or clear) and topics with a tripped rule (they may clear); all others are left behind, and catch up when they are read. So with
// minutes and what is normal: looked at are topics with mentions, and those whose alarm is open or whose stage has not come to rest.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { baselineLimits } from './3-measure/baseline.ts'
import { gapLimits, Gaps } from './3-measure/gaps.ts'
import type { PastSlices } from './3-measure/topic-wheels.ts'
import type { Crossing } from './4-detect/thresholds.ts'
import type { Resumed } from './5-respond/alerts.ts'
import { endOf, type AdaptiveChange } from './adaptive.ts'
import { Ceilings } from './ceilings.ts'
import type { Remembered } from './remembered.ts'
import { resumeTopic } from './resume-topic.ts'
import type { StateReader, StateWriter } from './state.ts'
import { newTopic, renewed, writtenRules, type Topic } from './topic.ts'

export type { Topic } from './topic.ts'

export interface TopicCrossing extends Crossing { readonly topic: Topic }
export interface TopicSurge extends AdaptiveChange { readonly kind: 'baseline'; readonly topic: Topic }

/** A fill that is still to come. */
export interface PendingFill { readonly rulesSeq: number; readonly topics: string[] }

/** What new rules left of a topic that was watched before. */
export interface Kept {
  readonly id: string
  readonly tripped: number // rules that are tripped and alarms that are open, as far as the rules in force have them
  readonly isAnew: boolean // its query is another one: it is counted anew
  readonly isWaiting: boolean // for its past
  readonly told: Grade | null // of one that is counted anew: with which grade its own alarm was told, if one was open
}

interface ClosedMinutes { readonly first: number; readonly last: number; readonly isGap: boolean }

export class Watch {
  #topics: Topic[] = []
  #newSeconds: Topic[] = []
  #newMinutes: Topic[] = []
  #tripped: Topic[] = []
  #restless: Topic[] = [] // whose minutes are looked at whether or not mentions come
  /** Kept between two pictures. */
  readonly ceilings = new Ceilings<Topic>()
  readonly gaps = new Gaps(baselineLimits.sliceSeconds)
  #written: string | null = null // the rules as a checkpoint has them; worked out once for all saves
  readonly #holds: (topic: string) => boolean
  readonly #isDeaf: () => boolean
  #wasDeaf = false // when what is held was last worked out; in no checkpoint: to work it out again changes nothing

  /** `holds`: for which topics nothing may clear now, because what would tell is missing; `isDeaf`: nobody is heard, and nothing is learnt of any. */
  constructor(rules: Rules, options: { readonly waitingSeq: number; readonly clock: number; readonly holds?: (topic: string) => boolean; readonly isDeaf?: () => boolean }) {
    this.#holds = options.holds ?? (() => false)
    this.#isDeaf = options.isDeaf ?? (() => false)
    this.#topics = rules.topics.map((topic, place) => newTopic(topic, { ...options, place }))
  }

  /** In the order of the rules file. */
  get topics(): readonly Topic[] { return this.#topics }

  /** Puts the rules into the state in which stored events left them, before anything else happens; answers what that means for alerts. */
  resume({ events, anew = none }: Pick<Remembered, 'events' | 'anew'>): Resumed[] {
    const ofTopic = Map.groupBy(events, ({ event }) => event.topic)
    const isAnew = new Set(anew)
    const resumed = this.#topics.map((topic) => ({ ...resumeTopic(topic, ofTopic.get(topic.rules.id) ?? []), isAnew: isAnew.has(topic.rules.id) }))
    this.#listOpen()
    return resumed
  }

  /** The first mention was counted at this second. */
  begin(second: number): void { this.gaps.add(-1, second) }

  /** A counted mention of a topic. */
  add(topic: Topic, second: number, clock: number, of: { readonly sign: number; readonly platform: number }): void {
    if (!topic.newSeconds) this.#isNew(topic, clock)
    topic.wheels.add(second, clock, of.sign, of.platform)
  }

  /** Closes the seconds from … to; answers what changed in the order: at, topic id, thresholds in rule order, clear before spike, then the baseline. */
  close(from: number, to: number): readonly (TopicCrossing | TopicSurge)[] {
    const isGap = to - from >= gapLimits.calmSecondsMax
    if (isGap) this.#addGap(from, to + 1)
    const minutes = { first: Math.floor(from / 60), last: Math.floor((to + 1) / 60) - 1, isGap }
    const minutesClose = minutes.last >= minutes.first && (this.#newMinutes.length > 0 || this.#tripped.length > 0 || this.#restless.length > 0)
    if (this.#newSeconds.length === 0 && this.#tripped.length === 0 && !minutesClose) return none
    const crossings: TopicCrossing[] = []
    const out: Crossing[] = []
    const evaluate = (topic: Topic, unit: 'seconds' | 'minutes'): void => {
      const canClear = topic.waitingSeq < 0 && !this.#holds(topic.rules.id)
      topic.thresholds.evaluate(unit, topic.wheels[unit], unit === 'seconds' ? { from, to, canClear } : { from: minutes.first, to: minutes.last, canClear }, out)
      for (const crossing of out) crossings.push({ ...crossing, topic })
      out.length = 0
    }
    for (const topic of this.#newSeconds) evaluate(topic, 'seconds')
    for (const topic of this.#tripped) if (!topic.newSeconds) evaluate(topic, 'seconds')
    if (minutesClose) {
      for (const topic of this.#newMinutes) evaluate(topic, 'minutes')
      for (const topic of this.#tripped) if (!topic.newMinutes) evaluate(topic, 'minutes')
    }
    const surges = minutesClose ? this.#lookAtMinutes(minutes, crossings) : []
    this.#settle(minutesClose)
    if (crossings.length > 0) this.#tripped = this.#topics.filter((topic) => topic.thresholds.trippedCount > 0)
    return crossings.length + surges.length === 0 ? none : [...crossings, ...surges].sort(inOrder)
  }

  /** A tick: `changed`: which topics a blind source holds has changed. What they have learnt until now they keep; what closes meanwhile is missing. */
  heldAnew(clock: number, changed = true): void {
    const isDeaf = this.#isDeaf()
    if (!changed && isDeaf === this.#wasDeaf) return
    this.#wasDeaf = isDeaf
    for (const { rules, adaptive, wheels, waitingSeq } of this.#topics) {
      const isHeld = isDeaf || this.#holds(rules.id)
      if (isHeld === adaptive.isHeld) continue
      if (waitingSeq < 0) adaptive.catchUp(wheels, clock, this.gaps)
      adaptive.hold(isHeld, clock)
    }
  }

  /** Adds the past to a topic if it waits for the fill of `rulesSeq`, and answers it; it is evaluated when the running second closes. */
  fill(id: string, past: PastSlices, at: { readonly rulesSeq: number; readonly clock: number }): Topic | null {
    const topic = this.#topics.find((topic) => topic.rules.id === id)
    if (!topic || topic.waitingSeq !== at.rulesSeq) return null
    topic.wheels.addPast(past, at.clock)
    topic.adaptive.learnPast({ hours: past.hours ?? [], minutes: past.minutes, known: past.known ?? null }, { wheels: topic.wheels, clock: at.clock, gaps: this.gaps })
    topic.waitingSeq = -1
    this.#isNew(topic, at.clock)
    return topic
  }

  /** Ids of the topics whose past is not in yet. */
  waiting(): string[] { return this.#topics.filter((topic) => topic.waitingSeq >= 0).map((topic) => topic.rules.id) }

  /** The fills that were asked for and have not come, each with the topics that it is to bring. */
  pendingFills(): PendingFill[] {
    const waiting = Map.groupBy(this.#topics.filter((topic) => topic.waitingSeq >= 0), (topic) => topic.waitingSeq)
    return [...waiting].map(([rulesSeq, topics]) => ({ rulesSeq, topics: topics.map((topic) => topic.rules.id) }))
  }

  /**
   * Puts new rules in force. A topic with the same id and query keeps what was measured, and each rule with the same count and span
   * its state, unless a window became longer than what is retained; all others begin empty and wait for the fill of `seq`. Where only the query is
   * another one, rules that are tripped stay so until what the fill brings tells otherwise.
   */
  replace(rules: Rules, seq: number, clock: number): { readonly waiting: readonly string[]; readonly kept: readonly Kept[] } {
    const before = new Map(this.#topics.map((topic) => [topic.rules.id, topic]))
    this.#topics = rules.topics.map((topic, place) => renewed(topic, before.get(topic.id), { waitingSeq: seq, clock, place }))
    this.#written = null
    this.#newSeconds = []
    this.#newMinutes = []
    for (const topic of this.#topics) this.#isNew(topic, clock)
    this.#listOpen()
    const after = new Map(this.#topics.map((topic) => [topic.rules.id, topic]))
    return {
      waiting: this.#topics.filter((topic) => topic.waitingSeq === seq).map((topic) => topic.rules.id),
      kept: [...before.values()].map((topic) => keptOf(topic, after.get(topic.rules.id))),
    }
  }

  save(out: StateWriter): void {
    out.text((this.#written ??= writtenRules(this.#topics)))
    this.gaps.save(out)
    for (const { waitingSeq, thresholds, wheels, adaptive } of this.#topics) {
      out.number(waitingSeq)
      thresholds.save(out)
      wheels.save(out)
      adaptive.save(out)
    }
    for (const list of [this.#newSeconds, this.#newMinutes]) out.array(Uint32Array.from(list, (topic) => topic.place))
  }

  /** Into a watch of the same rules. */
  load(from: StateReader, clock: number): void {
    if (from.text() !== writtenRules(this.#topics)) from.refuse('it is of other topics or rules than those that came with it')
    this.gaps.load(from)
    for (const topic of this.#topics) {
      topic.waitingSeq = from.whole(-1)
      topic.thresholds.load(from)
      topic.wheels.load(from, clock)
      topic.adaptive.load(from, clock)
    }
    this.#newSeconds = this.#listed(from)
    this.#newMinutes = this.#listed(from)
    for (const topic of this.#newSeconds) topic.newSeconds = true
    for (const topic of this.#newMinutes) topic.newMinutes = true
    this.#listOpen()
  }

  /**
   * Topics that wait for any fill begin empty and wait for that of `seq`, which brings all that is stored: what they counted is in it, and the
   * stream by which it could be told apart is gone.
   */
  waitFor(seq: number, clock: number): void {
    this.#topics = this.#topics.map((topic) => (topic.waitingSeq < 0 ? topic : newTopic(topic.rules, { waitingSeq: seq, clock, place: topic.place }, topic)))
    this.#newSeconds = this.#topics.filter(({ newSeconds }) => newSeconds)
    this.#newMinutes = this.#topics.filter(({ newMinutes }) => newMinutes)
    this.#listOpen()
  }

  #listOpen(): void {
    this.#tripped = this.#topics.filter(({ thresholds }) => thresholds.trippedCount > 0)
    this.#restless = this.#topics.filter(({ adaptive }) => adaptive.isRestless)
  }

  #listed(from: StateReader): Topic[] {
    const listed = new Set(Array.from(from.words(), (place) => this.#topics[place] ?? from.refuse(`there is no topic ${place} of ${this.#topics.length}`)))
    return [...listed]
  }

  /** Before its mention is added: what was counted of its platforms is read while it is there. */
  #isNew(topic: Topic, clock: number): void {
    if (!topic.newSeconds) this.#newSeconds.push(topic)
    topic.newSeconds = true
    if (topic.newMinutes) return
    this.#newMinutes.push(topic)
    topic.newMinutes = true
    if (topic.waitingSeq < 0) topic.adaptive.catchUp(topic.wheels, clock, this.gaps)
  }

  /** Gaps are forgotten that every topic has passed: an open alarm holds its topic back, a fill that is still to come too. */
  #addGap(from: number, to: number): void {
    if (this.gaps.full) {
      let passed = endOf(from)
      for (const { adaptive, wheels, waitingSeq } of this.#topics) {
        if (waitingSeq < 0) adaptive.catchUp(wheels, from, this.gaps)
        passed = Math.min(passed, adaptive.next)
      }
      this.gaps.learnt(passed)
    }
    this.gaps.add(from, to)
  }

  #lookAtMinutes(minutes: ClosedMinutes, crossings: readonly TopicCrossing[]): TopicSurge[] {
    const surges: TopicSurge[] = []
    const ofTopic = crossings.length > 0 ? Map.groupBy(crossings, ({ topic }) => topic) : null
    const topics = this.#newMinutes.concat(this.#restless.filter((topic) => !topic.newMinutes))
    for (const topic of topics) if (topic.waitingSeq < 0) this.#lookAt(topic, minutes, { crossings: ofTopic?.get(topic) ?? none, out: surges })
    this.#restless = topics.filter(({ adaptive }) => adaptive.isRestless)
    return surges
  }

  /** Each minute by itself, whether a threshold was tripped then included: how far the clock moves at once changes nothing. */
  #lookAt(topic: Topic, { first, last, isGap }: ClosedMinutes, { crossings, out }: { readonly crossings: readonly TopicCrossing[]; readonly out: TopicSurge[] }): void {
    const { adaptive, wheels, thresholds, rules } = topic
    const isHeld = this.#holds(rules.id)
    for (let minute = first; minute <= last; minute++) {
      if (minute > first && isGap) return adaptive.skip(last)
      if (minute > first && !adaptive.isRestless) return
      let tripped = thresholds.trippedCount
      for (const { at, kind } of crossings) if (at > 60 * minute + 59) tripped += kind === 'spike' ? -1 : 1
      for (const change of adaptive.look({ wheels, gaps: this.gaps, minute, tripped: tripped > 0, isHeld })) out.push({ ...change, kind: 'baseline', topic })
    }
  }

  #settle(minutesClose: boolean): void {
    for (const topic of this.#newSeconds) topic.newSeconds = false
    this.#newSeconds.length = 0
    if (!minutesClose) return
    for (const topic of this.#newMinutes) topic.newMinutes = false
    this.#newMinutes.length = 0
  }
}

const none: readonly never[] = []

/** Ids of the topics that a source spoke of within the hour that ends with `clock`. */
export const spokenOf = (topics: readonly Topic[], source: number, clock: number): string[] =>
  (clock < 0 ? [] : topics.filter(({ wheels }) => wheels.platformCount(source, clock) > 0).map(({ rules }) => rules.id))

/** `now`: undefined where it is gone. */
function keptOf({ rules: { id, query }, adaptive }: Topic, now: Topic | undefined): Kept {
  if (!now) return { id, tripped: 0, isAnew: false, isWaiting: false, told: null }
  const isAnew = now.rules.query !== query
  return { id, tripped: now.thresholds.trippedCount + now.adaptive.open, isAnew, isWaiting: now.waitingSeq >= 0, told: isAnew ? adaptive.told : null }
}

function inOrder(a: TopicCrossing | TopicSurge, b: TopicCrossing | TopicSurge): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.topic !== b.topic) return a.topic.rules.id < b.topic.rules.id ? -1 : 1
  if (a.kind === 'baseline' || b.kind === 'baseline') return Number(a.kind === 'baseline') - Number(b.kind === 'baseline')
  if (a.ruleIndex !== b.ruleIndex) return a.ruleIndex - b.ruleIndex
  return a.kind === b.kind ? 0 : a.kind === 'clear' ? -1 : 1
}
