// Tar files (POSIX ustar) of regular files alone. The writer's output is read by any tar; the reader takes nothing but what the writer
// writes: a link, a device or a name that leads out of the folder ends it before a byte is on the disk. That is why it is no child process.

export class TarRefused extends Error {
  override readonly name = 'TarRefused'
}

export interface TarFile { readonly name: string; readonly size: number; readonly body: AsyncIterable<Uint8Array> }

const block = 512
const encoder = new TextEncoder()

/** Throws where a file does not have the size that was told: it changed meanwhile. */
export async function* tarOf(files: AsyncIterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const { name, size, body } of files) {
    yield headerOf(name, size)
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > size) break
      yield chunk
    }
    if (bytes !== size) throw new Error(`${name} changed while it was copied (${size} bytes, then ${bytes > size ? 'more' : bytes}): see that nothing else works on the folder`)
    yield new Uint8Array(padding(size))
  }
  yield new Uint8Array(2 * block)
}

const padding = (size: number): number => (block - (size % block)) % block

function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(block)
  const put = (text: string, at: number): void => { header.set(encoder.encode(text), at) }
  const { prefix, rest } = splitName(name)
  put(rest, 0)
  put('0000600\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  if (size < 8 ** 11) put(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else { // as GNU tar and bsdtar do: a number of base 256
    new DataView(header.buffer).setBigUint64(128, BigInt(size))
    header[124] = 0x80
  }
  put('00000000000\0', 136)
  put('        0', 148)
  put('ustar\x0000', 257)
  put(prefix, 345)
  put(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A name of over 100 bytes is cut at a slash: what is before has 155 at most. */
function splitName(name: string): { readonly prefix: string; readonly rest: string } {
  const length = (text: string): number => encoder.encode(text).length
  if (length(name) <= 100) return { prefix: '', rest: name }
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    if (length(name.slice(at + 1)) <= 100 && length(name.slice(0, at)) <= 155) return { prefix: name.slice(0, at), rest: name.slice(at + 1) }
  }
  throw new Error(`${name} is too long a name for a tar file: at most 255 bytes`)
}

const sumOf = (header: Uint8Array): number => header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)

/** Each file in turn; its body must be read before the next is asked for. Throws TarRefused where it is not what the writer writes. */
export async function* filesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = new Source(bytes)
  const seen = new Set<string>()
  for (;;) {
    const header = await source.take(block)
    if (header === null) throw new TarRefused('the file ends too early: it was not written or copied to its end')
    if (header.every((byte) => byte === 0)) return
    const file = readHeader(header)
    if (seen.has(file.name)) throw new TarRefused(`${shown(file.name)} is in it twice`)
    seen.add(file.name)
    yield { ...file, body: source.body(file.size) }
    await source.finish(padding(file.size))
  }
}

function readHeader(header: Uint8Array): { readonly name: string; readonly size: number } {
  const text = (at: number, length: number): string => {
    const field = header.subarray(at, at + length)
    const end = field.indexOf(0)
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? field : field.subarray(0, end))
  }
  try {
    if (Number.parseInt(text(148, 8), 8) !== sumOf(header) || text(257, 5) !== 'ustar') throw new TarRefused('it is no tar file of this kind, or it is damaged')
    const prefix = text(345, 155)
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
    const kind = String.fromCharCode(header[156]!)
    if (kind !== '0' && kind !== '\0') throw new TarRefused(`${shown(name)} is no regular file: links, folders and devices are not taken`)
    refuseName(name)
    const size = header[124]! & 0x80 ? Number(new DataView(header.buffer, header.byteOffset).getBigUint64(128)) : Number.parseInt(text(124, 12), 8)
    if (!Number.isSafeInteger(size) || size < 0) throw new TarRefused(`${shown(name)} has no size that can be read`)
    return { name, size }
  } catch (error) {
    throw error instanceof TarRefused ? error : new TarRefused('a name in it is not UTF-8', { cause: error })
  }
}

/** Only names that lead into the folder they are written to. */
function refuseName(name: string): void {
  const parts = name.split('/')
  if (name === '' || name.length > 300 || /[\0\\]/.test(name) || parts.some((part) => part === '' || part === '.' || part === '..')) throw new TarRefused(`${shown(name)} leads out of the folder, or is no name`)
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 200))

/** Chunks of any length, taken in pieces of any length. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()
  #left = 0 // of the body that is being read

  constructor(bytes: AsyncIterable<Uint8Array>) { this.#chunks = bytes[Symbol.asyncIterator]() }

  /** Exactly so many, or null where it ends before. */
  async take(length: number): Promise<Uint8Array | null> {
    const piece = new Uint8Array(length)
    for (let at = 0; at < length;) {
      const some = await this.#some(length - at)
      if (some === null) return null
      piece.set(some, at)
      at += some.length
    }
    return piece
  }

  /** What of it nobody reads is for finish(). */
  body(size: number): AsyncGenerator<Uint8Array> {
    this.#left = size
    return this.#remaining()
  }

  async* #remaining(): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      const some = await this.#some(this.#left)
      if (some === null) throw new TarRefused('the file ends too early: it was not written or copied to its end')
      this.#left -= some.length
      yield some
    }
  }

  /** What the body's reader has left, and the padding. */
  async finish(padded: number): Promise<void> {
    for (let left = this.#left + padded; left > 0;) {
      const some = await this.#some(left)
      if (some === null) throw new TarRefused('the file ends too early: it was not written or copied to its end')
      left -= some.length
    }
    this.#left = 0
  }

  async #some(most: number): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done === true) return null
      this.#rest = next.value
    }
    const some = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(some.length)
    return some
  }
}
