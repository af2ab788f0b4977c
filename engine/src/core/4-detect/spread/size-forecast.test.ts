import fc from 'fast-check'
import { expect, test } from 'vitest'
import { treeOf } from '../../3-measure/cascades/trees.testing.ts'
import { chanceOfAtLeast, forecastSize, forecastTree, isAccelerating, timesOf } from './size-forecast.ts'
import { sizeForecastConstants } from './size-forecast-constants.ts'
import { horizonSeconds } from './size-features.ts'
import type { SizeProfile } from './size-profile.ts'

const names = ['size', 'bend', 'mass', 'freshShare', 'tenNewest', 'threeHours', 'eightHours'] as const

/** The same forecast, written down once more from its description, by filters and loops over everything. */
function naiveForecast(times: readonly number[], age: number, { rootAt, platform }: { readonly rootAt: number; readonly platform: string }) {
  const { activity, massCap, small, large } = sizeForecastConstants
  const seen = times.filter((t) => t <= age), n = seen.length, a = Math.min(Math.max(age, 60), 604_800)
  const within = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x))
  const hours = Object.entries(activity).find(([name]) => name === platform)?.[1] ?? names.concat(names, names, names).slice(0, 24).map(() => 1)
  const usual = (from: number, to: number) => {
    let sum = 0
    for (let k = 0; k < 16; k++) {
      const hour = ((((from + ((to - from) * (2 * k + 1)) / 32) / 3600 - 0.5) % 24) + 24) % 24
      sum += hours[Math.floor(hour) % 24]! + (hour % 1) * (hours[(Math.floor(hour) + 1) % 24]! - hours[Math.floor(hour) % 24]!)
    }
    return sum / 16
  }
  const ahead = (h: number) => within(Math.log(usual(rootAt + a, rootAt + a + 3600 * h) / usual(rootAt + a - Math.min(3600, a), rootAt + a)), -2, 2)
  const features = {
    size: Math.min(Math.log(n), 9.7), bend: (Math.min(Math.log(n), 7) - 4) ** 2,
    mass: Math.log(1 + 1000 / (massCap ? Math.min(n, massCap.mentions * (a / 600) ** massCap.exponent) : n)),
    freshShare: Math.log((seen.filter((t) => t > 0.75 * a).length + 0.5) / (n + 0.5)), tenNewest: Math.log((a - (n >= 10 ? seen.at(-10)! : 0)) / a + 0.02), threeHours: ahead(3), eightHours: ahead(8),
  }
  const ages = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 153_600, 307_200, 432_000, 561_600]
  const after = ages.findIndex((knot) => knot > a), left = a <= 561_600 ? 1 : Math.log(604_800 / a) / Math.log(604_800 / 561_600)
  const mean = (at: (k: number) => number) => (after === 0 ? at(0) : after < 0 ? at(12) : (at(after - 1) * Math.log(ages[after]! / a) + at(after) * Math.log(a / ages[after - 1]!)) / Math.log(ages[after]! / ages[after - 1]!))
  const of = (profile: SizeProfile) => {
    const held = (growth: number) => Math.min(growth, Math.log(1 + (3 * profile.largest) / n))
    const growth = held(Math.max(0, left * mean((k) => profile.growth[k]![0]! + profile.features.reduce((sum, name, i) => sum + profile.growth[k]![i + 1]! * features[name], 0))))
    const terms = [1, growth, Math.sqrt(growth), Math.log(n), (Math.log(n) - 4) ** 2]
    const scale = (k: number) => within(profile.scale[k]!.reduce((sum, value, i) => sum + value * terms[i]!, 0), 0.1 * growth + 0.004, 3)
    return { growth, quantile: (i: number) => held(Math.max(0, growth + left * mean((k) => scale(k) * profile.residuals[k]![i]!))) }
  }
  const least = Math.exp(mean((k) => Math.log(large.seen[k]![0])))
  const weight = platform === 'twitter' ? within(1 + Math.log(n / least) / Math.log(4), 0, 1) : within(Math.log(n / 1000) / Math.log(3), 0, 1)
  const growth = weight * of(large).growth + (1 - weight) * of(small).growth
  const quantiles = [0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975].map((share, i) => {
    const lean = within(weight + 1.25 * Math.min(weight, 1 - weight) * (2 * share - 1), 0, 1)
    return lean * of(large).quantile(i) + (1 - lean) * of(small).quantile(i)
  }).map((_, i, all) => Math.max(...all.slice(0, i + 1)))
  return { observed: n, predicted: n * Math.exp(growth), low: n * Math.exp(Math.min(growth, quantiles[2]!)), high: n * Math.exp(Math.max(growth, quantiles[10]!)), quantiles }
}

