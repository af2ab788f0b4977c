// Fills the past of topics that came later: reads stored mentions back, matches them by the new rules in the same workers, and
// answers with `commands.fill` on the stream, so that a replay adds the same slices at the same place.
import type { Command } from '@groundswell/schemas/command.ts'
import type { EnrichedBatch } from '../core/batch.ts'
import type { EnrichPool, SharedRules } from '../io/pool/pool.ts'

type Fill = Extract<Command, { kind: 'fill' }>
type FillTopic = Fill['topics'][number]

export const fillLimits = { secondsBack: 7800, minutesBack: 7 * 1440, commandBytesMax: 800_000 } as const

export interface FillOptions {
  readonly pool: Pick<EnrichPool, 'run'>
  readonly rules: SharedRules
  readonly topics: readonly string[] // the ones that wait
  readonly rulesTopics: readonly string[] // all topics of the rules, in file order: what topicIds index
  readonly clock: number // event clock when the rules came into force, seconds
  readonly past: AsyncIterable<Uint8Array> // stored mentions as NDJSON, whole lines, from before the rules command
  readonly stream: number
}

/** One or several fill commands, each small enough for a message. Counts are of distinct stored mentions before the rules command. */
export async function fillTopics(options: FillOptions): Promise<Fill[]> {
  const { pool, rules, topics, rulesTopics, clock, past, stream } = options
  const tallies = new Map(topics.map((id) => [rulesTopics.indexOf(id), { id, seconds: new Map<number, number>(), minutes: new Map<number, number>() }]))
  for await (const lines of past) {
    // A copy: the worker takes the buffer itself, and a Buffer's slice() is a view of what its socket still reads from.
    const batch = await pool.run({
      bytes: new Uint8Array(lines), ends: Uint32Array.of(lines.byteLength), seqs: Float64Array.of(0), times: Float64Array.of(0), platforms: ['unknown'], stream, skewCheck: false,
    }, rules)
    tally(batch, tallies, clock)
  }
  const filled = [...tallies.values()].map(({ id, seconds, minutes }) => ({ id, seconds: ascending(seconds), minutes: ascending(minutes) }))
  return commandsOf(filled, rules.seq)
}

interface Tally { readonly id: string; readonly seconds: Map<number, number>; readonly minutes: Map<number, number> }

function tally(batch: EnrichedBatch, tallies: ReadonlyMap<number, Tally>, clock: number): void {
  let from = 0
  for (let row = 0; row < batch.rows; row++) {
    const end = batch.topicEnds[row]!
    const second = batch.seconds[row]!
    for (; from < end; from++) {
      const tally = tallies.get(batch.topicIds[from]!)
      if (!tally) continue
      if (second > clock - fillLimits.secondsBack) add(tally.seconds, second)
      add(tally.minutes, Math.floor(second / 60))
    }
  }
}

const add = (counts: Map<number, number>, at: number): void => { counts.set(at, (counts.get(at) ?? 0) + 1) }
const ascending = (counts: Map<number, number>): [number, number][] => [...counts].sort((a, b) => a[0] - b[0])

/** Splits by topic so that each command fits a message. */
export function commandsOf(topics: readonly FillTopic[], rulesSeq: number): Fill[] {
  const commands: Fill[] = []
  let room = 0
  for (const topic of topics) {
    const size = 64 + topic.id.length + 24 * (topic.seconds.length + topic.minutes.length)
    const last = commands.at(-1)
    if (last && size <= room) {
      last.topics.push(topic)
      room -= size
    } else {
      commands.push({ kind: 'fill', rules: rulesSeq, topics: [topic] })
      room = fillLimits.commandBytesMax - size
    }
  }
  return commands
}
