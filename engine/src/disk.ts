// Files as the shell keeps them: whole, synced and renamed, told through this, so that a simulation can hold the disk and break it.
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'

/** Every call rejects with the system's own error (`code` ENOENT, ENOSPC, EIO …). */
export interface Disk {
  /** With all folders above it; harmless where it is there. */
  makeFolder(path: string): Promise<void>
  /** Names in the folder, sorted. */
  list(folder: string): Promise<string[]>
  /** Bytes of the file. */
  size(path: string): Promise<number>
  read(path: string): Promise<Uint8Array<ArrayBuffer>>
  /** The pieces back to back as one file, synced before it resolves; what was there is overwritten. A failure leaves part of it. */
  write(path: string, pieces: readonly Uint8Array[]): Promise<void>
  /** Atomic within a folder; what `to` named is gone. Safe from a power cut only after syncFolder. */
  rename(from: string, to: string): Promise<void>
  syncFolder(folder: string): Promise<void>
  /** Harmless where it is not there. */
  remove(path: string): Promise<void>
}

export const systemDisk: Disk = {
  makeFolder: async (path) => { await mkdir(path, { recursive: true, mode: 0o700 }) },
  list: async (folder) => (await readdir(folder)).toSorted(),
  size: async (path) => (await stat(path)).size,
  read: async (path) => Uint8Array.from(await readFile(path)),
  write: async (path, pieces) => {
    const file = await open(path, 'w', 0o600)
    try {
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
  },
  rename,
  syncFolder: async (folder) => {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  remove: (path) => rm(path, { force: true }),
}
