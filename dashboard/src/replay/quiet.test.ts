import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietLimits, quietOf } from './quiet.ts'

const counts = fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: -1, max: 5 }), fc.integer({ min: 0, max: 5000 })), { maxLength: 400 })

test('quiet stretches hold at most one mention in a hundred, none that is not known, and are as long as they can be', () => {
  fc.assert(fc.property(counts, (column) => {
    const { spans, mentions, ms, most } = quietOf({ from: 1000, stepMs: 10, counts: column })
    const total = column.reduce((sum, count) => sum + Math.max(0, count), 0)
    const steps = spans.map(([from, to]) => [(from - 1000) / 10, (to - 1000) / 10] as const)
    expect(mentions).toBe(steps.reduce((sum, [from, to]) => sum + column.slice(from, to).reduce((all, count) => all + count, 0), 0))
    expect(mentions).toBeLessThanOrEqual(total * quietLimits.mentions)
    expect(ms).toBe(spans.reduce((sum, [from, to]) => sum + to - from, 0))
    for (const [from, to] of steps) {
      expect(column.slice(from, to).every((count) => count >= 0 && count <= most)).toBe(true)
      for (const beside of [column[from - 1], column[to]]) if (beside !== undefined) expect(beside === -1 || beside > most).toBe(true)
      expect(to - from).toBeGreaterThanOrEqual(column.length * quietLimits.lasts)
    }
  }))
})

test('a burst of a thousand with single mentions for days behind it is all that is not quiet', () => {
  const column = [...Array<number>(10).fill(0), 500, 500, ...Array<number>(200).fill(0)]
  column[60] = 1
  column[120] = 2
  expect(quietOf({ from: 0, stepMs: 1, counts: column })).toEqual({ spans: [[0, 10], [12, 212]], most: 2, mentions: 3, ms: 210 })
})

test('where nothing came, or all came evenly, nothing is quiet', () => {
  expect(quietOf({ from: 0, stepMs: 1, counts: [0, 0, 0] }).spans).toEqual([])
  expect(quietOf({ from: 0, stepMs: 1, counts: Array<number>(50).fill(7) }).spans).toEqual([])
  expect(quietOf({ from: 0, stepMs: 1, counts: [] }).spans).toEqual([])
})
