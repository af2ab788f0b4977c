// A nats-server of ours that was left behind, because engine and guardian were both killed: found by its pid file and ended before the next
// start, so that it neither holds the port nor writes into the store beside its successor.
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'

export const configName = 'nats-server.conf'
export const pidName = 'nats-server.pid'
const endMs = 5000

/**
 * Only a process that runs our configuration of this very folder and has no guardian as its parent is ended; one that has is waited for a while, and
 * ended with its guardian where the engine of that is gone. Needs /proc; elsewhere it does nothing.
 */
export async function endOrphan(storeDir: string, waitMs: number = endMs): Promise<void> {
  const pid = Number(await textOf(join(storeDir, pidName)))
  if (!Number.isInteger(pid) || pid <= 1) return
  const config = (await commandOf(pid)).find((argument) => argument.endsWith(configName))
  if (!config || await realOf(config) !== await realOf(join(storeDir, configName))) return
  const guardian = await guardianOf(pid)
  if (guardian !== null) return untilGone(pid, { guardian, waitMs })
  const deadline = performance.now() + endMs
  let signal: NodeJS.Signals = 'SIGTERM'
  while (tell(pid, signal) && performance.now() < deadline + endMs) {
    if (performance.now() > deadline) signal = 'SIGKILL'
    await new Promise((resolve) => { setTimeout(resolve, 50) })
    if ((await commandOf(pid)).length === 0) return // ended, perhaps not yet reaped
  }
}

interface Guardian { readonly pid: number; readonly engine: number }

async function guardianOf(pid: number): Promise<Guardian | null> {
  const parent = await parentOf(pid)
  const command = await commandOf(parent)
  const at = command.findIndex((argument) => argument.endsWith('guardian.ts'))
  return at < 0 ? null : { pid: parent, engine: Number(command[at + 3]) }
}

/** An engine that was killed just now leaves a guardian that ends the server within seconds, if the machine gives it time; one whose guardian has its engine is left alone. */
async function untilGone(pid: number, { guardian, waitMs }: { readonly guardian: Guardian; readonly waitMs: number }): Promise<void> {
  if (await isGone(pid, waitMs) || Number.isNaN(guardian.engine) || await parentOf(guardian.pid) === guardian.engine) return
  if ((await guardianOf(pid))?.pid === guardian.pid) tell(guardian.pid, 'SIGKILL')
  tell(pid, 'SIGKILL')
  await isGone(pid, endMs)
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while ((await commandOf(pid)).length > 0) {
    if (performance.now() > deadline) return false
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  return true
}

function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '') // not there: nothing was left
const realOf = (file: string): Promise<string> => realpath(file).catch(() => file)
const commandOf = async (pid: number): Promise<string[]> => (await textOf(`/proc/${pid}/cmdline`)).split('\0').filter(Boolean)

async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\s*(\d+)$/m.exec(await textOf(`/proc/${pid}/status`))?.[1] ?? 0)
}
