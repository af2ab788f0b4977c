// Where an engine begins: at the newest checkpoint that can be used; where there is none, as the store knows it; at a first start, with nothing.
import { Engine } from '../core/engine.ts'
import type { EngineOptions } from '../core/engine-options.ts'
import { actionsUpTo } from '../io/clickhouse/alert-reads.ts'
import { positionOf } from '../io/clickhouse/reads.ts'
import type { CheckpointFiles } from '../io/checkpoint/checkpoint-files.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { InputStream, Store } from '../ports.ts'
import { hourOfWeekIn } from '../hour-of-week.ts'
import { StreamRolledBack } from '../stream-errors.ts'
import { goOnFromCheckpoint, type GoneOn } from '../pipeline/checkpoint-start.ts'
import { tellPassed } from './checkpoints.ts'
import { recalledAt, upToPosition } from './recall.ts'
import { recallIds } from './recall-ids.ts'
import { openBeginning, type Begun, type Opening } from './restart.ts'
import { unknownOf } from './start-notes.ts'
import type { Tellers } from './telling.ts'

export interface Beginning extends Pick<Opening, 'position' | 'rulesSeq' | 'rulesText' | 'rules' | 'past'> {
  readonly engine: Engine
  readonly stored: number // the newest position that the store holds: what is read up to it goes into the core alone
  readonly lastInsert: number // last message of the last insert that was not empty
  readonly from: GoneOn | null // null: no checkpoint
  readonly unknown: string | null // what the engine does not know where it was counted from the store; null where it knows all
}

export interface Beginner extends Pick<Begun, 'pool' | 'fileText'>, Pick<Tellers, 'log' | 'metrics'> {
  readonly settings: Settings
  readonly stream: InputStream
  readonly store: Store
  readonly files: CheckpointFiles | null // null: none are made
}

export async function begin(beginner: Beginner): Promise<Beginning> {
  const { settings, stream, store, files, log } = beginner
  const stored = await positionOf(store, stream.created)
  const { firstSeq, lastSeq } = await stream.state()
  if (lastSeq < stored) {
    throw new StreamRolledBack(`the input stream ends at ${lastSeq}, but message ${stored} is stored already: the server lost what it had acknowledged (power cut without sync_interval: always?), and new messages would be taken for old ones. Restore it, or delete the stream to start anew`)
  }
  const hourOfWeek = hourOfWeekIn(settings.room.zone)
  const engineOf = (options: Omit<EngineOptions, 'stream'>): Engine =>
    new Engine({ stream: stream.created, seenMax: settings.seenMax, cascades: { nodesMax: settings.cascades.mentionsMax, quietSeconds: settings.cascades.quietHours * 3600 }, cooldownSeconds: settings.cooldownSeconds, silence: { blindSeconds: settings.blindSeconds, bySource: settings.blindSecondsBySource }, hourOfWeek, ...options })
  if (files) {
    const had = files.kept.length
    const from = await goOnFromCheckpoint({
      files, stream: stream.created, firstSeq, engineOf,
      storedOf: (of) => positionOf(store, of), onPassed: (passed) => tellPassed(passed, beginner),
    })
    if (from) return goOn(from, { ...beginner, stored })
    if (had > 0) log.error('no checkpoint can be used: windows, thresholds and ids are counted from the store, as far as it knows them')
    else if (stored > 0) log.warn('there is no checkpoint that can be used: windows, thresholds and ids are counted from the store, as far as it knows them')
  }
  return countFromStore(beginner, engineOf)
}

/** How many stored actions are folded where no checkpoint holds what they did: the newest. */
const actionsMax = 10_000

/** Of the checkpoint's stream, and of streams that came after it and are gone as well, as where no checkpoint could be written. */
const behindCheckpoint = '((stream = {of:UInt64} AND seq > {seq:UInt64}) OR (stream > {of:UInt64} AND stream != {now:UInt64}))'

async function goOn(from: GoneOn, { stream, store, log, stored }: Beginner & { readonly stored: number }): Promise<Beginning> {
  const { engine, kept, position, rulesSeq, rulesText, rules, lastInsert } = from
  const facts = { checkpoint: kept.number, savedSecondsAgo: Math.round((Date.now() - kept.header.savedAt) / 1000), position, stored, ids: engine.seenIds }
  if (from.isOtherStream) {
    log.error('the input stream is another one than that of the checkpoint: it was deleted and made again, or its store is gone. Ids, windows, thresholds and alerts go on, the new stream is read from its first message and counted anew. Find out who deleted it', facts)
    if (stored === 0) await store.insertRows('rules', `${stream.created}:rules:0:${Date.now()}`, [{ stream: stream.created, seq: 0, text: rulesText }])
    const behind = { where: behindCheckpoint, params: { of: kept.header.stream, seq: kept.header.seq, now: stream.created } }
    engine.desk.recall(await actionsUpTo(store, { ...behind, max: actionsMax }))
    const { known, of } = await recallIds(store, engine, { ...behind, max: kept.header.seenMax })
    if (known > 0) log.error(`${known} mentions were stored behind the checkpoint and can no longer be read from a stream: their ids are known, but windows and thresholds have not counted them`)
    if (known < of) log.warn(`there was no time to read back more than the newest ${known} of ${of} ids behind the checkpoint: an older mention that is sent again is counted again`)
  } else log.info('the engine goes on from a checkpoint', facts)
  return { engine, position, stored, lastInsert, rulesSeq, rulesText, rules, past: null, from, unknown: null }
}

async function countFromStore({ settings, stream, store, pool, fileText, log }: Beginner, engineOf: (options: Omit<EngineOptions, 'stream'>) => Engine): Promise<Beginning> {
  const { position, rulesSeq, rulesText, rules, clock, remembered, past } = await openBeginning({ store, pool, stream: stream.created, fileText, log })
  const engine = engineOf({ rules, rulesSeq, filling: past !== null, fillSeq: position, clock, remembered })
  if (clock !== null) engine.recall(await recalledAt(store, { stream: stream.created, position, clock }))
  engine.desk.recall(await actionsUpTo(store, { where: upToPosition, params: { stream: stream.created, position }, max: actionsMax }))
  const unknown = clock === null ? null : unknownOf(engine, rules, Date.now())
  if (unknown !== null) log.warn(`what the store does not know: ${unknown}`)
  const began = Date.now()
  const { known, of } = await recallIds(store, engine, {
    where: upToPosition, params: { stream: stream.created, position }, max: settings.seenMax,
    onProgress: (progress) => { if (progress.known < progress.of) log.info('ids are read back from the store', progress) },
  })
  const read = { known, seconds: (Date.now() - began) / 1000 }
  if (known < of) log.warn(`there was no time to read back more than the newest ids of ${of}: an older mention that is sent again is counted again`, read)
  else if (known > 0) log.info('ids were read back from the store', read)
  return { engine, position, stored: position, lastInsert: position, rulesSeq, rulesText, rules, past, from: null, unknown }
}
