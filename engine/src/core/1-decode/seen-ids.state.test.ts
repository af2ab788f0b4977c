// The duplicate filter, saved and loaded: the same answers with the same segments, and no segment that is full ever changes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadAll, savedBytes } from '../../../test/saved.ts'
import { StateReader, StateUnreadable, StateWriter } from '../state.ts'
import { SeenIds } from './seen-ids.ts'
import { segmentIds } from './seen-order.ts'

const id = (n: number): [number, number] => [Math.imul(n, 0x9e3779b1) >>> 0, Math.imul(n, 0x85ebca6b) >>> 0]
const noSegment = (number: number): never => { throw new Error(`segment ${number} is asked for and none is full`) }
const segmentsOf = (seen: SeenIds): ReadonlyMap<number, Int32Array> => new Map(seen.full(0).map(({ number, words }) => [number, words]))

function added(seen: SeenIds, from: number, to: number): SeenIds {
  for (let n = from; n < to; n++) {
    seen.time = n
    seen.add(...id(n))
  }
  return seen
}

function loaded(seen: SeenIds, max: number, segments = segmentsOf(seen)): SeenIds {
  const other = new SeenIds(max)
  loadAll(savedBytes(seen), (from) => other.load(from, (number) => segments.get(number)!))
  return other
}

test('goes on as the one that was saved, with few ids or as many as it remembers', () => {
  const lane = fc.oneof(fc.constantFrom(0, 1, 7, 8, 0x80000000, 0xffffffff), fc.nat(60))
  const ids = fc.array(fc.tuple(lane, lane), { maxLength: 120 })
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), ids, ids, (max, before, after) => {
    const seen = new SeenIds(max)
    for (const pair of before) seen.add(...pair)
    const other = new SeenIds(max)
    loadAll(savedBytes(seen), (from) => other.load(from, noSegment))
    expect(savedBytes(other)).toEqual(savedBytes(seen))
    for (const pair of after) expect(other.add(...pair)).toBe(seen.add(...pair))
    expect(other.size).toBe(seen.size)
    expect(savedBytes(other)).toEqual(savedBytes(seen))
  }), { numRuns: 200 })
})

describe('with more ids than a segment holds', () => {
  const max = 150_000
  // Saved: in the first segment, at its end, behind it, and where segments have been dropped.
  test.each([1000, segmentIds, segmentIds + 1, 3 * segmentIds, 400_000])('after %i ids: the same answers, the same segments, the same bytes', (count) => {
    const seen = added(new SeenIds(max), 0, count)
    const { first, end } = seen.needed()
    expect(seen.full(0).map(({ number }) => number)).toEqual(Array.from({ length: end - first }, (_, i) => first + i))
    expect([first, end]).toEqual([Math.floor(Math.max(0, count - max) / segmentIds), Math.floor(count / segmentIds)])
    expect(seen.horizonAt).toBe(first * segmentIds)
    const other = loaded(seen, max)
    expect([other.size, other.horizonAt, other.needed()]).toEqual([seen.size, seen.horizonAt, seen.needed()])
    for (const [name, one] of Object.entries({ seen, other })) {
      one.time = count
      expect(one.add(...id(Math.max(0, count - max))), name).toBe(false)
      expect(one.add(...id(count - 1)), name).toBe(false)
      if (count > max) expect(one.add(...id(count - max - 1)), name).toBe(true)
      added(one, count, count + 200_000)
    }
    expect(savedBytes(other)).toEqual(savedBytes(seen))
    expect(segmentsOf(other)).toEqual(segmentsOf(seen))
  })

  test('a full segment is the same words for ever, and gone with its last id', () => {
    const seen = added(new SeenIds(max), 0, 2 * segmentIds + 7)
    const [zero, one] = seen.full(0)
    const copies = [zero!.words.slice(), one!.words.slice()]
    added(seen, 2 * segmentIds + 7, 400_000)
    expect([zero!.words, one!.words]).toEqual(copies)
    expect([zero!.words[2], zero!.words[3]]).toEqual(id(1).map((lane) => lane | 0))
    expect(seen.full(0).map(({ number }) => number)).toEqual([3, 4, 5])
    expect(seen.full(5).map(({ number }) => number)).toEqual([5])
  })

  test('one that is to remember fewer keeps the newest and asks for no other segment; one that is to remember more keeps all', () => {
    const count = 300_000
    const seen = added(new SeenIds(max), 0, count)
    const segments = segmentsOf(seen)
    const fewer = loaded(seen, 40_000, new Map([...segments].filter(([number]) => number >= 3)))
    expect(fewer.size).toBe(40_000)
    expect([fewer.add(...id(count - 40_000)), fewer.add(...id(count - 40_001))]).toEqual([false, true])
    const more = added(loaded(seen, 1_000_000), count, count + 500_000)
    expect(more.size).toBe(max + 500_000)
    expect([more.add(...id(count - max)), more.add(...id(count - max - 1))]).toEqual([false, true])
  })
})

