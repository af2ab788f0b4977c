// A strict JSON reader over bytes: validates as JSON.parse does, plus UTF-8, and builds nothing. It has no end to look out for:
// a line feed is legal nowhere inside a line of NDJSON, so one behind the last byte stops it, and the caller compares `at` with its own end.

import { sequenceLength } from './utf8.ts'

/** What a value is; 0 is a fault. */
export const kindOf = { fault: 0, string: 1, number: 2, true: 3, false: 4, null: 5, array: 6, object: 7 } as const

/** Values nested deeper than `stack` are read without recursion, so that no line can exhaust the stack; deeper than `max` they are refused. */
export const depths = { stack: 64, max: 5000 } as const

// Classes of a byte inside a string.
const plain = 0, threeBytes = 1, otherLead = 2, quote = 3, backslash = 4, control = 5
const classOf = new Uint8Array(256).map((_, byte) =>
  byte === 0x22 ? quote : byte === 0x5c ? backslash : byte < 0x20 ? control : byte < 0x80 ? plain
    : (byte >= 0xe1 && byte <= 0xec) || byte === 0xee || byte === 0xef ? threeBytes : otherLead)
const hex = new Int32Array(256).map((_, byte) => hexDigit(byte))
/** The byte behind a backslash → the byte it stands for; 0 where there is none. */
const escapes = new Uint8Array(256)
for (const [from, to] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) escapes[from.charCodeAt(0)] = to

