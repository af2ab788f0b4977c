import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoSecond } from './iso-second.ts'

test('it is what Date would say, leap years and centuries included', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_294_967_295 }), (second) => {
    expect(isoSecond(second)).toBe(new Date(second * 1000).toISOString().replace('.000Z', 'Z'))
  }), { numRuns: 3000 })
  for (const iso of ['2000-02-29T23:59:59Z', '2016-02-29T00:00:00Z', '2100-02-28T23:59:59Z', '2100-03-01T00:00:00Z']) expect(isoSecond(Date.parse(iso) / 1000)).toBe(iso)
})
