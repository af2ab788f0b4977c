import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bandOf, horizon, horizonBands, horizonRows } from './horizon.ts'
import { provinceCounts, provinceTiles, tileColumns, tileRows } from './provinces.ts'
import { sentimentChart, shareOf } from './sentiment.ts'
import { brushBetween, moved, stepAt, stepsIn, sumWithin, timeAt, xOf, type PlaneRange } from './time-plane.ts'

const ranges: fc.Arbitrary<PlaneRange> = fc.record({ first: fc.integer({ min: 0, max: 30_000_000 }), steps: fc.integer({ min: 1, max: 700 }), stepMs: fc.constantFrom(60_000, 300_000, 3_600_000), ahead: fc.constantFrom(0, 7_200_000) })
  .map(({ first, steps, stepMs, ahead }) => ({ from: first * stepMs, to: (first + steps) * stepMs, stepMs, ahead }))
const stepsFor = (length: number): { left: number; right: number }[] => Array.from({ length }, (_, index) => ({ left: index * 10, right: index * 10 + 10 }))
/** Heights of the fields of a path at the middle of each step: how far it reaches between its upper and lower edge. */
function heightsOf(path: string, length: number): number[] {
  const heights = Array.from({ length }, () => 0)
  for (const field of path.split('z').filter((one) => one !== '')) {
    const points = [...field.matchAll(/([MVH])([\d.-]+)(?: ([\d.-]+))?/g)].reduce<{ x: number; y: number }[]>((all, [, command, first, second]) => {
      const { x, y } = all.at(-1) ?? { x: 0, y: 0 }
      return [...all, command === 'M' ? { x: Number(first), y: Number(second) } : command === 'V' ? { x, y: Number(first) } : { x: Number(first), y }]
    }, [])
    for (let index = 0; index < points.length; index++) {
      const [a, b] = [points[index]!, points[(index + 1) % points.length]!]
      if (a.y !== b.y || a.x === b.x) continue
      for (let step = Math.round(Math.min(a.x, b.x) / 10); step < Math.round(Math.max(a.x, b.x) / 10); step++) heights[step]! += b.x > a.x ? -a.y : a.y
    }
  }
  return heights
}

describe('the time axis of all charts', () => {
  test('a place and its time are each other\'s, and no place lies beyond the plane', () => {
    fc.assert(fc.property(ranges, fc.double({ min: -50, max: 900, noNaN: true }), (range, x) => {
      const at = timeAt(x, range, 800)
      expect(at).toBeGreaterThanOrEqual(range.from)
      expect(at).toBeLessThanOrEqual(range.to + range.ahead)
      expect(xOf(at, range, 800)).toBeCloseTo(Math.min(800, Math.max(0, x)), 3)
    }))
  })
  test('a brush is whole steps within what is known, holds both ends, and does not know in which direction it was drawn', () => {
    fc.assert(fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (range, a, b) => {
      const [one, other] = [timeAt(a * 800, range, 800), timeAt(b * 800, range, 800)]
      const brush = brushBetween(one, other, range)
      expect(brush).toEqual(brushBetween(other, one, range))
      expect([(brush.from - range.from) % range.stepMs, (brush.to - range.from) % range.stepMs]).toEqual([0, 0])
      expect(brush.from).toBeLessThan(brush.to)
      expect([brush.from >= range.from, brush.to <= range.to]).toEqual([true, true])
      for (const at of [one, other]) if (at < range.to) expect([brush.from <= at, at < brush.to]).toEqual([true, true])
    }))
  })
  test('keys: arrows move within the steps, with Shift the span from where it was first held grows and shrinks, without it ends', () => {
    fc.assert(fc.property(ranges, fc.array(fc.record({ key: fc.constantFrom('ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'), shift: fc.boolean() }), { maxLength: 30 }), (range, keys) => {
      let at: { step: number; anchor: number | null } = { step: stepsIn(range) - 1, anchor: null }
      for (const key of keys) {
        const before = at
        const next = moved(key, at, range)!
        expect([next.step >= 0, next.step < stepsIn(range)]).toEqual([true, true])
        expect(next.anchor).toBe(key.shift ? before.anchor ?? before.step : null)
        if (key.shift) expect([next.brush!.from, next.brush!.to]).toEqual([range.from + Math.min(next.anchor!, next.step) * range.stepMs, range.from + (Math.max(next.anchor!, next.step) + 1) * range.stepMs])
        else expect(next.brush).toBeNull()
        at = { step: next.step, anchor: next.anchor }
      }
    }))
    expect(moved({ key: 'x', shift: false }, { step: 0, anchor: null }, { from: 0, to: 60_000, stepMs: 60_000, ahead: 0 })).toBeNull()
  })
  test('the sum of a brush is that of its steps alone', () => {
    fc.assert(fc.property(ranges, fc.nat(800), fc.nat(800), (range, a, b) => {
      const column = Array.from({ length: stepsIn(range) }, (_, step) => (step * 7) % 13)
      const brush = brushBetween(timeAt(a, range, 800), timeAt(b, range, 800), range)
      expect(sumWithin(column, brush, range)).toBe(column.filter((_, step) => { const at = range.from + step * range.stepMs; return at >= brush.from && at < brush.to }).reduce((sum, one) => sum + one, 0))
      expect(stepAt(range.to + 1, range)).toBe(stepsIn(range) - 1)
    }))
  })
})

