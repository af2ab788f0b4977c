import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reloaded, savedBytes } from '../../../test/saved.ts'
import { StateReader, StateUnreadable } from '../state.ts'
import { DayPeaks } from './day-peaks.ts'
import { mulberry32 } from './normal-traffic.testing.ts'

const quarter = 21_600

/** The same by keeping everything: every quarter's peak, and both memories summed anew. */
function naiveRarity(quarters: readonly number[], count: number): number {
  const days: number[] = []
  for (let i = 3; i < quarters.length; i++) days.push(Math.log(Math.max(...quarters.slice(i - 3, i + 1)) + 3))
  if (days.length === 0) return 0
  const rarities = [3, 30].map((kept) => {
    const weights = days.map((_, i) => 0.25 * Math.exp((-0.25 / kept) * (days.length - 1 - i)))
    const weight = weights.reduce((a, b) => a + b, 0)
    const mean = days.reduce((sum, one, i) => sum + one * weights[i]!, 0) / weight
    const squares = days.reduce((sum, one, i) => sum + (one - mean) ** 2 * weights[i]!, 0)
    const scale = Math.sqrt((6 * (squares + 3 * 0.64)) / (weight + 3)) / Math.PI
    const chance = 1 - Math.exp(-Math.exp(-(Math.log(count + 3) - (mean - 0.5772156649 * scale)) / scale))
    return -Math.log10(chance)
  })
  return (rarities[0]! + rarities[1]!) / 2
}

test('it says what keeping every quarter of every day would say', () => {
  fc.assert(fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }), fc.integer({ min: 0, max: 2000 }), (quarters, count) => {
    const peaks = new DayPeaks(1)
    quarters.forEach((peak, i) => {
      peaks.learn(i * quarter, [Math.floor(peak / 2)], true)
      peaks.learn(i * quarter + 500, [peak], true)
    })
    peaks.learn(quarters.length * quarter, [0], true)
    expect(peaks.known).toBe(quarters.length >= 4)
    const naive = naiveRarity(quarters, count)
    if (naive < 9) expect(peaks.rarity(0, count)).toBeCloseTo(naive, 6)
    else expect(peaks.rarity(0, count)).toBeGreaterThan(8)
  }))
})

test('a day holds a window that is rarer than one in ten about once in ten days', () => {
  const random = mulberry32(4)
  const peaks = new DayPeaks(1)
  let days = 0, rare = 0
  for (let day = 0; day < 400; day++) {
    const count = Math.round(40 * Math.exp(-0.4 * Math.log(-Math.log(random())))) // log counts of a Gumbel law
    if (day > 20) {
      days++
      if (peaks.rarity(0, count) >= 1) rare++
    }
    peaks.learn(day * 86_400 + 1000, [count], true)
  }
  expect(rare / days).toBeGreaterThan(0.04)
  expect(rare / days).toBeLessThan(0.18)
})

test('what lies behind a gap is no part of the day', () => {
  const peaks = new DayPeaks(1)
  for (let i = 0; i < 3; i++) peaks.learn(i * quarter, [9], true)
  peaks.learn(9 * quarter, [9], false)
  expect(peaks.known).toBe(false)
  for (let i = 10; i < 14; i++) peaks.learn(i * quarter, [9], true)
  expect(peaks.known).toBe(true)
})

test('quarters without a look held nothing, where that is known', () => {
  const looked = new DayPeaks(2), slept = new DayPeaks(2)
  for (let i = 0; i < 10; i++) looked.learn(i * quarter, i === 0 || i === 9 ? [5, 7] : [0, 0], true)
  slept.learn(0, [5, 7], true)
  slept.learn(9 * quarter, [5, 7], true)
  expect([slept.rarity(0, 20), slept.rarity(1, 20)]).toEqual([looked.rarity(0, 20), looked.rarity(1, 20)])
})

test('loaded ones answer as the saved ones, and refuse what is none', () => {
  const steps = fc.array(fc.record({ move: fc.nat(60_000), counts: fc.tuple(fc.nat(99), fc.nat(999)), covered: fc.boolean() }), { maxLength: 40 })
  fc.assert(fc.property(steps, steps, (before, after) => {
    const peaks = new DayPeaks(2)
    let second = 0
    for (const { move, counts, covered } of before) peaks.learn(second += move, counts, covered)
    const other = reloaded(peaks, new DayPeaks(2))
    for (const { move, counts, covered } of after) {
      second += move
      expect([other.known, other.rarity(0, counts[0]), other.rarity(1, counts[1])]).toEqual([peaks.known, peaks.rarity(0, counts[0]), peaks.rarity(1, counts[1])])
      peaks.learn(second, counts, covered)
      other.learn(second, counts, covered)
    }
  }))
  expect(() => new DayPeaks(3).load(new StateReader(savedBytes(new DayPeaks(2))))).toThrow(StateUnreadable)
})
