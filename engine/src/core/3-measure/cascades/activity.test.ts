import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Activity } from './activity.ts'
import { Nodes, type NodeFacts } from './nodes.ts'

const facts: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: -1, platform: 0, sign: 0, flags: 0, topics: 0 }
const reach = 1024

test('the quietest root is that of the earliest second, as far back as the wheel reaches, and none gets lost', () => {
  const step = fc.record({ root: fc.integer({ min: 1, max: 12 }), second: fc.oneof(fc.nat(200), fc.nat(3000), fc.integer({ min: 5_000_000, max: 5_001_500 })), remove: fc.boolean() })
  fc.assert(fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
    const nodes = new Nodes(12)
    for (let node = 1; node <= 12; node++) nodes.create(facts)
    const activity = new Activity(nodes, reach)
    const placed = new Map<number, number>()
    let newest = -1
    for (const { root, second, remove } of steps) {
      const before = placed.get(root)
      if (before !== undefined) activity.remove(root, before)
      placed.delete(root)
      if (!remove || before === undefined) {
        activity.place(root, second)
        placed.set(root, second)
        newest = Math.max(newest, second)
      }
      const order = [...activity.newestFirst()]
      expect([...order].sort((a, b) => a - b)).toEqual([...placed.keys()].sort((a, b) => a - b))
      const inWheel = order.map((each) => placed.get(each)!).filter((at) => at > newest - reach)
      expect(inWheel).toEqual([...inWheel].sort((a, b) => b - a))
      const quietest = activity.quietest()
      const further = [...placed.values()].filter((at) => at <= newest - reach)
      if (placed.size === 0) expect(quietest).toBe(0)
      else if (further.length > 0) expect(further).toContain(placed.get(quietest))
      else expect(placed.get(quietest)).toBe(Math.min(...placed.values()))
    }
  }), { numRuns: 500 })
})
