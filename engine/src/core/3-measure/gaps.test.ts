import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gapLimits, Gaps } from './gaps.ts'

test('a slice is in a gap exactly where a second of it is missing, whoever was told of before and learnt', () => {
  const jump = fc.record({ runs: fc.nat(2000), jumps: fc.integer({ min: 2, max: 9000 }), learnt: fc.nat(9) })
  fc.assert(fc.property(fc.nat(3000), fc.array(jump, { maxLength: 12 }), (begins, jumps) => {
    const gaps = new Gaps(300)
    const missing = new Set<number>()
    let clock = begins + 1
    let learntBefore = 0
    gaps.add(-1, clock)
    for (let second = 0; second < clock; second++) missing.add(Math.floor(second / 300))
    for (const { runs, jumps: by, learnt } of jumps) {
      clock += runs
      for (let second = clock + 1; second < clock + by; second++) missing.add(Math.floor(second / 300))
      gaps.add(clock, clock + by)
      clock += by
      if (learnt > 7) gaps.learnt((learntBefore = Math.floor(clock / 600)))
    }
    for (let slice = learntBefore; slice < Math.floor(clock / 300) + 3; slice++) {
      let after = slice
      while (missing.has(after)) after++
      let next = slice
      while (!missing.has(next) && next < Math.floor(clock / 300) + 3) next++
      expect(gaps.after(slice)).toBe(after)
      expect(gaps.next(slice)).toBe(missing.has(next) ? next : Infinity)
    }
  }), { numRuns: 200 })
})

test('it is full after so many, and then makes one of the two oldest: what lies between them is missing too', () => {
  const gaps = new Gaps(300)
  for (let gap = 0; gap < gapLimits.gapsMax; gap++) gaps.add(gap * 100_000, gap * 100_000 + 90_000)
  const between = Math.floor(95_000 / 300)
  expect([gaps.full, gaps.next(0), gaps.after(between)]).toEqual([true, 0, between])
  gaps.add(99_000_000, 99_100_000)
  expect([gaps.full, gaps.next(0), gaps.after(between)]).toEqual([true, 0, Math.floor(189_999 / 300) + 1])
  expect(gaps.next(99_000_000 / 300)).toBe(99_000_000 / 300)
})
