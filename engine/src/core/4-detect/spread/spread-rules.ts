// The spread rules of all topics over all cascades: which cascade has reached which threshold, and which of those has come to rest.
//
//   mention not later than root + within (or one that joins trees) ──► its cascade is looked at when the second closes; by R and coordinated share when the minute closes
//   told   ──► begin; each rule once in a cascade's life ──► a minute closes in whose last hour fewer than 1 in 20 of its mentions came,
//              or the cascade was evicted, or is part of another one now: end of all its rules at once
//
// A cascade that was told of nothing has no state here: what rules need of it the store knows.
import type { CascadeStore } from '../../3-measure/cascades/cascade-store.ts'
import type { Stateful, StateReader, StateWriter } from '../../state.ts'
import { LookedAt } from './looked-at.ts'
import { isSlow, type PlannedRule, type PlannedTopic } from './planned-rules.ts'
import { coordinatedShareOf, mentionsSince, reproductionNow, restsFrom, valueNow, valueUntil, type Measuring } from './spread-values.ts'
import { readTold, toldBy, type Told, type ToldRule } from './told-cascades.ts'
import { Touched } from './touched.ts'

/**
 * `toldMax` cascades that were told of are remembered until they leave memory: where as many are, those that are over are forgotten first, and may tell again; a further one is not told but counted. `touchedMax`
 * cascades get mentions in a second or a minute: a further one is looked at with its next mention. `grownMax` of them are remembered with their size at
 * the last look by R and coordinated share: the one that was looked at longest ago is forgotten, and looked at anew.
 */
export const spreadLimits = { toldMax: 10_000, touchedMax: 65_536, grownMax: 65_536, grownBy: 1.1 } as const

const keysApart = 2 ** 27 // more than there are nodes

export type SpreadEnd = 'rested' | 'evicted' | 'joined'

/** A rule was reached, or a cascade that it told of is over. */
export interface SpreadChange {
  readonly state: 'begin' | 'end'
  readonly at: number // second
  readonly topic: PlannedTopic
  readonly rule: PlannedRule
  readonly root: string
  readonly rootAt: number // ms
  readonly value: number
  readonly size: number
  readonly depth: number
  readonly platforms: readonly number[]
  readonly interval: readonly [low: number, high: number] | null // 95 %, of R
  readonly lastHour: number // mentions; of an end
  readonly why: SpreadEnd | null // of an end
}

type TopicsOf = (root: number) => readonly PlannedTopic[] | null

export class SpreadRules implements Stateful {
  readonly #store: CascadeStore
  readonly #measuring: Measuring
  readonly #topicsOf: TopicsOf
  readonly #nameOf: (root: number) => string
  readonly #holds: (topic: string) => boolean
  readonly #told = new Map<number, Told>() // by root; of one that was evicted and is not over, while another told of has its place, by a number of its own below 0
  readonly #second = new Touched(spreadLimits.touchedMax)
  readonly #minute = new Touched(spreadLimits.touchedMax)
  readonly #looked = new LookedAt(spreadLimits.grownMax, spreadLimits.grownBy) // when minutes closed
  #topics = new Map<string, PlannedTopic>() // in force, by id
  #over = 0
  /** Begins that were not told because too many are told of. */
  untold = 0

  /** `holds`: of which topics nothing may end now, because what would tell is missing. */
  constructor(options: { readonly measuring: Measuring; readonly topicsOf: TopicsOf; readonly nameOf: (root: number) => string; readonly holds: (topic: string) => boolean }) {
    this.#measuring = options.measuring
    this.#store = options.measuring.store
    this.#topicsOf = options.topicsOf
    this.#nameOf = options.nameOf
    this.#holds = options.holds
  }

