import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mulberry32 } from './core/4-detect/normal-traffic.testing.ts'
import { SeriesScorer, type SeriesRow } from './score-series.ts'

const begin = 1_425_000_000
const scoresOf = (rows: readonly (SeriesRow | null)[]): number[] => {
  const scorer = new SeriesScorer()
  return rows.map((row) => scorer.score(row))
}

/** Rows every five minutes with a daily rhythm. */
function seriesOf(rows: number, seed = 1, seconds = 300): { second: number; count: number | null }[] {
  const random = mulberry32(seed)
  return Array.from({ length: rows }, (_, i) => ({ second: begin + i * seconds, count: Math.round((20 + 10 * Math.sin((2 * Math.PI * i * seconds) / 86_400)) * (0.6 + 0.8 * random())) }))
}

const anyRow = fc.oneof(
  { weight: 12, arbitrary: fc.record({ move: fc.constant(300), count: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ move: fc.nat(90_000), count: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ move: fc.integer({ min: -900, max: 900 }), count: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant(300), count: fc.nat(100_000) }) },
)
const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 700 }).map((steps) => {
  let second = begin
  return steps.map(({ move, count }): SeriesRow => ({ second: second += move, count }))
})

test('what comes later changes no score before it', () => {
  fc.assert(fc.property(anyRows, anyRows, fc.nat(700), (rows, future, cut) => {
    const prefix = rows.slice(0, cut)
    const moved = future.map(({ second, count }) => ({ second: second + 1_000_000, count }))
    expect(scoresOf([...prefix, ...moved]).slice(0, prefix.length)).toEqual(scoresOf(rows).slice(0, cut))
  }), { numRuns: 60 })
})

test('every row has a score from 0 to 1', () => {
  fc.assert(fc.property(anyRows, (rows) => {
    for (const score of scoresOf(rows)) {
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThan(1)
    }
  }), { numRuns: 60 })
})

test('a surge is the highest of a series, told once, within two rows of its top', () => {
  const rows = seriesOf(288 * 10)
  for (let i = 0; i < 4; i++) rows[2500 + i]!.count = 400
  const scores = scoresOf(rows)
  const highest = scores.indexOf(Math.max(...scores))
  expect(highest).toBeGreaterThanOrEqual(2500)
  expect(highest).toBeLessThan(2520)
  expect(scores.slice(2500, 2700).filter((score) => score > 0.3)).toHaveLength(1)
})

describe('what is missing', () => {
  test('for hours is no anomaly, and not zero', () => {
    const rows = seriesOf(288 * 8).filter((_, i) => i < 1500 || i >= 1560)
    const scores = scoresOf(rows)
    expect(Math.max(...scores.slice(1480, 1600))).toBeLessThan(0.3)
  })

  test('for many days makes nothing rare of what was usual before', () => {
    const rows = seriesOf(288 * 30).filter((_, i) => i < 288 * 15 || i >= 288 * 25)
    expect(Math.max(...scoresOf(rows).slice(288 * 15, 288 * 17))).toBeLessThan(0.2)
  })

  test('is no anomaly where rows lack here and there, and rows that are not in order cost themselves', () => {
    const random = mulberry32(8)
    const rows = seriesOf(288 * 8).filter(() => random() > 0.1)
    const shaken = rows.flatMap((row, i) => (i % 97 === 50 ? [row, rows[i - 20]!] : [row]))
    expect(Math.max(...scoresOf(shaken).slice(900))).toBeLessThan(0.45)
    expect(scoresOf(shaken).filter((_, i) => i % 98 === 51 && i > 51).every((score) => score === 0)).toBe(true)
  })

  test('a count that cannot be read is scored 0 and changes little', () => {
    const rows = seriesOf(288 * 6), wrong = rows.map((row, i) => (i % 50 === 20 ? { ...row, count: null } : row))
    const scores = scoresOf(wrong)
    expect(scores).toHaveLength(rows.length)
    expect(scores.filter((_, i) => i % 50 === 20).every((score) => score === 0)).toBe(true)
    expect(Math.max(...scores.slice(900))).toBeLessThan(0.45)
  })
})

test.each([60, 600, 3600, 86_400])('rows may be %i s apart', (seconds) => {
  const rows = seriesOf(600, 3, seconds)
  rows[500]!.count = 2000
  const scores = scoresOf(rows)
  const highest = scores.indexOf(Math.max(...scores))
  expect(highest).toBeGreaterThanOrEqual(500)
  expect(highest).toBeLessThan(500 + 1 + Math.ceil(14_400 / seconds))
})

test('rows that do not divide a quarter of an hour are held against what their windows really span', () => {
  const highest = (seconds: number): number => Math.max(...scoresOf(Array.from({ length: 120 }, (_, i) => ({ second: begin + i * seconds, count: 100 }))))
  expect(highest(600)).toBeLessThan(highest(300) + 0.02)
})

test('a series from before 1970 is scored like any other', () => {
  const rows = seriesOf(288 * 4)
  rows[1000]!.count = 2000
  const weeks = 3000 * 604_800
  const before = scoresOf(rows.map(({ second, count }) => ({ second: second - weeks, count })))
  scoresOf(rows).forEach((score, i) => { expect(before[i]).toBeCloseTo(score, 6) })
})

test('a series too short to know anything is scored 0', () => {
  expect(scoresOf(seriesOf(5))).toEqual([0, 0, 0, 0, 0])
  expect(scoresOf([null, null])).toEqual([0, 0])
})
