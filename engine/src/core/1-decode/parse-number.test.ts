// Numbers are what JSON.parse makes of them, to the last bit.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseNumber } from './parse-number.ts'

const parse = (text: string): number => parseNumber(new TextEncoder().encode(`7${text}7`), 1, text.length + 1)

test.each(['0', '-0', '-0.0', '1', '0.53', '-0.1', '1e5', '1E-7', '1e400', '-12.5e-3', '999999999999999', '9007199254740993', '0.1234567890123456789', '123456789012345678901234567890'])(
  '%s is what JSON.parse says', (text) => expect(parse(text)).toBe(JSON.parse(text)))

test('reads any number as JSON.parse does', () => {
  const decimals = fc.tuple(fc.nat(), fc.stringMatching(/^\d{1,18}$/)).map(([whole, fraction]) => `${whole}.${fraction}`)
  fc.assert(fc.property(fc.oneof(decimals, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))), (text) => {
    expect(parse(text)).toBe(JSON.parse(text))
  }), { numRuns: 2000 })
})
