// Fills the past of topics that came later: reads stored mentions back, matches them by the new rules in the same workers, and
// answers with `commands.fill` on the stream, so that a replay adds the same slices at the same place.
import type { Command } from '@groundswell/schemas/command.ts'
import type { EnrichedBatch } from '../core/batch.ts'
import type { SharedRules } from '../io/pool/pool.ts'
import type { Enriching } from '../loop.ts'

type Fill = Extract<Command, { kind: 'fill' }>

/** Seconds, both included. */
export type Span = readonly [from: number, to: number]

export const fillLimits = {
  secondsBack: 7800, minutesBack: 7 * 1440, hoursBack: 35 * 24, // minutes: 7 d and the one that has begun; so with the hours
  commandBytesMax: 800_000,
  topicsMax: 16, // of a command: to learn what is normal, and to look at the minutes of the last day, takes the core 10 to 20 ms a topic, in which it does nothing else
} as const

export interface FillOptions {
  readonly pool: Pick<Enriching, 'run'>
  readonly rules: SharedRules
  readonly answers?: number // what the commands say they answer; the default is the rules' own sequence
  readonly topics: readonly string[] // the ones that wait
  readonly rulesTopics: readonly string[] // all topics of the rules, in file order: what topicIds index
  readonly clock: number // event clock when the rules came into force, seconds
  readonly past: AsyncIterable<Uint8Array> // stored mentions as NDJSON, whole lines, from before the rules command
  readonly known?: readonly Span[] // where the past that is read holds mentions of anybody
  readonly stream: number
}

/** Counts by second, minute and hour since 1970, ascending; what has no mention is not in it. */
export interface TopicPast { readonly id: string; readonly seconds: Slices; readonly minutes: Slices; readonly hours: Slices }
export interface Slices { readonly at: ArrayLike<number>; readonly count: ArrayLike<number> }

/** One or several fill commands, each small enough for a message. Counts are of distinct stored mentions before the rules command. */
export async function* fillTopics(options: FillOptions): AsyncGenerator<Fill> {
  const { pool, rules, topics, rulesTopics, clock, past, stream } = options
  const tallies = new Map(topics.map((id) => [rulesTopics.indexOf(id), new PastTally(id, clock)]))
  for await (const lines of past) {
    // A copy: the worker takes the buffer itself, and a Buffer's slice() is a view of what its socket still reads from.
    const batches = await pool.run({
      bytes: new Uint8Array(lines), ends: Uint32Array.of(lines.byteLength), seqs: Float64Array.of(0), times: Float64Array.of(0), platforms: ['unknown'], stream, skewCheck: false,
    }, rules)
    for (const batch of batches) tally(batch, tallies)
  }
  yield* commandsOf(tallies.values(), { rulesSeq: options.answers ?? rules.seq, known: options.known ?? [] })
}

function tally(batch: EnrichedBatch, tallies: ReadonlyMap<number, PastTally>): void {
  let from = 0
  for (let row = 0; row < batch.rows; row++) {
    const end = batch.topicEnds[row]!
    for (; from < end; from++) tallies.get(batch.topicIds[from]!)?.add(batch.seconds[row]!)
  }
}

/** The past of one topic: a number a slot, and none at all for a topic of which nothing was said. */
class PastTally implements TopicPast {
  readonly id: string
  readonly #secondFrom: number
  readonly #minuteFrom: number
  readonly #hourFrom: number
  #seconds = new Uint32Array(0)
  #minutes = new Uint32Array(0)
  #hours = new Uint32Array(0)

  constructor(id: string, clock: number) {
    this.id = id
    this.#secondFrom = clock - fillLimits.secondsBack + 1
    this.#minuteFrom = Math.floor(clock / 60) - fillLimits.minutesBack
    this.#hourFrom = Math.floor(clock / 3600) - fillLimits.hoursBack
  }

  add(second: number): void {
    const hour = Math.floor(second / 3600) - this.#hourFrom
    if (hour < 0 || hour > fillLimits.hoursBack) return
    if (this.#hours.length === 0) this.#hours = new Uint32Array(fillLimits.hoursBack + 1)
    this.#hours[hour]!++
    const minute = Math.floor(second / 60) - this.#minuteFrom
    if (minute < 0 || minute > fillLimits.minutesBack) return
    if (this.#minutes.length === 0) this.#minutes = new Uint32Array(fillLimits.minutesBack + 1)
    this.#minutes[minute]!++
    const at = second - this.#secondFrom
    if (at < 0 || at >= fillLimits.secondsBack) return
    if (this.#seconds.length === 0) this.#seconds = new Uint32Array(fillLimits.secondsBack)
    this.#seconds[at]!++
  }

  get seconds(): Slices { return slicesOf(this.#seconds, this.#secondFrom) }
  get minutes(): Slices { return slicesOf(this.#minutes, this.#minuteFrom) }
  get hours(): Slices { return slicesOf(this.#hours, this.#hourFrom) }
}

function slicesOf(slots: Uint32Array, first: number): Slices {
  const at: number[] = []
  const count: number[] = []
  for (let slot = 0; slot < slots.length; slot++) {
    if (slots[slot] === 0) continue
    at.push(first + slot)
    count.push(slots[slot]!)
  }
  return { at, count }
}

/** As many topics in a command as fit a message and the core learns in a moment; one command is made at a time, for the past of thousands of topics is large. */
export function* commandsOf(topics: Iterable<TopicPast>, { rulesSeq, known }: { readonly rulesSeq: number; readonly known: readonly Span[] }): Generator<Fill> {
  const empty = (): Fill => ({ kind: 'fill', rules: rulesSeq, topics: [], known: known.map(([from, to]) => [from, to]) })
  const roomOfOne = fillLimits.commandBytesMax - 24 * known.length
  let command = empty()
  let room = roomOfOne
  for (const { id, seconds, minutes, hours } of topics) {
    const topic = { id, seconds: pairsOf(seconds), minutes: pairsOf(minutes), hours: pairsOf(hours) }
    const size = 64 + id.length + 24 * (topic.seconds.length + topic.minutes.length + topic.hours.length)
    if ((size > room && command.topics.length > 0) || command.topics.length === fillLimits.topicsMax) {
      yield command
      command = empty()
      room = roomOfOne
    }
    command.topics.push(topic)
    room -= size
  }
  if (command.topics.length > 0) yield command
}

const pairsOf = ({ at, count }: Slices): [number, number][] => Array.from(at, (slot, i) => [slot, count[i]!])
