import { sizeForecastConstants } from '@groundswell/engine/src/core/4-detect/spread/size-forecast-constants.ts'
import { treeOf } from '@groundswell/engine/src/core/3-measure/cascades/trees.testing.ts'
import { forecastSize } from '@groundswell/engine/src/core/4-detect/spread/size-forecast.ts'
import { expect, test } from 'vitest'
import { mulberry32 } from '../mulberry32.ts'
import { foldsOf, recordedCascades, seenAt, wholeCascade } from './cascades.ts'
import { constantsOf, learnConstants } from './constants-file.ts'
import { activityOf, learnLarge, learnSmall } from './learn.ts'

const [weibo, twitter] = [recordedCascades('weibo-cascades'), recordedCascades('twitter-retweets')]
if (!weibo || !twitter) console.warn('../shared/data is not beside this repository: the test that the constants are those learnt from it is skipped.')

test.skipIf(!weibo || !twitter)('the constants of the engine are those that are learnt from all recorded cascades', () => {
  expect(learnConstants(weibo!, twitter!)).toEqual(sizeForecastConstants)
})

/** Cascades of the same course: the size is a power of the age until it rests after half a day; times are a little apart from it by chance. */
function made(count: number, platform: string, size: (chance: number) => number) {
  const chance = mulberry32(5)
  return Array.from({ length: count }, () => {
    const final = Math.round(size(chance())), times = Array.from({ length: final }, (_, i) => (i === 0 ? 0 : 43_200 * (i / final) ** 2.5 * (0.9 + 0.2 * chance()))).sort((a, b) => a - b)
    return wholeCascade(treeOf(times.map((at, i) => ({ parent: i === 0 ? -1 : 0, at: 1_500_000_000_000 + at * 1000 })), { platforms: [platform] }))
  })
}

test('what always grows alike is forecast closely, with intervals that are narrow and hold', () => {
  const small = made(60, 'weibo', (chance) => 100 + 400 * chance), constants = constantsOf(learnSmall(small), learnLarge(made(20, 'twitter', (chance) => 2000 + 3000 * chance), learnSmall(small).profile))
  for (const [platform, cascades] of [['weibo', made(60, 'weibo', (chance) => 120 + 370 * chance)], ['twitter', made(10, 'twitter', (chance) => 2100 + 2500 * chance)]] as const) {
    for (const age of [1800, 5000, 20_000, 100_000]) {
      const forecasts = cascades.map((cascade) => ({ final: cascade.final, ...forecastSize(seenAt(cascade, age), null, constants) }))
      const errors = forecasts.map(({ final, predicted }) => Math.abs(predicted! / final - 1)).sort((a, b) => a - b)
      expect(errors[errors.length >> 1], `${platform} at ${age} s`).toBeLessThan(0.2)
      expect(forecasts.filter(({ low, high, final }) => low <= final && final <= high!).length).toBeGreaterThan(0.5 * forecasts.length)
    }
  }
})

test('folds are even, all there, and the same every time', () => {
  const fold = foldsOf(103, 10, 4)
  const sizes = Array.from({ length: 10 }, (_, which) => fold.filter((own) => own === which).length)
  expect(sizes.toSorted((a, b) => a - b)).toEqual([10, 10, 10, 10, 10, 10, 10, 11, 11, 11])
  expect(foldsOf(103, 10, 4)).toEqual(fold)
  expect([...foldsOf(7, 7, 1)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('activity is counted by the hour in UTC from six hours after the root on', () => {
  const midnight = Date.UTC(2015, 5, 15)
  const hours = activityOf([wholeCascade(treeOf([0, 1, 7, 8, 8.5, 30].map((hour, i) => ({ parent: i === 0 ? -1 : 0, at: midnight + hour * 3_600_000 }))))])
  expect(hours[8]! / hours[7]!).toBe(2)
  expect(hours[6]).toBe(hours[7])
})
