import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HourLanes } from './hour-lanes.ts'

test('every lane holds what a recount of the last 60 minutes finds, whether or not it was read before', () => {
  const step = fc.record({ lane: fc.nat(5), behind: fc.oneof(fc.constant(0), fc.nat(70)), move: fc.oneof(fc.nat(2), fc.nat(80)), later: fc.oneof(fc.constant(0), fc.nat(70)), from: fc.nat(70), length: fc.nat(70) })
  fc.assert(fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
    const lanes = new HourLanes(2)
    const added: { lane: number; minute: number }[] = []
    let head = 1_000_000
    for (const { lane, behind, move, later, from, length } of steps) {
      head += move
      lanes.add(lane, head - behind, head)
      added.push({ lane, minute: head - behind })
      const recount = (l: number, first: number, last: number): number => added.filter((a) => a.lane === l && a.minute >= first && a.minute <= last).length
      for (let l = 0; l < 7; l++) {
        expect(lanes.sum(l, head + later)).toBe(recount(l, head + later - 59, head + later))
        expect(lanes.sumBetween(l, head - from, head - from + length)).toBe(recount(l, Math.max(head - from, head - 59), head - from + length))
      }
    }
  }), { numRuns: 200 })
})
