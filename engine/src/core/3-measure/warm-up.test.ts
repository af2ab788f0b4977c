import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Baseline } from './baseline.ts'
import { warmUp } from './warm-up.ts'

/** Keeps what it is taught, each slice with what it held: an hour as twelve slices of nothing but its sum. */
class Taught {
  readonly sliceSeconds = 300
  newest = -1
  readonly slices = new Map<number, number>()
  readonly hours = new Map<number, number>()
  learn(slice: number, count: number | null): void {
    expect(slice).toBeGreaterThan(this.newest)
    this.slices.set((this.newest = slice), count!)
  }
  warmUp(hours: readonly (readonly [number, number])[], to: number): void {
    for (const [hour, count] of hours) {
      expect(hour * 12).toBeGreaterThan(this.newest)
      this.hours.set(hour, count)
      this.newest = hour * 12 + 11
    }
    expect(this.newest).toBe(to * 12 - 1)
  }
}
const taught = (past: Parameters<typeof warmUp>[1], clock: number, from = new Taught()): Taught => {
  warmUp(from as unknown as Baseline, past, clock)
  return from
}

const hour = 480_000
const at = hour * 3600

test('hours are learnt up to the first minute that is told, slices behind it, and the last ten minutes are left to the wheels', () => {
  const minutes = [[hour * 60 + 60, 7], [hour * 60 + 64, 1], [hour * 60 + 65, 2]] as const
  const { hours, slices } = taught({ hours: [[hour - 2, 30], [hour, 5], [hour + 1, 10]], minutes, known: [[at - 2 * 3600, at + 3600 + 1799]] }, at + 3600 + 1799)
  expect([...hours]).toEqual([[hour - 2, 30], [hour - 1, 0], [hour, 5]])
  expect([...slices]).toEqual([[hour * 12 + 12, 8], [hour * 12 + 13, 2], [hour * 12 + 14, 0], [hour * 12 + 15, 0]])
})

test('a topic of which nothing was said has learnt that it is silent', () => {
  const { hours, slices } = taught({ hours: [], minutes: [], known: [[at - 3 * 3600, at + 1499]] }, at + 1499)
  expect([[...hours.values()], [...slices.values()]]).toEqual([[0, 0, 0], [0, 0, 0]])
})

test('what is not known leaves a gap, also an hour that is known in part', () => {
  const { hours, newest } = taught({ hours: [[hour - 5, 3], [hour - 1, 4]], minutes: [], known: [[at - 5 * 3600 - 9, at - 4 * 3600 + 100], [at - 3600 - 100, at - 1]] }, at + 600)
  expect([[...hours], newest]).toEqual([[[hour - 5, 3], [hour - 1, 4]], hour * 12 - 1])
})

test('what was learnt before is not learnt again', () => {
  const before = new Taught()
  before.newest = hour * 12 - 18 // half of hour − 2
  const { hours } = taught({ hours: [[hour - 3, 9], [hour - 2, 9], [hour - 1, 9]], minutes: [], known: [[at - 3 * 3600, at]] }, at + 600, before)
  expect([...hours]).toEqual([[hour - 1, 9]])
})

test('without known stretches, as old fills are, nothing is learnt', () => {
  expect(taught({ hours: [[hour - 1, 4]], minutes: [[hour * 60 - 5, 4]], known: [] }, at).newest).toBe(-1)
})

test('every mention of a known stretch is learnt once, none before its place, none of what is not known', () => {
  const minute = fc.tuple(fc.integer({ min: -40 * 60, max: 0 }), fc.integer({ min: 1, max: 9 }))
  const cuts = fc.uniqueArray(fc.integer({ min: -40 * 12, max: -2 }), { minLength: 2, maxLength: 6 })
  fc.assert(fc.property(fc.array(minute, { maxLength: 60 }), cuts, fc.integer({ min: 0, max: 30 }), (counted, ends, detailHours) => {
    const sorted = ends.toSorted((a, b) => a - b)
    const known: [number, number][] = []
    for (let i = 0; i + 1 < sorted.length; i += 2) known.push([at + sorted[i]! * 300, at + sorted[i + 1]! * 300 - 1])
    const all = counted.map(([ago, count]) => [hour * 60 + ago, count] as const).filter(([minute]) => known.some(([from, to]) => minute * 60 >= from && minute * 60 <= to)).toSorted((a, b) => a[0] - b[0])
    const hours = Map.groupBy(all, ([minute]) => Math.floor(minute / 60))
    const minutes = all.filter(([minute]) => minute >= (hour - detailHours) * 60)
    const { hours: byHour, slices } = taught({ hours: [...hours].map(([hour, its]) => [hour, its.reduce((sum, [, count]) => sum + count, 0)]), minutes, known }, at + 600)
    for (const [hour, count] of byHour) expect(count).toBe(hours.get(hour)?.reduce((sum, [, count]) => sum + count, 0) ?? 0)
    for (const [slice, count] of slices) expect(count).toBe(all.filter(([minute]) => Math.floor(minute / 5) === slice).reduce((sum, [, count]) => sum + count, 0))
    for (const slice of [...slices.keys(), ...[...byHour.keys()].flatMap((hour) => [hour * 12, hour * 12 + 11])]) expect(known.some(([from, to]) => slice * 300 >= from && slice * 300 + 299 <= to)).toBe(true)
    for (const hour of byHour.keys()) for (let slice = hour * 12; slice < hour * 12 + 12; slice++) expect(slices.has(slice)).toBe(false)
  }), { numRuns: 300 })
})
