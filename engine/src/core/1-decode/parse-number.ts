// The value of a JSON number, from bytes, exactly as JSON.parse gives it.

const powers = Array.from({ length: 23 }, (_, i) => 10 ** i)
const ascii = new TextDecoder()

/**
 * `start … end` is a number that the scanner has validated. Up to 15 digits and 22 of them decimals are exact in doubles, so one
 * division rounds right (W. D. Clinger, "How to read floating point numbers accurately", 1990); all others go through Number.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d
  let mantissa = 0
  let decimals = -1
  if (end - start > 16) return Number(ascii.decode(bytes.subarray(start, end)))
  for (let i = negative ? start + 1 : start; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      if (decimals >= 0) decimals++
    } else if (bytes[i] === 0x2e) decimals = 0
    else return Number(ascii.decode(bytes.subarray(start, end)))
  }
  if (mantissa >= 1e15) return Number(ascii.decode(bytes.subarray(start, end)))
  const value = decimals > 0 ? mantissa / powers[decimals]! : mantissa
  return negative ? -value : value
}
