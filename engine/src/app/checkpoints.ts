// The checkpoints of this house: where they lie, what is told of them, and when the stream may let go of what they make needless.
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { systemDisk } from '../disk.ts'
import { CheckpointFiles } from '../io/checkpoint/checkpoint-files.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import type { Settings } from '../io/settings/settings.ts'
import { Checkpointer } from '../pipeline/checkpointer.ts'
import type { Passed } from '../pipeline/checkpoint-start.ts'
import type { Gather } from '../pipeline/inserts.ts'
import type { House } from './house.ts'
import type { Tellers } from './telling.ts'

/** Much input makes a checkpoint due: what lies behind the newest is to be a small part of what the stream holds. */
const shareOfStream = 1 / 8

/** null where the settings ask for none. */
export async function openCheckpointFiles(settings: Settings, tellers: Tellers): Promise<CheckpointFiles | null> {
  if (settings.checkpointSeconds === null) return null
  const { files, refused } = await CheckpointFiles.open({
    disk: systemDisk, folder: join(settings.data, 'checkpoints'), kept: settings.checkpointsKept,
    onUntidy: (error) => tellers.log.warn('a file of checkpoints could not be removed or renamed; it is tried again with the next checkpoint', { error }),
  })
  const newest = files.kept.at(-1)
  const next = newest ? files.nameOf(newest.number) : null
  for (const { name, refused: { reason, detail } } of refused) tellPassed({ name, reason, detail, next }, tellers)
  return files
}

export function tellPassed({ name, reason, detail, next }: Passed, { log, metrics }: Pick<Tellers, 'log' | 'metrics'>): void {
  metrics.checkpointRefused()
  log.error(`${name} cannot be used (${reason}: ${detail}). ${next === null ? 'None is left: the start counts from the store' : `${next} is tried next`}; where the disk did this, look at the disk`)
}

type Kept = Pick<House, 'settings' | 'version' | 'log' | 'metrics' | 'problems' | 'engine' | 'inserter' | 'rules'>

export function openCheckpointer(house: Kept, { files, gather, onDurable }: { readonly files: CheckpointFiles; readonly gather: Gather; readonly onDurable: () => void }): Checkpointer {
  const { settings, version, log, metrics, problems, engine, inserter, rules } = house
  return new Checkpointer({
    files, engine, inserter, seenMax: settings.seenMax, version, everyMs: 1000 * (settings.checkpointSeconds ?? 0), bytesMax: settings.streamMaxBytes * shareOfStream, clock: systemClock,
    facts: () => ({ rulesText: rules.text, lastInsert: gather.lastInsert }),
    onTaken: (checkpoint) => metrics.checkpointTaken(checkpoint),
    onDurable: () => {
      if (problems.has('checkpoint-failed')) log.warn('checkpoints are written again')
      problems.over('checkpoint-failed')
      onDurable()
    },
    onFailed: (error) => {
      metrics.checkpointFailed()
      if (!problems.has('checkpoint-failed')) log.error(`a checkpoint could not be written to ${join(settings.data, 'checkpoints')}; the ones before stay, it is tried again, and the stream keeps what they need. Look at the disk: make room, or see who may write there`, { error })
      problems.raise('checkpoint-failed', error.message)
    },
  })
}

export function checkpointSample({ checkpointer, engine, settings }: Pick<House, 'checkpointer' | 'engine' | 'settings'>): MetricsSample {
  const { horizonAt } = engine.ids
  const durable = checkpointer?.durable
  return {
    seenIdsMax: settings.seenMax, seenHorizonSeconds: horizonAt === null ? null : (Date.now() - horizonAt) / 1000,
    ...(durable ? { checkpointAgeSeconds: (Date.now() - durable.header.savedAt) / 1000, checkpointBytes: durable.bytes } : {}),
  }
}
