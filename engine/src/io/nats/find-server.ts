// Where nats-server is on this machine, and what it can do; null where it is not.
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const elsewhere = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'] // where packages put it, often outside a user's PATH

/** A path given is the one used, or an error; else PATH and the usual places. */
export async function findNatsServer(given?: string, path: string = process.env['PATH'] ?? ''): Promise<string | null> {
  if (given) {
    if (await isExecutable(given)) return given
    throw new Error(`there is no nats-server to run at "${given}": correct the setting, or leave it out to search PATH`)
  }
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'
  for (const folder of [...path.split(delimiter), ...elsewhere]) {
    if (folder && await isExecutable(join(folder, name))) return join(folder, name)
  }
  return null
}

/** True where the server's own check accepts the configuration file. */
export async function acceptsConfig(binary: string, file: string): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    await run(binary, ['-t', '-c', file], { timeout: 20_000 })
    return { ok: true, detail: '' }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? String((error as { stderr?: string }).stderr || error.message).trim() : String(error) }
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try { await access(file, constants.X_OK); return true } catch { return false }
}
