// Writes ClickHouse's Native format as HTTP takes it (revision 0): a block is the number of columns and of rows, then for each
// column its name, its type and all its values. Numbers are little-endian; a string is a varint of its length, then its bytes.
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'

const encoder = new TextEncoder()
/** A batch of nothing but one-byte dead letters makes a block of a hundred times its size: room beyond this is given back. */
const keptBytesMax = 1 << 24
const slack = 8 // copy() writes whole words and may run over its end

export class NativeWriter {
  out: Uint8Array = new Uint8Array(0)
  data: DataView = new DataView(this.out.buffer)
  at = 0

  /** Begins a block that needs at most `bytesMax` bytes. No other method checks that there is room. */
  begin(columns: number, rows: number, bytesMax: number): void {
    const wanted = bytesMax + slack + 16
    if (this.out.length < wanted) this.#room(wanted + (wanted >> 2))
    this.at = 0
    this.varint(columns)
    this.varint(rows)
  }

  /** The block so far, in a buffer of its own and of just its size. */
  finish(): Uint8Array {
    const block = this.out.slice(0, this.at)
    if (this.out.length > keptBytesMax) this.#room(0)
    return block
  }

  #room(bytes: number): void {
    this.out = new Uint8Array(bytes)
    this.data = new DataView(this.out.buffer)
  }

  column(column: WireColumn): void {
    this.text(column.name)
    this.text(column.type)
  }

  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.out[this.at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.out[this.at++] = rest
  }

  /** A String of at most textBytesMax(text) bytes. */
  text(text: string): void {
    const bytes = encoder.encode(text)
    this.varint(bytes.length)
    this.out.set(bytes, this.at)
    this.at += bytes.length
  }

  /** A String out of bytes start … end of `source`, which go on for at least 3 bytes behind `end`. A negative start is ''. */
  span(source: DataView, start: number, end: number): void {
    const length = start < 0 ? 0 : end - start
    if (length < 0x80) this.out[this.at++] = length
    else this.varint(length)
    this.copy(source, start, start + length)
  }

  /** The bytes start … end of `source` as they are. */
  copy(source: DataView, start: number, end: number): void {
    const { data } = this
    let to = this.at
    for (let from = start; from < end; from += 4, to += 4) data.setInt32(to, source.getInt32(from, true), true)
    this.at += end - start
  }

  /** An integer that a double holds exactly, as Int64, UInt64 or DateTime64(3). */
  int64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000)
    this.data.setUint32(this.at, (value - high * 0x1_0000_0000) >>> 0, true)
    this.data.setInt32(this.at + 4, high, true)
    this.at += 8
  }

  uint32(value: number): void {
    this.data.setUint32(this.at, value, true)
    this.at += 4
  }

  float32(value: number): void {
    this.data.setFloat32(this.at, value, true)
    this.at += 4
  }

  byte(value: number): void {
    this.out[this.at++] = value
  }
}

/** The most bytes that text() or span() take for a string of that many UTF-16 units or bytes. */
export function textBytesMax(units: number): number {
  return 3 * units + 5
}

/** Bytes of the names and types of columns. */
export function headerBytesMax(columns: readonly WireColumn[]): number {
  return columns.reduce((sum, column) => sum + textBytesMax(column.name.length) + textBytesMax(column.type.length), 0)
}