const ageArbitrary = fc.oneof(fc.integer({ min: 60, max: horizonSeconds }), fc.constantFrom(60, 300, 600, 3600, 307_200, horizonSeconds), fc.double({ min: Math.log(60), max: Math.log(horizonSeconds), noNaN: true }).map(Math.exp))
const cascadeArbitrary = fc.record({
  age: ageArbitrary, size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 10.5, noNaN: true }).map((log) => Math.round(Math.exp(log)))),
  bend: fc.double({ min: 0.05, max: 6, noNaN: true }), later: fc.nat(20), rootAt: fc.integer({ min: 1_200_000_000, max: 1_900_000_000 }), platform: fc.constantFrom('weibo', 'twitter', 'douyin', 'constructor'),
}).map(({ age, size, bend, later, ...rest }) => ({
  ...rest, age, times: [...Array.from({ length: size }, (_, i) => Math.max(0, age * ((i / size) ** bend))), ...Array.from({ length: later }, (_, i) => age + 1 + i * 500)],
}))

test('every forecast is that of the description read literally, from a minute to seven days and from one mention on', () => {
  fc.assert(fc.property(cascadeArbitrary, ({ times, age, rootAt, platform }) => {
    const forecast = forecastSize({ times, ageSeconds: age, rootAtSeconds: rootAt, platform }, null)
    const { observed, predicted, low, high, quantiles } = naiveForecast(times, age, { rootAt, platform })
    expect(forecast.observed).toBe(observed)
    for (const [ours, naive] of [[forecast.predicted!, predicted], [forecast.low, low], [forecast.high!, high]] as const) expect(Math.abs(ours - naive)).toBeLessThan(0.5 + 1e-9 * naive)
    forecast.growth.forEach((growth, i) => expect(growth).toBeCloseTo(quantiles[i]!, 9))
  }), { numRuns: 300 })
})

test('observed ≤ low ≤ predicted ≤ high; P(at least) falls from 1, is 0.9 at low and 0.1 at high', () => {
  fc.assert(fc.property(cascadeArbitrary, ({ times, age, rootAt, platform }) => {
    const forecast = forecastSize({ times, ageSeconds: age, rootAtSeconds: rootAt, platform }, null)
    const { observed, low, predicted, high, growth } = forecast
    expect(low).toBeGreaterThanOrEqual(observed)
    expect(predicted).toBeGreaterThanOrEqual(low)
    expect(high).toBeGreaterThanOrEqual(predicted!)
    expect(high!).toBeLessThanOrEqual(observed + 3 * (platform === 'twitter' || observed > 1000 ? sizeForecastConstants.large.largest : sizeForecastConstants.small.largest) + 1)
    const sizes = [observed, ...Array.from({ length: 40 }, (_, i) => observed * 1.2 ** i + 1)]
    const chances = sizes.map((size) => chanceOfAtLeast(forecast, size))
    expect(chances[0]).toBe(1)
    chances.forEach((chance, i) => {
      expect(chance).toBeGreaterThanOrEqual(0)
      expect(chance).toBeLessThanOrEqual(i === 0 ? 1 : chances[i - 1]! + 1e-12)
    })
    if (growth[2]! - growth[1]! > 1e-3 && growth[3]! - growth[2]! > 1e-3) expect(chanceOfAtLeast(forecast, observed * Math.exp(growth[2]!))).toBeCloseTo(0.9, 9)
    if (growth[10]! - growth[9]! > 1e-3 && growth[11]! - growth[10]! > 1e-3) expect(chanceOfAtLeast(forecast, observed * Math.exp(growth[10]!))).toBeCloseTo(0.1, 9)
    if (age === horizonSeconds) expect([low, predicted, high]).toEqual([observed, observed, observed])
  }), { numRuns: 300 })
})

