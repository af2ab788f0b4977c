import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HourLanes } from './hour-lanes.ts'

test('every lane holds what a recount of the last 60 minutes finds', () => {
  const step = fc.record({ lane: fc.nat(5), behind: fc.oneof(fc.constant(0), fc.nat(70)), move: fc.oneof(fc.nat(2), fc.nat(80)) })
  fc.assert(fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
    const lanes = new HourLanes(2)
    const added: { lane: number; minute: number }[] = []
    let head = 1_000_000
    for (const { lane, behind, move } of steps) {
      head += move
      lanes.add(lane, head - behind, head)
      added.push({ lane, minute: head - behind })
      for (let l = 0; l < 7; l++) expect(lanes.sum(l, head)).toBe(added.filter((a) => a.lane === l && a.minute > head - 60).length)
    }
  }), { numRuns: 200 })
})