  /** Cascades that were told of and are not over. */
  get open(): number { return this.#told.size - this.#over }

  /** How many of its rules tell of cascades now. */
  openOf(topic: string): number {
    let open = 0
    for (const { isOver, rules } of this.#told.values()) if (!isOver) for (const rule of rules) if (rule.topic === topic) open++
    return open
  }

  /** A mention of the time `at` (ms; −∞: it brought others with it, of any times) joined the cascade of a topic with spread rules. */
  touch(root: number, at: number): void { this.#second.add(root, at) }

  /** Roots that got mentions in the second that closes, each with the time of its earliest one. */
  get touched(): Touched { return this.#second }

  /** The second `from` closes and all up to `to`; nothing came behind `from`. In the order: at, topic id, rule, root. */
  close(from: number, to: number): SpreadChange[] {
    const out: SpreadChange[] = []
    this.#second.forEach((root, earliest) => this.#lookAt(root, earliest, from, out))
    this.#second.clear()
    const first = Math.floor(from / 60)
    const last = Math.floor((to + 1) / 60) - 1
    if (last < first) return out.length > 1 ? out.sort(inOrder) : out
    this.#minute.forEach((root) => this.#lookSlowly(root, first, out))
    this.#minute.clear()
    for (const [root, told] of this.#told) this.#rest(root, told, { first, last }, out)
    return out.sort(inOrder)
  }

  /** These topics are in force from now on: what rules told that have the same topic, measure, threshold and span stays told, all else is forgotten. */
  replace(topics: readonly PlannedTopic[]): void {
    this.#topics = new Map(topics.map((topic) => [topic.rules.id, topic]))
    for (const [root, told] of this.#told) {
      const rules = told.rules.filter((rule) => this.#ruleOf(rule) !== null)
      const isOver = rules.every((rule) => rule.isOver)
      if (rules.length === 0) this.#forget(root, told)
      else this.#told.set(root, { ...told, rules, isOver })
      if (rules.length > 0 && isOver !== told.isOver) this.#over++
    }
  }

  save(out: StateWriter): void {
    out.number(this.untold)
    out.json([...this.#told])
    this.#second.save(out)
    this.#minute.save(out)
    this.#looked.save(out)
  }

  load(from: StateReader): void {
    this.untold = from.whole(0)
    for (const [root, told] of readTold(from, spreadLimits.toldMax)) {
      if (this.#told.has(root)) from.refuse(`cascade ${root} is told of twice`)
      this.#told.set(root, told)
      if (told.isOver) this.#over++
    }
    this.#second.load(from)
    this.#minute.load(from)
    this.#looked.load(from)
  }

  /** The root above what was a root; 0: it was evicted. */
  #standing(root: number): number {
    const { low, high } = this.#idOf(root)
    return this.#store.find(low, high) === root ? this.#store.rootOf(root) : 0
  }

  #idOf(root: number): { readonly low: number; readonly high: number } { return { low: this.#store.idLowOf(root), high: this.#store.idHighOf(root) } }

  #toldOf(root: number): Told | undefined {
    const told = this.#told.get(root)
    if (told === undefined || this.#store.find(told.low, told.high) === root) return told
    return undefined // another mention has the place of one that was evicted
  }

  #lookAt(touched: number, earliest: number, second: number, out: SpreadChange[]): void {
    const root = this.#standing(touched)
    const topics = root === 0 ? null : this.#topicsOf(root)
    if (topics === null) return
    const told = this.#toldOf(root)
    if (told && earliest <= told.restsFrom - 3_600_000) told.restsFrom = 0 // an older mention: more of the youngest are one in twenty
    const rootAt = this.#store.atOf(root)
    const isTold = toldBy(told)
    for (const topic of topics) {
      for (const rule of topic.spread) {
        const limit = rootAt + rule.withinMs
        if (earliest > limit || isTold(topic.rules.id, rule.key)) continue
        if (isSlow(rule)) {
          this.#minute.add(root, earliest)
          continue
        }
        const { measure, threshold } = rule
        const now = valueNow(this.#store, root, measure)
        if (now < threshold) continue // and of its mentions up to the limit it is no more
        const value = second * 1000 + 999 <= limit ? now : valueUntil(this.#store, root, measure, limit)
        if (value >= threshold) this.#begin({ root, topic, rule, value, interval: null }, second, out)
      }
    }
  }

  /** By what is worked out of the whole tree: in a minute in which it got mentions, once it has grown by a tenth; by coordinated share also where accounts were found linked since. */
  #lookSlowly(touched: number, minute: number, out: SpreadChange[]): void {
    const root = this.#standing(touched)
    const topics = root === 0 ? null : this.#topicsOf(root)
    if (topics === null) return
    const size = this.#store.subtreeOf(root)
    const hasGrown = this.#looked.hasGrown(root, size)
    if (!hasGrown && !this.#looked.isBefore(root, this.#measuring.linkedAt())) return
    const end = (minute + 1) * 60_000
    const isTold = toldBy(this.#toldOf(root))
    for (const topic of topics) {
      for (const rule of topic.spread) {
        const limit = this.#store.atOf(root) + rule.withinMs
        if (!(hasGrown ? isSlow(rule) : rule.measure === 'coordinatedShare') || end - 60_000 > limit || isTold(topic.rules.id, rule.key)) continue
        this.#looked.note(root, hasGrown ? size : null, (minute + 1) * 60 - 1)
        const { value, interval } = this.#slowValue(rule, root, Math.min(end, limit))
        if (value >= rule.threshold && (interval === null || interval[0] > 1)) this.#begin({ root, topic, rule, value, interval }, (minute + 1) * 60 - 1, out)
      }
    }
  }

  #slowValue({ measure }: PlannedRule, root: number, now: number): Pick<SpreadChange, 'value' | 'interval'> {
    if (measure === 'coordinatedShare') return { value: coordinatedShareOf(this.#measuring, root, now) ?? 0, interval: null }
    const reproduction = reproductionNow(this.#measuring, root, now)
    return { value: reproduction?.R ?? 0, interval: reproduction ? [reproduction.low, reproduction.high] : null }
  }

  #begin({ root, topic, rule, value, interval }: Pick<SpreadChange, 'topic' | 'rule' | 'value' | 'interval'> & { readonly root: number }, at: number, out: SpreadChange[]): void {
    const told = this.#toldOf(root) ?? this.#newlyTold(root)
    if (told === null) {
      this.untold++
      return
    }
    if (told.isOver) this.#over--
    told.isOver = false
    told.restsFrom = 0
    const of = this.#figures(root)
    told.rules.push({ topic: topic.rules.id, key: rule.key, value, isOver: false })
    Object.assign(told, { size: of.size, depth: of.depth, platforms: of.platforms })
    out.push({ state: 'begin', at, topic, rule, root: told.name, value, interval, lastHour: 0, why: null, ...of })
  }

  #figures(root: number): Pick<SpreadChange, 'rootAt' | 'size' | 'depth' | 'platforms'> {
    const { rootAt, size, depth, platforms } = this.#store.measuresOf(root)
    return { rootAt, size, depth, platforms: platforms.map(({ platform }) => platform) }
  }

  #newlyTold(root: number): Told | null {
    const before = this.#told.get(root)
    if (before) { // of one that was evicted, whose end is told when the minute closes
      this.#forget(root, before)
      if (!before.isOver) this.#told.set(this.#ownKey(root), before)
    }
    if (this.#told.size === spreadLimits.toldMax) for (const [other, told] of this.#over > 0 ? this.#told : []) if (told.isOver) {
      this.#forget(other, told)
      break
    }
    if (this.#told.size === spreadLimits.toldMax) return null
    const told: Told = { ...this.#idOf(root), name: this.#nameOf(root), rootAt: this.#store.atOf(root), rules: [], isOver: false, restsFrom: 0, sizeThen: 0, size: 0, depth: 0, platforms: [] }
    this.#told.set(root, told)
    return told
  }

  #ownKey(root: number): number { return this.#told.has(root - keysApart) ? this.#ownKey(root - keysApart) : root - keysApart }

  #forget(root: number, { isOver }: Told): void {
    this.#told.delete(root)
    if (isOver) this.#over--
  }

  /** Ends what is over in the minutes first … last; forgets what left memory. */
  #rest(root: number, told: Told, minutes: { readonly first: number; readonly last: number }, out: SpreadChange[]): void {
    const isEvicted = this.#store.find(told.low, told.high) !== root
    const isGone = isEvicted || this.#store.parentOf(root) >= 0
    if (told.isOver) {
      if (isEvicted) this.#forget(root, told)
      return
    }
    if (told.rules.some(({ topic, isOver }) => !isOver && this.#holds(topic))) return
    if (!isGone && ((minutes.last + 1) * 60_000 >= told.restsFrom || this.#store.subtreeOf(root) < told.sizeThen)) {
      told.restsFrom = restsFrom(this.#store, root)
      told.sizeThen = this.#store.subtreeOf(root)
    }
    const minute = isGone ? minutes.first : Math.max(minutes.first, Math.ceil(told.restsFrom / 60_000) - 1)
    if (minute > minutes.last) return
    this.#end(root, told, { minute, why: isEvicted ? 'evicted' : isGone ? 'joined' : 'rested' }, out)
    if (isEvicted) this.#forget(root, told)
  }

  #end(root: number, told: Told, { minute, why }: { readonly minute: number; readonly why: SpreadEnd }, out: SpreadChange[]): void {
    const end = (minute + 1) * 60_000
    const isHere = why === 'rested'
    const of = isHere ? this.#figures(root) : { rootAt: told.rootAt, size: told.size, depth: told.depth, platforms: told.platforms }
    const lastHour = isHere ? mentionsSince(this.#store, root, end - 3_600_000) : 0
    for (const state of told.rules) {
      if (state.isOver) continue
      state.isOver = true
      const { topic, rule } = this.#ruleOf(state)!
      const { value, interval } = !isHere ? { value: state.value, interval: null } : isSlow(rule) ? this.#slowValue(rule, root, end) : { value: valueNow(this.#store, root, rule.measure), interval: null }
      out.push({ state: 'end', at: (minute + 1) * 60 - 1, topic, rule, root: told.name, value, interval, lastHour, why, ...of })
    }
    told.isOver = true
    this.#over++
  }

  #ruleOf({ topic: id, key }: ToldRule): { readonly topic: PlannedTopic; readonly rule: PlannedRule } | null {
    const topic = this.#topics.get(id)
    const rule = topic?.spread.find((one) => one.key === key)
    return topic && rule ? { topic, rule } : null
  }
}

function inOrder(a: SpreadChange, b: SpreadChange): number {
  if (a.at !== b.at) return a.at - b.at
  const [topic, other] = [a.topic.rules.id, b.topic.rules.id]
  if (topic !== other) return topic < other ? -1 : 1
  if (a.rule.place !== b.rule.place) return a.rule.place - b.rule.place
  return a.root === b.root ? 0 : a.root < b.root ? -1 : 1
}