export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0)
  at = 0 // next byte to read
  scratch = 0 // next free byte behind the messages: decoded strings go there, never longer than they were
  start = 0 // decoded span of the last string
  end = 0
  fault = '' // after a 0 or false: what was wrong at `at`

  fail(at: number, fault: string): false {
    this.at = at
    this.fault = fault
    return false
  }

  /** Reads one value from `at`, which must not be a space. Strings inside arrays and objects leave nothing in scratch. */
  value(depth: number): number {
    const first = this.bytes[this.at]!
    if (first === 0x22) {
      this.at++
      return this.string() ? kindOf.string : kindOf.fault
    }
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.number() ? kindOf.number : kindOf.fault
    if (first === 0x74) return this.literal('true') ? kindOf.true : kindOf.fault
    if (first === 0x66) return this.literal('false') ? kindOf.false : kindOf.fault
    if (first === 0x6e) return this.literal('null') ? kindOf.null : kindOf.fault
    return this.nested(first, depth)
  }

  nested(first: number, depth: number): number {
    if (first !== 0x5b && first !== 0x7b) {
      this.fail(this.at, 'a value is expected')
      return kindOf.fault
    }
    const kept = this.scratch
    const kind = first === 0x5b ? kindOf.array : kindOf.object
    const whole = depth >= depths.stack ? this.deep(depth) : first === 0x5b ? this.array(depth) : this.object(depth)
    this.scratch = kept
    return whole ? kind : kindOf.fault
  }

  /** Reads a string whose opening quote is just before `at`: start … end is its decoded span, in place where it has no escapes. */
  string(): boolean {
    const bytes = this.bytes
    const begin = this.at
    let p = begin
    for (;;) {
      const kind = classOf[bytes[p]!]!
      if (kind === plain) p++
      else if (kind === threeBytes && ((bytes[p + 1]! ^ 0x80) | (bytes[p + 2]! ^ 0x80)) < 0x40) p += 3
      else if (kind === quote) {
        this.start = begin
        this.end = p
        this.at = p + 1
        return true
      } else if (kind === backslash) return this.escaped(begin, p)
      else {
        const length = kind === control ? 0 : sequenceLength(bytes, p)
        if (length === 0) return this.badByte(p)
        p += length
      }
    }
  }

  /** The rest of a string from its first backslash on: decoded into scratch in one pass. */
  escaped(begin: number, from: number): boolean {
    const bytes = this.bytes
    let to = this.scratch
    this.start = to
    for (let i = begin; i < from; i++) bytes[to++] = bytes[i]!
    let p = from
    for (;;) {
      const byte = bytes[p]!
      const kind = classOf[byte]!
      if (kind === backslash) {
        if (bytes[p + 1] === 0x75) {
          const code = (hex[bytes[p + 2]!]! << 12) | (hex[bytes[p + 3]!]! << 8) | (hex[bytes[p + 4]!]! << 4) | hex[bytes[p + 5]!]!
          if (code >= 0x800 && (code & 0xf800) !== 0xd800) { // nearly all: Chinese written as \uXXXX
            bytes[to] = 0xe0 | (code >> 12)
            bytes[to + 1] = 0x80 | ((code >> 6) & 63)
            bytes[to + 2] = 0x80 | (code & 63)
            to += 3
            p += 6
            continue
          }
          if (code < 0) return this.fail(p, '\\u is not followed by four hexadecimal digits')
          const low = (code & 0xfc00) === 0xd800 ? lowSurrogate(bytes, p + 6) : 0
          to = writeCode(bytes, to, low === 0 ? code : 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00))
          p += low === 0 ? 6 : 12
          continue
        }
        const stands = escapes[bytes[p + 1]!]!
        if (stands === 0) return this.fail(p, 'a backslash is followed by none of "\\/bfnrtu')
        bytes[to++] = stands
        p += 2
      } else if (kind === plain) {
        bytes[to++] = byte
        p++
      } else if (kind === quote) {
        this.end = to
        this.scratch = to
        this.at = p + 1
        return true
      } else {
        const length = kind === control ? 0 : sequenceLength(bytes, p)
        if (length === 0) return this.badByte(p)
        for (let i = 0; i < length; i++) bytes[to++] = bytes[p++]!
      }
    }
  }

  badByte(at: number): false {
    const byte = this.bytes[at]!
    if (byte >= 0x80) return this.fail(at, 'a byte is not UTF-8')
    return this.fail(at, byte === 0x0a ? 'the line ends inside a string' : 'a control character stands bare inside a string: escape it')
  }

  number(): boolean {
    const bytes = this.bytes
    let p = this.at
    if (bytes[p] === 0x2d) p++
    const first = bytes[p]!
    if (first === 0x30) p++
    else if (first >= 0x31 && first <= 0x39) p = digitsEnd(bytes, p + 1)
    else return this.fail(p, 'a minus sign has no digit behind it')
    if (bytes[p] === 0x2e) {
      const end = digitsEnd(bytes, p + 1)
      if (end === p + 1) return this.fail(p, 'a decimal point has no digit behind it')
      p = end
    }
    if ((bytes[p]! | 0x20) === 0x65) {
      const sign = bytes[p + 1]!
      const digits = sign === 0x2b || sign === 0x2d ? p + 2 : p + 1
      const end = digitsEnd(bytes, digits)
      if (end === digits) return this.fail(p, 'an exponent has no digit')
      p = end
    }
    this.at = p
    return true
  }

  literal(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return this.fail(this.at, `${word} is expected`)
    this.at += word.length
    return true
  }

  array(depth: number): boolean {
    const bytes = this.bytes
    this.at = skipSpaces(bytes, this.at + 1)
    if (bytes[this.at] !== 0x5d) {
      for (;;) {
        if (this.value(depth + 1) === kindOf.fault) return false
        this.at = skipSpaces(bytes, this.at)
        if (bytes[this.at] !== 0x2c) break
        this.at = skipSpaces(bytes, this.at + 1)
      }
      if (bytes[this.at] !== 0x5d) return this.fail(this.at, 'a comma or ] is expected')
    }
    this.at++
    return true
  }

  object(depth: number): boolean {
    const bytes = this.bytes
    this.at = skipSpaces(bytes, this.at + 1)
    if (bytes[this.at] !== 0x7d) {
      for (;;) {
        if (!this.name()) return false
        if (this.value(depth + 1) === kindOf.fault) return false
        this.at = skipSpaces(bytes, this.at)
        if (bytes[this.at] !== 0x2c) break
        this.at = skipSpaces(bytes, this.at + 1)
      }
      if (bytes[this.at] !== 0x7d) return this.fail(this.at, 'a comma or } is expected')
    }
    this.at++
    return true
  }

  /** An array or object that stands very deep, and all within it, with the open ones on a list instead of the stack. */
  deep(depth: number): boolean {
    const { bytes } = this
    const open: number[] = [] // the closing bytes that are still to come
    for (;;) {
      const first = bytes[this.at]!
      if (first === 0x5b || first === 0x7b) {
        if (depth + open.length >= depths.max) return this.fail(this.at, `values are nested deeper than ${depths.max} levels`)
        const close = first + 2
        open.push(close)
        this.at = skipSpaces(bytes, this.at + 1)
        if (bytes[this.at] !== close) {
          if (close === 0x7d && !this.name()) return false
          continue
        }
      } else if (this.value(depths.stack) === kindOf.fault) return false
      else this.at = skipSpaces(bytes, this.at)
      while (bytes[this.at] === open.at(-1)) { // what is open ends, and perhaps what it stands in
        this.at++
        open.pop()
        if (open.length === 0) return true
        this.at = skipSpaces(bytes, this.at)
      }
      const close = open.at(-1)
      if (bytes[this.at] !== 0x2c) return this.fail(this.at, close === 0x7d ? 'a comma or } is expected' : 'a comma or ] is expected')
      this.at = skipSpaces(bytes, this.at + 1)
      if (close === 0x7d && !this.name()) return false
    }
  }

  /** A member's name and its colon, up to its value. */
  name(): boolean {
    const { bytes } = this
    if (bytes[this.at] !== 0x22) return this.fail(this.at, 'a field name in double quotes is expected')
    this.at++
    if (!this.string()) return false
    this.at = skipSpaces(bytes, this.at)
    if (bytes[this.at] !== 0x3a) return this.fail(this.at, 'a colon is expected')
    this.at = skipSpaces(bytes, this.at + 1)
    return true
  }
}

