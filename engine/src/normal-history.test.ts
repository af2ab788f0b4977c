import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HistoryPoint } from '@groundswell/schemas/topic-history.ts'
import { lowOf, normalHistory, type HistoryQuestion, type StoredPast } from './normal-history.ts'
import { createChance } from './drill/chance.ts'
import { Adaptive, type AdaptiveChange } from './core/adaptive.ts'
import { baselineLimits } from './core/3-measure/baseline.ts'
import { Gaps } from './core/3-measure/gaps.ts'
import { TopicWheels } from './core/3-measure/topic-wheels.ts'
import { highOf } from './core/4-detect/velocity-detector.ts'

const day = 86_400
const rules = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', baseline: { alarmBudget: '4 per 24h' } }
const start = Date.parse('2026-01-05T00:00:00Z') / 1000 // a Monday

/** About six mentions a minute by day and one by night, for `days` days. */
function counted(days: number, seed: number, extra: (minute: number) => number = () => 0): StoredPast {
  const chance = createChance(seed)
  const at: number[] = []
  const count: number[] = []
  for (let minute = 0; minute < days * 1440; minute++) {
    const rate = 3.5 - 2.5 * Math.cos((minute / 1440) * 2 * Math.PI)
    const mentions = chance.poisson(rate) + extra(minute)
    if (mentions === 0) continue
    at.push(start / 60 + minute)
    count.push(mentions)
  }
  return { minutes: { at, count }, known: [[start, start + days * day]], tripped: [] }
}

function historyOf(past: StoredPast, question: Partial<HistoryQuestion> & { readonly days: number }): HistoryPoint[] {
  const to = start + question.days * day
  const course = normalHistory({ from: to - day, to, stepSeconds: 300, learnFrom: start, lookFrom: start, clock: to - 1, rules, ...question }, past)
  for (;;) {
    const { done, value } = course.next()
    if (done) return value
  }
}

describe('the history of a topic', () => {
  const burst = (minute: number): number => (minute >= 9 * 1440 + 600 && minute < 9 * 1440 + 620 ? 30 : 0)
  const past = counted(10, 3, burst)
  const points = historyOf(past, { days: 10 })

  test('has a point for each step, with the exact count', () => {
    expect(points.map(({ at }) => at)).toEqual(Array.from({ length: 288 }, (_, step) => start + 9 * day + step * 300))
    for (const { at, count } of points) {
      expect(count).toBe(past.minutes.at.reduce((sum, minute, index) => (minute * 60 >= at && minute * 60 < at + 300 ? sum + past.minutes.count[index]! : sum), 0))
    }
  })

  test('knows the season, and nearly all of the calm lies in the band', () => {
    const [night, noon] = [points[6]!, points[144]!]
    expect(night.usual!).toBeLessThan(noon.usual! / 2)
    const calm = points.filter((_, index) => index < 118 || index > 126)
    expect(calm.filter(({ count, high }) => count! > high!).length).toBeLessThan(calm.length * 0.03)
    expect(calm.filter(({ count, low }) => count! < low!).length).toBeLessThan(calm.length * 0.03)
  })

  test('sees the burst stand out of the band, rarer than anything else of that day', () => {
    const during = points.slice(120, 124)
    for (const { count, high } of during) expect(count!).toBeGreaterThan(high!)
    expect(Math.min(...during.map(({ falsePerDay }) => falsePerDay!))).toBeLessThan(0.1)
    expect(points[122]!.stage).not.toBe('latent')
    expect(points[60]!.stage).toBe('latent')
  })

  test('does not look ahead: what is told of a step does not change with what comes after', () => {
    const later = counted(10, 3, (minute) => burst(minute) + (minute > 9 * 1440 + 1000 ? 50 : 0))
    expect(historyOf(later, { days: 10 }).slice(0, 200)).toEqual(points.slice(0, 200))
  })

  test('tells a gap as unknown, and does not learn from it', () => {
    const gap = [start + 9 * day + 4 * 3600, start + 9 * day + 9 * 3600] as const
    const holed: StoredPast = { ...past, known: [[start, gap[0]], [gap[1], start + 10 * day]], minutes: { at: past.minutes.at.filter((minute) => minute * 60 < gap[0] || minute * 60 >= gap[1]), count: past.minutes.count.filter((_, index) => past.minutes.at[index]! * 60 < gap[0] || past.minutes.at[index]! * 60 >= gap[1]) } }
    const told = historyOf(holed, { days: 10 })
    for (const { at, count, score, falsePerDay } of told) expect([count === null, score === null, falsePerDay === null]).toEqual(Array.from({ length: 3 }, () => at >= gap[0] && at < gap[1]))
    expect(told[110]!.usual!).toBeGreaterThan(points[110]!.usual! * 0.8)
  })

  test('a step that is still being counted is told as far as it is counted, and none behind the clock is', () => {
    const clock = start + 9 * day + 1000
    const told = historyOf(past, { days: 10, clock })
    expect(told).toHaveLength(4)
    expect(told[3]!.count).toBeLessThanOrEqual(points[3]!.count!)
    expect(told.slice(0, 3)).toEqual(points.slice(0, 3))
  })

  test('an hour is the sum of its minutes, whatever the step', () => {
    const hours = historyOf(past, { days: 10, stepSeconds: 3600 })
    expect(hours.map(({ count }) => count)).toEqual(Array.from({ length: 24 }, (_, hour) => points.slice(hour * 12, hour * 12 + 12).reduce((sum, { count }) => sum + count!, 0)))
    hours.forEach(({ falsePerDay }, hour) => expect(falsePerDay).toBe(Math.min(...points.slice(hour * 12, hour * 12 + 12).map((one) => one.falsePerDay!))))
  })
})

