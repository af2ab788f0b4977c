import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import { recentCounts } from '../3-measure/recent-counts.ts'
import { SliceWheel } from '../3-measure/slice-wheel.ts'
import { planWindows } from '../3-measure/window-plan.ts'
import { Countdowns, horizonOf, approachOf, leadsOf } from './countdown.ts'
import { Thresholds, type VelocityRule } from './thresholds.ts'

const t0 = 1_700_000_000
const day = 86_400
type Rule = { readonly count: number; readonly within: string }

/** The wheels of a topic with these rules after mentions at these seconds. */
function after(seconds: readonly number[], rules: readonly Rule[]): { seconds: SliceWheel; minutes: SliceWheel; rules: readonly VelocityRule[] } {
  const topic = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [...rules] }
  const plan = planWindows(topic)
  const wheels = { seconds: new SliceWheel(plan.seconds), minutes: new SliceWheel(plan.minutes), rules: new Thresholds(topic, plan.ofRule).rules }
  for (const second of [...seconds].sort((a, b) => a - b)) {
    wheels.seconds.add(second, second)
    wheels.minutes.add(Math.floor(second / 60), Math.floor(second / 60))
  }
  return wheels
}

function countdownsAt(clock: number, seconds: readonly number[], rules: readonly Rule[], knownFrom = t0 - day): CountdownFigure[] {
  const wheels = after(seconds, rules)
  const countdowns = new Countdowns(wheels, recentCounts(wheels, clock, knownFrom))
  return wheels.rules.map((rule) => countdowns.of(rule))
}

const steady = (perMinute: number, minutes: number): number[] => Array.from({ length: perMinute * minutes }, (_, n) => t0 - Math.floor((n * 60) / perMinute))
const ages = fc.array(fc.oneof(fc.nat(300), fc.nat(7200), fc.nat(80_000)), { maxLength: 200 })
const within = fc.constantFrom('10s', '60s', '10m', '37m', '1h', '2h', '3h', '24h')
const span = (text: string): number => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.at(-1) as 's' | 'm' | 'h']

describe('whatever came before', () => {
  test('a probability lies between 0 and 1, and low, eta and high follow each other, each only within the horizon', () => {
    fc.assert(fc.property(ages, fc.integer({ min: 1, max: 400 }), within, (ages, count, within) => {
      const [figure] = countdownsAt(t0, ages.map((age) => t0 - age), [{ count, within }])
      const { probability, low, eta, high, horizonSeconds } = figure!
      expect(probability).toBeGreaterThanOrEqual(0)
      expect(probability).toBeLessThanOrEqual(1)
      expect([low !== null, eta !== null, high !== null]).toEqual([probability >= 0.1, probability >= 0.5, probability >= 0.9])
      const times = [t0, low, eta, high, t0 + horizonSeconds].filter((time) => time !== null)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }))
  })

  test('a higher threshold is never more likely to trip, nor earlier', () => {
    fc.assert(fc.property(ages, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), within, (ages, count, more, within) => {
      const [lower, higher] = countdownsAt(t0, ages.map((age) => t0 - age), [{ count, within }, { count: count + more, within }])
      expect(higher!.probability).toBeLessThanOrEqual(lower!.probability)
      for (const key of ['low', 'eta', 'high'] as const) expect(higher![key] ?? Infinity).toBeGreaterThanOrEqual(lower![key] ?? Infinity)
    }))
  })

  test('what is known of the count ahead is what a recount finds when nothing more comes', () => {
    fc.assert(fc.property(ages, within, fc.nat(59), (ages, within, later) => {
      const clock = t0 + later
      const seconds = ages.map((age) => clock - age)
      const wheels = after(seconds, [{ count: 9, within }])
      const slice = span(within) <= 7200 ? 1 : 60
      const ends = leadsOf(span(within)).map((lead) => Math.max(Math.floor(clock / slice), Math.floor((clock + lead + 1) / slice) - 1))
      const recount = (end: number): number => seconds.filter((second) => Math.floor(second / slice) > end - span(within) / slice).length
      const { held, known, spans } = approachOf(wheels, wheels.rules[0]!.window, clock)
      expect([held, ...Array.from(known)]).toEqual([recount(Math.floor(clock / slice)), ...ends.map(recount)])
      for (const [j, lead] of leadsOf(span(within)).entries()) expect(lead - spans[j]!).toBe(slice === 1 ? 0 : (clock + lead + 1) % 60)
    }))
  })
})

