// What is learnt and seen of a topic does not depend on how far the clock moves at once, nor on who reads between; and a loaded one goes on alike.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { loadAll, savedBytes } from '../../test/saved.ts'
import { Adaptive } from './adaptive.ts'
import { gapLimits } from './3-measure/gaps.ts'
import { isoSecond } from './4-detect/iso-second.ts'
import { StateUnreadable } from './state.ts'
import { Watch, type TopicSurge } from './watch.ts'

const begin = 1_700_000_000
const rules: Rules = { topics: [{ id: 't', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 40, within: '10m' }], baseline: { alarmBudget: '9 per 8h' } }] }

interface Stretch { readonly idle: number; readonly count: number; readonly spread: number; readonly behind: number; readonly platform: number; readonly holds: 'begins' | 'ends' | 'stays' }
const stretch: fc.Arbitrary<Stretch> = fc.record({
  idle: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 400 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 7199 }) }),
  count: fc.oneof({ weight: 6, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.integer({ min: 10, max: 60 }) }), spread: fc.nat(50),
  behind: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(600) }), platform: fc.nat(2),
  holds: fc.oneof({ weight: 30, arbitrary: fc.constant('stays' as const) }, { weight: 1, arbitrary: fc.constantFrom('begins' as const, 'ends' as const) }),
})

/** A watch of one topic, its clock, and whether a blind source holds the topic. */
class Followed {
  clock = begin
  isHeld = false
  readonly told: string[] = []
  readonly watch = new Watch(rules, { waitingSeq: -1, clock: -1, holds: () => this.isHeld })

  constructor() { this.watch.begin(begin) }

  get topic() { return this.watch.topics[0]! }
  get stage() { return this.topic.adaptive.stage }

  moveTo(second: number): void {
    if (second <= this.clock) return
    for (const change of this.watch.close(this.clock, second - 1)) if (change.kind === 'baseline') this.told.push(tellingOf(change))
    this.clock = second
  }

  mentions({ count, spread, behind, platform }: Stretch): void {
    for (let i = 0; i < count; i++) {
      const second = this.clock + (i === 0 ? 0 : spread % 2)
      this.moveTo(second)
      this.watch.add(this.topic, Math.max(begin, this.clock - (i % 2 === 0 ? behind : 0)), this.clock, { sign: 0, platform: (platform + (i % 3 === 0 ? 1 : 0)) % 3 })
    }
  }

  hold({ holds }: Stretch): void {
    if (holds !== 'stays') this.isHeld = holds === 'begins'
    this.watch.heldAnew(this.clock)
  }

  read(): void {
    this.topic.adaptive.catchUp(this.topic.wheels, this.clock, this.watch.gaps)
    this.topic.adaptive.usual(this.clock)
  }
}

const tellingOf = ({ state, at, since, platform, grade, reading }: TopicSurge): string => `${state} ${isoSecond(at)} since ${isoSecond(since)} on ${platform} ${grade} ${JSON.stringify(reading)}`

test('an idle stretch of ticks, one jump, and a jump with readers between give the same alarms, stages and state', () => {
  let alarms = 0
  fc.assert(fc.property(fc.array(stretch, { minLength: 5, maxLength: 120 }), fc.infiniteStream(fc.integer({ min: 1, max: 700 })), (stretches, steps) => {
    const [jumping, ticking] = [new Followed(), new Followed()]
    for (const one of stretches) {
      const to = jumping.clock + one.idle
      jumping.moveTo(to)
      while (ticking.clock < to) {
        ticking.moveTo(Math.min(to, ticking.clock + steps.next().value!))
        ticking.read()
      }
      for (const followed of [jumping, ticking]) {
        followed.hold(one)
        followed.mentions(one)
      }
      expect(ticking.stage).toBe(jumping.stage)
    }
    jumping.read()
    expect(ticking.told).toEqual(jumping.told)
    ticking.read()
    expect(savedBytes(ticking.topic.adaptive)).toEqual(savedBytes(jumping.topic.adaptive))
    alarms += jumping.told.length
  }), { numRuns: 150 })
  expect(alarms).toBeGreaterThan(20)
})

test('a loaded watch tells and learns as the saved one does', () => {
  fc.assert(fc.property(fc.array(stretch, { minLength: 30, maxLength: 120 }), fc.double({ min: 0, max: 1, noNaN: true }), (stretches, share) => {
    const one = new Followed()
    let other = one
    const at = Math.floor(share * stretches.length)
    for (const [i, stretch] of stretches.entries()) {
      if (i === at) {
        other = new Followed()
        other.clock = one.clock
        other.isHeld = one.isHeld
        other.told.push(...one.told)
        loadAll(savedBytes(one.watch), (from) => other.watch.load(from, one.clock))
        expect(savedBytes(other.watch)).toEqual(savedBytes(one.watch))
      }
      for (const followed of new Set([one, other])) {
        followed.moveTo(followed.clock + stretch.idle)
        followed.hold(stretch)
        followed.mentions(stretch)
      }
    }
    expect(other.told).toEqual(one.told)
    expect(savedBytes(other.watch)).toEqual(savedBytes(one.watch))
  }), { numRuns: 60 })
})

