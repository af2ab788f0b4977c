// The disk of the simulated world. A kill leaves what was done; a power cut may leave a file that was being written torn, and what was
// done to folders since they were synced undone. A full disk takes part of a file and refuses the rest.
import { dirname } from 'node:path'
import type { Disk } from '../../src/disk.ts'
import type { Life, World } from './world.ts'

type Bytes = Uint8Array<ArrayBuffer>

export class SimDisk {
  full = false
  #files = new Map<string, Bytes>()
  #synced: Map<string, Bytes>[] = [] // the folder as it was, before each change since it was synced
  readonly #world: World
  readonly #writing = new Map<string, Bytes>() // by path: what a call under way is to write
  readonly #rotten = new Set<string>()

  readonly #readsFail: boolean

  /** `readsFail`: false where only the newest checkpoint can be gone on from, so that it must be read. */
  constructor(world: World, { readsFail }: { readonly readsFail: boolean }) {
    this.#world = world
    this.#readsFail = readsFail
  }

  get names(): string[] { return [...this.#files.keys()].toSorted() }

  of(life: Life): Disk {
    const call = <T>(name: string, effect: () => T, mayFail = true): Promise<T> => this.#world.call(life, { port: 'disk', name, effect, mayFail, error: (reason) => failure('EIO', reason) })
    return {
      makeFolder: () => call('makeFolder', () => undefined),
      list: (folder) => call('list', () => this.names.filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1))),
      size: (path) => call(`size ${path}`, () => this.#read(path).length),
      read: (path) => call(`read ${path}`, () => this.#read(path).slice(), this.#readsFail),
      write: (path, pieces) => {
        const bytes = new Uint8Array(Buffer.concat(pieces))
        this.#writing.set(path, bytes)
        return call(`write ${path}`, () => this.#write(path, bytes)).finally(() => this.#writing.delete(path))
      },
      rename: (from, to) => call(`rename ${from} ${to}`, () => {
        const bytes = this.#read(from)
        this.#change((files) => { files.delete(from); files.set(to, bytes) })
      }),
      syncFolder: () => call('syncFolder', () => { this.#synced = [] }),
      remove: (path) => call(`remove ${path}`, () => this.#change((files) => { files.delete(path) })),
    }
  }

  /** What a crash leaves. */
  crash(): void {
    const { chance } = this.#world
    for (const [path, bytes] of this.#writing) if (chance.unit() < 0.5) this.#tear(path, bytes)
    this.#writing.clear()
    if (this.#synced.length > 0 && chance.unit() < 0.5) {
      this.#world.count('folders put back by a power cut')
      this.#files = this.#synced[chance.below(this.#synced.length)]!
    }
    this.#synced = []
  }

  /** Flips a bit of the newest file whose path begins so, where an older one stays whole. */
  rotNewest(prefix: string): void {
    const whole = this.names.filter((path) => path.startsWith(prefix) && !this.#rotten.has(path))
    const path = whole.at(-1)
    if (path === undefined || whole.length < 2 || !/\d$/.test(path)) return
    const rotten = this.#read(path).slice()
    rotten[this.#world.chance.below(rotten.length)]! ^= 1 << this.#world.chance.below(8)
    this.#files.set(path, rotten)
    this.#rotten.add(path)
    this.#world.count('files with a flipped bit')
    this.#world.trace(`a bit of ${path} flips`)
  }

  #tear(path: string, bytes: Bytes): void {
    this.#world.count('files torn')
    const torn = bytes.slice(0, this.#world.chance.below(bytes.length + 1))
    if (torn.length > 0 && this.#world.chance.unit() < 0.3) torn[this.#world.chance.below(torn.length)]! ^= 0x40
    this.#files.set(path, torn)
  }

  #read(path: string): Bytes {
    const bytes = this.#files.get(path)
    if (!bytes) throw failure('ENOENT', `there is no ${path}`)
    return bytes
  }

  #write(path: string, bytes: Bytes): void {
    if (this.full) {
      this.#world.count('writes to a full disk')
      this.#change((files) => { files.set(path, bytes.slice(0, this.#world.chance.below(bytes.length))) })
      throw failure('ENOSPC', 'the simulated disk is full')
    }
    this.#change((files) => { files.set(path, bytes) })
  }

  #change(change: (files: Map<string, Bytes>) => void): void {
    this.#synced.push(new Map(this.#files))
    change(this.#files)
  }
}

const failure = (code: string, message: string): Error => Object.assign(new Error(`${code}: ${message}`), { code })
