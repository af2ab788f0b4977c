import { describe, expect, test } from 'vitest'
import { reloaded } from '../../../test/saved.ts'
import { Baseline } from '../3-measure/baseline.ts'
import { lookThrough, normalMinutes } from './normal-traffic.testing.ts'
import { clockSeconds, VelocityDetector, type Reading } from './velocity-detector.ts'

/** Alarms a day after the first days: begun where a look is rarer than the budget, over after half an hour of looks that are not rare at all. */
function alarmsPerDay(minutes: Float64Array, budgetPerDay: number): number {
  const settled = 3 * 1440
  let open = false, calm = 0, alarms = 0
  lookThrough(minutes, (minute, reading) => {
    if (reading === null) return
    if (!open && reading.falsePerDay <= budgetPerDay) {
      open = true
      calm = 0
      if (minute >= settled) alarms++
    }
    calm = reading.falsePerDay > 3 * budgetPerDay ? calm + 1 : 0
    if (calm >= 30) open = false
  })
  return alarms / ((minutes.length - settled) / 1440)
}

describe('the budget of false alarms is kept on normal traffic', () => {
  test.each([
    { perMinute: 0.01 }, { perMinute: 0.1 }, { perMinute: 1 }, { perMinute: 10 },
    { perMinute: 1, dispersion: 1, season: 0, wander: 0 }, { perMinute: 5, dispersion: 4 }, { perMinute: 5, wander: 0.6 },
  ])('$perMinute a minute, dispersion $dispersion, season $season, wander $wander', (traffic) => {
    const weeks = [1, 2, 3].map((seed) => normalMinutes({ ...traffic, days: 45, seed }))
    for (const budget of [1, 6]) {
      const perDay = weeks.reduce((sum, minutes) => sum + alarmsPerDay(minutes, budget), 0) / weeks.length
      expect(perDay / budget).toBeLessThan(1.5)
    }
  })
})

describe('what is not normal stands out', () => {
  const days = 10
  const rarest = (minutes: Float64Array, from: number, to: number): Reading => {
    let best: Reading | null = null
    lookThrough(minutes, (minute, reading) => { if (reading && minute >= from && minute < to && (!best || reading.falsePerDay < best.falsePerDay)) best = reading })
    return best!
  }

  test('a flash of five minutes on a quiet topic', () => {
    const minutes = normalMinutes({ perMinute: 0.05, days, seed: 5 })
    const at = 9 * 1440 + 200
    for (let i = 0; i < 5; i++) minutes[at + i] = 8
    expect(rarest(minutes, at, at + 5).falsePerDay).toBeLessThan(0.01)
  })

  test('300 mentions in an hour of the night, where evenings hold as many', () => {
    const minutes = normalMinutes({ perMinute: 2, days, seed: 6, season: 1.2 })
    const night = 9 * 1440 + 1080 // the lowest of the day
    for (let i = 0; i < 60; i++) minutes[night + i]! += 5
    expect(rarest(minutes, night, night + 60).falsePerDay).toBeLessThan(0.1)
  })

  test('a slow burn of a day that no hour gives away', () => {
    const minutes = normalMinutes({ perMinute: 2, days, seed: 7, wander: 0.1 })
    const from = 9 * 1440
    for (let i = 0; i < 1440; i++) minutes[from + i]! += 2 + (i % 3)
    const reading = rarest(minutes, from, from + 1440)
    expect(reading.falsePerDay).toBeLessThan(0.3)
    expect(clockSeconds[reading.clock]!).toBeGreaterThanOrEqual(900)
  })

  test('a topic never seen before that wakes up', () => {
    const minutes = new Float64Array(3 * 1440)
    for (let i = 0; i < 10; i++) minutes[2 * 1440 + i] = 4
    expect(rarest(minutes, 2 * 1440, 2 * 1440 + 10).falsePerDay).toBeLessThan(0.2)
  })

  test('two mentions within five minutes on a topic of one in two hours are nothing rare', () => {
    const minutes = normalMinutes({ perMinute: 0.01, days, seed: 12, dispersion: 1 })
    minutes.fill(0, 9 * 1440)
    minutes[9 * 1440 + 300] = minutes[9 * 1440 + 303] = 1
    expect(rarest(minutes, 9 * 1440, 10 * 1440).falsePerDay).toBeGreaterThan(0.5)
  })
})

