import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reloaded, savedBytes } from '../../../test/saved.ts'
import { StateReader, StateUnreadable } from '../state.ts'
import { Baseline } from './baseline.ts'

const slicesPerDay = 288
const day = 86_400
/** Learns `days` of slices from slice `from` on. */
function learn(baseline: Baseline, days: number, countOf: (slice: number) => number | null, from = 0): number {
  const to = from + Math.round(days * slicesPerDay)
  for (let slice = from; slice < to; slice++) baseline.learn(slice, countOf(slice))
  return to
}
const hourOf = (slice: number): number => Math.floor(slice / 12) % 24
/** Counts that scatter a little, always the same: 1 is added to every other slice. */
const around = (mean: number) => (slice: number): number => Math.floor(mean) + (slice % 2)
const endOf = (slice: number): number => slice * 300 + 299

test('nothing is known before half an hour of slices, and the level is near within the hour', () => {
  const baseline = new Baseline()
  for (let slice = 0; slice < 12; slice++) {
    expect(baseline.known).toBe(slice >= 6)
    baseline.learn(slice, 20)
  }
  expect(baseline.expected(endOf(11), 300)).toBeGreaterThan(15)
  expect(baseline.expected(endOf(11), 300)).toBeLessThan(21)
})

test('the little that is known makes the band wide', () => {
  const young = new Baseline(), old = new Baseline()
  learn(young, 1 / 24, around(20))
  learn(old, 8, around(20))
  expect(young.dispersion(3600)).toBeGreaterThan(4 * old.dispersion(3600))
})

test('the hours of the day are learnt within days, those of the week within weeks', () => {
  const baseline = new Baseline()
  const evening = (slice: number): number => (hourOf(slice) >= 18 && hourOf(slice) < 22 ? 60 : 10)
  const next = learn(baseline, 5, evening)
  expect(baseline.expected(next * 300 + 20 * 3600, 3600) / 12).toBeGreaterThan(40)
  expect(baseline.expected(next * 300 + 4 * 3600, 3600) / 12).toBeLessThan(14)
  const weekly = new Baseline()
  const mondays = (slice: number): number => (Math.floor(slice / slicesPerDay) % 7 === 4 && hourOf(slice) === 9 ? 90 : 10) // 1970 began on a Thursday
  learn(weekly, 35, mondays)
  const at = (days: number): number => weekly.expected((35 + days) * day + 9 * 3600 + 1799, 300)
  expect(at(4)).toBeGreaterThan(2 * at(2))
})

test('windows longer than an hour hold the sum of their hours', () => {
  const baseline = new Baseline()
  const next = learn(baseline, 14, (slice) => 20 + 15 * Math.round(Math.sin((2 * Math.PI * hourOf(slice)) / 24)))
  const second = next * 300 - 1
  let hours = 0
  for (let hour = 0; hour < 24; hour++) hours += baseline.expected(second - hour * 3600, 3600)
  expect(baseline.expected(second, day) / hours).toBeCloseTo(1, 1)
  expect(baseline.expected(second, day) / (20 * slicesPerDay)).toBeCloseTo(1, 1)
})

describe('a level', () => {
  const usual = (baseline: Baseline, slice: number): number => baseline.expected(endOf(slice), 300)

  test('is not moved by a crisis of hours', () => {
    const baseline = new Baseline()
    let slice = learn(baseline, 7, around(20))
    slice = learn(baseline, 3 / 24, around(2000), slice)
    slice = learn(baseline, 1, around(20), slice)
    expect(usual(baseline, slice)).toBeLessThan(26)
  })

  test('is not taken for new within an hour, and is after little more than a day', () => {
    const baseline = new Baseline()
    let slice = learn(baseline, 7, around(20))
    slice = learn(baseline, 1 / 24, around(200), slice)
    expect(usual(baseline, slice)).toBeLessThan(40)
    slice = learn(baseline, 30 / 24, around(200), slice)
    expect(usual(baseline, slice)).toBeGreaterThan(140)
  })

  test('follows downwards within days', () => {
    const baseline = new Baseline()
    const slice = learn(baseline, 3, around(20), learn(baseline, 7, around(200)))
    expect(usual(baseline, slice)).toBeLessThan(80)
  })
})

