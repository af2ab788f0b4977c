// A small file that only the engine's user may read, replaced whole or not at all.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Written beside its name, synced, renamed; mode 0600. Throws the system's error, and leaves then what was there. */
export function writePrivate(path: string, text: string): void {
  const next = `${path}.${process.pid}.tmp`
  try {
    rmSync(next, { force: true }) // one that is left from a crash keeps its mode, whatever that was
    const file = openSync(next, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(next, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(next, { force: true })
    throw error
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
