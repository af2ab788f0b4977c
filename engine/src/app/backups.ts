// The backups of this house while it runs: what they are made of, and what an engine that was killed has left of one.
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OnlineBackups, stagingName } from '../backup/online-backup.ts'
import { systemClock } from '../clock.ts'
import { StateWriter } from '../core/state.ts'
import { systemDisk } from '../disk.ts'
import { isAlive } from '../is-alive.ts'
import { CheckpointFiles } from '../io/checkpoint/checkpoint-files.ts'
import { freezeTables, removeFrozen } from '../io/clickhouse/freeze.ts'
import { takeCheckpoint } from '../pipeline/checkpointer.ts'
import type { Gather } from '../pipeline/inserts.ts'
import type { House } from './house.ts'

type Kept = Pick<House, 'settings' | 'version' | 'log' | 'engine' | 'inserter' | 'rules' | 'store'>

export async function openBackups({ settings, version, log, engine, inserter, rules, store }: Kept, { gather, stored }: { readonly gather: Gather; readonly stored: number }): Promise<OnlineBackups> {
  const folder = resolve(settings.data)
  const directory = join(folder, 'clickhouse')
  const isEmbedded = settings.clickhouse.kind === 'embedded'
  await rm(join(folder, stagingName), { recursive: true, force: true })
  if (isEmbedded) await removeFrozen(directory, (name) => name.startsWith('groundswell_'))
  const taker = { engine, version, seenMax: settings.seenMax, facts: () => ({ rulesText: rules.text, lastInsert: gather.lastInsert }) }
  return new OnlineBackups({
    folder, stored, engine, inserter, clock: systemClock, isAlive, log,
    take: (seq) => takeCheckpoint(taker, { seq, writer: new StateWriter(), freshFrom: 0, savedAt: systemClock.now() }),
    keep: async (checkpoint, into) => {
      const { files } = await CheckpointFiles.open({ disk: systemDisk, folder: into, kept: 1, onUntidy: () => undefined })
      await files.write(checkpoint)
    },
    freezer: isEmbedded ? { freeze: (name, into) => freezeTables({ store, directory, name, into }), remove: (name) => removeFrozen(directory, (one) => one === name) } : null,
  })
}