test('a flipped byte is refused or loads', () => {
  const followed = new Followed()
  for (let i = 0; i < 80; i++) {
    followed.moveTo(followed.clock + 60)
    followed.mentions({ idle: 0, count: i < 60 ? 1 : 30, spread: 0, behind: 0, platform: i, holds: 'stays' })
  }
  const { topic } = followed
  const bytes = savedBytes(topic.adaptive)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice()
    flipped[at]! ^= 1 << at % 8
    try { loadAll(flipped, (from) => new Adaptive(topic.rules, begin).load(from, followed.clock)) } catch (error) { if (!(error instanceof StateUnreadable || (error as Error).message.startsWith('not all'))) throw error }
  }
})

test('while nothing is known of a stretch nothing is learnt of it: a gap of the feed, and what a blind source holds', () => {
  const learnt = (between: (followed: Followed) => void): number => {
    const followed = new Followed()
    const steady = (minutes: number): void => {
      for (let minute = 0; minute < minutes; minute++) {
        followed.moveTo(followed.clock + 60)
        followed.mentions({ idle: 0, count: 2, spread: 0, behind: 0, platform: 0, holds: 'stays' })
      }
    }
    steady(300)
    between(followed)
    steady(20)
    followed.read()
    return followed.topic.adaptive.usual(followed.clock)!.count
  }
  const idle = (seconds: number) => (followed: Followed): void => { for (let left = seconds; left > 0; left -= 60) followed.moveTo(followed.clock + 60) }
  const usual = learnt(() => undefined)
  expect(usual).toBeCloseTo(20, -1)
  expect(learnt((followed) => followed.moveTo(followed.clock + 20_000))).toBeGreaterThan(0.9 * usual)
  expect(learnt((followed) => {
    followed.hold({ holds: 'begins' } as Stretch)
    idle(20_000)(followed)
    followed.hold({ holds: 'ends' } as Stretch)
  })).toBeGreaterThan(0.9 * usual)
  expect(learnt(idle(20_000))).toBeLessThan(0.6 * usual)
})

test('a mention that is as late as one may be is learnt, whoever looks in its last second', () => {
  const usual = (reads: boolean): number => {
    const followed = new Followed()
    for (let minute = 0; minute < 100; minute++) {
      followed.moveTo(followed.clock + 60)
      followed.mentions({ idle: 0, count: 1, spread: 0, behind: 0, platform: 0, holds: 'stays' })
    }
    followed.moveTo(Math.ceil(followed.clock / 300) * 300 + 241)
    followed.mentions({ idle: 0, count: 1, spread: 0, behind: 0, platform: 0, holds: 'stays' })
    followed.moveTo(Math.ceil(followed.clock / 300) * 300 - 1)
    if (reads) followed.read()
    followed.mentions({ idle: 0, count: 9, spread: 0, behind: 600, platform: 0, holds: 'stays' })
    followed.moveTo(followed.clock + 1)
    followed.read()
    return followed.topic.adaptive.usual(followed.clock)!.count
  }
  expect(usual(true)).toBe(usual(false))
})

test('a gap that an open alarm has not passed is kept, however many there were before: what is believed later holds no zeros of it', () => {
  const followed = new Followed()
  const minutes = (length: number, count: number): void => {
    for (let minute = 0; minute < length; minute++) {
      followed.moveTo(followed.clock + 60)
      followed.mentions({ idle: 0, count, spread: 0, behind: 0, platform: 0, holds: 'stays' })
    }
  }
  minutes(600, 2)
  for (let gap = 0; gap < gapLimits.gapsMax - 2; gap++) {
    followed.moveTo(followed.clock + 7300)
    minutes(5, 2)
  }
  minutes(60, 2)
  minutes(20, 30)
  expect(followed.topic.adaptive.isRestless).toBe(true)
  const missing = Math.floor((followed.clock + 600) / 300)
  for (let gap = 0; gap < 3; gap++) {
    followed.moveTo(followed.clock + 7300)
    minutes(20, 30)
  }
  expect(followed.watch.gaps.next(missing)).toBe(missing)
  expect(followed.watch.gaps.next(0)).toBeGreaterThan(0)
})

test('a past that comes while a blind source holds the topic is learnt up to there', () => {
  const hours = 30
  const usual = (isHeld: boolean): number => {
    const watch = new Watch(rules, { waitingSeq: 1, clock: begin, holds: () => isHeld })
    watch.heldAnew(begin)
    const clock = begin + 6 * 3600
    for (let second = begin; second < clock; second += 60) watch.close(second, second + 59)
    const first = Math.floor(begin / 60) - 60 * hours
    const minutes = Array.from({ length: 60 * hours }, (_, at): [number, number] => [first + at, 2])
    watch.fill('t', { seconds: [], minutes, known: [[60 * first, clock - 1]] }, { rulesSeq: 1, clock })
    return watch.topics[0]!.adaptive.usual(begin + 86_400 + 3 * 3600)!.count
  }
  expect(usual(true)).toBeCloseTo(20, -1)
  expect(usual(true)).toBeGreaterThan(1.1 * usual(false))
})
