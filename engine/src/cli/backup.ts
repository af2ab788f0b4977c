// `groundswell backup FILE`: the data folder as one tar file with a manifest of checksums; of an engine that runs, what it freezes for that.
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { writeBackup } from '../backup/write-backup.ts'
import { deepChecks, lookDeep } from '../doctor/deep.ts'
import { startEmbeddedClickhouse } from '../io/clickhouse/embedded.ts'
import { ClickhouseStore } from '../io/clickhouse/store.ts'
import { endOrphan } from '../io/nats/orphan.ts'
import { loadSettings, type Settings } from '../io/settings/settings.ts'
import { backupRunning } from './backup-running.ts'
import { formatOf } from './data-format.ts'
import { DataInUse, lockData } from './data-lock.ts'
import { settingsOr2 } from './settings-or-2.ts'
import { version } from './version.ts'

export function registerBackup(program: Command): void {
  program.command('backup').description('write all that an engine keeps into one tar file, with a checksum of each file, while it runs or not')
    .argument('<file>', 'the tar file to write; it must not be there')
    .option('--data <dir>', 'data folder (default ./data)')
    .option('--nats <url>', 'the NATS server of the engine, where it is not the embedded one')
    .option('--clickhouse <url>', 'the ClickHouse server of the engine, where it is not the embedded one')
    .option('--http <port>', 'port of the API of the engine, where it runs (default 8080)')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
    .addHelpText('after', `
Of an engine that runs: checkpoint, outbox and the embedded ClickHouse, all behind one message of the stream; inserts are held for a
moment. The stream is not in it: what is restored begins with a new one, or goes on where it was if it still finds its stream.
Of an engine that is stopped: the whole folder, the embedded NATS with all it holds too.
Never in it: settings, rules file, secrets, access tokens (make them anew), and whatever lies on servers of your own, which have backups of their own (ClickHouse: BACKUP
DATABASE; NATS: nats stream backup).`)
    .action(async (file: string, flags: Record<string, unknown>) => {
      const settings = settingsOr2(() => loadSettings({ flags, env: process.env, cwd: process.cwd() }))
      if (!settings) return
      try {
        await backup(resolve(file), settings)
      } catch (error) {
        process.stderr.write(`groundswell backup: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}

async function backup(file: string, settings: Settings): Promise<void> {
  const { data } = settings
  if (!existsSync(data)) throw new Error(`there is no data folder ${data}: name it with --data`)
  if (!existsSync(dirname(file))) throw new Error(`there is no folder ${dirname(file)}: make it first, or name a file elsewhere`)
  if (existsSync(file)) throw new Error(`${file} is there already: name another file`)
  if (!relative(data, file).startsWith('..')) throw new Error(`${file} lies in the data folder itself: name a file elsewhere, best on another disk`)
  const elsewhere = (['nats', 'clickhouse'] as const).filter((part) => settings[part].kind === 'url')
  const release = lockOrNull(data)
  if (release === null) return backupRunning({ file, settings, elsewhere })
  try {
    if (formatOf(data) === null) throw new Error(`nothing was begun in ${data}: there is nothing to keep`)
    await endOrphan(join(data, 'nats')) // an engine that was killed may have left it behind
    const { position, damage } = elsewhere.includes('clickhouse') ? { position: null, damage: [] } : await readStore(settings)
    const { bytes, files, at } = await writeBackup({ folders: [{ path: data, as: '' }], online: false, file, version, position, elsewhere, now: Date.now })
    process.stdout.write(`${JSON.stringify({ file, bytes, files, at, position, elsewhere, damage })}\n`)
    if (damage.length > 0) {
      process.stderr.write(`THIS BACKUP HOLDS DAMAGED DATA, as the data folder does: keep the backups that were made before.\n${damage.join('\n')}\n`)
      process.exitCode = 1
    }
    if (elsewhere.includes('clickhouse')) process.stderr.write('ClickHouse is a server of its own: what it holds is not in this backup. Keep it with its own BACKUP DATABASE … TO, taken while the engine is stopped\n')
    if (elsewhere.includes('nats')) process.stderr.write('NATS is a server of its own: what its stream holds is not in this backup. Keep it with nats stream backup, taken while the engine is stopped\n')
  } finally {
    release()
  }
}

/** null where an engine has the folder. */
function lockOrNull(data: string): (() => void) | null {
  try {
    return lockData(data)
  } catch (error) {
    if (error instanceof DataInUse) return null
    throw error
  }
}

interface StoreRead { readonly position: { stream: number; seq: number } | null; readonly damage: readonly string[] }

/** How far the store is, and which of its parts are not as they were written; a store that does not open is kept as it lies. */
async function readStore({ data, retentionDays }: Settings): Promise<StoreRead> {
  const directory = join(data, 'clickhouse')
  if (!existsSync(directory)) return { position: null, damage: [] }
  try {
    const embedded = await startEmbeddedClickhouse({ directory })
    const store = new ClickhouseStore({ ...embedded, retentionDays })
    try {
      const tables = await store.query<{ name: string; engine: string }>('SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY name')
      const damage = deepChecks(await lookDeep(store, tables)).filter(({ state }) => state === 'wrong').map(({ found, mend }) => `${found} → ${mend}`)
      const [row] = await store.query<{ stream: number; seq: number }>('SELECT stream, max(last) AS seq FROM positions GROUP BY stream ORDER BY max(insertedAt) DESC LIMIT 1')
      return { position: row ?? null, damage }
    } finally {
      await store.close()
      await embedded.stop()
    }
  } catch (error) {
    process.stderr.write(`the embedded ClickHouse could not say how far it is (${(error as Error).message}); the backup holds it as it lies\n`)
    return { position: null, damage: [] }
  }
}
