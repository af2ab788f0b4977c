import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dwellMs, firstView, rotate, views, type View } from './rotation.ts'

test('W14: no view is shown for less than 20 s, and the topics longest', () => {
  for (const view of views) expect(dwellMs[view]).toBeGreaterThanOrEqual(20_000)
  expect(Math.max(...Object.values(dwellMs))).toBe(dwellMs.topics)
})

test('W13: for seven days nobody has to touch it', () => {
  const week = 7 * 86_400_000
  let at = firstView(0)
  const shown: Record<View, number> = { topics: 0, platforms: 0 }
  const switches: number[] = []
  for (let now = 0; now < week; now += 1_000) {
    const next = rotate(at, { now, held: false })
    if (next !== at) switches.push(now)
    at = next
    shown[at.view] += 1_000
  }
  expect(switches).toHaveLength(Math.ceil(week / 60_000) - 1)
  expect(shown.topics / shown.platforms).toBeCloseTo(3, 2)
  expect(switches.every((time, index) => index === 0 || time - switches[index - 1]! >= 20_000)).toBe(true)
})

test('however takeovers fall and ticks are late, a view that is seen is seen for its whole time or until a takeover', () => {
  fc.assert(fc.property(fc.array(fc.record({ wait: fc.integer({ min: 200, max: 40_000 }), held: fc.boolean() }), { maxLength: 400 }), (ticks) => {
    let now = 0
    let at = firstView(0)
    for (const { wait, held } of ticks) {
      now += wait
      const next = rotate(at, { now, held })
      if (held) expect(next.view).toBe('topics')
      else if (next !== at) expect(now - at.since).toBeGreaterThanOrEqual(dwellMs[at.view])
      at = next
    }
  }), { seed: 4 })
})
