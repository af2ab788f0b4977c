// The body of a request: small statements into memory, the data of inserts straight into a file that the engine reads, on tmpfs where there is room.
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isAlive } from '../../is-alive.ts'
import { ChdbError } from './chdb-pool.ts'

export const bodyLimits = { statementBytesMax: 64 * 1024 * 1024, dataBytesMax: 1024 * 1024 * 1024 } as const

/** Statements too large for memory are refused; their data can come apart from them, which has a higher limit. */
export async function readText(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of decoded(request) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > bodyLimits.statementBytesMax) throw new ChdbError(241, `Code: 241. DB::Exception: The body is over ${bodyLimits.statementBytesMax} bytes: put the statement into ?query= and only the data into the body. (MEMORY_LIMIT_EXCEEDED)`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)
}

function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || encoding === '') return request
  if (encoding !== 'gzip') throw new ChdbError(48, `Code: 48. DB::Exception: Content-Encoding ${encoding} is not understood here: send gzip or no encoding. (NOT_IMPLEMENTED)`)
  const unzip = createGunzip()
  request.on('error', (error) => unzip.destroy(error))
  request.on('close', () => { if (!request.complete) unzip.destroy(new Error('the request was cut off')) })
  return request.pipe(unzip)
}

const prefix = 'groundswell-chdb-'

export interface SpoolOptions {
  readonly disk: string // a folder on disk, made where it is needed
  readonly memory?: string // /dev/shm
  readonly freeMin?: number // bytes that must be free in memory; 1 GiB, which the 64 MiB of a plain container are not
}

/** A directory for bodies: in memory where the system has such a place with room, else on disk. What dead processes left behind is removed first. */
export class Spool {
  readonly directory: string
  #next = 0

  constructor({ disk, memory = '/dev/shm', freeMin = 1024 ** 3 }: SpoolOptions) {
    for (const parent of [memory, disk]) removeLeft(parent)
    const parent = freeBytes(memory) >= freeMin ? memory : disk
    mkdirSync(parent, { recursive: true, mode: 0o700 })
    this.directory = mkdtempSync(join(parent, `${prefix}${process.pid}-`)) // readable by us only
  }

  /** Writes each chunk as it comes: a copy into memory, not worth a thread. A body that was cut off is an error, never half an insert. */
  async write(request: IncomingMessage): Promise<string> {
    const path = this.#path()
    const file = openSync(path, 'wx', 0o600)
    let bytes = 0
    try {
      for await (const chunk of decoded(request) as AsyncIterable<Buffer>) {
        bytes += chunk.byteLength
        if (bytes > bodyLimits.dataBytesMax) throw new ChdbError(241, `Code: 241. DB::Exception: The data is over ${bodyLimits.dataBytesMax} bytes: send it in several inserts. (MEMORY_LIMIT_EXCEEDED)`)
        writeAll(file, chunk)
      }
      if (!request.complete) throw new ChdbError(210, 'Code: 210. DB::Exception: The request was cut off before its end. (NETWORK_ERROR)')
      return path
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    } finally {
      closeSync(file)
    }
  }

  put(data: Buffer): string {
    const path = this.#path()
    const file = openSync(path, 'wx', 0o600)
    try { writeAll(file, data) } finally { closeSync(file) }
    return path
  }

  remove(path: string): void { rmSync(path, { force: true }) }
  close(): void { rmSync(this.directory, { recursive: true, force: true }) }
  #path(): string { return join(this.directory, String(this.#next++)) }
}

function removeLeft(parent: string): void {
  if (!existsSync(parent)) return
  for (const name of readdirSync(parent)) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function writeAll(file: number, data: Buffer): void {
  for (let at = 0; at < data.byteLength;) at += writeSync(file, data, at)
}
