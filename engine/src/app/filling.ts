// Fills the windows of topics that came or changed: what is stored from before them is matched again and published as `commands.fill`, so
// that a replay adds the same at the same place. Fills that a crash left undone are asked for again.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { pastMentions } from '../io/clickhouse/reads.ts'
import type { CarryOutOptions } from '../pipeline/carry-out.ts'
import { fillTopics } from '../pipeline/fill.ts'
import type { Beginning } from './begin.ts'
import type { House } from './house.ts'

/** What the engine read of the stream before it was up to date: what it asks for there may have been answered behind it. */
export interface CatchingUp {
  readonly lastSeq: number // of the stream, when the engine began
  readonly done: Promise<void>
}

interface Wanted {
  readonly rulesSeq: number
  readonly topics: readonly string[]
  readonly clock: number | null
  readonly from: { readonly stream: number; readonly beforeSeq: number } // stored mentions that came before
}

/** Failures are told and leave the topics filling: their windows go on saying so. */
export function createFill(house: House, catchingUp: CatchingUp): CarryOutOptions['fill'] {
  return ({ rulesSeq, topics }) => {
    const wanted = { rulesSeq, topics, clock: house.engine.clock, from: { stream: house.stream.created, beforeSeq: rulesSeq + 1 } }
    return () => void (rulesSeq > catchingUp.lastSeq ? fill(house, wanted) : fillStillWaiting(house, wanted, catchingUp))
  }
}

/** What an engine that was loaded from a checkpoint still waits for. */
export function askAgain(house: House, { from }: Pick<Beginning, 'from'>, catchingUp: CatchingUp): void {
  if (from === null) return
  const { engine, stream } = house
  const clock = engine.clock
  for (const { rulesSeq, topics } of engine.pendingFills()) {
    const { header } = from.kept
    const before = from.isOtherStream ? { stream: header.stream, beforeSeq: header.rulesSeq + 1 } : { stream: stream.created, beforeSeq: rulesSeq + 1 }
    void fillStillWaiting(house, { rulesSeq, topics, clock, from: before }, catchingUp)
  }
}

async function fillStillWaiting(house: House, wanted: Wanted, { done }: CatchingUp): Promise<void> {
  await done
  const waiting = new Set(house.engine.pendingFills().find(({ rulesSeq }) => rulesSeq === wanted.rulesSeq)?.topics)
  const topics = wanted.topics.filter((topic) => waiting.has(topic))
  if (topics.length > 0) await fill(house, { ...wanted, topics })
}

async function fill({ log, store, stream, rules: { shared, rules }, matching }: House, { rulesSeq, topics, clock, from }: Wanted): Promise<void> {
  try {
    const past = clock === null ? nothing() : pastMentions(store, { ...from, newestSecond: clock })
    const commands = fillTopics({
      pool: matching, rules: shared, answers: rulesSeq, topics, rulesTopics: rules.topics.map((topic) => topic.id), clock: clock ?? 0, past, stream: stream.created,
    })
    for await (const command of commands) await stream.publish(subjects.command('fill'), new TextEncoder().encode(JSON.stringify(command)), `fill:${rulesSeq}:${command.topics[0]?.id}`)
    log.info(`${topics.length} topics got their past from the store`)
  } catch (error) {
    log.error('new topics could not be filled from the store; they stay marked as filling. Start again to try once more', { error })
  }
}

async function* nothing(): AsyncIterable<Uint8Array> { /* a first start: there is no past */ }
