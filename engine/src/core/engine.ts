// The engine: a fold over the input stream. Inputs in their one order, effects out; it never waits, never asks the time, never
// touches the world. Read `step` first:
//
//   batch    seen ids → event clock → slice wheels, cascades  each row gets its fate, counted rows enter their topics' windows
//   closing  thresholds, baseline, spread → events → alerts   whenever the clock moves on, for every second and minute it leaves behind
//   tick     which sources are blind · moves an idle clock · command: rules, fill, end, forget, act
import { fates } from '@groundswell/schemas/mention-columns.ts'
import type { TopicRow } from '@groundswell/schemas/live.ts'
import type { Command } from '@groundswell/schemas/command.ts'
import { SeenIds } from './1-decode/seen-ids.ts'
import type { SegmentOf } from './1-decode/seen-order.ts'
import { EventClock } from './3-measure/event-clock.ts'
import { Sources } from './3-measure/sources.ts'
import { Volume } from './3-measure/volume.ts'
import type { Words } from './4-detect/identify.ts'
import { Silence, type SilenceChange } from './4-detect/silence.ts'
import { isoSecond } from './4-detect/iso-second.ts'
import { Alerts } from './5-respond/alerts.ts'
import { HandlingLog } from './5-respond/handling.ts'
import type { EnrichedBatch } from './batch.ts'
import { thresholdsNow, type ThresholdNow } from './countdowns.ts'
import { Desk } from './desk.ts'
import { smallRoom, type EngineOptions } from './engine-options.ts'
import { atClock, loadParts, saveParts, type Part } from './engine-state.ts'
import { forgetInCascades } from './forget-cascades.ts'
import { tellFound } from './found.ts'
import type { Effect, Input } from './input.ts'
import { CascadesInMemory, type LiveCascades } from './live-cascades.ts'
import { putInForce } from './new-rules.ts'
import { LookAhead } from './look-ahead.ts'
import { normalNow, type NormalNow } from './normal-now.ts'
import { newestOfFill, takeFill } from './past-of-fill.ts'
import { rankTopics, takePicture, type Moment, type Picture } from './picture.ts'
import { recallParts } from './recall-parts.ts'
import type { Recalled } from './remembered.ts'
import { Spread, type SpreadFigures } from './spread.ts'
import type { StateReader, StateWriter } from './state.ts'
import { Tally, type Counters } from './tally.ts'
import { spokenOf, Watch, type PendingFill } from './watch.ts'

export class Engine {
  /** The duplicate filter: its full segments are kept beside the checkpoints. */
  readonly ids: SeenIds
  readonly #clock: EventClock
  readonly #watch: Watch
  readonly #alerts: Alerts
  readonly #handling = new HandlingLog()
  readonly #sources = new Sources()
  readonly #silence: Silence
  readonly #volume = new Volume()
  readonly #spread: Spread
  readonly #ahead: LookAhead
  /** What may be asked of the cascades in memory. */
  readonly cascades: LiveCascades
  /** What people do about alerts. */
  readonly desk: Desk
  #tally = new Tally()
  readonly #stream: number
  readonly #words: Words
  #rulesSeq: number
  #seq = 0
  #since: number // second from which anything is known; −1: nothing yet

