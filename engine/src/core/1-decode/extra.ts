// The fields of a line that no column holds, kept word for word: unknown ones and optional ones of a wrong type.
import { keys } from './scan-keys.ts'

const fewMax = 16 // up to here comparing each name with each is faster than a map
const encoder = new TextEncoder()
const quotedKeys = keys.map((name) => encoder.encode(`"${name}"`))
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const perField = 4

/** Raw spans of the unknown fields of one line, reused for the next. */
export class ExtraFields {
  count = 0
  spans = new Int32Array(perField * 16) // of field i: start and end of its name with quotes, start and end of its value
  #bytes: Uint8Array = new Uint8Array(0)
  #from = 0
  #at = 0

  add(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const at = perField * this.count++
    if (at + perField > this.spans.length) {
      const wider = new Int32Array(2 * this.spans.length)
      wider.set(this.spans)
      this.spans = wider
    }
    this.spans[at] = nameStart
    this.spans[at + 1] = nameEnd
    this.spans[at + 2] = valueStart
    this.spans[at + 3] = valueEnd
  }

  /** Keeps the last of the fields of one name, as JSON.parse does, and none whose value is null. Answers how many are left. */
  settle(bytes: Uint8Array): number {
    const { spans, count } = this
    const lastOf = count > fewMax || this.#hasEscapes(bytes) ? this.#lastByName(bytes) : null
    let kept = 0
    for (let i = 0; i < count; i++) {
      const at = perField * i
      const last = lastOf ? lastOf.has(i) : !this.#comesAgain(bytes, i)
      if (!last || bytes[spans[at + 2]!] === 0x6e) continue // only null begins with n
      spans.copyWithin(perField * kept++, at, at + perField)
    }
    this.count = kept
    return kept
  }

  /** Begins the JSON object at `at`. It is never longer than the line, so there is always room for all of it. */
  begin(bytes: Uint8Array, at: number): void {
    this.#bytes = bytes
    this.#from = at
    this.#at = at
    for (let i = 0; i < this.count; i++) {
      const { spans } = this
      const span = perField * i
      this.#separate()
      this.#append(bytes, spans[span]!, spans[span + 1]!)
      bytes[this.#at++] = 0x3a
      this.#append(bytes, spans[span + 2]!, spans[span + 3]!)
    }
  }

  /** Appends a known field with the raw value start … end. */
  wrongType(known: number, start: number, end: number): void {
    const name = quotedKeys[known]!
    this.#separate()
    this.#append(name, 0, name.length)
    this.#bytes[this.#at++] = 0x3a
    this.#append(this.#bytes, start, end)
  }

  /** Closes the object and answers its end; where nothing was appended that is where it began. */
  finish(): number {
    if (this.#at > this.#from) this.#bytes[this.#at++] = 0x7d
    return this.#at
  }

  /** The opening brace, or the comma behind the member before. */
  #separate(): void {
    this.#bytes[this.#at] = this.#at === this.#from ? 0x7b : 0x2c
    this.#at++
  }

  #append(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes
    let at = this.#at
    for (let p = start; p < end; p++) bytes[at++] = source[p]!
    this.#at = at
  }

  #hasEscapes(bytes: Uint8Array): boolean {
    for (let i = 0; i < this.count; i++) {
      for (let p = this.spans[perField * i]!; p < this.spans[perField * i + 1]!; p++) if (bytes[p] === 0x5c) return true
    }
    return false
  }

  /** Whether a later field has the same name, byte for byte. */
  #comesAgain(bytes: Uint8Array, field: number): boolean {
    const { spans } = this
    const start = spans[perField * field]!
    const length = spans[perField * field + 1]! - start
    for (let other = field + 1; other < this.count; other++) {
      const at = spans[perField * other]!
      if (spans[perField * other + 1]! - at !== length) continue
      let same = 0
      while (same < length && bytes[start + same] === bytes[at + same]) same++
      if (same === length) return true
    }
    return false
  }

  /** The last field of each name, names with escapes undone. */
  #lastByName(bytes: Uint8Array): Set<number> {
    const last = new Map<string, number>()
    for (let i = 0; i < this.count; i++) {
      const name = decoder.decode(bytes.subarray(this.spans[perField * i], this.spans[perField * i + 1]))
      last.set(name.includes('\\') ? String(JSON.parse(name)) : name.slice(1, -1), i)
    }
    return new Set(last.values())
  }
}
