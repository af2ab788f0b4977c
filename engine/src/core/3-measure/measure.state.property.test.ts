// Each measuring structure, saved at a random moment and loaded into a fresh one, answers ever after as the one that was not.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { loadAll, reloaded, savedBytes } from '../../../test/saved.ts'
import { StateUnreadable, StateWriter } from '../state.ts'
import { EventClock } from './event-clock.ts'
import { Gaps } from './gaps.ts'
import { HourLanes } from './hour-lanes.ts'
import { SliceWheel } from './slice-wheel.ts'
import { Sources } from './sources.ts'
import { TopicWheels } from './topic-wheels.ts'
import { Volume } from './volume.ts'

const begin = 1_700_000_000
interface Step { readonly move: number; readonly behind: number; readonly count: number; readonly lane: number }
const step: fc.Arbitrary<Step> = fc.record({
  move: fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, { weight: 2, arbitrary: fc.nat(90) }, { weight: 1, arbitrary: fc.nat(200_000) }),
  behind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(700) }), count: fc.integer({ min: 1, max: 4 }), lane: fc.nat(6),
})
const steps = fc.array(step, { maxLength: 80 })

/** Plays `before` on one, loads its state into another, and plays `after` on both: every answer is equal. */
function compare<Part>(parts: { readonly fresh: () => Part; readonly reload: (part: Part, fresh: Part, clock: number) => Part; readonly play: (part: Part, step: Step, clock: number) => unknown }, numRuns = 100): void {
  fc.assert(fc.property(steps, steps, (before, after) => {
    let clock = begin
    const one = parts.fresh()
    for (const step of before) parts.play(one, step, (clock += step.move))
    const other = parts.reload(one, parts.fresh(), clock)
    for (const step of after) {
      clock += step.move
      expect(parts.play(other, step, clock)).toEqual(parts.play(one, step, clock))
    }
  }), { numRuns })
}

test('the event clock', () => {
  compare({ fresh: () => new EventClock(), reload: reloaded, play: (clock, { behind }, now) => { clock.moveTo(now - behind); return [clock.second, clock.isLate(now - 600), clock.idleTarget(now * 1000)] } })
})

test('a slice wheel', () => {
  compare({ fresh: () => new SliceWheel({ lengths: [1, 60, 600], retained: 700 }), reload: reloaded, play: (wheel, { behind, count, lane }, clock) => {
    if (lane > 0) wheel.add(clock - behind, clock, count)
    const last = Array.from({ length: 70 }, () => 0)
    wheel.copyLast(clock, last)
    return [wheel.sumAt(lane % 3, clock), wheel.nextFall(2), wheel.sumBetween(clock - 650, clock - 3), last, wheel.capacity]
  } })
})

test('the lanes of an hour', () => {
  compare({ fresh: () => new HourLanes(2), reload: reloaded, play: (lanes, { behind, count, lane }, clock) => { lanes.add(lane, clock - behind, clock, count); return [0, 1, 2, 3, 4, 5, 6].map((lane) => lanes.sum(lane, clock)) } })
})

test('gaps', () => {
  compare({ fresh: () => new Gaps(300), reload: reloaded, play: (gaps, { move, behind }, clock) => {
    if (move > 100) gaps.add(clock - move, clock)
    if (behind > 600) gaps.learnt(Math.floor(clock / 300) - 2)
    const slice = Math.floor((clock - behind * 100) / 300)
    return [gaps.full, gaps.after(slice), gaps.next(slice)]
  } })
})

test('the volume of all mentions', () => {
  compare({ fresh: () => new Volume(), reload: reloaded, play: (volume, { behind }, clock) => { volume.add(clock - behind, clock); return [volume.perMinute(clock), volume.minutes.sumBetween(0, Infinity)] } })
})

test('sources, with as many platforms as have a row of their own and more', () => {
  compare({ fresh: () => new Sources(), reload: reloaded, play: (sources, { behind, count, lane }, clock) => {
    const id = sources.idOf(`p${lane * 9 + count}`)
    sources.arrived(id, clock * 1000 + lane)
    sources.count(id, Math.floor((clock - behind) / 60), Math.floor(clock / 60))
    return [id, sources.nameOf(id), sources.rows(clock)]
  } })
})

