import { expect, test } from 'vitest'
import { EventClock } from './event-clock.ts'

test('there is no clock before the first counted mention, and no tick makes one', () => {
  const clock = new EventClock()
  expect(clock.second).toBeNull()
  expect(clock.isLate(0)).toBe(false)
  expect(clock.idleTarget(1_700_000_000_000)).toBeNull()
})

test('more than ten minutes behind the clock is late, ten minutes are not', () => {
  const clock = new EventClock(10_000)
  expect(clock.isLate(9400)).toBe(false)
  expect(clock.isLate(9399)).toBe(true)
})

test('the clock never runs backwards', () => {
  const clock = new EventClock(100)
  clock.moveTo(90)
  expect(clock.second).toBe(100)
})

test.each([
  { now: 10_000_999, expected: null, why: 'its second is the running one' },
  { now: 10_001_000, expected: 10_001, why: 'a second has begun' },
  { now: 10_120_000, expected: 10_120, why: 'it is just within two minutes' },
  { now: 10_120_001, expected: null, why: 'the clock is over two minutes behind: a replay' },
  { now: 9_990_000, expected: null, why: 'it is earlier than the clock' },
])('an idle tick at $now moves a clock of 10,000 s to $expected: $why', ({ now, expected }) => {
  expect(new EventClock(10_000).idleTarget(now)).toBe(expected)
})
