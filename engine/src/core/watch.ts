// The watched topics, and the closing of seconds: every second is evaluated as if in turn, at the cost of the topics that changed.
//
// Between mentions a count can only fall. So a closing second concerns only topics that got mentions since the one before (they may
// trip or clear) and topics with a tripped rule (they may clear); all others are left behind, and catch up when they are read.
import type { Rules, TopicRules } from '@groundswell/schemas/rules.ts'
import { TopicWheels, type PastSlices } from './3-measure/topic-wheels.ts'
import { planWindows } from './3-measure/window-plan.ts'
import { Thresholds, type Crossing } from './4-detect/thresholds.ts'
import type { Resumed } from './5-respond/alerts.ts'
import type { RememberedEvent } from './remembered.ts'
import type { StateReader, StateWriter } from './state.ts'

/** One topic of the rules in force. */
export interface Topic {
  readonly rules: TopicRules
  readonly place: number // in the rules file
  readonly wheels: TopicWheels
  readonly thresholds: Thresholds
  waitingSeq: number // sequence of the rules command whose fill it waits for; −1: its past is in
  newSeconds: boolean // got mentions since a second closed
  newMinutes: boolean // got mentions since a minute closed
}

export interface TopicCrossing extends Crossing { readonly topic: Topic }

/** A fill that is still to come. */
export interface PendingFill { readonly rulesSeq: number; readonly topics: string[] }

/** What new rules did to a topic that was watched before; null where it is watched no more. */
export interface Kept { readonly id: string; readonly tripped: number }

export class Watch {
  #topics: Topic[] = []
  #newSeconds: Topic[] = []
  #newMinutes: Topic[] = []
  #tripped: Topic[] = []
  #written: string | null = null // the rules as a checkpoint has them; worked out once for all saves
  readonly #holds: (topic: string) => boolean

  /** `holds`: for which topics nothing may clear now, because what would tell is missing. */
  constructor(rules: Rules, options: { readonly waitingSeq: number; readonly clock: number; readonly holds?: (topic: string) => boolean }) {
    this.#holds = options.holds ?? (() => false)
    this.#topics = rules.topics.map((topic, place) => newTopic(topic, { ...options, place }))
  }