test('looking changes nothing: asked twice, a countdown answers the same', () => {
  const wheels = after(steady(12, 90), [{ count: 1000, within: '1h' }, { count: 3000, within: '24h' }])
  const look = (): CountdownFigure[] => wheels.rules.map((rule) => new Countdowns(wheels, recentCounts(wheels, t0, t0 - day)).of(rule))
  expect(look()).toEqual(look())
})

test.each<{ perMinute: number; minutes: number; rule: Rule; least: number; most: number; why: string }>([
  { perMinute: 60, minutes: 50, rule: { count: 3100, within: '1h' }, least: 0.99, most: 1, why: 'a steady flow is two minutes away from it' },
  { perMinute: 60, minutes: 10, rule: { count: 2000, within: '1h' }, least: 0.3, most: 0.9, why: 'a burst of ten minutes would fill it in 23 more, and bursts fade' },
  { perMinute: 0, minutes: 0, rule: { count: 10, within: '1h' }, least: 0, most: 0.02, why: 'a silent topic' },
  { perMinute: 0, minutes: 0, rule: { count: 1, within: '10m' }, least: 0, most: 0.05, why: 'a silent topic is unlikely to speak, though one mention would do' },
  { perMinute: 1, minutes: 1440, rule: { count: 5000, within: '1h' }, least: 0, most: 0.02, why: 'a topic that has held a hundredth of it all day' },
  { perMinute: 10, minutes: 1440, rule: { count: 6000, within: '1h' }, least: 0, most: 0.05, why: 'a busy topic that has held a tenth of it all day' },
])('P is $least … $most: $why', ({ perMinute, minutes, rule, least, most }) => {
  const [figure] = countdownsAt(t0, steady(perMinute, minutes), [rule])
  expect(figure!.probability).toBeGreaterThanOrEqual(least)
  expect(figure!.probability).toBeLessThanOrEqual(most)
})

test('the ETA of a burst is about when its flow gets there, and a little later', () => {
  const [figure] = countdownsAt(t0, steady(60, 10), [{ count: 1200, within: '1h' }])
  expect(figure!.eta! - t0).toBeGreaterThan(400)
  expect(figure!.eta! - t0).toBeLessThan(1200)
  expect(figure!.low! - t0).toBeGreaterThan(150)
  expect(figure!.low! - t0).toBeLessThan(600)
})

test('growth brings it nearer than the same count without growth', () => {
  const growing = Array.from({ length: 40 }, (_, minute) => Array.from({ length: Math.round(40 * 0.9 ** minute) }, () => t0 - 60 * minute)).flat()
  const flat = Array.from({ length: growing.length }, (_, n) => t0 - Math.floor((n * 2400) / growing.length))
  const rule = { count: 3 * growing.length, within: '1h' }
  expect(countdownsAt(t0, growing, [rule])[0]!.probability).toBeGreaterThan(countdownsAt(t0, flat, [rule])[0]!.probability + 0.1)
})

test('a count that is there already, in the second that still runs, is a certain trip now', () => {
  const [figure] = countdownsAt(t0, steady(60, 2), [{ count: 100, within: '10m' }])
  expect(figure).toMatchObject({ probability: 1, eta: t0, low: t0, high: t0 })
})

test('a window above two hours trips when a minute closes: not before, and what is there already at the end of this one', () => {
  const clock = t0 - (t0 % 60) + 20
  const seconds = steady(60, 30)
  const rules = [{ count: 1000, within: '3h' }, { count: 1830, within: '3h' }]
  const [there, near] = countdownsAt(clock, seconds, rules)
  expect(there).toMatchObject({ probability: 1, eta: clock + 39, low: clock + 39, high: clock + 39 })
  expect(near!.low!).toBeGreaterThan(clock + 30)
})

test('a window looks as far ahead as it looks back, at least ten minutes and at most two hours', () => {
  expect([1, 60, 600, 2700, 7200, 86_400].map(horizonOf)).toEqual([600, 600, 600, 2700, 7200, 7200])
  for (const seconds of [1, 600, 2700, 86_400]) expect(leadsOf(seconds).at(-1)).toBe(horizonOf(seconds))
})
