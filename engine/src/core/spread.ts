// Spread: the cascades of all mentions, and what is told of them: spread rules, sleepers that ignite, accounts that act together.
//
//   add      counted and late mentions → cascade store; of topics that have `spread` also → which cascades got mentions, who ended a quiet hour, who shared what
//   close    spread rules · ignitions · coordination → events, and the cascades that were quiet for too long leave memory
//   evicted  whole trees → the store of facts, which keeps them as a row each
//
// A mention of no topic with `spread` costs the cascade store's add, and a look at what its root matched.
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { CascadeStore, type EvictedTree, type NodeFacts } from './3-measure/cascades/cascade-store.ts'
import type { Shared } from './4-detect/spread/coordination-evidence.ts'
import { Coordination, coordinationLimits, type CoordinationRoom } from './4-detect/spread/coordination.ts'
import { identifyCoordination } from './4-detect/spread/coordination-words.ts'
import { ignitionLimits, Ignitions, type Ignition } from './4-detect/spread/ignition.ts'
import { planTopic, type PlannedTopic } from './4-detect/spread/planned-rules.ts'
import { SpreadRules } from './4-detect/spread/spread-rules.ts'
import { identifyIgnition, identifySpread } from './4-detect/spread/spread-words.ts'
import { TopicSets } from './4-detect/spread/topic-sets.ts'
import type { EnrichedBatch } from './batch.ts'
import { nameOfRoot } from './live-cascades.ts'
import type { Stateful, StateReader, StateWriter } from './state.ts'

/** How many mentions are kept as nodes, and for how long a cascade may be quiet until it leaves. */
export interface SpreadRoom { readonly nodesMax: number; readonly quietSeconds: number }

export interface SpreadOptions {
  readonly rules: Rules
  readonly room: SpreadRoom
  readonly holds: (topic: string) => boolean // nothing of the topic may end now
  readonly nameOf: (platform: number) => string
}

export interface SpreadFound { readonly event: SpikeEvent; readonly at: number; readonly name: Bilingual }

const decoder = new TextDecoder('utf-8', { ignoreBOM: true }) // an id may begin with U+FEFF

export class Spread implements Stateful {
  readonly store: CascadeStore
  readonly #sets: TopicSets
  readonly #rules: SpreadRules
  readonly #ignitions: Ignitions
  readonly #coordination: Coordination
  readonly #nameOf: (platform: number) => string
  #planned = new Map<string, PlannedTopic>() // topics with `spread` in force, by id
  #watched: (readonly PlannedTopic[] | null)[] = [] // by number of a set of topics; worked out when it is first asked
  readonly #facts: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: -1, platform: 0, sign: 0, flags: 0, topics: 0 }
  readonly #id: { bytes: Uint8Array; start: number; end: number } = { bytes: new Uint8Array(0), start: 0, end: 0 }
  readonly #shared: Shared = { topics: 0, author: 0, second: 0, textLow: 0, textHigh: 0, link: 0, rootLow: 0, rootHigh: 0 }
  #tree = 0 // root of the tree that the next mention joins, as far as can be told; 0: none