  constructor(options: EngineOptions) {
    this.#clock = new EventClock(options.clock ?? null)
    this.#since = this.#clock.raw
    this.#silence = new Silence(this.#sources, options.silence ?? { blindSeconds: null })
    const holds = (topic: string): boolean => this.#silence.holds(topic)
    this.#watch = new Watch(options.rules, { waitingSeq: options.filling ? options.fillSeq ?? options.rulesSeq : -1, clock: this.#clock.raw, holds, isDeaf: () => this.#silence.isDeaf })
    this.ids = new SeenIds(options.seenMax)
    this.#alerts = new Alerts(options.cooldownSeconds, holds, (topic, grade) => this.#handling.mutes(topic, grade))
    this.desk = new Desk({ alerts: this.#alerts, handling: this.#handling, watch: this.#watch, sources: this.#sources })
    this.#stream = options.stream
    this.#words = { platform: (id) => this.#sources.nameOf(id), hourOfWeek: options.hourOfWeek ?? null }
    this.#spread = new Spread({ rules: options.rules, room: options.cascades ?? smallRoom, holds, nameOf: this.#words.platform })
    this.#ahead = new LookAhead(this.ids, this.#spread.store)
    this.cascades = new CascadesInMemory({ store: this.#spread.store, clock: () => this.#clock.raw, platformName: this.#words.platform, topicsOf: (set) => this.#spread.topicsOf(set) })
    this.#rulesSeq = options.rulesSeq
    if (options.remembered) {
      const resumed = this.#watch.resume(options.remembered)
      this.#alerts.resume(options.remembered.alerts, resumed, isoSecond(Math.max(0, this.#clock.raw)))
    }
  }

  /** The event clock, seconds since 1970; null before the first counted mention. */
  get clock(): number | null { return this.#clock.second }
  /** The last input that was applied. */
  get position(): { readonly stream: number; readonly seq: number } { return { stream: this.#stream, seq: this.#seq } }
  get rulesSeq(): number { return this.#rulesSeq }
  /** Ids that duplicates are recognised among. */
  get seenIds(): number { return this.ids.size }
  get counters(): Counters { return this.#tally.counters }
  get spread(): SpreadFigures { return this.#spread.figures }
  /** How many sources are stale, and which are blind, as of the last tick. */
  get silence(): Silence['state'] { return this.#silence.state }
  /** Ids of the topics that wait for their past. */
  get waiting(): string[] { return this.#watch.waiting() }
  /** The fills that are still to come, for an engine that was loaded: they are to be asked for again. */
  pendingFills(): PendingFill[] { return this.#watch.pendingFills() }

  /**
   * What a checkpoint keeps, in the order in which it is written: all state of the core. Whoever adds state adds it here; a part that
   * changes its form gets another version, and checkpoints with the one before are refused.
   */
  #parts(segmentOf: SegmentOf | null): readonly Part[] {
    const ids = { save: (out: StateWriter) => this.ids.save(out), load: (from: StateReader) => this.ids.load(from, segmentOf!) }
    return [
      { name: 'clock', version: 1, state: this.#clock },
      { name: 'topics', version: 3, state: atClock(this.#watch, this.#clock) },
      { name: 'volume', version: 1, state: atClock(this.#volume, this.#clock) },
      { name: 'sources', version: 1, state: atClock(this.#sources, this.#clock) },
      { name: 'silence', version: 1, state: this.#silence },
      { name: 'cascades', version: 2, state: this.#spread },
      { name: 'alerts', version: 4, state: this.#alerts },
      { name: 'handling', version: 1, state: this.#handling },
      { name: 'tally', version: 1, state: this.#tally },
      { name: 'ids', version: 1, state: ids },
    ]
  }

  /** Writes all state between two inputs. `ids.full` has what is not in it: the full segments of ids that `ids.needed` names. */
  save(out: StateWriter): void {
    saveParts(out, { stream: this.#stream, seq: this.#seq, rulesSeq: this.#rulesSeq, since: this.#since }, this.#parts(null))
  }

  /**
   * Goes on from a saved state, before any input; the options have the rules of that state. Throws StateUnreadable where it is none: the
   * engine is to be thrown away then. A state of another stream is that of one that was recreated: all goes on but the position and
   * the counters, and topics that wait for a fill begin empty and wait for that of `rulesSeq`.
   */
  load(from: StateReader, segmentOf: SegmentOf): void {
    const { stream, seq, rulesSeq, since } = loadParts(from, this.#parts(segmentOf))
    this.#since = since
    if (stream !== this.#stream) {
      this.#tally = new Tally()
      this.#watch.waitFor(this.#rulesSeq, this.#clock.raw)
      return
    }
    if (rulesSeq !== this.#rulesSeq) from.refuse(`rules ${rulesSeq} were in force, and it came with rules ${this.#rulesSeq}`)
    this.#seq = seq
  }

  /** An id of a mention that is stored: a later one is its duplicate. Oldest first, before any input; `time`: when it came (ms), −1: not known. */
  know(low: number, high: number, time = -1): void {
    this.ids.time = time
    this.ids.add(low, high)
  }

  /** What the wall showed before a restart. Before any input. */
  recall(recalled: Recalled): void {
    this.#since = recalled.since
    recallParts(recalled, { tally: this.#tally, volume: this.#volume, sources: this.#sources, silence: this.#silence, watch: this.#watch }, this.#clock.raw)
  }

  /** Applies one input. Effects are in the order in which they are to be carried out. Throws only where our own code is wrong. */
  step(input: Input): Effect[] {
    const effects: Effect[] = []
    if (input.kind === 'batch') {
      this.#applyBatch(input.batch, effects)
      return effects
    }
    this.#seq = input.seq
    this.#handling.tick(input.now)
    if (input.kind === 'tick') this.#idle(input.now, effects)
    else this.#command(input.command, input, effects)
    this.#evicted(input.now, effects)
    return effects
  }

  /** What the wall shows now. Cheap: may be asked several times a second. */
  picture(now: number): Picture {
    return takePicture({ watch: this.#watch, volume: this.#volume, silence: this.#silence, desk: this.desk, counters: this.#tally.counters }, this.#moment, now)
  }

  /** The `max` most urgent topics, most urgent first; one of them, null: there is none of this id; its normal in the step under way; each of its thresholds, and when it will trip. */
  topics(max: number): TopicRow[] { return rankTopics(this.#watch.topics, this.#moment, max) }
  topic(id: string): TopicRow | null { return rankTopics(this.#watch.topics.filter(({ rules }) => rules.id === id), this.#moment, 1)[0] ?? null }
  normal(id: string, stepSeconds: number): NormalNow | null { return normalNow(this.#watch.topics.find(({ rules }) => rules.id === id), stepSeconds, this.#moment) }
  countdowns(id: string): ThresholdNow[] | null { return thresholdsNow(this.#watch.topics.find((topic) => topic.rules.id === id), this.#moment) }
  get #moment(): Moment { return { clock: this.#clock.raw, since: this.#since, sources: this.#sources, gaps: this.#watch.gaps, holds: (topic) => this.#silence.holds(topic), heldAt: (topic) => this.#alerts.heldAt(topic), taken: this.desk.taken() } }

  #applyBatch(batch: EnrichedBatch, effects: Effect[]): void {
    if (batch.rulesSeq !== this.#rulesSeq) throw new Error(`a batch was matched by rules ${batch.rulesSeq} while rules ${this.#rulesSeq} are in force: the loop must hand workers the rules of its place in the stream`)
    const platforms = Uint8Array.from(batch.platforms, (platform) => this.#sources.idOf(platform))
    for (let message = 0, row = 0; message < batch.rowEnds.length; message++) {
      const end = batch.rowEnds[message]!
      this.#handling.moveTo(batch.times[message]!)
      if (end > row) this.#applyRows(batch, { from: row, to: end, time: batch.times[message]! }, platforms, effects)
      if (end > row) this.#evicted(batch.times[message]!, effects)
      row = end
    }
    this.#seq = batch.seqs.at(-1) ?? this.#seq
    this.#tally.addBatch(batch)
  }

  /** Cascades that left memory. By the time of the message that brought it about, so that batches cut elsewhere tell the same. */
  #evicted(evictedAt: number, effects: Effect[]): void {
    if (this.#spread.hasEvicted) for (const evicted of this.#spread.takeEvicted()) effects.push({ kind: 'cascade', ...evicted, evictedAt })
  }

  /** The rows of one message. The hot loop of the main thread: no allocation, no branch that a mention does not need. */
  #applyRows(batch: EnrichedBatch, rows: { readonly from: number; readonly to: number; readonly time: number }, platforms: Uint8Array, effects: Effect[]): void {
    const { idLow, idHigh, seconds, skewed, topicEnds, topicIds, signs, platformIds, native, fateOffset } = batch
    const topics = this.#watch.topics
    const of = { sign: 0, platform: 0 }
    this.ids.time = rows.time
    let arrived = -1
    for (let row = rows.from; row < rows.to; row++) {
      const second = seconds[row]!
      const topicsEnd = topicEnds[row]!
      const platform = platforms[platformIds[row]!]!
      if (platform !== arrived) this.#sources.arrived((arrived = platform), rows.time)
      this.#ahead.row(batch, row)
      const fate = this.#fateOf(idLow[row]!, idHigh[row]!, skewed[row]!, second)
      if (fate !== fates.counted) {
        native[fateOffset + row] = fate
        this.#tally.addFate(fate)
        if (fate !== fates.late) continue
      }
      if (second > this.#clock.raw) this.#moveTo(second, effects)
      this.#spread.add(batch, row, platform, fate === fates.counted)
      if (fate === fates.late) continue
      const clock = this.#clock.raw
      this.#volume.add(second, clock)
      this.#sources.count(platform, (second / 60) >>> 0, (clock / 60) >>> 0)
      of.sign = signs[row]!
      of.platform = platform
      for (let at = row === 0 ? 0 : topicEnds[row - 1]!; at < topicsEnd; at++) {
        const topic = topics[topicIds[at]!]!
        this.#watch.add(topic, second, clock, of)
        topic.wheels.newestAt = rows.time
      }
    }
  }

  /** An id is remembered whatever becomes of its mention: a later one with the same id is a duplicate. */
  #fateOf(low: number, high: number, skewed: number, second: number): number {
    if (!this.ids.add(low, high)) return fates.duplicate
    if (skewed !== 0) return fates.skewed
    return this.#clock.isLate(second) ? fates.late : fates.counted
  }

  #idle(now: number, effects: Effect[]): void {
    this.#tell(this.#silence.tick(now, (source) => spokenOf(this.#watch.topics, source, this.#clock.raw)), effects)
    const target = this.#clock.idleTarget(now)
    if (target !== null) this.#moveTo(target, effects)
  }

  #tell(changes: readonly SilenceChange[], effects: Effect[]): void {
    this.#watch.heldAnew(this.#clock.raw, changes.length > 0)
    for (const change of changes) effects.push({ kind: 'alert', ...this.#alerts.silence(change) })
  }

  /** Closes the running second and all up to the new one. */
  #moveTo(second: number, effects: Effect[]): void {
    const from = this.#clock.raw
    if (from >= 0) this.#close(from, second - 1, effects)
    else this.#watch.begin(second)
    if (this.#since < 0) this.#since = second
    this.#clock.moveTo(second)
  }

  #close(from: number, to: number, effects: Effect[]): void {
    tellFound(this.#watch.close(from, to), this.#spread.close(from, to), { alerts: this.#alerts, words: this.#words, effects })
    for (const alert of this.#alerts.settle(to)) effects.push({ kind: 'alert', ...alert })
  }

  #command(command: Command, at: { readonly seq: number; readonly now: number }, effects: Effect[]): void {
    switch (command.kind) {
      case 'rules': {
        const parts = { watch: this.#watch, spread: this.#spread, alerts: this.#alerts, silence: this.#silence, clock: this.#clock.raw }
        if (putInForce(command, at, parts, effects)) this.#rulesSeq = at.seq
        return
      }
      case 'fill': return this.#fill(command, effects)
      case 'end': {
        this.#tell(this.#silence.ended(at.now), effects)
        // The second is evaluated, the clock stays: mentions that still come for it are evaluated with it once more.
        if (this.#clock.raw >= 0) this.#close(this.#clock.raw, this.#clock.raw, effects)
        return
      }
      case 'forget': return forgetInCascades(command, { spread: this.#spread, sources: this.#sources }, effects)
      case 'act': return this.desk.act(command, at, effects)
      default: command satisfies never
    }
  }

  /** Slices ahead of the clock are left out: only without a clock, at a restart, does the newest of them set it. */
  #fill(command: Extract<Command, { kind: 'fill' }>, effects: Effect[]): void {
    if (this.#clock.second === null) {
      const newest = newestOfFill(command)
      if (newest >= 0) this.#moveTo(newest, [])
    }
    takeFill(command, { watch: this.#watch, alerts: this.#alerts, clock: this.#clock.raw }, effects)
  }
}
