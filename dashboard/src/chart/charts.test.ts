import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minutes, seeded } from '../../test/seeded.ts'
import { minuteBars } from './minute-bars.ts'
import { volumeChart } from './volume.ts'

const rectangles = (path: string): { x: number; width: number; top: number; bottom: number }[] =>
  [...path.matchAll(/M([\d.]+) ([\d.]+)V([\d.]+)h([\d.]+)V[\d.]+z/g)].map(([, x, bottom, top, width]) => ({ x: Number(x), bottom: Number(bottom), top: Number(top), width: Number(width) }))

describe('minute bars', () => {
  test('every known count above zero has one bar of its height, every unknown minute is in exactly one gap, zero draws nothing', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(-1), fc.constant(0), fc.nat(10_000)), { minLength: 1, maxLength: 60 }), (counts) => {
      const width = counts.length * 10
      const shape = minuteBars(counts, { width, height: 100, topMin: 1 })
      const bars = [...rectangles(shape.bars), ...rectangles(shape.running)]
      expect(bars.map(({ x }) => Math.floor(x / 10))).toEqual(counts.flatMap((count, index) => (count > 0 ? [index] : [])))
      for (const { x, top, bottom } of bars) {
        const count = counts[Math.floor(x / 10)] ?? 0
        expect(bottom - top).toBeCloseTo(Math.max(2, (100 * count) / Math.max(1, ...counts)), 1)
      }
      const hatched = rectangles(shape.gaps).flatMap(({ x, width: wide }) => Array.from({ length: Math.round(wide / 10) }, (_, index) => Math.round(x / 10) + index))
      expect(hatched).toEqual(counts.flatMap((count, index) => (count < 0 ? [index] : [])))
    }))
  })

  test('only the last minute is drawn as running', () => {
    const shape = minuteBars([3, 0, 4], { width: 30, height: 10 })
    expect(rectangles(shape.running).map(({ x }) => x)).toEqual([21])
    expect(rectangles(shape.bars).map(({ x }) => x)).toEqual([1])
  })

  test('nothing at all is still a picture', () => expect(minuteBars([], { width: 0, height: 0 })).toMatchObject({ bars: '', running: '', gaps: '', peak: 0 }))
})

const svg = (size: { width: number; height: number }, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">\n${body}\n</svg>\n`

test('a seeded topic looks like this', async () => {
  const size = { width: 240, height: 60 }
  const shape = minuteBars(minutes(seeded(3), { peak: 900, swell: 12, gap: 7 }), size)
  await expect(svg(size, `<path fill="#5188B4" d="${shape.bars}"/>\n<path fill="#33597A" d="${shape.running}"/>\n<path fill="#5B6B7A" d="${shape.gaps}"/>`)).toMatchFileSnapshot('./seeded/topic.svg')
})

test('a seeded hour looks like this', async () => {
  const size = { width: 600, height: 160 }
  const chart = volumeChart(minutes(seeded(5), { peak: 3_400, swell: 20, gap: 4 }), size)
  const lines = [...chart.levels.map(({ y }) => `<line x2="600" y1="${y}" y2="${y}" stroke="#2B3540"/>`), ...chart.quarters.map(({ x }) => `<line x1="${x}" x2="${x}" y2="160" stroke="#2B3540"/>`)]
  await expect(svg(size, [...lines, `<path fill="#5188B4" d="${chart.bars}"/>`, `<path fill="#33597A" d="${chart.running}"/>`, `<path fill="#5B6B7A" d="${chart.gaps}"/>`].join('\n'))).toMatchFileSnapshot('./seeded/hour.svg')
})

test('level lines stand at readable numbers inside the chart', () => {
  const chart = volumeChart(minutes(seeded(5), { peak: 3_400, swell: 20 }), { width: 600, height: 160 })
  expect(chart.levels.length).toBeGreaterThan(0)
  for (const { value, y } of chart.levels) {
    expect(value % 500).toBe(0)
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y).toBeLessThan(160)
  }
})