describe('horizons', () => {
  test('the bands of a step add up to its count, and the largest fits', () => {
    fc.assert(fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 }), (counts) => {
      const band = bandOf([counts])
      expect(band * horizonBands).toBeGreaterThanOrEqual(Math.max(...counts))
      const paths = horizon(counts, stepsFor(counts.length), { height: 100, band })
      const heights = paths.map((path) => heightsOf(path, counts.length))
      counts.forEach((count, index) => expect(Math.abs(heights.reduce((sum, level) => sum + level[index]!, 0) - (100 * count) / band)).toBeLessThan(0.5))
    }))
  })
  test('rows beyond the most are one, and all rows add up to the whole', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat(50), { minLength: 5, maxLength: 5 }), { maxLength: 12 }), fc.integer({ min: 1, max: 8 }), (columns, rowsMax) => {
      const platforms = columns.map((counts, index) => ({ platform: `p${index}`, counts, total: counts.reduce((sum, one) => sum + one, 0) }))
      const rows = horizonRows(platforms, rowsMax)
      expect(rows.length).toBeLessThanOrEqual(rowsMax)
      const whole = platforms.reduce((sum, { total }) => sum + total, 0)
      expect(rows.reduce((sum, { total }) => sum + total, 0)).toBe(whole)
      expect(rows.reduce((sum, { counts }) => sum + counts.reduce((all, one) => all + one, 0), 0)).toBe(whole)
    }))
  })
  test.each([[[[0]], 1], [[[3]], 1], [[[4]], 2], [[[31]], 12], [[[301]], 120], [[[801]], 300], [[[9_000]], 3_000]] as const)('of %j a band is %d', (columns, band) => expect(bandOf(columns)).toBe(band))
})

describe('sentiment', () => {
  test('positive is above the line, negative below it, by one scale', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(90), fc.nat(90)), { minLength: 1, maxLength: 20 }), (rows) => {
      const columns = { negative: rows.map(([n]) => n), neutral: rows.map(([, n]) => n), positive: rows.map(([, , n]) => n) }
      const chart = sentimentChart(columns, stepsFor(rows.length), { height: 200, shareHeight: 50 })
      const [up, down] = [heightsOf(chart.positive, rows.length), heightsOf(chart.negative, rows.length)]
      rows.forEach(([negative, , positive], index) => {
        expect(Math.abs(up[index]! - (100 * positive) / chart.top)).toBeLessThan(0.2)
        expect(Math.abs(down[index]! - (100 * negative) / chart.top)).toBeLessThan(0.2)
      })
    }))
  })
  test('a share needs enough that have a sentiment', () => expect([shareOf({ negative: 2, neutral: 0, positive: 1 }), shareOf({ negative: 2, neutral: 2, positive: 4 })]).toEqual([null, 0.25]))
})

describe('provinces', () => {
  test('there are 34 tiles, each with a place and a name of its own', () => {
    expect(provinceTiles).toHaveLength(34)
    for (const key of ['geo', 'zh', 'short', 'en'] as const) expect(new Set(provinceTiles.map((tile) => tile[key])).size).toBe(34)
    expect(new Set(provinceTiles.map(({ column, row }) => `${column}/${row}`)).size).toBe(34)
    for (const { column, row } of provinceTiles) expect([column < tileColumns, row < tileRows]).toEqual([true, true])
  })
  test('tiles, unknown and elsewhere add up to all', () => {
    const codes = [...provinceTiles.slice(0, 9).map(({ geo }) => geo), '', 'US-CA', 'FR-75']
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...codes)), fc.array(fc.nat(500), { minLength: 12, maxLength: 12 }), (geos, counts) => {
      const all = geos.map((geo, index) => ({ geo, count: counts[index]!, negative: 0 }))
      const { tiles, unknown, elsewhere } = provinceCounts(all)
      expect(tiles.reduce((sum, { count }) => sum + count, 0) + unknown + elsewhere.reduce((sum, { count }) => sum + count, 0)).toBe(all.reduce((sum, { count }) => sum + count, 0))
      for (const { count, shade } of tiles) expect(shade === 0).toBe(count === 0)
    }))
  })
})
