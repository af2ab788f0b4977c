// The data folder: there, writable, closed to others, whose, and of which format; and the files that hold secrets.
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { formatNow, formatOf, FormatRefused } from '../cli/data-format.ts'
import { holderOfFolder } from '../cli/data-lock.ts'
import { note, ok, warn, wrong, type Check } from './check.ts'

export type LockFacts = { readonly kind: 'free' } | { readonly kind: 'held'; readonly pid: number } | { readonly kind: 'stale'; readonly pid: number }
export interface FolderFacts {
  readonly path: string
  readonly mode: number
  readonly writable: boolean
  readonly lock: LockFacts
  readonly format: { readonly format: number; readonly version: string } | null
  readonly formatRefused: string | null
}

/** null where there is no such folder. */
export async function lookAtFolder(path: string): Promise<FolderFacts | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (found === null) return null
  const holder = holderOfFolder(path)
  const facts = {
    path, mode: found.mode & 0o777, writable: await access(path, constants.W_OK).then(() => true, () => false),
    lock: holder === null ? { kind: 'free' } as const : { kind: holder.isThere ? 'held' as const : 'stale' as const, pid: holder.pid },
  }
  try {
    return { ...facts, format: formatOf(path), formatRefused: null }
  } catch (error) {
    if (!(error instanceof FormatRefused)) throw error
    return { ...facts, format: null, formatRefused: error.message }
  }
}

export function folderChecks(path: string, facts: FolderFacts | null): Check[] {
  if (facts === null) return [note('data folder', `${path} is not there: nothing was begun in it`, 'start makes it; where it should be there already, correct `data` in the settings')]
  const { mode, writable, lock } = facts
  const octal = mode.toString(8).padStart(4, '0')
  return [
    writable ? ok('data folder', path) : wrong('data folder', `${path} cannot be written by this user`, `give it to the user that runs the engine: chown -R <user> ${path}`),
    (mode & 0o077) === 0 ? ok('folder mode', octal) : warn('folder mode', `${path} has mode ${octal}: others on this machine can look into it`, `chmod 700 ${path}`),
    lockCheck(lock),
    formatCheck(facts),
  ]
}

function lockCheck(lock: LockFacts): Check {
  if (lock.kind === 'free') return note('engine', 'no engine works on this folder', 'start it with groundswell start')
  return lock.kind === 'held' ? ok('engine', `process ${lock.pid} works on this folder`)
    : warn('engine', `the lock names process ${lock.pid}, which is gone: the engine ended without closing`, 'start it: the next start takes the lock over; its log and the system\'s (journalctl, dmesg) say why it ended')
}

function formatCheck({ format, formatRefused }: FolderFacts): Check {
  if (formatRefused !== null) return wrong('format', formatRefused, 'see there')
  if (format === null) return note('format', 'nothing was begun in this folder')
  if (format.format > formatNow) return wrong('format', `format ${format.format}, written by groundswell ${format.version}; this version knows formats up to ${formatNow}`, 'start the newer version')
  return format.format === formatNow ? ok('format', `${format.format}, written by groundswell ${format.version}`) : note('format', `format ${format.format}: the next start brings it to format ${formatNow}`, 'make a backup first')
}

export interface SecretFile { readonly path: string; readonly holds: string; readonly mode: number }

export function secretChecks(files: readonly SecretFile[]): Check[] {
  if (files.length === 0) return [ok('secret files', 'no file of the settings holds a secret')]
  return files.map(({ path, holds, mode }) => ((mode & 0o077) === 0 ? ok('secret files', `${path} (${holds}) is for its owner alone`)
    : warn('secret files', `${path} holds ${holds} and has mode ${mode.toString(8).padStart(4, '0')}: others on this machine can read it`, `chmod 600 ${path}`)))
}
