// The form in which the engine's state is kept: named, versioned sections of numbers, texts and words, little-endian, back to back.
//
//   section   name · version · bytes │ number (8) │ text (length, UTF-8) │ words (length, 4 each) │ … │ section …
//
// Writing copies memory and nothing else: it is done between two inputs while the pipeline waits. Reading trusts nothing: whatever is
// cut short, too long or of another version is refused by StateUnreadable, in the words of the section that it came to.

/** A part of the engine that a checkpoint keeps: what `load` reads into a fresh one answers ever after as the one that was saved. */
export interface Stateful {
  save(out: StateWriter): void
  load(from: StateReader): void
}

/** What was read is not what `save` writes. The checkpoint is to be left, never half used. */
export class StateUnreadable extends Error {
  override readonly name = 'StateUnreadable'
}

const bytesAtFirst = 1 << 16
// A view of other elements over a short array moves it out of the heap of V8, which costs more than copying it by hand.
const copiedOneByOne = 32
const encoder = new TextEncoder()

export class StateWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #end = 0

  /** `bytes`: how much room to begin with; the size of the last state saves copies. */
  constructor(bytes: number = bytesAtFirst) {
    this.#bytes = new Uint8Array(Math.max(64, bytes))
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** What was written so far; valid until something more is written. */
  get written(): Uint8Array<ArrayBuffer> { return this.#bytes.subarray(0, this.#end) }

  /** Begins again in the same room: what was written is overwritten. */
  restart(): void { this.#end = 0 }

  /** Everything that `write` writes belongs to the section. */
  section(name: string, version: number, write: () => void): void {
    this.text(name)
    this.number(version)
    const at = this.#end
    this.number(0)
    write()
    this.#view.setFloat64(at, this.#end - at - 8, true)
  }

  number(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, value, true)
  }

  text(value: string): void {
    const bytes = encoder.encode(value)
    this.number(bytes.length)
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** For small things that are neither many nor often written: alerts, spans. */
  json(value: unknown): void { this.text(JSON.stringify(value)) }

  /** Elements from … to (all where left out), as they lie in memory. */
  array(values: Uint8Array | Int32Array | Uint32Array | Float64Array, from = 0, to = values.length): void {
    this.number(to - from)
    const width = values.BYTES_PER_ELEMENT
    const at = this.#room((to - from) * width)
    if (to - from <= copiedOneByOne) return this.#copyFew(values, { from, to, at })
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * width, (to - from) * width), at)
  }

  #copyFew(values: Uint8Array | Int32Array | Uint32Array | Float64Array, { from, to, at }: { readonly from: number; readonly to: number; readonly at: number }): void {
    const view = this.#view
    if (values instanceof Uint8Array) for (let i = from; i < to; i++) view.setUint8(at + i - from, values[i]!)
    else if (values instanceof Float64Array) for (let i = from; i < to; i++) view.setFloat64(at + 8 * (i - from), values[i]!, true)
    else for (let i = from; i < to; i++) view.setInt32(at + 4 * (i - from), values[i]!, true)
  }

  #room(bytes: number): number {
    const at = this.#end
    this.#end += bytes
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#end, 2 * this.#bytes.length))
      larger.set(this.#bytes.subarray(0, at))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}

export class StateReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #end: number
  #section = 'state'

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#end = bytes.length
  }

  /** Reads a section with exactly this name and version, to its last byte. */
  section(name: string, version: number, read: () => void): void {
    const outer = { end: this.#end, section: this.#section }
    this.#section = name
    const found = this.text()
    if (found !== name) this.refuse(`another section lies here: ${JSON.stringify(found.slice(0, 40))}`)
    const kept = this.number()
    if (kept !== version) this.refuse(`it is of version ${kept}, this groundswell reads ${version}`)
    const length = this.count(1)
    this.#end = this.#at + length
    read()
    if (this.#at !== this.#end) this.refuse(`${this.#end - this.#at} bytes are left over`)
    this.#end = outer.end
    this.#section = outer.section
  }

  number(): number {
    const at = this.#take(8)
    return this.#view.getFloat64(at, true)
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.number()
    if (!Number.isInteger(value) || value < min || value > max) this.refuse(`${value} is not a whole number from ${min} to ${max}`)
    return value
  }

  /** A number that is one, of at least `min`. */
  finite(min: number): number {
    const value = this.number()
    if (!Number.isFinite(value) || value < min) this.refuse(`${value} is not a number of at least ${min}`)
    return value
  }

  /** How many things of at least `bytesEach` follow: never more than there are bytes for behind the number itself. */
  count(bytesEach: number): number { return this.whole(0, Math.floor((this.#end - this.#at - 8) / bytesEach)) }

  text(): string {
    const length = this.count(1)
    const at = this.#take(length)
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length))
  }

  json(): unknown {
    const text = this.text()
    try {
      return JSON.parse(text)
    } catch (error) {
      return this.refuse(`its JSON does not parse: ${(error as Error).message}`)
    }
  }

  bytes(): Uint8Array<ArrayBuffer> { return new Uint8Array(this.#copy(1)) }
  ints(): Int32Array<ArrayBuffer> { return new Int32Array(this.#copy(4)) }
  words(): Uint32Array<ArrayBuffer> { return new Uint32Array(this.#copy(4)) }
  floats(): Float64Array<ArrayBuffer> { return new Float64Array(this.#copy(8)) }

  /** Whether everything has been read. */
  get done(): boolean { return this.#at === this.#end }

  refuse(why: string): never { throw new StateUnreadable(`the section "${this.#section}" of the checkpoint is not readable: ${why}`) }

  #copy(width: number): ArrayBuffer {
    const length = this.count(width) * width
    const at = this.#take(length)
    const copy = new Uint8Array(length)
    copy.set(this.#bytes.subarray(at, at + length))
    return copy.buffer
  }

  #take(bytes: number): number {
    const at = this.#at
    if (bytes > this.#end - at) this.refuse(`it ends after ${this.#end - at} of ${bytes} bytes`)
    this.#at = at + bytes
    return at
  }
}