test('all that is measured of a topic', () => {
  const rules: TopicRules = { id: 't', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 3, within: '10m' }, { count: 3, within: '2h' }, { count: 3, within: '3h' }] }
  compare({ fresh: () => new TopicWheels(rules, begin - 90_000), reload: reloaded, play: (wheels, { behind, count, lane }, clock) => {
    if (lane === 6) wheels.addPast({ seconds: [[clock - behind - 40, count], [clock - behind, count]], minutes: [[Math.floor((clock - behind) / 60), count]] }, clock)
    else wheels.add(clock - behind, clock, (lane % 3) - 1, lane)
    wheels.newestAt = clock * 1000
    const counts = [wheels.plan.perMinute, wheels.plan.pace, ...wheels.plan.ofRule].map((window) => wheels.count(window, clock))
    const watched = new Float64Array(6)
    wheels.watched(Math.floor(clock / 60), watched)
    return [counts, watched, wheels.platforms, wheels.platformBetween(1, Math.floor(clock / 60) - 9, Math.floor(clock / 60)), wheels.knowsHour(clock), wheels.negativeShare(clock), wheels.knownFrom, [0, 1, 2, 3, 4, 5].map((platform) => wheels.platformCount(platform, clock))]
  } })
})

describe('what is inconsistent is refused', () => {
  interface Wheel { readonly capacity: number; readonly keys: readonly number[]; readonly counts: readonly number[]; readonly tails: readonly number[]; readonly sums: readonly number[] }
  const wheel: Wheel = { capacity: 8, keys: [3, 5, 9], counts: [1, 1, 4], tails: [1], sums: [5] }
  const load = (part: Wheel) => (): void => {
    const out = new StateWriter()
    out.number(part.capacity)
    out.array(Uint32Array.from(part.keys))
    out.array(Uint32Array.from(part.counts))
    out.array(Int32Array.from(part.tails))
    out.array(Float64Array.from(part.sums))
    loadAll(out.written, (from) => new SliceWheel({ lengths: [6], retained: 6 }).load(from, 10))
  }

  test('a wheel that fits is not', () => expect(load(wheel)).not.toThrow())

  test.each<{ readonly why: string; readonly wrong: Partial<Wheel> }>([
    { why: 'slices that do not ascend', wrong: { keys: [3, 9, 9] } }, { why: 'a slice ahead of the clock', wrong: { keys: [3, 5, 11] } },
    { why: 'fewer counts than slices', wrong: { counts: [1, 5] } }, { why: 'a tail before the first slice', wrong: { tails: [-1] } },
    { why: 'a tail behind the last slice', wrong: { tails: [4] } }, { why: 'a sum that is not that of its slices', wrong: { sums: [6] } },
    { why: 'a sum that is no number', wrong: { sums: [Number.NaN] } }, { why: 'another number of windows', wrong: { tails: [1, 1], sums: [5, 5] } },
    { why: 'a capacity that is no power of two', wrong: { capacity: 9 } }, { why: 'a capacity that is no number', wrong: { capacity: Number.NaN } },
    { why: 'a capacity far beyond its slices', wrong: { capacity: 1 << 20 } },
  ])('a wheel with $why', ({ wrong }) => expect(load({ ...wheel, ...wrong })).toThrow(StateUnreadable))

  test('any flipped byte of any of them is refused or loads', () => {
    const sources = new Sources()
    for (let i = 0; i < 40; i++) sources.arrived(sources.idOf(`p${i}`), i * 5000)
    const wheels = new TopicWheels({ id: 't', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 3, within: '3h' }] }, -1)
    for (let i = 0; i < 90; i++) wheels.add(begin + i * 40, begin + i * 40, 1, i % 4)
    const clock = begin + 3600
    const parts = [
      { bytes: savedBytes(sources), load: (bytes: Uint8Array) => loadAll(bytes, (from) => new Sources().load(from, clock)) },
      { bytes: savedBytes(wheels), load: (bytes: Uint8Array) => loadAll(bytes, (from) => new TopicWheels({ id: 't', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 3, within: '3h' }] }, -1).load(from, clock)) },
    ]
    for (const { bytes, load } of parts) {
      for (let at = 0; at < bytes.length; at++) {
        const flipped = bytes.slice()
        flipped[at]! ^= 1 << at % 8
        try { load(flipped) } catch (error) { if (!(error instanceof StateUnreadable || (error as Error).message.startsWith('not all'))) throw error }
      }
    }
  })
})
