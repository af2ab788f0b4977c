import { expect, test } from 'vitest'
import { mulberry32 } from '../mulberry32.ts'
import { inject, shapes, type Kind } from './burst.ts'
import { calmOf, usualPeak } from './calm.ts'
import type { MinuteSeries } from './minutes.ts'
import { alarmsIn, delayOf } from './outcome.ts'
import { rivalAlarms, rivals } from './rivals.ts'

const day = 1440
const flat = (days: number, every: number): MinuteSeries =>
  ({ set: 'test', name: 'flat', from: 30_000_000, counts: Uint32Array.from({ length: days * day }, (_, i) => (i % every === 0 ? 1 : 0)), known: [] })
const kindOf = (mentions: number): Kind => ({ shape: shapes[2], noise: 'rough', size: { mentions } })

test('bursts are the same for a seed, hold exactly their mentions, and lie in calm minutes, days apart', () => {
  const series = flat(40, 30)
  const calm = calmOf(series).fill(0, 10 * day, 15 * day)
  const fill = () => inject(series, { calm, peak: 1, chance: mulberry32(7), next: () => kindOf(200) })
  const { counts, bursts } = fill()
  expect(fill()).toEqual({ counts, bursts })
  expect(bursts.length).toBeGreaterThan(4)
  for (const [i, { at, shape }] of bursts.entries()) {
    const added = counts.subarray(at, at + shape.minutes).reduce((sum, count, minute) => sum + count - series.counts[at + minute]!, 0)
    expect(added).toBe(200)
    expect(calm[at]).toBe(1)
    if (i > 0) expect(at - bursts[i - 1]!.at).toBeGreaterThanOrEqual(4 * day)
  }
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(series.counts.reduce((sum, count) => sum + count, 0) + 200 * bursts.length)
})

test('a loud day, the hours around it and what is known are not calm; all else is', () => {
  const series = flat(40, 30)
  series.counts[20 * day + 700] = 500
  const calm = calmOf({ ...series, known: [[30 * day, 30 * day + 60]] })
  expect([calm[20 * day + 700], calm[20 * day + 100], calm[30 * day]]).toEqual([0, 0, 0])
  expect([calm[17 * day], calm[23 * day], calm[32 * day]]).toEqual([1, 1, 1])
  expect(calmOf(flat(40, 30))).not.toContain(0)
})

test('the usual peak is that of a usual day, whatever one day held', () => {
  const series = flat(20, 5)
  series.counts[9 * day] = 900
  expect(usualPeak(series)).toBe(2)
})

test('every rival tells a hundred mentions on a quiet topic once, and nothing where nothing comes', () => {
  const series = flat(10, 60)
  const burst = series.counts.slice()
  burst.fill(20, 8 * day, 8 * day + 15)
  for (const { name, figures, usual } of rivals) {
    const alarms = rivalAlarms(figures(burst, { peak: 1, mentionsMin: 10 }), usual)
    expect(alarms, name).toHaveLength(1)
    expect(alarms[0]!.begin - 8 * day, name).toBeLessThan(6)
    expect(rivalAlarms(figures(series.counts, { peak: 1, mentionsMin: 10 }), usual), name).toEqual([])
  }
})

test('a burst is told by an alarm that it brought: not by one that rang already, came too late, or comes without it as well', () => {
  const burst = { ...kindOf(100), at: 1000, mentions: 100, hour: 0 }
  expect(delayOf([{ begin: 1007, end: 1100 }], burst, [])).toBe(7)
  expect(delayOf([{ begin: 990, end: 1100 }, { begin: 1110, end: 1120 }], burst, [])).toBe(null)
  expect(delayOf([{ begin: 1121, end: 1200 }], burst, [])).toBe(null)
  expect(delayOf([{ begin: 1007, end: 1100 }], burst, [{ begin: 1005, end: 1006 }])).toBe(null)
  expect(delayOf([{ begin: 1007, end: 1030 }, { begin: 1050, end: 1100 }], burst, [{ begin: 1005, end: 1006 }])).toBe(50)
})

test('false alarms are those in calm minutes, after the first day', () => {
  const where = new Uint8Array(4 * day).fill(1, 0, 2 * day)
  expect(alarmsIn([{ begin: 100, end: 110 }, { begin: 1500, end: 1510 }, { begin: 3000, end: 3010 }], where)).toBe(1)
  expect(alarmsIn([{ begin: 100, end: 110 }, { begin: 1500, end: 1510 }, { begin: 3000, end: 3010 }], null)).toBe(2)
})
