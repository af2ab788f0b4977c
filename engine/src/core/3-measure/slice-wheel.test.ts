import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SliceWheel } from './slice-wheel.ts'

type Op = { readonly kind: 'add'; readonly behind: number; readonly count: number } | { readonly kind: 'move'; readonly by: number } | { readonly kind: 'read'; readonly from: number; readonly length: number } | { readonly kind: 'replan'; readonly lengths: readonly number[] }

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), behind: fc.oneof(fc.constant(0), fc.nat(40)), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), by: fc.oneof(fc.nat(3), fc.nat(60), fc.constant(3_000_000)) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), from: fc.nat(30), length: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replan' as const), lengths: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }) }) },
)

test('every window holds what a recount of all additions finds, late ones and gaps included', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }), fc.array(op, { maxLength: 120 }), (lengths, ops) => {
    const retained = 30
    const wheel = new SliceWheel({ lengths, retained })
    const added: { key: number; count: number }[] = []
    const recount = (from: number, to: number): number => added.reduce((sum, a) => sum + (a.key >= from && a.key <= to ? a.count : 0), 0)
    let windows: readonly number[] = lengths
    let head = 1000
    for (const op of ops) {
      if (op.kind === 'move') head += op.by
      else if (op.kind === 'replan') wheel.replan({ lengths: (windows = op.lengths), retained }, head)
      else if (op.kind === 'add') {
        wheel.add(head - op.behind, head, op.count)
        added.push({ key: head - op.behind, count: op.count })
      } else {
        const from = head - op.from
        expect(wheel.sumBetween(Math.max(from, head - retained + 1), head)).toBe(recount(Math.max(from, head - retained + 1), head))
        const last = Array.from({ length: op.length }, () => 7)
        wheel.copyLast(head, last)
        expect(last).toEqual(last.map((_, i) => recount(head - op.length + 1 + i, head - op.length + 1 + i)))
      }
      windows.forEach((length, w) => expect(wheel.sumAt(w, head)).toBe(recount(head - length + 1, head)))
    }
  }), { numRuns: 300 })
})

test('nextFall names the first head at which a window loses something', () => {
  const wheel = new SliceWheel({ lengths: [10], retained: 10 })
  expect(wheel.nextFall(0)).toBe(Infinity)
  wheel.add(100, 100, 4)
  wheel.add(103, 103)
  expect(wheel.sumAt(0, 109)).toBe(5)
  expect(wheel.nextFall(0)).toBe(110)
  expect(wheel.sumAt(0, 110)).toBe(1)
  expect(wheel.nextFall(0)).toBe(113)
})

test('memory is bounded by what is retained, and small again after a rush', () => {
  const wheel = new SliceWheel({ lengths: [600], retained: 600 })
  for (let head = 0; head < 100_000; head++) wheel.add(head, head)
  expect(wheel.capacity).toBeLessThanOrEqual(4096)
  for (let head = 200_000; head < 300_000_000; head += 100_000) wheel.add(head, head)
  expect(wheel.capacity).toBeLessThanOrEqual(16)
})

test('a gap of years costs nothing: no slice is visited for the seconds in it', () => {
  const wheel = new SliceWheel({ lengths: [7200], retained: 7200 })
  wheel.add(1, 1)
  for (let head = 100_000_000; head < 4_200_000_000; head += 100_000_000) wheel.add(head, head) // 41 additions over 130 years
  expect(wheel.sumAt(0, 4_200_000_000)).toBe(0)
  expect(wheel.capacity).toBeLessThanOrEqual(16)
})