/** The first byte at or after `at` that is not a space, tab or carriage return; a line feed is the end of a line, not a space. */
export function skipSpaces(bytes: Uint8Array, at: number): number {
  let p = at
  while (bytes[p] === 0x20 || bytes[p] === 0x09 || bytes[p] === 0x0d) p++
  return p
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let p = at
  while (bytes[p]! >= 0x30 && bytes[p]! <= 0x39) p++
  return p
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 87 : -1
}

/** The low surrogate escaped at `at`, 0 where there is none. */
function lowSurrogate(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x5c || bytes[at + 1] !== 0x75) return 0
  const code = (hex[bytes[at + 2]!]! << 12) | (hex[bytes[at + 3]!]! << 8) | (hex[bytes[at + 4]!]! << 4) | hex[bytes[at + 5]!]!
  return code >= 0xdc00 && code <= 0xdfff ? code : 0
}

/** Writes a code point as UTF-8; NUL and lone surrogates become U+FFFD, since neither can be stored. Answers the end. */
function writeCode(bytes: Uint8Array, at: number, wanted: number): number {
  const code = wanted === 0 || (wanted & 0xfffff800) === 0xd800 ? 0xfffd : wanted
  let p = at
  if (code < 0x80) bytes[p++] = code
  else {
    if (code < 0x800) bytes[p++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) bytes[p++] = 0xe0 | (code >> 12)
      else {
        bytes[p++] = 0xf0 | (code >> 18)
        bytes[p++] = 0x80 | ((code >> 12) & 63)
      }
      bytes[p++] = 0x80 | ((code >> 6) & 63)
    }
    bytes[p++] = 0x80 | (code & 63)
  }
  return p
}
