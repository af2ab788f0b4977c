// Turns what happens to the engine into log lines that say who must act, problems on the wall, and metrics.
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { StoreDown, StoreRefused } from '../io/clickhouse/store-errors.ts'
import { StreamRecreated } from '../stream-errors.ts'
import type { Log } from '../io/log/log.ts'
import type { Metrics } from '../io/metrics/metrics.ts'
import type { Problems } from '../pipeline/problems.ts'
import type { Applied } from '../loop.ts'
import type { House } from './house.ts'

export interface Tellers { readonly log: Log; readonly problems: Problems; readonly metrics: Metrics }

/** null: the store works again. */
export function tellStoreTrouble(trouble: { readonly error: Error; readonly retryInMs: number } | null, { log, problems, metrics }: Tellers): void {
  if (trouble === null) {
    if (!problems.has('store-down')) return // told already: pings and inserts find it out each for themselves
    problems.over('store-down')
    log.warn('ClickHouse takes inserts again; nothing was lost')
    return
  }
  metrics.insertFailed('mentions')
  if (!problems.has('store-down')) log.error('ClickHouse does not take inserts; the engine keeps trying, then stops reading, and loses nothing. Look at ClickHouse and its disk', { error: trouble.error })
  problems.raise('store-down', trouble.error.message)
}

/** What an insert brings goes to the store and, where it has alerts, to the outbox on the disk of this engine. null: both work again. */
export function insertTeller(tellers: Tellers): (trouble: { readonly error: Error; readonly retryInMs: number } | null) => void {
  const { log, problems } = tellers
  let diskFails = false
  return (trouble) => {
    if (trouble !== null && !(trouble.error instanceof StoreDown) && !(trouble.error instanceof StoreRefused)) {
      if (!diskFails) log.error('alerts cannot be kept on the disk of the data folder; it is tried again, the engine waits for it and loses nothing. Make room on that disk', { error: trouble.error })
      diskFails = true
      return problems.raise('disk-low', trouble.error.message)
    }
    if (trouble === null && diskFails) {
      diskFails = false
      problems.over('disk-low')
      log.warn('alerts are kept on the disk again; none was lost')
    }
    tellStoreTrouble(trouble, tellers)
  }
}

export function tellStreamTrouble({ kind, detail }: { readonly kind: 'down' | 'up' | 'recreated' | 'gap'; readonly detail: string }, { log, problems, metrics }: House): void {
  if (kind === 'up') {
    problems.over('nats-down')
    log.warn(detail)
    return
  }
  log.error(detail)
  metrics.natsTrouble(kind)
  if (kind === 'gap') return
  problems.raise(kind === 'down' ? 'nats-down' : 'stream-recreated', detail)
}

/** Counts what was applied; not what an earlier run has counted: everything up to `stored`. */
export function createMeter({ metrics, figures, engine }: Pick<House, 'metrics' | 'figures' | 'engine'>, stored: number): (applied: Applied) => void {
  let before = engine.counters
  return ({ kind, seq, at, stepMs, batch }) => {
    figures.inputAt = at
    if (seq <= stored) {
      if (batch) figures.mentionsAt = at
      before = engine.counters
      return
    }
    metrics.stepTook(stepMs / 1000)
    metrics.messagesRead(kind === 'batch' ? 'mentions' : kind === 'tick' ? 'ticks' : 'commands', batch ? batch.rowEnds.length : 1, batch?.work?.bytes ?? 0)
    if (!batch) return
    figures.mentionsAt = at
    const now = engine.counters
    metrics.fates({ counted: now.counted - before.counted, late: now.late - before.late, skewed: now.skewed - before.skewed, duplicates: now.duplicates - before.duplicates })
    before = now
    const { rows, rejected, unknownFields, wrongTypes, platformDiffers, work = { bytes: 0, seconds: 0 } } = batch
    metrics.batchEnriched({ rows, messages: batch.rowEnds.length, ...work, reasons: rejected.reasons, unknownFields, wrongTypes, platformDiffers })
  }
}

/** Counts what thresholds, the baseline and the look at spread found. */
export function tellEvent(event: SpikeEvent, metrics: Pick<Metrics, 'eventHappened' | 'baselineHappened' | 'spreadHappened'>): void {
  if (event.kind === 'baseline') metrics.baselineHappened(event.state, event.grade)
  else if (event.kind === 'spread') metrics.spreadHappened(event.state, event.grade)
  else if (event.kind === 'ignition' || event.kind === 'coordination') metrics.spreadHappened(event.kind, event.grade)
  else metrics.eventHappened(event.kind, event.grade)
}

/** The end of the loop as its caller sees it; a failure of our own is told with its stack. */
export async function tellEnded(ended: Promise<void>, log: Log): Promise<void> {
  try {
    await ended
  } catch (error) {
    if (error instanceof StreamRecreated) log.error('the input stream was deleted and made again: the engine begins again at its first message. Find out who deleted it', { error })
    else log.error('the engine stops: what is not stored yet is read again from the stream at the next start', { error })
    throw error
  }
}
