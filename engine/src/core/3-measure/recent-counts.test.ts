import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recentCounts, recentScales } from './recent-counts.ts'
import { SliceWheel } from './slice-wheel.ts'

const t0 = 1_700_000_000

const wheelsOf = (seconds: readonly number[]): { seconds: SliceWheel; minutes: SliceWheel } => {
  const wheels = { seconds: new SliceWheel({ lengths: [60], retained: 600 }), minutes: new SliceWheel({ lengths: [], retained: 1451 }) }
  for (const second of [...seconds].sort((a, b) => a - b)) {
    wheels.seconds.add(second, second)
    wheels.minutes.add(Math.floor(second / 60), Math.floor(second / 60))
  }
  return wheels
}

test('every window holds what a recount of all mentions finds: by the second up to eight minutes, by whole minutes above', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.nat(700), fc.nat(70_000)), { maxLength: 60 }), fc.nat(90), (ages, after) => {
    const clock = t0 + after
    const seconds = ages.map((age) => clock - age)
    const { counts } = recentCounts(wheelsOf(seconds), clock, 0)
    recentScales.forEach((scale, k) => {
      const from = k < 5 ? clock - scale + 1 : (Math.floor(clock / 60) - scale / 60 + 1) * 60
      expect(counts[k]).toBe(seconds.filter((second) => second >= from).length)
    })
  }))
})

test('of a window that reaches back before the known past, only the known seconds count', () => {
  const { spans } = recentCounts(wheelsOf([]), t0, t0 - 299)
  expect(Array.from(spans)).toEqual([30, 60, 120, 240, 300, 300, 300, 300, 300, 300, 300, 300])
})

test('before anything is known no window has a span', () => {
  expect(Math.max(...Array.from(recentCounts(wheelsOf([]), t0, t0 + 1).spans))).toBe(0)
})
