// The lines of one or more recordings, NDJSON or gzip of it, merged stably by event time and bounded in memory.
//
// Each file is read in its own order; among files the line with the least time comes first, the earlier file where two are equal. A line
// that is no mention goes with the line before it. So files that are sorted give a sorted whole, and one file is left as it is.
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { LineReader } from './publishing/line-fields.ts'
import type { LineFields } from './publishing/line-fields.ts'

export interface RecordedLine extends LineFields {
  readonly bytes: Uint8Array // without its line feed; its first lineBytesMax bytes where it is longer
  readonly bytesTotal: number // larger than bytes.length: the line was cut
  readonly file: number // index into the files given
  readonly number: number // of the line in its file, from 1, blank lines counted
}

export interface LinesOptions {
  readonly lineBytesMax: number
  /** Told how many bytes of a file (compressed ones) were read. */
  readonly onRead?: (bytes: number) => void
}

export class RecordingUnreadable extends Error {
  override readonly name = 'RecordingUnreadable'
}

/** Blocks of lines in merged order; `-` is standard input. Throws RecordingUnreadable naming the file. Blank lines are left out. */
export async function* mergeRecordings(files: readonly string[], options: LinesOptions): AsyncGenerator<readonly RecordedLine[], void, undefined> {
  const sources = files.map((file, index) => new LineSource(file, index, options))
  try {
    await Promise.all(sources.map((source) => source.fill()))
    let open = sources.filter((source) => source.head < source.lines.length)
    while (open.length > 0) {
      const block = takeBlock(open)
      const empty = open.filter((source) => source.head === source.lines.length)
      if (empty.length > 0) {
        await Promise.all(empty.map((source) => source.fill()))
        open = open.filter((source) => source.head < source.lines.length)
      }
      yield block
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

/** Merges until one source has no line left at hand. */
function takeBlock(open: readonly LineSource[]): readonly RecordedLine[] {
  if (open.length === 1) return open[0]!.takeAll()
  const block: RecordedLine[] = []
  for (;;) {
    let least = open[0]!
    let bound = Infinity // the least key among the others
    let boundIndex = Infinity
    for (let i = 1; i < open.length; i++) {
      const source = open[i]!
      const other = source.key < least.key ? least : source
      if (source.key < least.key) least = source
      if (other.key < bound || (other.key === bound && other.index < boundIndex)) { bound = other.key; boundIndex = other.index }
    }
    do {
      block.push(least.take())
      if (least.head === least.lines.length) return block
    } while (least.key < bound || (least.key === bound && least.index < boundIndex))
  }
}

const chunkBytes = 256 << 10

class LineSource {
  readonly index: number
  lines: RecordedLine[] = []
  head = 0
  key = -Infinity // of the line at head
  #file: string
  #options: LinesOptions
  #chunks: AsyncIterator<Uint8Array>
  #carried: Uint8Array[] = [] // pieces of a line that has not ended, lineBytesMax in all
  #carriedBytes = 0
  #carriedTotal = 0
  #number = 0
  #reader = new LineReader()

  constructor(file: string, index: number, options: LinesOptions) {
    this.#file = file
    this.index = index
    this.#options = options
    this.#chunks = chunksOf(file, options.onRead ?? (() => undefined))[Symbol.asyncIterator]()
  }

  take(): RecordedLine {
    const line = this.lines[this.head++]!
    this.#setKey()
    return line
  }

  takeAll(): readonly RecordedLine[] {
    const rest = this.head === 0 ? this.lines : this.lines.slice(this.head)
    this.lines = []
    this.head = 0
    return rest
  }

  #setKey(): void {
    const ts = this.head < this.lines.length ? this.lines[this.head]!.ts : Number.NaN
    if (!Number.isNaN(ts)) this.key = ts
  }

  /** Reads on until there is a line, or the file has ended. */
  async fill(): Promise<void> {
    this.lines = []
    this.head = 0
    while (this.lines.length === 0) {
      const { value: chunk, done } = await this.#next()
      if (done) { this.#endOfLine(new Uint8Array(0)); break }
      this.#split(chunk)
    }
    this.#setKey()
  }

  async close(): Promise<void> { await this.#chunks.return?.() }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#chunks.next()
    } catch (cause) {
      const where = this.#number > 0 ? ` behind line ${this.#number}` : ''
      throw new RecordingUnreadable(`${this.#file === '-' ? 'standard input' : this.#file} cannot be read${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }

  #split(chunk: Uint8Array): void {
    let from = 0
    for (;;) {
      const feed = chunk.indexOf(0x0a, from)
      if (feed < 0) break
      this.#endOfLine(chunk.subarray(from, feed))
      from = feed + 1
    }
    if (from < chunk.length) this.#carry(chunk.subarray(from))
  }

  #carry(piece: Uint8Array): void {
    this.#carriedTotal += piece.length
    const room = this.#options.lineBytesMax - this.#carriedBytes
    if (room <= 0) return
    const kept = piece.length > room ? piece.subarray(0, room) : piece
    this.#carried.push(kept)
    this.#carriedBytes += kept.length
  }

  #endOfLine(piece: Uint8Array): void {
    let bytes = piece
    let bytesTotal = piece.length
    if (this.#carriedTotal > 0) {
      this.#carry(piece)
      bytes = Buffer.concat(this.#carried)
      bytesTotal = this.#carriedTotal
      this.#carried = []
      this.#carriedBytes = this.#carriedTotal = 0
    } else if (bytesTotal > this.#options.lineBytesMax) {
      bytes = piece.subarray(0, this.#options.lineBytesMax)
    }
    this.#number++
    if (this.#number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) { // a byte order mark is no part of the line
      bytes = bytes.subarray(3)
      bytesTotal -= 3
    }
    if (bytesTotal === bytes.length && bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, --bytesTotal)
    if (bytesTotal === 0) return
    this.#reader.read(bytes)
    const { ts, tsStart, tsEnd, platform } = this.#reader
    this.lines.push({ bytes, bytesTotal, ts, tsStart, tsEnd, platform, file: this.index, number: this.#number })
  }
}

/** The bytes of a file, uncompressed where it begins as gzip does, whatever its name. */
async function* chunksOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
  const input: Readable = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: chunkBytes })
  const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const first = await chunks.next()
  if (first.done) return
  const all = async function* () {
    for (let next: IteratorResult<Uint8Array> = first; !next.done; next = await chunks.next()) {
      onRead(next.value.length)
      yield next.value
    }
  }
  try {
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) { yield* all(); return }
    const unzip = createGunzip({ chunkSize: chunkBytes })
    pipeline(Readable.from(all()), unzip, () => undefined) // errors come out of the iteration below
    yield* unzip
  } finally {
    if (file !== '-') input.destroy()
  }
}