test('what comes later changes nothing', () => {
  fc.assert(fc.property(cascadeArbitrary, fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 20 }), ({ times, age, rootAt, platform }, after) => {
    const seen = times.filter((time) => time <= age), all = [...seen, ...after.sort((a, b) => a - b).map((more) => age + more)]
    const of = (some: readonly number[]) => forecastTree(treeOf(some.map((time, i) => ({ parent: i === 0 ? -1 : 0, at: rootAt * 1000 + Math.floor(time * 1000) })), { platforms: [platform] }), age)
    expect(of(all)).toEqual(of(seen))
  }), { numRuns: 100 })
})

/** A cascade that doubles every ten minutes for an hour and a half, each mention under the one before half of it. */
const doubling = treeOf(Array.from({ length: 512 }, (_, i) => ({ parent: i === 0 ? -1 : Math.floor((i - 1) / 2), at: 1_500_000_000_000 + (i === 0 ? 0 : Math.log2(i + 1) * 600_000) })))

test('what still accelerates with R surely above 1 is super-critical: no number, no upper end, but a chance of at least', () => {
  const forecast = forecastTree(doubling, 5400)
  expect(forecast).toMatchObject({ observed: 512, predicted: null, high: null, superCritical: true })
  expect(forecast.low).toBeGreaterThanOrEqual(512)
  expect(chanceOfAtLeast(forecast, 1000)).toBeGreaterThan(0)
  expect(forecastTree(doubling, 5400, null)).toMatchObject({ superCritical: false })
  expect(forecastTree(doubling, 5400, { R: 1.1, low: 0.99, high: 2, stage: 'steady' }).predicted).toBeGreaterThan(512)
})

test.each([
  { what: 'grows faster', times: [...Array.from({ length: 20 }, (_, i) => i), 600, 760, 800, 810, 820, 830, 840, 850], is: true },
  { what: 'grows faster by no more than chance', times: [...Array.from({ length: 20 }, (_, i) => i), 600, 610, 760, 800, 810], is: false },
  { what: 'is small', times: [0, 760, 800, 810, 820, 830, 840, 850, 860], is: false },
  { what: 'slows', times: Array.from({ length: 400 }, (_, i) => (i / 400) ** 2 * 1000), is: false },
])('a cascade that $what is accelerating: $is', ({ times, is }) => {
  expect(isAccelerating({ times, ageSeconds: 1000 })).toBe(is)
})

test.each([
  { n: 100, age: 3600, platform: 'weibo', out: false },
  { n: 9, age: 600, platform: 'weibo', out: true },
  { n: 5000, age: 3600, platform: 'weibo', out: true },
  { n: 100, age: 200, platform: 'weibo', out: true },
  { n: 2000, age: 3600, platform: 'twitter', out: false },
  { n: 100, age: 3600, platform: 'twitter', out: true },
  { n: 100, age: 3600, platform: 'douyin', out: true },
])('$n mentions on $platform after $age s are out of range: $out', ({ n, age, platform, out }) => {
  const times = Array.from({ length: n }, (_, i) => (i / n) * age)
  expect(forecastSize({ times, ageSeconds: age, rootAtSeconds: 1_500_000_000, platform }, null).outOfRange).toBe(out)
})

test('a mention with an earlier clock than the root has come with it', () => {
  const tree = treeOf([{ parent: -1, at: 10_000 }, { parent: 0, at: 4000 }, { parent: 0, at: 12_500 }])
  expect([...timesOf(tree, 3)]).toEqual([0, 0, 2.5])
  expect(forecastTree(tree, 60).observed).toBe(3)
})

test('what is woken after the horizon still has numbers, and grows no more', () => {
  const cascade = { times: Float64Array.from([0, ...Array.from({ length: 10 }, () => 617_000)]), ageSeconds: 617_060, rootAtSeconds: 1.3e9, platform: 'weibo' }
  expect(forecastSize(cascade, null)).toMatchObject({ observed: 11, predicted: 11, low: 11, high: 11 })
})
