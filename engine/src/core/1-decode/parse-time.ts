// ISO-8601 times with a zone, from bytes to milliseconds without a string or a Date.

/** Stands for a time that names no zone. A time that is none at all is NaN. */
export const withoutZone = Number.POSITIVE_INFINITY

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads `2015-06-15T16:12:44.123456Z`, also with `+08:00`, `+0800`, `+08`, a space for T, a comma for the point and without seconds, and
 * the basic form of all that, `20150615T161244Z`. A fraction of any length is cut to milliseconds; 24:00:00 is the midnight that ends the
 * day. Days that do not exist and leap seconds are no times, and neither is a form half basic.
 */
export function parseTime(bytes: Uint8Array, start: number, end: number): number {
  const dash = bytes[start + 4] === 0x2d ? 1 : 0 // 0: the basic form
  if (end - start < 8 + 2 * dash || (dash === 1 && bytes[start + 7] !== 0x2d)) return Number.NaN
  const year = two(bytes, start) * 100 + two(bytes, start + 2)
  const month = two(bytes, start + 4 + dash)
  const day = two(bytes, start + 6 + 2 * dash)
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= monthDays[month - 1]!)) return Number.NaN
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return Number.NaN
  const p = start + 8 + 2 * dash
  if (p === end) return withoutZone
  if (bytes[p] !== 0x54 && bytes[p] !== 0x74 && bytes[p] !== 0x20) return Number.NaN
  const time = clockTime(bytes, p + 1, end, dash)
  return time === withoutZone ? time : daysSince1970(year, month, day) * 86_400_000 + time
}

/** Ms from midnight, less the zone; `colon` is how many bytes stand between two parts. */
function clockTime(bytes: Uint8Array, at: number, end: number, colon: number): number {
  let p = at + 4 + colon
  if (end < p || (colon === 1 && bytes[at + 2] !== 0x3a)) return Number.NaN
  const hour = two(bytes, at)
  const minute = two(bytes, at + 2 + colon)
  let second = 0
  if (p < end && (colon === 1 ? bytes[p] === 0x3a : isDigit(bytes[p]!))) {
    if (end - p < 2 + colon) return Number.NaN
    second = two(bytes, p + colon)
    p += 2 + colon
  }
  const fraction = fractionEnd(bytes, p, end)
  if (fraction === p + 1) return Number.NaN
  const millis = millisOf(bytes, p + 1, fraction)
  const midnight = hour === 24 && minute === 0 && second === 0 && noneBut0(bytes, p + 1, fraction)
  if (!((hour <= 23 || midnight) && minute <= 59 && second <= 59)) return Number.NaN
  const zone = fraction === end ? withoutZone : zoneMinutes(bytes, fraction, end)
  return zone === withoutZone ? zone : ((hour * 60 + minute - zone) * 60 + second) * 1000 + millis
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function noneBut0(bytes: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (bytes[p] !== 0x30) return false
  return true
}

/** Two digits; NaN where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Behind the fraction that begins with a point or comma at `at`; `at` itself where there is none. */
function fractionEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || (bytes[at] !== 0x2e && bytes[at] !== 0x2c)) return at
  let p = at + 1
  while (p < end && isDigit(bytes[p]!)) p++
  return p
}

function millisOf(bytes: Uint8Array, start: number, end: number): number {
  let millis = 0
  for (let i = 0; i < 3; i++) millis = millis * 10 + (start + i < end ? bytes[start + i]! - 0x30 : 0)
  return millis
}

function zoneMinutes(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]!
  if (sign === 0x5a || sign === 0x7a) return end === at + 1 ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN
  const length = end - at
  const colon = length === 6 && bytes[at + 3] === 0x3a
  if (length !== 3 && length !== 5 && !colon) return Number.NaN
  const hours = two(bytes, at + 1)
  const minutes = length === 3 ? 0 : two(bytes, colon ? at + 4 : at + 3)
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN
  return (hours * 60 + minutes) * (sign === 0x2d ? -1 : 1)
}

/** Days of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms", 2013). */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + dayOfYear - 719_468
}