test('it shows what the engine computed: every alarm of the engine stands there with the same rarity and score', () => {
  const days = 5
  const past = counted(days, 11, (minute) => (minute > 3 * 1440 && minute % 1000 < 12 ? 25 : 0))
  const wheels = new TopicWheels(rules, start)
  const adaptive = new Adaptive(rules, start - baselineLimits.sliceSeconds)
  const gaps = new Gaps(baselineLimits.sliceSeconds)
  const told: AdaptiveChange[] = []
  const of = new Map(past.minutes.at.map((minute, index) => [minute, past.minutes.count[index]!]))
  for (let minute = start / 60; minute < start / 60 + days * 1440; minute++) {
    for (let mention = of.get(minute) ?? 0; mention > 0; mention--) wheels.add(minute * 60, minute * 60, 0, 0)
    if (of.has(minute) || adaptive.isRestless) told.push(...adaptive.look({ wheels, gaps, minute, tripped: false, isHeld: false }).filter(({ platform, state }) => platform === null && state === 'begin'))
  }
  expect(told.length).toBeGreaterThan(1)
  const points = historyOf(past, { days, from: start, stepSeconds: 60 })
  for (const { at, reading } of told) {
    const point = points[Math.floor((at - start) / 60)]!
    expect(point.at).toBe(at - 59)
    expect(Math.abs(point.score! - reading.score)).toBeLessThanOrEqual(0.01 * reading.score) // not the same: alarms of a platform make the engine look at more minutes
    expect(point.falsePerDay!).toBeLessThan(4)
  }
})

test('of a topic that nothing is known of, nothing is told', () => {
  const told = historyOf({ minutes: { at: [], count: [] }, known: [], tripped: [] }, { days: 2 })
  expect(told).toHaveLength(288)
  expect(new Set(told.flatMap(({ count, usual, high, score, stage }) => [count, usual, high, score, stage]))).toEqual(new Set([null]))
})

test('a silent topic is told as zeros, with nothing rare in them', () => {
  const told = historyOf({ minutes: { at: [], count: [] }, known: [[start, start + 2 * day]], tripped: [] }, { days: 2 })
  expect(new Set(told.map(({ count }) => count))).toEqual(new Set([0]))
  expect(new Set(told.map(({ score }) => score))).toEqual(new Set([0]))
})

test('the band holds the usual, and its lower bound is never below nothing', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 50, noNaN: true }), (usual, dispersion) => {
    const low = lowOf(usual, dispersion)
    expect(low).toBeGreaterThanOrEqual(0)
    expect(low).toBeLessThanOrEqual(usual + 1e-9)
    expect(highOf(usual, dispersion)).toBeGreaterThan(usual)
  }))
})
