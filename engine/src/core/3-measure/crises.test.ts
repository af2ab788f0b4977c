import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Crises, crisisMinutesRetained } from './crises.ts'

test('the minutes of crises are those that a recount second by second finds', () => {
  const step = fc.record({
    wait: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 5, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.nat(60 * crisisMinutesRetained) }),
    kind: fc.constantFrom<'flip' | 'retain'>('flip', 'flip', 'flip', 'retain'), rule: fc.nat(2), left: fc.subarray([0, 1, 2]),
  })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const crises = new Crises()
    const tripped = new Set<number>()
    const minutes = new Set<number>()
    let closed = 6_000_059 // the newest second that has closed
    for (const { wait, kind, rule, left } of steps) {
      for (let quiet = 1; quiet <= wait && tripped.size > 0; quiet++) minutes.add(Math.floor((closed + quiet) / 60))
      closed += wait
      if (kind === 'retain') {
        for (const gone of tripped) if (!left.includes(gone)) tripped.delete(gone)
        crises.retain(tripped.size, closed + 1)
      } else {
        closed++ // the second in whose closing the rule changes
        if (tripped.delete(rule)) crises.clear(closed)
        else {
          tripped.add(rule)
          crises.trip(closed)
        }
        if (tripped.size > 0) minutes.add(Math.floor(closed / 60))
      }
      const now = Math.floor(closed / 60)
      const from = now - crisisMinutesRetained + 1
      const spans = crises.between(from, now)
      expect(spans.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i))).toEqual([...minutes].filter((minute) => minute >= from))
    }
  }), { numRuns: 200 })
})

test('a rule that flaps for weeks keeps no more than what is retained', () => {
  const crises = new Crises()
  for (let minute = 100; minute < 30_000; minute += 2) {
    crises.trip(minute * 60)
    crises.clear(minute * 60 + 30)
  }
  expect(crises.between(0, Infinity).length).toBeLessThanOrEqual(crisisMinutesRetained / 2 + 1)
})
