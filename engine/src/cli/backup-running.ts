// The backup of an engine that runs: it freezes its state, this process copies what was frozen, and tells it when that is done.
import type { BackupOptions } from '../backup/write-backup.ts'
import { writeBackup } from '../backup/write-backup.ts'
import type { Frozen } from '../io/http/backup.ts'
import type { Settings } from '../io/settings/settings.ts'
import { holderOfFolder } from './data-lock.ts'
import { engineAt, EngineAway } from './engine-http.ts'
import { version } from './version.ts'

const freezeMs = 180_000 // what the engine waits for, at the most, and then some

export interface RunningBackup extends Pick<BackupOptions, 'file' | 'elsewhere'> { readonly settings: Settings }

/** Throws with what could not be frozen, read or written; nothing of the backup is left then. */
export async function backupRunning({ file, settings, elsewhere }: RunningBackup): Promise<void> {
  const { data } = settings
  const holder = holderOfFolder(data)
  if (holder === null) throw new Error(`the engine that had ${data} has just ended: make the backup again`)
  const engine = engineAt(settings)
  const { name, position, heldMs, folders } = await engine.post<Frozen>('/api/backup', { pid: holder.pid, by: process.pid }, freezeMs).catch((error: Error) => {
    throw error instanceof EngineAway ? new Error(`${data} is in use by the engine with process id ${holder.pid}, but it cannot be asked: ${error.message}. Or stop it (its log keeps its place), make the backup, start it again`, { cause: error }) : error
  })
  try {
    const { bytes, files, at } = await writeBackup({ folders, file, version, position, elsewhere, online: true, now: Date.now })
    process.stdout.write(`${JSON.stringify({ file, bytes, files, at, position, elsewhere, online: true, heldMs })}\n`)
  } finally {
    // The engine sees to it by itself when this process is gone.
    await engine.delete(`/api/backup/${name}`).catch((error: Error) => process.stderr.write(`the engine could not be told that the copy is over: ${error.message}\n`))
  }
  if (elsewhere.includes('clickhouse')) process.stderr.write('ClickHouse is a server of its own: what it holds is not in this backup. Keep it with its own BACKUP DATABASE … TO, now and not before: what it has behind the position of this backup does no harm, what it lacks does\n')
}
