// Fills the windows of topics that came or changed: what is stored from before them is matched again and published as `commands.fill`, so
// that a replay adds the same at the same place. Fills that a crash left undone are asked for again, and one that fails is tried again
// for as long as its topics wait.
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { Clock } from '../clock.ts'
import type { Engine } from '../core/engine.ts'
import type { CarryOutOptions } from '../pipeline/carry-out.ts'
import { fillTopics } from '../pipeline/fill.ts'
import { keepTrying, type Trying } from '../pipeline/keep-trying.ts'
import type { Log } from '../io/log/log.ts'
import type { Beginning } from './begin.ts'
import type { House } from './house.ts'
import { matchedAgain } from './known-past.ts'

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

/** For as long as fills are tried again. */
export interface Living { readonly signal: AbortSignal; readonly clock?: Clock }

export function createFill(house: House, catchingUp: CatchingUp, living: Living): CarryOutOptions['fill'] {
  return ({ rulesSeq, topics }) => {
    const wanted = { rulesSeq, topics, clock: house.engine.clock, from: { stream: house.stream.created, beforeSeq: rulesSeq + 1 } }
    return () => void fill(house, wanted, { ...living, after: rulesSeq > catchingUp.lastSeq ? null : catchingUp.done })
  }
}

/** What an engine that was loaded from a checkpoint still waits for. */
export function askAgain(house: House, { from }: Pick<Beginning, 'from'>, { catchingUp, ...living }: Living & { readonly catchingUp: CatchingUp }): void {
  if (from === null) return
  const { engine, stream } = house
  const clock = engine.clock
  for (const { rulesSeq, topics } of engine.pendingFills()) {
    void fill(house, { rulesSeq, topics, clock, from: { stream: stream.created, beforeSeq: rulesSeq + 1 } }, { ...living, after: catchingUp.done })
  }
}

/** Those of them that wait for the fill of these rules: new rules may have taken some away, and a fill on the stream may have come. */
export function stillWaiting({ engine }: { readonly engine: Pick<Engine, 'pendingFills'> }, { rulesSeq, topics }: Pick<Wanted, 'rulesSeq' | 'topics'>): string[] {
  const waiting = new Set(engine.pendingFills().find((pending) => pending.rulesSeq === rulesSeq)?.topics)
  return topics.filter((topic) => waiting.has(topic))
}

/** The first failure is told, the others are for who looks closely: the topics say that they are filling all the while. */
export function fillTroubleTeller(log: Pick<Log, 'error' | 'warn' | 'debug'>): Trying['onTrouble'] {
  let told = false
  return (trouble) => {
    if (trouble === null) return log.warn('topics that waited for their past have it: the fill went through')
    const { error, retryInMs } = trouble
    if (told) log.debug('a fill is tried again', { error, retryInMs })
    else log.error('topics could not be filled from the store: they stay marked as filling, and it is tried again until it works. Look at ClickHouse and the input stream', { error })
    told = true
  }
}

async function fill(house: House, wanted: Wanted, { after, ...living }: Living & { readonly after: Promise<void> | null }): Promise<void> {
  if (after) await after
  await keepTrying(async () => {
    const topics = stillWaiting(house, wanted)
    if (topics.length > 0) await publishPast(house, { ...wanted, topics })
  }, { ...living, onTrouble: fillTroubleTeller(house.log) })
}

/** A topic is published by the same id whichever attempt does it: the stream takes a repetition for what it is, and the core counts the first. */
async function publishPast({ log, store, stream, rules: { shared, rules }, matching }: House, { rulesSeq, topics, clock, from }: Wanted): Promise<void> {
  const { past, known } = clock === null ? { past: nothing(), known: [] } : await matchedAgain(store, { ...from, newestSecond: clock }, log)
  const commands = fillTopics({
    pool: matching, rules: shared, answers: rulesSeq, topics, rulesTopics: rules.topics.map((topic) => topic.id), clock: clock ?? 0, past, known, stream: stream.created,
  })
  for await (const command of commands) await stream.publish(subjects.command('fill'), new TextEncoder().encode(JSON.stringify(command)), `fill:${rulesSeq}:${command.topics[0]?.id}`)
  log.info(`${topics.length} topics got their past from the store`)
}

async function* nothing(): AsyncIterable<Uint8Array> { /* a first start: there is no past */ }
