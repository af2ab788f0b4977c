// The line through a soak's samples: what grows is found, what only swings is not, and a run that is too short says so.
import { createChance } from '@groundswell/engine/src/drill/chance.ts'
import { describe, expect, test } from 'vitest'
import { conclusionOf, growthOf, type Sample } from './growth.ts'

/** One sample every ten seconds for `hours`. */
function samples(hours: number, valueAt: (hour: number, n: number) => number): Sample[] {
  return Array.from({ length: Math.round(hours * 360) }, (_, n) => ({ seconds: 10 * n, value: valueAt(n / 360, n) }))
}

test('a straight line has its slope, and an interval of no width', () => {
  const { perHour, low, high, mean } = growthOf(samples(2, (hour) => 100 + 7 * hour), 1)
  expect(perHour).toBeCloseTo(7, 6)
  expect(low).toBeCloseTo(7, 6)
  expect(high).toBeCloseTo(7, 6)
  expect(mean).toBeCloseTo(107, 0)
})

test('the slope and its interval are those of a textbook', () => {
  // Fifteen samples make five stretches of three equal values each: y = 1, 2, 1.3, 3.75, 2.25 at x = 1 … 5 has slope 0.425 ± 3.182 · 0.305.
  const values = [1, 2, 1.3, 3.75, 2.25]
  const fifteen = values.flatMap((value, n) => [-0.1, 0, 0.1].map((off) => ({ seconds: 3600 * (n + 1 + off), value })))
  const { perHour, low, high } = growthOf(fifteen, 1)
  expect(perHour).toBeCloseTo(0.425, 6)
  expect(high - perHour).toBeCloseTo(3.182 * 0.3047, 2)
  expect(perHour - low).toBeCloseTo(3.182 * 0.3047, 2)
})

describe('the verdict', () => {
  const chance = createChance(5)
  const noise = samples(4, () => 20 * chance.unit())
  test.each([
    ['noise is flat', noise.map(({ seconds, value }) => ({ seconds, value: 500 + value })), 'flat'],
    ['the saw of a garbage collector is flat', samples(4, (_, n) => 300 + (n % 17) * 9), 'flat'],
    ['what shrinks is flat', samples(4, (hour) => 900 - 50 * hour), 'flat'],
    ['a leak under noise grows', noise.map(({ seconds, value }) => ({ seconds, value: 500 + value + (40 * seconds) / 3600 })), 'grows'],
    ['a leak in steps grows', samples(4, (hour) => 500 + 25 * Math.floor(2 * hour)), 'grows'],
    ['growth that is allowed is flat', samples(4, (hour) => 500 + 4 * hour), 'flat'],
    ['a run of two minutes is open', samples(2 / 60, (_, n) => 500 + (n % 5)), 'open'],
    ['caches that fill in the first ten minutes are open', samples(1 / 6, (hour) => 500 + 900 * hour), 'open'],
    ['a wide swing in a short time is open', samples(0.5, (_, n) => 500 + 200 * Math.sin(n / 20)), 'open'],
  ] as const)('%s', (_, of, verdict) => {
    expect(growthOf(of, 10).verdict).toBe(verdict)
  })
})

test('a soak ends with one line: what grows or was lost fails it, what was not judged is said', () => {
  const of = (verdict: 'flat' | 'grows' | 'open') => ({ mean: 1, perHour: 0, low: 0, high: 0, allowedPerHour: 1, verdict })
  expect(conclusionOf({ a: of('flat'), b: of('flat') }, true)).toEqual({ passed: true, line: 'PASS: each line was processed once; none of 2 figures grows' })
  expect(conclusionOf({ a: of('flat'), b: of('open') }, true)).toEqual({ passed: true, line: 'PASS: each line was processed once; no figure grows, 1 of 2 are open' })
  expect(conclusionOf({ a: of('open') }, true).line).toMatch(/^PASS: .*growth was not judged/)
  expect(conclusionOf({ a: of('grows'), b: of('flat') }, true)).toEqual({ passed: false, line: 'FAIL: these grow: a' })
  expect(conclusionOf({ a: of('flat') }, false)).toEqual({ passed: false, line: 'FAIL: not every line was processed once' })
})
