// Reads single columns out of a Native block, as the simulated store holds it.
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'

export type Columns = Readonly<Record<string, readonly (string | number)[]>>

const widths: Readonly<Record<string, number>> = { UInt8: 1, Int8: 1, UInt32: 4, Float32: 4, UInt64: 8, Int64: 8, "DateTime64(3, 'UTC')": 8 }

/** The wanted columns, strings and whole numbers only; a block is one that the engine's own writer made. */
export function readColumns(columns: readonly WireColumn[], bytes: Buffer, wanted: ReadonlySet<string>): Columns {
  const at = { byte: 0 }
  varint(bytes, at)
  const rows = varint(bytes, at)
  const read: Record<string, (string | number)[]> = {}
  for (const { name, type } of columns) {
    text(bytes, at)
    text(bytes, at)
    const values: (string | number)[] = []
    const width = widths[type]
    if (width !== undefined) {
      if (wanted.has(name)) for (let row = 0; row < rows; row++) values.push(numberAt(bytes, at.byte + row * width, width))
      at.byte += rows * width
    } else {
      let items = rows
      if (type === 'Array(String)') {
        items = rows === 0 ? 0 : numberAt(bytes, at.byte + (rows - 1) * 8, 8)
        at.byte += 8 * rows
      }
      for (let item = 0; item < items; item++) {
        const value = text(bytes, at)
        if (wanted.has(name)) values.push(value)
      }
    }
    if (wanted.has(name)) read[name] = values
  }
  return read
}

function numberAt(bytes: Buffer, at: number, width: number): number {
  if (width === 1) return bytes[at]!
  return width === 4 ? bytes.readUInt32LE(at) : bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 2 ** 32
}

function varint(bytes: Buffer, at: { byte: number }): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at.byte++]!
    value += (byte & 127) * scale
    if (byte < 128) return value
  }
}

function text(bytes: Buffer, at: { byte: number }): string {
  const length = varint(bytes, at)
  at.byte += length
  return bytes.toString('utf8', at.byte - length, at.byte)
}