describe('a topic that begins after hours in which nobody knew it', () => {
  const silent = 24 // two hours
  const begun = new Baseline(), always = new Baseline()
  let slice = learn(begun, silent / slicesPerDay, () => 0)
  slice = learn(begun, 2, around(20), slice)
  learn(always, 2, around(20), silent)

  test('has no night where it did not exist, and no peak where it began', () => {
    for (let hour = 0; hour < 24; hour++) {
      const second = endOf(slice) + hour * 3600
      const times = begun.expected(second, 3600) / always.expected(second, 3600)
      expect(times).toBeGreaterThan(0.6)
      expect(times).toBeLessThan(1.7)
    }
  })

  test('is known as well as one that was always there within hours', () => {
    const young = new Baseline()
    const next = learn(young, silent / slicesPerDay, () => 0)
    const end = learn(young, 3 / 24, around(20), next)
    expect(young.expected(endOf(end), 900)).toBeGreaterThan(55)
    expect(young.expected(endOf(end), 900)).toBeLessThan(70)
  })

  test('scatters no wider for having begun', () => { expect(begun.dispersion(300) / always.dispersion(300)).toBeLessThan(2) })
})

test('missing is not zero', () => {
  const whole = new Baseline(), holey = new Baseline()
  learn(whole, 6, around(30))
  learn(holey, 6, (slice) => (hourOf(slice) % 5 === 2 ? null : around(30)(slice)))
  const slice = 6 * slicesPerDay
  expect(holey.expected(endOf(slice), 3600) / whole.expected(endOf(slice), 3600)).toBeCloseTo(1, 1)
  learn(holey, 2, () => null, slice)
  expect(holey.expected(endOf(slice), 3600) / whole.expected(endOf(slice), 3600)).toBeCloseTo(1, 1)
})

test('a window that reaches into a gap of hours is not covered, nor one before the beginning', () => {
  const baseline = new Baseline()
  learn(baseline, 1, around(5), 1000)
  const second = 1287 * 300 + 299
  expect([baseline.covers(second, day), baseline.covers(second, day + 1)]).toEqual([true, false])
  learn(baseline, 3 / 24, () => null, 1288)
  learn(baseline, 1 / 24, around(5), 1324)
  const after = 1335 * 300 + 299
  expect([baseline.covers(after, 3600), baseline.covers(after, 7200)]).toEqual([true, false])
})

test('what is said to be missing for hours is a gap at once, before anything comes behind it', () => {
  const baseline = new Baseline()
  learn(baseline, 1, around(5), 1000)
  baseline.learn(1297, null)
  expect(baseline.covers(1297 * 300 + 299, 3600)).toBe(true)
  baseline.learn(1323, null)
  expect([baseline.covers(1324 * 300 + 299, 300), baseline.covers(1324 * 300 + 299, 600)]).toEqual([true, false])
})

test.each([14_400, day, 7 * day])('slices of %i s have a level that settles, and one of them is no new normal', (seconds) => {
  const baseline = new Baseline(seconds)
  let slice = 0
  const usual = (): number => baseline.expected((slice + 1) * seconds - 1, seconds)
  for (; slice < 60; slice++) {
    baseline.learn(slice, 100 + (slice % 2))
    if (slice < 20) continue
    expect(usual()).toBeGreaterThan(80)
    expect(usual()).toBeLessThan(125)
  }
  baseline.learn(slice++, 5000)
  expect(usual()).toBeLessThan(1000)
})

describe('dispersion', () => {
  test('is 1 or more, and near 1 where counts hardly scatter', () => {
    const baseline = new Baseline()
    learn(baseline, 14, around(30))
    for (const seconds of [60, 300, 3600, 86_400]) expect(baseline.dispersion(seconds)).toBeGreaterThanOrEqual(1)
    expect(baseline.dispersion(300)).toBeLessThan(2.5)
  })

  test('grows with the window where slices lean on each other, and does not where they alternate', () => {
    const leaning = new Baseline(), alternating = new Baseline()
    learn(leaning, 14, (slice) => 30 + 12 * (Math.floor(slice / 17) % 2 === 0 ? 1 : -1))
    learn(alternating, 14, (slice) => 30 + 12 * (slice % 2 === 0 ? 1 : -1))
    expect(leaning.dispersion(3600) / leaning.dispersion(300)).toBeGreaterThan(3)
    expect(alternating.dispersion(3600) / alternating.dispersion(300)).toBeLessThan(leaning.dispersion(3600) / leaning.dispersion(300))
  })
})

