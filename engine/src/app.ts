// Opens adapters, builds the engine, runs, closes in reverse: the only place that wires.
import { mkdir } from 'node:fs/promises'
import { createAftermath, fillChanged, fillSteady } from './app/aftermath.ts'
import { createCanaryNote, openCanaries, startCanaries } from './app/canary.ts'
import { openFront } from './app/front.ts'
import type { Closers, Figures, House } from './app/house.ts'
import { openAlerts, type Alerting } from './app/alerting.ts'
import { recalledAt, recallIds } from './app/recall.ts'
import { openBeginning, type Opening } from './app/restart.ts'
import { openFacts, openInput } from './app/sources.ts'
import { openWorkers } from './app/workers.ts'
import { createMeter, tellEnded, tellStoreTrouble, tellStreamTrouble } from './app/telling.ts'
import { Engine } from './core/engine.ts'
import { storedCount } from './io/clickhouse/reads.ts'
import { watchStore } from './io/clickhouse/watch-store.ts'
import { createLog, type Log } from './io/log/log.ts'
import { createMetrics } from './io/metrics/metrics.ts'
import type { Settings } from './io/settings/settings.ts'
import { Loop } from './loop.ts'
import { createCarryOut } from './pipeline/carry-out.ts'
import { Cutter } from './pipeline/cut.ts'
import { bytesOf, Gather, Inserter } from './pipeline/inserts.ts'
import { Problems } from './pipeline/problems.ts'
import { RulesInForce } from './pipeline/rules-in-force.ts'
import { newestRules, RulesPublisher } from './pipeline/rules-publisher.ts'
import { readRules, watchRules } from './pipeline/rules-watch.ts'
import { lastTick, startTicks } from './pipeline/ticks.ts'
import type { InputStream, Store } from './ports.ts'

export interface AppOptions {
  readonly settings: Settings
  readonly mode: 'live' | 'demo'
  readonly version: string
  /** Only for `demo`: without nats-server it goes on with the in-process source, and says so. */
  readonly inProcessAllowed?: boolean
}

export interface App {
  readonly url: string
  readonly stream: InputStream
  readonly log: Log
  /** Rejects when a part fails for good; resolves after close(). */
  readonly ended: Promise<void>
  close(): Promise<void>
}

const insertsWaitingMax = 4
const closeMs = 10_000
const trimMs = 60_000

export async function openApp(options: AppOptions): Promise<App> {
  const closers: Closers = []
  const close = async (): Promise<void> => {
    const failures: unknown[] = []
    // One part that does not close must not keep the others, children among them, alive.
    for (const one of closers.splice(0).toReversed()) await one().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    return await open(options, { closers, close })
  } catch (error) {
    await close().catch(() => undefined) // why it did not open is what matters
    throw error
  }
}

interface Closing { readonly closers: Closers; readonly close: () => Promise<void> }

async function open(options: AppOptions, closing: Closing): Promise<App> {
  const { settings, mode, version } = options
  const { closers } = closing
  const log = createLog({ level: settings.logLevel })
  for (const warning of settings.warnings) log.warn(warning)
  const fileText = settings.rules === null ? null : await readRules(settings.rules)
  await mkdir(settings.data, { recursive: true, mode: 0o700 })
  const metrics = createMetrics(version)
  const problems = new Problems(Date.now)
  const died = Promise.withResolvers<never>()
  died.promise.catch(() => undefined)
  const sources = { settings, log, problems, metrics, closers, inProcessAllowed: options.inProcessAllowed === true, onDied: died.reject }
  const stream = await openInput(sources)
  const store = await openFacts(sources)
  const { pool, enriching, matching, close: closeWorkers } = openWorkers({ workers: settings.workers, log, metrics, problems })
  closers.push(closeWorkers)
  const beginning = await openBeginning({ store, pool: matching, stream: stream.created, fileText })
  const figures: Figures = { storedRows: await storedCount(store), inputAt: 0, mentionsAt: 0, forgotten: null }
  // The first insert after a crash may be one that was stored already.
  let recounted = beginning.position === 0
  const recount = async (): Promise<void> => {
    recounted = true
    figures.storedRows = await storedCount(store).catch(() => figures.storedRows)
  }
  const inserter = new Inserter({
    store, stream: stream.created, waitingMax: insertsWaitingMax,
    onStored: (insert, seconds) => {
      figures.storedRows += insert.rows
      if (!recounted) void recount()
      metrics.inserted({ table: 'mentions', rows: insert.rows, bytes: bytesOf(insert.mentions), seconds })
      if (insert.deadRows > 0) metrics.inserted({ table: 'dead_letters', rows: insert.deadRows, bytes: bytesOf(insert.deadLetters), seconds })
      stream.trim(insert.last).catch((error: unknown) => log.debug('the stream was not trimmed', { error }))
    },
    onTrouble: (trouble) => tellStoreTrouble(trouble, { log, problems, metrics }),
  }, beginning.position)
  const engine = engineOf(beginning, settings, stream)
  await recall(engine, { store, stream, beginning, seenMax: settings.seenMax })
  const house: House = { settings, mode, version, log, metrics, problems, stream, store, engine, rules: new RulesInForce(beginning), pool, enriching, matching, inserter, figures, canaries: openCanaries(settings, { log, problems, metrics }) }
  closers.push(...tend(house))
  const alerting = await openAlerts(house)
  closers.push(() => alerting.close())
  const front = await openFront(house, alerting.sample)
  closers.push(() => front.close())
  await fillSteady(house, beginning)
  const running = start(house, { beginning, alerting, died: died.promise })
  closers.push(running.close, fillChanged(house, beginning))
  closers.push(...await watch(house, { beginning, fileText }))
  closers.push(...startCanaries(house, front))
  log.info(`the wall is at ${front.url}`, { position: beginning.position, topics: house.rules.rules.topics.length, mode })
  return { url: front.url, stream, log, ended: tellEnded(Promise.race([running.ended, died.promise]), log), close: closing.close }
}

