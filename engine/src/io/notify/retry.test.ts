import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, retryAfterMs, retryLimits } from './retry.ts'

test('the wait doubles from a second to five minutes, of which half is jitter', () => {
  expect([1, 2, 3, 9, 10, 1000].map((failures) => backoffMs(failures, 1))).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000])
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
    const longest = backoffMs(failures, 1)
    expect(backoffMs(failures, random)).toBeGreaterThanOrEqual(Math.floor(longest / 2))
    expect(backoffMs(failures, random)).toBeLessThanOrEqual(longest)
  }))
})

test.each([
  { header: '120', expected: 120_000 },
  { header: 'Thu, 01 Jan 2026 00:01:00 GMT', expected: 60_000 },
  { header: 'Thu, 01 Jan 2020 00:00:00 GMT', expected: 0 },
  { header: '99999999', expected: retryLimits.retryAfterMaxMs },
  { header: 'soon', expected: undefined },
  { header: undefined, expected: undefined },
])('Retry-After $header is $expected ms', ({ header, expected }) => {
  expect(retryAfterMs(header, Date.parse('2026-01-01T00:00:00Z'))).toBe(expected)
})
