// One engine to a data folder: a lock file names the process that holds it. What a process that is gone has left behind is taken over.
import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const lockName = 'engine.lock'

export class DataInUse extends Error {
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by the engine with process id ${pid}: stop that one first, or name another folder with --data`)
    this.name = 'DataInUse'
  }
}

interface Holder { readonly pid: number; readonly began: string } // a pid alone is given to another process one day

/**
 * Takes the folder, making it where it is not there, and answers what gives it back; throws DataInUse where another process has it.
 * `onTakenOver`: whoever had it before is gone without giving it back; null where its lock does not name it.
 */
export function lockData(folder: string, onTakenOver?: (pid: number | null) => void): () => void {
  mkdirSync(dirname(folder), { recursive: true }) // folders above keep the mode that is usual here
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined
  const lock = join(folder, lockName)
  const ours = join(folder, `${lockName}.${process.pid}`)
  writeFileSync(ours, JSON.stringify({ pid: process.pid, began: beganOf(process.pid) }), { mode: 0o600 })
  let left: { readonly pid: number | null } | null = null
  try {
    while (!linked(ours, lock)) {
      const holder = holderOf(lock)
      if (holder && isThere(holder)) throw new DataInUse(folder, holder.pid)
      if (removeStale(lock, `${ours}.stale`)) left = { pid: holder?.pid ?? null }
    }
  } finally {
    rmSync(ours, { force: true })
  }
  const release = (): void => {
    process.off('exit', release)
    if (holderOf(lock)?.pid !== process.pid) return
    rmSync(lock, { force: true })
    if (made && readdirSync(folder).length === 0) rmdirSync(folder) // nothing was begun
  }
  process.on('exit', release)
  if (left !== null) onTakenOver?.(left.pid)
  return release
}

/** Who has the folder, or had it when it ended without closing; null where nobody does. */
export function holderOfFolder(folder: string): { readonly pid: number; readonly isThere: boolean } | null {
  const holder = holderOf(join(folder, lockName))
  return holder && { pid: holder.pid, isThere: isThere(holder) }
}

/** Made whole or not at all: whoever reads a lock reads all of it. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** Moved aside first and read again: between two who find one stale lock, the slower must not remove the lock of the faster. */
function removeStale(lock: string, aside: string): boolean {
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return false
  }
  const moved = holderOf(aside)
  const isStale = moved === null || !isThere(moved)
  if (!isStale) linked(aside, lock)
  rmSync(aside, { force: true })
  return isStale
}

function holderOf(lock: string): Holder | null {
  try {
    const { pid, began } = JSON.parse(readFileSync(lock, 'utf8')) as Partial<Holder>
    return Number.isInteger(pid) && typeof began === 'string' ? { pid: pid!, began } : null
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null // gone meanwhile, or no lock of ours
    throw error
  }
}

const isThere = ({ pid, began }: Holder): boolean => began !== '' && beganOf(pid) === began

/** When a process began, in the words of the system; '' where it does not run. The boot belongs to it: ticks and pids begin anew with each. */
export function beganOf(pid: number): string {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // from the third field on: the name may hold anything
      return fields[0] === 'Z' || fields[0] === 'X' ? '' : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
      throw error
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return '' // ps answers 1 where there is no such process
  }
}