  constructor({ rules, room, holds, nameOf }: SpreadOptions) {
    this.store = new CascadeStore(room)
    this.#nameOf = nameOf
    this.#sets = new TopicSets(rules.topics.map(({ id }) => id))
    this.#coordination = new Coordination(coordinationRoom(room.nodesMax))
    const nameOfNode = (root: number): string => this.nameOf(root)
    const measuring = { store: this.store, names: nameOf, isCoordinated: (author: number) => this.#coordination.isCoordinated(author), linkedAt: () => this.#coordination.lookedAt }
    this.#rules = new SpreadRules({ measuring, topicsOf: (root) => this.#watchedIn(this.store.topicsOf(root)), nameOf: nameOfNode, holds })
    this.#ignitions = new Ignitions(this.store, nameOfNode)
    this.#plan(rules)
  }

  /** What the metrics say of it. */
  get figures(): SpreadFigures {
    return { ...this.store.counters, told: this.#rules.open, untold: this.#rules.untold, armed: this.#ignitions.armed, armedDropped: this.#ignitions.dropped, topicSetsCut: this.#sets.cut }
  }

  /** Id of a root, or what stands for it. */
  nameOf(root: number): string { return nameOfRoot(this.store.idOf(root), this.store.idLowOf(root), this.store.idHighOf(root)) }
  topicsOf(set: number): readonly string[] { return this.#sets.idsOf(set) }
  /** How many spread rules of a topic tell of cascades now. */
  openOf(topic: string): number { return this.#rules.openOf(topic) }

  /** Row `row` of a batch, whose second is not closed yet. Late mentions belong to their cascades, and end no quiet hour. */
  add(batch: EnrichedBatch, row: number, platform: number, isCounted: boolean): void {
    const facts = this.#read(batch, row, platform)
    if (this.#planned.size === 0) {
      this.store.add(facts, this.#id)
      return
    }
    const quiet = this.#quietBefore(facts)
    const node = this.store.add(facts, this.#id)
    const root = this.store.rootOf(node)
    const topics = this.#watchedIn(this.store.topicsOf(root))
    if (isCounted) this.#share(batch, row, topics === null ? facts.topics : this.store.topicsOf(root))
    if (topics === null) return
    this.#rules.touch(root, this.#joinedAlone(node, root) ? facts.at : -Infinity)
    if (isCounted && quiet >= ignitionLimits.quietSeconds && root === this.#tree) this.#ignitions.arm({ at: Math.floor(facts.at / 1000), root, quietSeconds: quiet, mention: this.#idText() }, node)
  }

  /** The seconds from … to close: what is to be told, by second, and in it spread rules by topic, rule and root, then ignitions, then coordination. */
  close(from: number, to: number): readonly SpreadFound[] {
    const found: SpreadFound[] = []
    if (this.#planned.size > 0) {
      const ignitions: Ignition[] = []
      const closesMinute = Math.floor((to + 1) / 60) > Math.floor(from / 60)
      const coordinated: SpreadFound[] = []
      this.#closeCoordination(from, closesMinute, coordinated) // before rules ask for it; as of `from`, or a long silence would have it forgotten
      this.#rules.touched.forEach((root) => this.#ignitions.lookAt(root, from, ignitions))
      for (const change of this.#rules.close(from, to)) found.push({ event: identifySpread(change, this.#nameOf), at: change.at, name: change.topic.rules.name })
      this.#tellIgnitions(ignitions, found)
      if (to > from) this.#closeCoordination(to, false, coordinated)
      found.push(...coordinated)
      if (closesMinute) this.#ignitions.settle(to)
      if (found.length > 1) found.sort((a, b) => a.at - b.at) // stable: what was found first of a second stays first
    }
    this.store.settle(to + 1)
    return found
  }

  get hasEvicted(): boolean { return this.store.hasEvicted }

  /** The trees that left memory since it was last asked, with the ids of their topics. */
  takeEvicted(): readonly (Pick<EvictedTree, 'tree'> & { readonly topics: readonly string[] })[] {
    const evicted = this.store.takeEvicted(this.#nameOf)
    return evicted.length === 0 ? none : evicted.map(({ tree, topics }) => ({ tree, topics: this.#sets.idsOf(topics) }))
  }

  /** New rules are in force: what a rule told stays told where topic, measure, threshold and span are the same. Cascades keep the topics that their roots matched. */
  replace(rules: Rules): void {
    this.#sets.replace(rules.topics.map(({ id }) => id))
    this.#plan(rules)
  }

  /** Mentions were forgotten: none of them is named as one that ignites its cascade. */
  dropForgotten(): void { this.#ignitions.dropForgotten() }

  save(out: StateWriter): void {
    for (const part of this.#parts) part.save(out)
  }

  load(from: StateReader): void {
    for (const part of this.#parts) part.load(from)
    this.#watched = []
  }

  get #parts(): readonly Stateful[] { return [this.store, this.#sets, this.#rules, this.#ignitions, this.#coordination] }

  #plan(rules: Rules): void {
    this.#planned = new Map(rules.topics.flatMap((topic) => {
      const planned = planTopic(topic)
      return planned ? [[topic.id, planned] as const] : []
    }))
    this.#watched = []
    this.#rules.replace([...this.#planned.values()])
  }

  /** The topics with `spread` of a set, by id; null: it has none. */
  #watchedIn(set: number): readonly PlannedTopic[] | null {
    const known = this.#watched[set]
    if (known !== undefined) return known
    for (let one = this.#watched.length; one <= set; one++) {
      const topics = this.#sets.idsOf(one).flatMap((id) => this.#planned.get(id) ?? [])
      this.#watched.push(topics.length === 0 ? null : topics)
    }
    return this.#watched[set]!
  }

  #watchedIds(set: number): readonly string[] { return (this.#watchedIn(set) ?? none).map(({ rules }) => rules.id) }

  #read(batch: EnrichedBatch, row: number, platform: number): NodeFacts {
    const facts = this.#facts
    const topicsFrom = row === 0 ? 0 : batch.topicEnds[row - 1]!
    const topicsEnd = batch.topicEnds[row]!
    facts.idLow = batch.idLow[row]!
    facts.idHigh = batch.idHigh[row]!
    facts.parentLow = batch.parentLow[row]!
    facts.parentHigh = batch.parentHigh[row]!
    facts.rootLow = batch.rootLow[row]!
    facts.rootHigh = batch.rootHigh[row]!
    facts.at = batch.ats[row]!
    facts.author = batch.authors[row]!
    facts.followers = batch.followers[row]!
    facts.platform = platform
    facts.sign = batch.signs[row]!
    facts.flags = batch.flags[row]!
    facts.topics = topicsFrom === topicsEnd ? 0 : this.#sets.numberOf(batch.topicIds, topicsFrom, topicsEnd)
    this.#id.bytes = batch.idBytes
    this.#id.start = row === 0 ? 0 : batch.idEnds[row - 1]!
    this.#id.end = batch.idEnds[row]!
    return facts
  }

  /** Seconds between a mention and the newest one before it in the tree that it joins; −1: it joins none. */
  #quietBefore({ parentLow, parentHigh, rootLow, rootHigh, at }: NodeFacts): number {
    const store = this.store
    let to = (parentLow | parentHigh) === 0 ? -1 : store.find(parentLow, parentHigh)
    if (to < 0 && (rootLow | rootHigh) !== 0) to = store.find(rootLow, rootHigh)
    this.#tree = to < 0 ? 0 : store.rootOf(to)
    return to < 0 ? -1 : Math.floor(at / 1000) - store.lastOf(this.#tree)
  }

  /** Whether the tree under this root is what it was before, and this mention: it brought none with it and closed no ring, which would have another root. */
  #joinedAlone(node: number, root: number): boolean { return this.store.subtreeOf(node) === 1 && (root === node || root === this.#tree) }

  #share(batch: EnrichedBatch, row: number, topics: number): void {
    if (this.#watchedIn(topics) === null) return
    const shared = this.#shared
    shared.topics = topics
    shared.author = batch.authors[row]!
    shared.second = batch.seconds[row]!
    shared.textLow = batch.shareLow[row]!
    shared.textHigh = batch.shareHigh[row]!
    shared.link = batch.links[row]!
    shared.rootLow = batch.rootLow[row]!
    shared.rootHigh = batch.rootHigh[row]!
    this.#coordination.share(shared)
  }

  #idText(): string { return decoder.decode(this.#id.bytes.subarray(this.#id.start, this.#id.end)) }

  #closeCoordination(second: number, mustLook: boolean, out: SpreadFound[]): void {
    for (const evidence of this.#coordination.close(second, (set) => this.#watchedIds(set), mustLook)) {
      const topic = this.#planned.get(evidence.topic)
      if (topic) out.push({ event: identifyCoordination(evidence, second), at: second, name: topic.rules.name })
    }
  }

  #tellIgnitions(ignitions: readonly Ignition[], out: SpreadFound[]): void {
    const told = ignitions.flatMap((ignition) => (this.#watchedIn(this.store.topicsOf(ignition.rootNode)) ?? none).map(({ rules }) => ({ rules, ignition })))
    told.sort((a, b) => (a.rules.id !== b.rules.id ? (a.rules.id < b.rules.id ? -1 : 1) : a.ignition.root < b.ignition.root ? -1 : 1))
    for (const { rules, ignition } of told) out.push({ event: identifyIgnition(rules.id, ignition), at: ignition.at, name: rules.name })
  }
}

export interface SpreadFigures extends Readonly<CascadeStore['counters']> {
  readonly told: number // cascades that spread rules tell of
  readonly untold: number // begins that were not told because too many cascades are told of
  readonly armed: number // mentions that ended a quiet hour and are watched
  readonly armedDropped: number
  readonly topicSetsCut: number // mentions of which not all topics are kept
}

const none: readonly never[] = []

/** Beside a store smaller than any room sets it, a small one will do. */
const roomsLeast = 100_000
function coordinationRoom(nodesMax: number): CoordinationRoom {
  return nodesMax < roomsLeast ? { onceMax: 1024, objectsMax: 256, pairsMax: 1024, candidatesMax: 256, accountsMax: 1024 } : coordinationLimits
}
