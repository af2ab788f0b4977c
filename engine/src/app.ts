// Opens adapters, builds the engine, runs, closes in reverse: the only place that wires.
import { mkdir } from 'node:fs/promises'
import { fillChanged, fillSteady } from './app/aftermath.ts'
import { begin } from './app/begin.ts'
import { openCanaries, startCanaries } from './app/canary.ts'
import { checkpointSample, openCheckpointer, openCheckpointFiles } from './app/checkpoints.ts'
import { openBackups } from './app/backups.ts'
import { openFront } from './app/front.ts'
import type { Closers, Figures, House } from './app/house.ts'
import { openAlerts } from './app/alerting.ts'
import { RulesFileKeeper } from './app/rules-file-keeper.ts'
import { openInserter } from './app/inserting.ts'
import { startLoop } from './app/running.ts'
import { createStartNotes } from './app/start-notes.ts'
import { watchDisks } from './app/parts.ts'
import { openFacts, openInput } from './app/sources.ts'
import { openWorkers } from './app/workers.ts'
import { tellEnded, tellStoreTrouble, tellStreamTrouble } from './app/telling.ts'
import { startTrimming, type Trimming } from './app/trimming.ts'
import { systemClock } from './clock.ts'
import { storedCount } from './io/clickhouse/reads.ts'
import { watchStore } from './io/clickhouse/watch-store.ts'
import { createLog, type Log } from './io/log/log.ts'
import { createMetrics } from './io/metrics/metrics.ts'
import type { Settings } from './io/settings/settings.ts'
import { Gather } from './pipeline/inserts.ts'
import { Problems } from './pipeline/problems.ts'
import { RulesInForce } from './pipeline/rules-in-force.ts'
import { newestRules } from './pipeline/rules-publisher.ts'
import { readRules } from './pipeline/rules-watch.ts'
import { startTicks } from './pipeline/ticks.ts'
import type { InputStream } from './ports.ts'

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
  const sources = { settings, log, problems, metrics, closers, inProcessAllowed: options.inProcessAllowed === true }
  const diskSample = watchDisks(settings, { log, problems, metrics, closers })
  const stream = await openInput(sources)
  const store = await openFacts(sources)
  const { pool, enriching, matching, close: closeWorkers } = openWorkers({ workers: settings.workers, log, metrics, problems })
  closers.push(closeWorkers)
  const files = await openCheckpointFiles(settings, { log, problems, metrics })
  const beginning = await begin({ settings, stream, store, pool: matching, fileText, files, log, metrics })
  const { engine } = beginning
  const figures: Figures = { storedRows: await storedCount(store), inputAt: 0, mentionsAt: 0, forgotten: null }
  let trimming: Trimming | null = null
  const inserter = openInserter({ store, stream, figures, beginning, log, problems, metrics, onStored: () => trimming?.look() })
  const gather = new Gather(beginning.position + 1, beginning.lastInsert)
  const rules = new RulesInForce(beginning)
  const checkpointer = files && openCheckpointer({ settings, version, log, metrics, problems, engine, inserter, rules }, { files, gather, onDurable: () => trimming?.look() })
  const house: House = { settings, mode, version, log, metrics, problems, stream, store, engine, rules, pool, enriching, matching, inserter, checkpointer, figures, startNotes: createStartNotes(beginning, stream.created, Date.now), canaries: openCanaries(settings, { log, problems, metrics }) }
  closers.push(tend(house))
  const alerting = await openAlerts(house)
  closers.push(() => alerting.close())
  const backups = await openBackups(house, { gather, stored: beginning.stored })
  const rulesFile = new RulesFileKeeper(house)
  closers.push(async () => rulesFile.close())
  const front = await openFront(house, { backups, rulesFile, extra: () => ({ ...alerting.sample(), ...checkpointSample(house), ...diskSample() }) })
  closers.push(() => front.close())
  await fillSteady(house, beginning)
  if (beginning.from === null || beginning.from.isOtherStream) await checkpointer?.first(beginning.position)
  trimming = startTrimming({ stream, inserter, checkpointer, clock: systemClock, onFailed: (error) => log.debug('the stream was not trimmed', { error }) })
  closers.push(async () => trimming?.close())
  const running = await startLoop(house, { beginning, gather, alerting, backups })
  closers.push(running.close, () => backups.close(), fillChanged(house, beginning))
  closers.push(...watch(house))
  rulesFile.begin(fileText, await newestRules(stream) ?? beginning.rulesText)
  closers.push(...startCanaries(house, front))
  log.info(`the wall is at ${front.url}`, { position: inserter.position, topics: house.rules.rules.topics.length, mode })
  return { url: front.url, stream, log, ended: tellEnded(running.ended, log), close: closing.close }
}

/** What is looked after while the engine lives, input or no input: whether the store answers. */
function tend({ store, log, problems, metrics }: House): () => Promise<void> {
  const stopWatching = watchStore(store, {
    onDown: (error) => {
      if (!problems.has('store-down')) log.error('ClickHouse does not answer; mentions wait in the stream. Look at ClickHouse and its disk', { error })
      problems.raise('store-down', error.message)
    },
    onUp: () => tellStoreTrouble(null, { log, problems, metrics }),
  })
  return async () => stopWatching()
}

/** What runs beside the loop: ticks, the stream's troubles, who asks for the status. */
function watch(house: House): Closers {
  const { stream, log, engine, inserter } = house
  stream.onTrouble((trouble) => tellStreamTrouble(trouble, house))
  stream.answerStatus(() => ({ clock: engine.clock, stream: stream.created, position: inserter.position, forgotten: house.figures.forgotten }))
  const stopTicks = startTicks(stream, (error) => log.debug('a tick was not published', { error }))
  return [async () => stopTicks()]
}
