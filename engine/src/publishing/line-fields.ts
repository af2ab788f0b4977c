// Finds `ts` and `platform` of an NDJSON line without parsing it: top-level keys only, strings skipped whole. It promises nothing about
// lines that are no mentions: those have no fields here, and the engine says what is wrong with them.
import { parseTime, withoutZone } from '../core/1-decode/parse-time.ts'

export interface LineFields {
  tsStart: number // span of the value, quotes included; −1: none
  tsEnd: number
  platformStart: number // inside the quotes; −1: none
  platformEnd: number
}

export const noFields = (): LineFields => ({ tsStart: -1, tsEnd: -1, platformStart: -1, platformEnd: -1 })

/** Stops as soon as both are found. */
export function findFields(bytes: Uint8Array, fields: LineFields): void {
  fields.tsStart = fields.tsEnd = fields.platformStart = fields.platformEnd = -1
  const end = bytes.length
  let p = skipSpace(bytes, 0, end)
  if (bytes[p] !== 0x7b) return
  p++
  while (p < end) {
    p = skipSpace(bytes, p, end)
    if (bytes[p] !== 0x22) return
    const key = p + 1
    const keyEnd = stringEnd(bytes, key, end)
    p = skipSpace(bytes, keyEnd + 1, end)
    if (bytes[p] !== 0x3a) return
    p = skipSpace(bytes, p + 1, end)
    const value = p
    p = valueEnd(bytes, p, end)
    if (keyEnd - key === 2 && bytes[key] === 0x74 && bytes[key + 1] === 0x73) {
      fields.tsStart = value
      fields.tsEnd = p
    } else if (keyEnd - key === 8 && isPlatform(bytes, key) && bytes[value] === 0x22) {
      fields.platformStart = value + 1
      fields.platformEnd = p - 1
    }
    if (fields.tsStart >= 0 && fields.platformStart >= 0) return
    p = skipSpace(bytes, p, end)
    if (bytes[p] !== 0x2c) return
    p++
  }
}

const millisLeast = 100_000_000_000 // below: seconds, which no mention may have

/** Event time in ms since 1970; NaN where the value is none that a mention may have. */
export function timeOf(bytes: Uint8Array, { tsStart, tsEnd }: LineFields): number {
  if (tsStart < 0) return Number.NaN
  if (bytes[tsStart] === 0x22) {
    const time = parseTime(bytes, tsStart + 1, tsEnd - 1)
    return time === withoutZone ? Number.NaN : time
  }
  let value = 0
  for (let i = tsStart; i < tsEnd; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9 || value > 1e15) return Number.NaN
    value = value * 10 + digit
  }
  return value >= millisLeast ? value : Number.NaN
}

/** The line with its time moved; only that value is rewritten, in the form it has: ISO-8601 (as UTC) or integer ms. */
export function withTime(bytes: Uint8Array, { tsStart, tsEnd }: LineFields, ms: number): Uint8Array {
  const value = Buffer.from(bytes[tsStart] === 0x22 ? `"${new Date(ms).toISOString()}"` : String(ms), 'latin1')
  const line = new Uint8Array(bytes.length - (tsEnd - tsStart) + value.length)
  line.set(bytes.subarray(0, tsStart))
  line.set(value, tsStart)
  line.set(bytes.subarray(tsEnd), tsStart + value.length)
  return line
}

function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end && (bytes[p] === 0x20 || bytes[p] === 0x09 || bytes[p] === 0x0d)) p++
  return p
}

/** The closing quote of a string whose inside begins at `from`; `end` where there is none. */
function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end && p - from < 24) { // most keys and ids end soon; for the rest the native search is faster
    if (bytes[p] === 0x22) return p
    p += bytes[p] === 0x5c ? 2 : 1
  }
  for (;;) {
    const quote = bytes.indexOf(0x22, p)
    if (quote < 0 || quote >= end) return end
    let slashes = 0
    while (quote - slashes - 1 >= p && bytes[quote - slashes - 1] === 0x5c) slashes++
    if (slashes % 2 === 0) return quote
    p = quote + 1
  }
}

/** Behind a value that begins at `from`. */
function valueEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0
  let p = from
  while (p < end) {
    const byte = bytes[p]!
    if (byte === 0x22) {
      p = stringEnd(bytes, p + 1, end) + 1
      if (depth === 0) return Math.min(p, end)
      continue
    }
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return p
      if (--depth === 0) return p + 1
    } else if (depth === 0 && (byte === 0x2c || byte === 0x20 || byte === 0x09 || byte === 0x0d)) return p
    p++
  }
  return end
}

const platformKey = Buffer.from('platform')
function isPlatform(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 8; i++) if (bytes[at + i] !== platformKey[i]) return false
  return true
}
