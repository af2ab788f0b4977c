// Whole numbers, texts and sections as few bytes, and back: what binary cascades are made of. Plain TypeScript, for browsers too.
//
// A varint is seven bits a byte, the lowest first, the eighth bit set where more follow (LEB128); it holds 0 … 2⁵³ − 1.

/** The bytes are not what the encoder writes: cut short, damaged, or of something else. */
export class CascadeUnreadable extends Error {
  override readonly name = 'CascadeUnreadable'
}

const bytesAtFirst = 1 << 12
const bytesKept = 1 << 20 // by a writer that begins anew
const encoder = new TextEncoder()
const varintBytesMax = 8 // 56 bits

export class VarintWriter {
  #bytes = new Uint8Array(bytesAtFirst)
  #end = 0

  /** Begins anew, in the room that it has: a tree of two nodes is written faster than a new room is made. */
  restart(): this {
    if (this.#bytes.length > bytesKept) this.#bytes = new Uint8Array(bytesAtFirst)
    this.#end = 0
    return this
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> { return this.#bytes.slice(0, this.#end) }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  varint(value: number): void {
    if (!(value >= 0) || !Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number from 0 to 2⁵³ − 1`)
    this.#room(varintBytesMax)
    const bytes = this.#bytes
    let rest = value
    for (; rest >= 0x8000_0000; rest = Math.floor(rest / 128)) bytes[this.#end++] = (rest % 128) | 0x80
    for (; rest >= 0x80; rest >>>= 7) bytes[this.#end++] = (rest & 0x7f) | 0x80
    bytes[this.#end++] = rest
  }

  text(value: string): void {
    if (this.#isShort(value)) return
    const bytes = encoder.encode(value)
    this.varint(bytes.length)
    this.raw(bytes)
  }

  /** Writes an id or a name of ASCII, as most are, by itself: an array for each would cost more than all else of a small tree. */
  #isShort(value: string): boolean {
    const { length } = value
    if (length >= 0x80) return false
    this.#room(length + 1)
    const bytes = this.#bytes
    const at = this.#end
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code >= 0x80) return false
      bytes[at + 1 + i] = code
    }
    bytes[at] = length
    this.#end = at + 1 + length
    return true
  }

  /** What `write` writes, with its length in four bytes before it. */
  section(write: () => void): void {
    this.#word(0)
    const at = this.#end
    write()
    const end = this.#end
    this.#end = at - 4
    this.#word(end - at)
    this.#end = end
  }

  words(values: Uint32Array): void {
    this.#room(4 * values.length)
    for (let i = 0; i < values.length; i++) this.#word(values[i]!)
  }

  #word(value: number): void {
    this.#room(4)
    const bytes = this.#bytes
    const at = this.#end
    bytes[at] = value
    bytes[at + 1] = value >>> 8
    bytes[at + 2] = value >>> 16
    bytes[at + 3] = value >>> 24
    this.#end = at + 4
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#end + bytes, 2 * this.#bytes.length))
    larger.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = larger
  }
}

/** Reads what a VarintWriter wrote; whatever is wrong is refused by CascadeUnreadable. */
export class VarintReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) { this.#bytes = bytes }

  get left(): number { return this.#bytes.length - this.#at }

  /** The bytes must begin with these characters. */
  magic(expected: string): void {
    const found = String.fromCharCode(...this.raw(Math.min(expected.length, this.left)))
    if (found !== expected) refuse(`they begin with ${JSON.stringify(found)} where ${JSON.stringify(expected)} is expected`)
  }

  raw(length: number): Uint8Array {
    if (length > this.left) refuse(`they end after ${this.left} of ${length} bytes`)
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  varint(): number {
    const bytes = this.#bytes
    let value = 0
    for (let scale = 1, i = 0; i < varintBytesMax; scale *= 128, i++) {
      if (this.#at >= bytes.length) refuse('they end within a number')
      const byte = bytes[this.#at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) refuse(`the number ${value} is above 2⁵³ − 1`)
        return value
      }
    }
    return refuse(`a number has more than ${varintBytesMax} bytes`)
  }

  /** A varint from `min` to `max`, both included; `what` names it. */
  whole(what: string, min: number, max: number): number {
    const value = this.varint()
    if (value < min || value > max) refuse(`${what} is ${value}, not ${min} … ${max}`)
    return value
  }

  text(): string {
    const bytes = this.raw(this.varint())
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      return refuse('a text is not UTF-8')
    }
  }

  /** A section that holds at least one byte for each of `numbers`. */
  section(what: string, numbers: number): VarintReader {
    const length = this.words(1)[0]!
    if (length < numbers) refuse(`${length} bytes hold no ${numbers} ${what}`)
    return new VarintReader(this.raw(length))
  }

  words(count: number): Uint32Array<ArrayBuffer> {
    const bytes = this.raw(4 * count)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const values = new Uint32Array(count)
    for (let i = 0; i < count; i++) values[i] = view.getUint32(4 * i, true)
    return values
  }

  /** Nothing may be left. */
  end(what: string): void {
    if (this.left > 0) refuse(`${this.left} bytes are left over behind the ${what}`)
  }
}

export function refuse(why: string): never { throw new CascadeUnreadable(`the bytes are no cascade: ${why}`) }
