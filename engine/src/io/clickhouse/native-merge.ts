// Joins the Native blocks of one insert into a single one. ClickHouse tells a repeated insert by its token and by how many
// blocks it was sent in; workers cut blocks as messages happen to arrive, so after a crash the same rows come in other blocks.
import type { WireColumn, WireType } from '@groundswell/schemas/mention-columns.ts'

const sizes: Readonly<Partial<Record<WireType, number>>> = { UInt8: 1, Int8: 1, UInt32: 4, Float32: 4, UInt64: 8, Int64: 8, 'DateTime64(3, \'UTC\')': 8 }
const chunkBytes = 65_536
const largeBytes = 16_384

interface Block { readonly bytes: Uint8Array; readonly rows: number; readonly starts: readonly number[]; readonly ends: readonly number[]; readonly items: readonly number[] } // items: strings in the arrays of a column

/** The joined block in pieces. Throws at once where a block has other columns than these: that is our own bug. */
export function mergedNative(columns: readonly WireColumn[], blocks: readonly Uint8Array[]): Generator<Uint8Array> {
  return pieces(columns, blocks.map((bytes) => readBlock(columns, bytes)).filter((block) => block.rows > 0))
}

function* pieces(columns: readonly WireColumn[], parsed: readonly Block[]): Generator<Uint8Array> {
  const out = new Chunks()
  yield* out.varint(columns.length)
  yield* out.varint(parsed.reduce((sum, block) => sum + block.rows, 0))
  for (const [c, column] of columns.entries()) {
    for (const text of [column.name, column.type]) {
      const bytes = Buffer.from(text)
      yield* out.varint(bytes.byteLength)
      yield* out.bytes(bytes)
    }
    if (column.type === 'Array(String)') yield* mergedOffsets(out, parsed, c)
    for (const block of parsed) yield* out.bytes(block.bytes.subarray(block.starts[c]! + (column.type === 'Array(String)' ? 8 * block.rows : 0), block.ends[c]!))
  }
  yield out.rest()
}

/** Each offset counts from the first row of its block; those of later blocks are moved up by what came before. */
function* mergedOffsets(out: Chunks, blocks: readonly Block[], column: number): Generator<Uint8Array> {
  let before = 0
  for (const block of blocks) {
    const start = block.starts[column]!
    const from = new DataView(block.bytes.buffer, block.bytes.byteOffset + start, 8 * block.rows)
    const moved = new Uint8Array(8 * block.rows)
    const to = new DataView(moved.buffer)
    for (let at = 0; at < moved.byteLength; at += 8) to.setUint32(at, from.getUint32(at, true) + before, true)
    before += block.items[column]!
    yield* out.bytes(moved)
  }
}

function readBlock(columns: readonly WireColumn[], bytes: Uint8Array): Block {
  const reader = new Reader(bytes)
  const count = reader.varint()
  const rows = reader.varint()
  if (count !== columns.length) throw new Error(`a Native block has ${count} columns, not ${columns.length}`)
  const starts: number[] = []
  const ends: number[] = []
  const items: number[] = []
  for (const { name, type } of columns) {
    const found = `${reader.text()} ${reader.text()}`
    if (found !== `${name} ${type}`) throw new Error(`a Native block has the column ${found} where ${name} ${type} belongs`)
    starts.push(reader.at)
    items.push(reader.skip(type, rows))
    ends.push(reader.at)
  }
  if (reader.at !== bytes.byteLength) throw new Error(`a Native block of ${rows} rows ends at byte ${reader.at}, but ${bytes.byteLength} bytes came`)
  return { bytes, rows, starts, ends, items }
}

class Reader {
  readonly #bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) { this.#bytes = bytes }

  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) throw new Error('a Native block is cut off')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  text(): string {
    const length = this.varint()
    this.at += length
    if (this.at > this.#bytes.byteLength) throw new Error('a Native block is cut off')
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.at - length, length).toString()
  }

  /** Goes past a column; answers how many strings its arrays hold. */
  skip(type: WireType, rows: number): number {
    const size = sizes[type]
    if (size !== undefined) {
      this.at += size * rows
      return 0
    }
    if (type === 'String') {
      this.#skipStrings(rows)
      return 0
    }
    this.at += 8 * rows
    const items = rows === 0 ? 0 : new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.at - 8, 4).getUint32(0, true)
    this.#skipStrings(items)
    return items
  }

  #skipStrings(count: number): void {
    const bytes = this.#bytes
    let at = this.at
    for (let i = 0; i < count; i++) {
      const first = bytes[at]!
      if (first < 128) at += 1 + first
      else {
        this.at = at
        const length = this.varint()
        at = this.at + length
      }
    }
    this.at = at
  }
}

/** Gathers small pieces, so that the socket is not written to a thousand times; large ones go out as they are, uncopied. */
class Chunks {
  #chunk = Buffer.allocUnsafe(chunkBytes)
  #used = 0

  rest(): Uint8Array { return this.#chunk.subarray(0, this.#used) }

  *varint(value: number): Generator<Uint8Array> {
    const bytes: number[] = []
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
    bytes.push(rest)
    yield* this.bytes(Uint8Array.from(bytes))
  }

  *bytes(piece: Uint8Array): Generator<Uint8Array> {
    if (this.#used > 0 && (piece.byteLength >= largeBytes || this.#used + piece.byteLength > chunkBytes)) {
      yield this.rest()
      this.#chunk = Buffer.allocUnsafe(chunkBytes)
      this.#used = 0
    }
    if (piece.byteLength >= largeBytes) {
      yield piece
      return
    }
    this.#chunk.set(piece, this.#used)
    this.#used += piece.byteLength
  }
}
