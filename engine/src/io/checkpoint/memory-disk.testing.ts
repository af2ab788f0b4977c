// A disk in memory for tests: what lies on it can be looked at, damaged and filled up.
import { dirname, basename } from 'node:path'
import type { Disk } from '../../disk.ts'

export class MemoryDisk implements Disk {
  readonly files = new Map<string, Uint8Array>()
  /** Writes of names that match fail as on a full disk, with half of the file there. */
  full: RegExp | null = null
  readonly written: string[] = []

  async makeFolder(): Promise<void> { /* folders are the beginnings of names here */ }
  async list(folder: string): Promise<string[]> { return [...this.files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path)).toSorted() }
  async size(path: string): Promise<number> { return this.#of(path).length }
  async read(path: string): Promise<Uint8Array<ArrayBuffer>> { return Uint8Array.from(this.#of(path)) }

  async write(path: string, pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = Uint8Array.from(Buffer.concat(pieces))
    if (this.full?.test(path)) {
      this.files.set(path, bytes.subarray(0, bytes.length >> 1))
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    }
    this.files.set(path, bytes)
    this.written.push(basename(path))
  }

  async rename(from: string, to: string): Promise<void> {
    this.files.set(to, this.#of(from))
    this.files.delete(from)
  }

  async syncFolder(): Promise<void> { /* nothing here is lost */ }
  async remove(path: string): Promise<void> { this.files.delete(path) }

  #of(path: string): Uint8Array {
    const bytes = this.files.get(path)
    if (!bytes) throw Object.assign(new Error(`ENOENT: no such file ${path}`), { code: 'ENOENT' })
    return bytes
  }
}