test('a new topic has no reading in its first half hour and is useful within the hour', () => {
  const minutes = normalMinutes({ perMinute: 5, days: 1, seed: 8, season: 0 })
  for (let i = 75; i < 85; i++) minutes[i] = 80
  const readings: { minute: number; reading: Reading }[] = []
  lookThrough(minutes, (minute, reading) => { if (reading) readings.push({ minute, reading }) })
  const rarestOf = (from: number, to: number): number => Math.min(...readings.filter(({ minute }) => minute >= from && minute < to).map(({ reading }) => reading.falsePerDay))
  expect(readings[0]!.minute).toBe(39) // six slices, ten minutes after they closed
  expect(rarestOf(39, 75)).toBeGreaterThan(1)
  expect(rarestOf(75, 85)).toBeLessThan(0.1)
})

test('what a reading says of its window is that of the clock that stands out', () => {
  lookThrough(normalMinutes({ perMinute: 3, days: 2, seed: 9 }), (_, reading) => {
    if (!reading) return
    const { count, usual, high } = reading.clocks[reading.clock]!
    expect([reading.count, reading.usual, reading.high]).toEqual([count, usual, high])
    expect(high).toBeGreaterThan(usual)
    expect(reading.falsePerDay).toBeGreaterThan(0)
  })
})

test('99 of 100 windows hold at most what a reading says', () => {
  let above = 0, all = 0
  lookThrough(normalMinutes({ perMinute: 4, days: 30, seed: 10 }), (minute, reading) => {
    if (!reading || minute < 5 * 1440) return
    all++
    if (reading.clocks[1]!.count > reading.clocks[1]!.high) above++
  })
  expect(above / all).toBeLessThan(0.02)
  expect(above / all).toBeGreaterThan(0.001)
})

test('after a storm 99 of 100 windows hold at most what a reading says, not 999 of 1000, and never more than the band', () => {
  let all = 0, above = 0, aboveBand = 0
  for (const seed of [1, 2, 3]) {
    const minutes = normalMinutes({ perMinute: 0.3, days: 8, seed, dispersion: 1, season: 0, wander: 0 })
    for (let i = 0; i < 1400; i++) minutes[600 + i]! += Math.round(6 * Math.exp(-i / 300) * ((i % 13) / 6))
    lookThrough(minutes, (minute, reading) => {
      if (!reading || minute < 3 * 1440) return
      for (const { high, band, usual } of reading.clocks) if (high > band || high <= usual) throw new Error(`${high} is not between ${usual} and ${band}`)
      all++
      if (reading.clocks[1]!.count > reading.clocks[1]!.high) above++
      if (reading.clocks[1]!.count > reading.clocks[1]!.band) aboveBand++
    })
  }
  expect(aboveBand / all).toBeLessThan(0.002) // its scatter was learnt in the storm
  expect(above / all).toBeGreaterThan(0.002)
  expect(above / all).toBeLessThan(0.01)
})

test('a loaded detector answers as the saved one', () => {
  const minutes = normalMinutes({ perMinute: 1, days: 6, seed: 11 })
  for (const cut of [1, 50, 2000, 5000, 8639]) {
    const baseline = new Baseline()
    const { detector } = lookThrough(minutes.subarray(0, cut), () => { /* only to learn */ }, { baseline })
    const other = reloaded(detector, new VelocityDetector())
    const otherBaseline = reloaded(baseline, new Baseline())
    for (let i = 1; i <= 40; i++) {
      const second = (cut + i * 31) * 60 - 1, counts = [i % 3, i, 2 * i, 5 * i, 9 * i, 90 * i]
      expect(other.look(second, counts, otherBaseline)).toEqual(detector.look(second, counts, baseline))
    }
  }
})