  /** In the order of the rules file. */
  get topics(): readonly Topic[] { return this.#topics }

  /** Puts the rules into the state in which stored events left them, before anything else happens; answers what that means for alerts. */
  resume(events: readonly RememberedEvent[]): Resumed[] {
    const ofTopic = Map.groupBy(events, ({ event }) => event.topic)
    const resumed = this.#topics.map((topic) => resumeTopic(topic, ofTopic.get(topic.rules.id) ?? []))
    this.#tripped = this.#topics.filter((topic) => topic.thresholds.trippedCount > 0)
    return resumed
  }

  /** A counted mention of a topic. */
  add(topic: Topic, second: number, clock: number, of: { readonly sign: number; readonly platform: number }): void {
    topic.wheels.add(second, clock, of.sign, of.platform)
    if (!topic.newSeconds) this.#isNew(topic)
  }

  /** Closes the seconds from … to; answers the crossings in the order: at, topic id, rule order, clear before spike. */
  close(from: number, to: number): readonly TopicCrossing[] {
    const firstMinute = Math.floor(from / 60)
    const lastMinute = Math.floor((to + 1) / 60) - 1
    const minutesClose = lastMinute >= firstMinute && (this.#newMinutes.length > 0 || this.#tripped.length > 0)
    if (this.#newSeconds.length === 0 && this.#tripped.length === 0 && !minutesClose) return none
    const crossings: TopicCrossing[] = []
    const out: Crossing[] = []
    const evaluate = (topic: Topic, unit: 'seconds' | 'minutes'): void => {
      const canClear = topic.waitingSeq < 0 && !this.#holds(topic.rules.id)
      topic.thresholds.evaluate(unit, topic.wheels[unit], unit === 'seconds' ? { from, to, canClear } : { from: firstMinute, to: lastMinute, canClear }, out)
      for (const crossing of out) crossings.push({ ...crossing, topic })
      out.length = 0
    }
    for (const topic of this.#newSeconds) evaluate(topic, 'seconds')
    for (const topic of this.#tripped) if (!topic.newSeconds) evaluate(topic, 'seconds')
    if (minutesClose) {
      for (const topic of this.#newMinutes) evaluate(topic, 'minutes')
      for (const topic of this.#tripped) if (!topic.newMinutes) evaluate(topic, 'minutes')
    }
    this.#settle(minutesClose)
    if (crossings.length > 0) this.#tripped = this.#topics.filter((topic) => topic.thresholds.trippedCount > 0)
    crossings.sort(inOrder)
    for (const { kind, topic, at } of crossings) topic.wheels.crises[kind === 'spike' ? 'trip' : 'clear'](at)
    return crossings
  }

  /** Adds the past to a topic if it waits for the fill of `rulesSeq`; it is evaluated when the running second closes. */
  fill(id: string, past: PastSlices, at: { readonly rulesSeq: number; readonly clock: number }): boolean {
    const topic = this.#topics.find((topic) => topic.rules.id === id)
    if (!topic || topic.waitingSeq !== at.rulesSeq) return false
    topic.wheels.addPast(past, at.clock)
    topic.waitingSeq = -1
    this.#isNew(topic)
    return true
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
   * its state, unless a window became longer than what is retained; all others begin empty and wait for the fill of `seq`.
   */
  replace(rules: Rules, seq: number, clock: number): { readonly waiting: readonly string[]; readonly kept: readonly Kept[] } {
    const before = new Map(this.#topics.map((topic) => [topic.rules.id, topic]))
    this.#topics = rules.topics.map((topic, place) => renewed(topic, before.get(topic.id), { waitingSeq: seq, clock, place }))
    this.#written = null
    this.#newSeconds = []
    this.#newMinutes = []
    for (const topic of this.#topics) this.#isNew(topic)
    for (const { wheels, thresholds } of this.#topics) wheels.crises.retain(thresholds.trippedCount, clock)
    this.#tripped = this.#topics.filter((topic) => topic.thresholds.trippedCount > 0)
    const after = new Map(this.#topics.map((topic) => [topic.rules.id, topic.thresholds.trippedCount]))
    return {
      waiting: this.#topics.filter((topic) => topic.waitingSeq === seq).map((topic) => topic.rules.id),
      kept: [...before.keys()].map((id) => ({ id, tripped: after.get(id) ?? 0 })),
    }
  }

  save(out: StateWriter): void {
    out.text((this.#written ??= writtenRules(this.#topics)))
    for (const { waitingSeq, thresholds, wheels } of this.#topics) {
      out.number(waitingSeq)
      thresholds.save(out)
      wheels.save(out)
    }
    for (const list of [this.#newSeconds, this.#newMinutes]) out.array(Uint32Array.from(list, (topic) => topic.place))
  }

  /** Into a watch of the same rules. */
  load(from: StateReader, clock: number): void {
    if (from.text() !== writtenRules(this.#topics)) from.refuse('it is of other topics or rules than those that came with it')
    for (const topic of this.#topics) {
      topic.waitingSeq = from.whole(-1)
      topic.thresholds.load(from)
      topic.wheels.load(from, clock)
      const { trippedCount } = topic.thresholds
      if (topic.wheels.crises.tripped !== trippedCount) from.refuse(`topic ${topic.rules.id} has ${trippedCount} tripped rules and a crisis of ${topic.wheels.crises.tripped}`)
    }
    this.#newSeconds = this.#listed(from)
    this.#newMinutes = this.#listed(from)
    for (const topic of this.#newSeconds) topic.newSeconds = true
    for (const topic of this.#newMinutes) topic.newMinutes = true
    this.#tripped = this.#topics.filter((topic) => topic.thresholds.trippedCount > 0)
  }

  /**
   * Topics that wait for any fill begin empty and wait for that of `seq`, which brings all that is stored: what they counted is in it, and the
   * stream by which it could be told apart is gone.
   */
  waitFor(seq: number, clock: number): void {
    this.#topics = this.#topics.map((topic) => (topic.waitingSeq < 0 ? topic : newTopic(topic.rules, { waitingSeq: seq, clock, place: topic.place }, topic)))
    this.#newSeconds = this.#topics.filter(({ newSeconds }) => newSeconds)
    this.#newMinutes = this.#topics.filter(({ newMinutes }) => newMinutes)
    this.#tripped = this.#topics.filter(({ thresholds }) => thresholds.trippedCount > 0)
  }

  #listed(from: StateReader): Topic[] {
    const listed = new Set(Array.from(from.words(), (place) => this.#topics[place] ?? from.refuse(`there is no topic ${place} of ${this.#topics.length}`)))
    return [...listed]
  }

  #isNew(topic: Topic): void {
    if (!topic.newSeconds) this.#newSeconds.push(topic)
    topic.newSeconds = true
    if (!topic.newMinutes) this.#newMinutes.push(topic)
    topic.newMinutes = true
  }

  #settle(minutesClose: boolean): void {
    for (const topic of this.#newSeconds) topic.newSeconds = false
    this.#newSeconds.length = 0
    if (!minutesClose) return
    for (const topic of this.#newMinutes) topic.newMinutes = false
    this.#newMinutes.length = 0
  }
}

const none: readonly TopicCrossing[] = []

/** Ids of the topics that a source spoke of within the hour that ends with `clock`. */
export const spokenOf = (topics: readonly Topic[], source: number, clock: number): string[] =>
  (clock < 0 ? [] : topics.filter(({ wheels }) => wheels.platformCount(source, clock) > 0).map(({ rules }) => rules.id))

/** What decides the form of a topic's state: its id, and the count and span of each of its rules. */
const writtenRules = (topics: readonly Topic[]): string =>
  topics.map(({ rules }) => `${rules.id} ${(rules.velocity ?? []).map(({ count, within }) => `${count}/${within}`).join(' ')}`).join('\n')

interface NewTopic { readonly waitingSeq: number; readonly clock: number; readonly place: number }

function newTopic(rules: TopicRules, options: NewTopic, before?: Topic): Topic {
  const wheels = new TopicWheels(rules, options.clock, before?.wheels.crises)
  return { rules, place: options.place, wheels, thresholds: new Thresholds(rules, wheels.plan.ofRule, before?.thresholds), waitingSeq: options.waitingSeq, newSeconds: false, newMinutes: false }
}

function renewed(rules: TopicRules, before: Topic | undefined, options: NewTopic): Topic {
  if (!before || before.rules.query !== rules.query) return newTopic(rules, options)
  const plan = planWindows(rules)
  if (!before.wheels.covers(plan)) return newTopic(rules, options, before)
  before.wheels.replan(plan, options.clock)
  return { rules, place: options.place, wheels: before.wheels, thresholds: new Thresholds(rules, plan.ofRule, before.thresholds), waitingSeq: before.waitingSeq, newSeconds: false, newMinutes: false }
}

function resumeTopic({ rules, wheels, thresholds }: Topic, events: readonly RememberedEvent[]): Resumed {
  const inOrder = events.map((stored) => ({ ...stored, place: thresholds.placeOf(stored.event.rule) }))
    .sort((a, b) => a.second - b.second || a.place - b.place || (a.event.kind === b.event.kind ? 0 : a.event.kind === 'clear' ? -1 : 1))
  let lastSpikeAt = -1
  let lastClear: Resumed['lastClear'] = null
  for (const { event, second } of inOrder) {
    const tripped = event.kind === 'spike'
    for (let changed = thresholds.resume(event.rule, tripped); changed > 0; changed--) wheels.crises[tripped ? 'trip' : 'clear'](second)
    if (tripped) lastSpikeAt = second
    else lastClear = { event, at: second, name: rules.name }
  }
  return { topic: rules.id, tripped: thresholds.trippedCount, lastSpikeAt, lastClear }
}

function inOrder(a: TopicCrossing, b: TopicCrossing): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.topic !== b.topic) return a.topic.rules.id < b.topic.rules.id ? -1 : 1
  if (a.ruleIndex !== b.ruleIndex) return a.ruleIndex - b.ruleIndex
  return a.kind === b.kind ? 0 : a.kind === 'clear' ? -1 : 1
}
