import { leadsOf, reached } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import { describe, expect, test } from 'vitest'
import { mulberry32 } from '../mulberry32.ts'
import { isDue } from './replay.ts'
import { brier, coverage, placeOf, reliability, type Scored } from './score.ts'

const window = 3600
const leads = leadsOf(window)

/** Trips drawn from exponential waits of many means, forecast as waits `stretched` times as long: 1 is the truth. */
function scored(stretched: number): Scored[] {
  const chance = mulberry32(5)
  return Array.from({ length: 40_000 }, (_, n) => {
    const wait = 60 * 400 ** chance()
    const drawn = -Math.log(1 - chance()) * wait
    const after = drawn <= window ? drawn : Infinity
    const path = leads.map((lead) => 1 - Math.exp(-lead / (stretched * wait)))
    const at = (share: number): number | null => reached(path, leads, share)
    return { series: n % 100, set: 'drawn', window, probability: path.at(-1)!, after, low: at(0.1), eta: at(0.5), high: at(0.9), place: placeOf(path, leads, after), naive: null }
  })
}
const coverages = (stretched: number): number[] => {
  const { finite, begun } = coverage(scored(stretched)) as { finite: { covered: number }; begun: { covered: number } }
  return [finite.covered, begun.covered]
}

describe('coverage', () => {
  test('of forecasts that are right is 80 %, whether the interval ends within the horizon or not', () => {
    for (const covered of coverages(1)) expect(covered).toBeCloseTo(0.8, 1)
  })
  test.each([1 / 3, 3])('of forecasts that are %s times too slow is less', (stretched) => {
    for (const covered of coverages(stretched)) expect(covered).toBeLessThan(0.75)
  })
  test('is not had by promising nothing: an interval that never ends is credited with no more than what is possible', () => {
    const path = leads.map((_, j) => (j === leads.length - 1 ? 0.11 : 0.1 * (j / leads.length)))
    expect(placeOf(path, leads, Infinity)).toBeCloseTo(0.79 / 0.89, 5)
  })
})

test('reliability and Brier score of forecasts that are right: as many trips as forecast, and better than forecasts that are not', () => {
  for (const { forecast, tripped } of reliability(scored(1)) as { forecast: number; tripped: number }[]) expect(Math.abs(forecast - tripped)).toBeLessThan(0.03)
  const own = (stretched: number): number => (brier(scored(stretched), scored(1).map(() => 0.5)) as { countdown: number }).countdown
  expect(own(1)).toBeLessThan(own(3))
  expect(own(1)).toBeLessThan(own(1 / 3))
})

test('the longer a rule hovers the sparser are its forecasts: 3 · log(1 + n/3) of the first n', () => {
  for (const n of [10, 100, 10_000]) expect(Array.from({ length: n }, (_, i) => isDue(i)).filter(Boolean).length).toBeCloseTo(1 + Math.floor(3 * Math.log1p((n - 1) / 3)), -0.5)
})
