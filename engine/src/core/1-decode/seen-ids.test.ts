// The duplicate filter against a Set that forgets in the same order.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenIds } from './seen-ids.ts'
import { segmentIds } from './seen-order.ts'

/** The same, the slow way. */
class NaiveSeenIds {
  readonly #order: string[] = []
  readonly #max: number
  constructor(max: number) { this.#max = max }
  get size(): number { return this.#order.length }
  add(low: number, high: number): boolean {
    const id = `${low >>> 0} ${high >>> 0}`
    if (this.#order.includes(id)) return false
    if (this.#order.length === this.#max) this.#order.shift()
    return this.#order.push(id) > 0
  }
}

// Few distinct lanes, so that ids collide, share their home slots and wrap round the ends of the shards.
const lane = fc.oneof(fc.constantFrom(1, 7, 8, 15, 16, 23, 31, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(40), fc.nat())

test('answers as a Set that forgets the first in first', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.tuple(lane, lane), { maxLength: 300 }), (max, ids) => {
    const seen = new SeenIds(max)
    const naive = new NaiveSeenIds(max)
    for (const [low, high] of ids) {
      if (low === 0 && high === 0) continue
      expect(seen.add(low, high)).toBe(naive.add(low, high))
      expect(seen.size).toBe(naive.size)
    }
  }), { numRuns: 500 })
})

test('keeps its answers while shards grow and the ring goes round many times', () => {
  const max = 100_000
  const seen = new SeenIds(max)
  const id = (n: number): [number, number] => [Math.imul(n, 0x9e3779b1) >>> 0, Math.imul(n, 0x85ebca6b) >>> 0]
  for (let n = 1; n <= 350_000; n++) {
    if (!seen.add(...id(n))) throw new Error(`id ${n} is new but was taken for seen`)
    const back = 1 + (n * 7919) % max
    if (n > back && seen.add(...id(n - back + 1)) && back < max) throw new Error(`id ${n - back + 1} was seen ${back} ids ago and is forgotten`)
  }
  expect(seen.size).toBe(max)
  expect(seen.add(...id(350_000 - max + 1))).toBe(false)
  expect(seen.add(...id(350_000 - max))).toBe(true)
  expect(seen.bytes).toBeLessThan(max * 22 + 2 * 8 * segmentIds)
})

test('takes no more memory than it has ids, and 0, 0 is an id like any other', () => {
  const seen = new SeenIds()
  expect(seen.horizon).toBe(50_000_000)
  expect([seen.add(0, 0), seen.add(0, 0)]).toEqual([true, false])
  expect(seen.bytes).toBeLessThan(1_000_000)
  expect(() => new SeenIds(0)).toThrow('at least 1')
})