/** Nothing to recall at a first start. */
async function recall(engine: Engine, { store, stream, beginning, seenMax }: { readonly store: Store; readonly stream: InputStream; readonly beginning: Opening; readonly seenMax: number }): Promise<void> {
  const { clock, position } = beginning
  if (clock === null) return
  engine.recall(await recalledAt(store, { stream: stream.created, position, clock }))
  await recallIds(store, engine, { stream: stream.created, position, max: seenMax })
}

/** What is looked after while the engine lives, input or no input: room in the stream, and whether the store answers. */
function tend({ stream, store, inserter, log, problems, metrics }: House): Closers {
  const trim = (): void => { stream.trim(inserter.position).catch((error: unknown) => log.debug('the stream was not trimmed', { error })) }
  trim()
  const trimming = setInterval(trim, trimMs)
  const stopWatching = watchStore(store, {
    onDown: (error) => {
      if (!problems.has('store-down')) log.error('ClickHouse does not answer; mentions wait in the stream. Look at ClickHouse and its disk', { error })
      problems.raise('store-down', error.message)
    },
    onUp: () => tellStoreTrouble(null, { log, problems, metrics }),
  })
  return [async () => clearInterval(trimming), async () => stopWatching()]
}

function engineOf({ rules, rulesSeq, clock, remembered, past, position }: Opening, settings: Settings, stream: InputStream): Engine {
  return new Engine({
    rules, rulesSeq, stream: stream.created, seenMax: settings.seenMax, cooldownSeconds: settings.cooldownSeconds, filling: past !== null, fillSeq: position, clock, remembered,
  })
}

/** The loop, from where it begins until it is closed. */
function start(house: House, { beginning, alerting, died }: { readonly beginning: Opening; readonly alerting: Alerting; readonly died: Promise<never> }): { readonly ended: Promise<void>; close(): Promise<void> } {
  const { log, metrics, stream, engine, inserter } = house
  const stopping = new AbortController()
  const loop = new Loop({
    reader: stream.read(beginning.position + 1), engine, inserter,
    pool: house.enriching,
    cutter: new Cutter({ stream: stream.created, rules: house.rules.shared }),
    gather: new Gather(beginning.position + 1),
    carryOut: createCarryOut({
      stream, signal: stopping.signal, enqueue: alerting.enqueue, ...createAftermath(house),
      onEvent: (event) => metrics.eventHappened(event.kind, event.grade),
      onRules: (applied) => { house.rules.replace(applied); log.info(`rules ${applied.seq} are in force`, { topics: house.rules.rules.topics.length }) },
      onRefused: (reason) => log.error(`rules on the stream were refused, the old ones stay: ${reason}`),
      onAnnounceFailed: (error) => log.debug('an announcement is tried again', { error }),
    }),
    onApplied: createMeter(house), onCanary: createCanaryNote(house, Date.now),
    onUnreadable: (seq, subject, reason) => log.error(`command ${seq} on ${subject} is unreadable and was left out: ${reason}`),
  })
  const ended = loop.run()
  ended.catch(() => undefined)
  const giveUp = (): void => { stopping.abort(); inserter.abort() }
  died.catch(giveUp) // what a part that is gone has not taken will be read again from the stream
  return {
    ended,
    close: async () => {
      const hard = setTimeout(giveUp, closeMs)
      const tick = stopping.signal.aborted ? null : await lastTick(stream)
      const done = ended.catch(() => undefined)
      const givenUp = new Promise<void>((resolve) => { stopping.signal.addEventListener('abort', () => resolve()) })
      if (tick !== null) await Promise.race([loop.reached(tick), done, givenUp])
      await loop.close()
      if (!stopping.signal.aborted) await Promise.race([done, givenUp])
      clearTimeout(hard)
      giveUp()
    },
  }
}

/** What runs beside the loop: ticks, the rules file, the stream's troubles, who asks for the status. */
async function watch(house: House, { beginning, fileText }: { readonly beginning: Opening; readonly fileText: string | null }): Promise<Closers> {
  const { stream, settings, log, problems, metrics, engine, inserter } = house
  stream.onTrouble((trouble) => tellStreamTrouble(trouble, house))
  stream.answerStatus(() => ({ clock: engine.clock, stream: stream.created, position: inserter.position, forgotten: house.figures.forgotten }))
  const publishing = new RulesPublisher(stream, (error) => log.warn('the rules file is not on the stream yet; it is tried again until it is', { error }))
  const newest = await newestRules(stream)
  if (fileText !== null && fileText !== (newest ?? beginning.rulesText)) publishing.put(fileText)
  const closers: Closers = [async () => publishing.close()]
  if (settings.rules !== null && fileText !== null) {
    const stop = watchRules(settings.rules, fileText, {
      good: () => problems.over('rules-refused'),
      mended: () => log.info('the rules file is right again'),
      changed: (text) => publishing.put(text),
      refused: (reason) => {
        problems.raise('rules-refused', reason)
        metrics.rulesRefused()
        log.error(`the changed rules file is refused, the old rules stay:\n${reason}`)
      },
    })
    closers.push(async () => stop())
  }
  const stopTicks = startTicks(stream, (error) => log.debug('a tick was not published', { error }))
  closers.push(async () => stopTicks())
  return closers
}