test('when the oldest id came is not known where nobody said it', () => {
  const seen = new SeenIds(10)
  expect(seen.horizonAt).toBeNull()
  seen.add(1, 1)
  expect(seen.horizonAt).toBeNull()
})

describe('what is no state is refused', () => {
  interface Kept { readonly first?: number; readonly oldest?: number; readonly times: readonly number[]; readonly open?: readonly number[]; readonly segment?: Int32Array }
  const load = ({ first = 0, oldest = 0, times, open = [], segment = new Int32Array(2 * segmentIds).fill(1) }: Kept) => (): void => {
    const out = new StateWriter()
    out.number(first)
    out.number(oldest)
    out.array(Float64Array.from(times))
    out.array(Int32Array.from(open))
    new SeenIds(1_000_000).load(new StateReader(out.written), () => segment)
  }
  test('one that fits is not', () => {
    expect(load({ times: [] })).not.toThrow()
    expect(load({ first: 7, oldest: 65_535, times: [-1, 5], open: [1, 2] })).not.toThrow()
  })
  test.each<{ readonly why: string; readonly wrong: () => void }>([
    { why: 'a negative number of a segment', wrong: load({ first: -1, times: [] }) }, { why: 'an oldest id beyond its segment', wrong: load({ oldest: 65_536, times: [1, 1], open: [1, 2] }) },
    { why: 'an oldest id without ids', wrong: load({ oldest: 1, times: [] }) }, { why: 'an oldest id that is not there yet', wrong: load({ oldest: 1, times: [1], open: [1, 2] }) },
    { why: 'half an id', wrong: load({ times: [1], open: [1, 2, 3] }) }, { why: 'an open segment without a time', wrong: load({ times: [], open: [1, 2] }) },
    { why: 'a time that is none', wrong: load({ times: [Number.NaN], open: [1, 2] }) }, { why: 'an empty id', wrong: load({ times: [1], open: [1, 2, 0, 0] }) },
    { why: 'an open segment that is full', wrong: load({ times: [1], open: Array.from({ length: 2 * segmentIds }, () => 1) }) },
    { why: 'a short segment', wrong: load({ times: [1, 1], open: [1, 2], segment: new Int32Array(4).fill(1) }) }, { why: 'a segment with an empty id', wrong: load({ times: [1, 1], open: [1, 2], segment: new Int32Array(2 * segmentIds) }) },
  ])('$why', ({ wrong }) => expect(wrong).toThrow(StateUnreadable))

  test('segments that hold an id again and again end the load all the same, and later ids are answered', () => {
    const out = new StateWriter()
    for (const number of [0, 0]) out.number(number)
    out.array(Float64Array.of(1, 1, 1))
    out.array(Int32Array.of(5, 5))
    const seen = new SeenIds(140_000)
    seen.load(new StateReader(out.written), () => new Int32Array(2 * segmentIds).fill(3))
    added(seen, 1, 200_000)
    expect(seen.add(...id(199_999))).toBe(false)
  })
})