describe('a past by the hour', () => {
  const hours = Array.from({ length: 21 * 24 }, (_, hour): [number, number] => [hour, hour % 24 >= 18 ? 480 + (hour % 3) : 120 + (hour % 5)])

  test('is known at once, with its season', () => {
    const baseline = new Baseline()
    baseline.warmUp(hours, 21 * 24)
    expect([baseline.known, baseline.newest]).toEqual([true, 21 * slicesPerDay - 1])
    expect(baseline.expected(21 * day + 20 * 3600, 3600)).toBeGreaterThan(350)
    expect(baseline.expected(21 * day + 6 * 3600, 3600)).toBeLessThan(180)
    expect(baseline.covers(21 * day - 1, day)).toBe(true)
  })

  test('says what learning its slices would have said, nearly', () => {
    const warm = new Baseline(), learnt = new Baseline()
    warm.warmUp(hours, 21 * 24)
    learn(learnt, 21, (slice) => hours[Math.floor(slice / 12)]![1] / 12)
    for (const hour of [3, 12, 19, 23]) {
      const ratio = warm.expected(21 * day + hour * 3600, 3600) / learnt.expected(21 * day + hour * 3600, 3600)
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.25)
    }
  })

  test('hours that are left out held nothing, and no past is none', () => {
    const baseline = new Baseline()
    baseline.warmUp([[0, 1200]], 24 * 7)
    expect(baseline.expected(7 * day, 3600)).toBeLessThan(100)
    const none = new Baseline()
    none.warmUp([], 500)
    expect([none.known, none.newest]).toEqual([false, -1])
  })
})

test('a platform has the season of its topic and its own level', () => {
  const topic = new Baseline()
  const platform = new Baseline(300, { season: topic })
  for (let slice = 0; slice < 10 * slicesPerDay; slice++) {
    const count = hourOf(slice) >= 12 ? 40 : 10
    topic.learn(slice, count)
    platform.learn(slice, count / 10)
  }
  for (const hour of [3, 15]) expect(platform.expected(10 * day + hour * 3600, 3600) / topic.expected(10 * day + hour * 3600, 3600)).toBeCloseTo(0.1, 1)
  expect(savedBytes(platform).length).toBeLessThan(200)
})

const counts = fc.array(fc.oneof({ weight: 8, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(5000) }), { maxLength: 400 })

test('whatever was learnt, a mean is finite and not negative, and a dispersion at least 1', () => {
  fc.assert(fc.property(counts, fc.nat(3), fc.nat(700_000), (before, jump, second) => {
    const baseline = new Baseline()
    before.forEach((count, i) => baseline.learn(i + (i > 100 ? jump * 300 : 0), count))
    for (const seconds of [60, 300, 7200, 86_400]) {
      expect(baseline.expected(second, seconds)).toBeGreaterThanOrEqual(0)
      expect(baseline.expected(second, seconds)).toBeLessThan(1e9)
      expect(baseline.dispersion(seconds)).toBeGreaterThanOrEqual(1)
      expect(baseline.dispersion(seconds)).toBeLessThan(1e9)
    }
  }), { numRuns: 60 })
})

test.each([{ kind: 'of its own', borrowed: null }, { kind: 'borrowed', borrowed: { season: new Baseline() } }])('a loaded baseline with a season $kind answers as the saved one', ({ borrowed }) => {
  fc.assert(fc.property(counts, counts, (before, after) => {
    const baseline = new Baseline(300, borrowed)
    before.forEach((count, i) => baseline.learn(i, count))
    const other = reloaded(baseline, new Baseline(300, borrowed))
    after.forEach((count, i) => {
      const slice = before.length + i + 3
      baseline.learn(slice, count)
      other.learn(slice, count)
      expect([other.known, other.newest, other.expected(endOf(slice), 7200), other.dispersion(3600), other.covers(endOf(slice), 7200)])
        .toEqual([baseline.known, baseline.newest, baseline.expected(endOf(slice), 7200), baseline.dispersion(3600), baseline.covers(endOf(slice), 7200)])
    })
  }), { numRuns: 60 })
})

test('what is no baseline is refused', () => {
  const bytes = savedBytes(new Baseline())
  for (const [at, value] of [[0, Number.NaN], [8, -1], [48, 1.5]] as const) {
    const wrong = bytes.slice()
    new DataView(wrong.buffer).setFloat64(at, value, true)
    expect(() => new Baseline().load(new StateReader(wrong))).toThrow(StateUnreadable)
  }
  expect(() => new Baseline().load(new StateReader(bytes.slice(0, -9)))).toThrow(StateUnreadable)
})
