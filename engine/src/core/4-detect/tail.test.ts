import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reloaded, savedBytes } from '../../../test/saved.ts'
import { StateReader, StateUnreadable } from '../state.ts'
import { mulberry32 } from './normal-traffic.testing.ts'
import { mostPerDay, Tail } from './tail.ts'

const settings = { threshold: 2.5, excess: 0.8, perDay: 2, declusterSeconds: 7200 } as const
const day = 86_400

test('as many separate peaks a day go above a value as the tail says', () => {
  const random = mulberry32(3)
  const tail = new Tail(settings)
  const valueAt = (): number => -Math.log(1 - random()) * 3 // exponential, mean 3
  for (let second = 0; second < 60 * day; second += 300) tail.learn(second, valueAt())
  for (const perDay of [2, 0.5, 0.1]) {
    const truth = 288 * Math.exp(-tail.valueOf(perDay) / 3)
    expect(truth / perDay).toBeGreaterThan(0.3)
    expect(truth / perDay).toBeLessThan(3)
  }
})

test('a value is gone above as often as its rate says', () => {
  const tail = new Tail(settings)
  for (const perDay of [0.001, 0.5, 2, 9]) expect(tail.perDay(tail.valueOf(perDay))).toBeCloseTo(perDay, 9)
  expect(tail.perDay(-100)).toBe(mostPerDay)
})

test('one enormous peak does not make the next one normal', () => {
  const tail = new Tail(settings)
  for (let second = 0; second < 10 * day; second += 3600) tail.learn(second, 1)
  const before = tail.valueOf(0.1)
  tail.learn(10 * day, 1e6)
  expect(tail.valueOf(0.1)).toBeLessThan(2 * before)
})

test('what goes on for hours is a peak again and again, and never runs away', () => {
  const tail = new Tail(settings)
  for (let second = 0; second < 30 * day; second += 300) tail.learn(second, 50 + (second % 7))
  expect(tail.perDay(56)).toBeGreaterThan(1)
})

test('silence does not make two mentions an event', () => {
  const tail = new Tail(settings)
  tail.learn(0, 1)
  tail.learn(365 * day, 0)
  expect(tail.valueOf(2)).toBeGreaterThanOrEqual(settings.threshold / 2)
})

test('a storm is forgotten: weeks of calm later as much is rare as before it', () => {
  const tail = new Tail(settings)
  const before = tail.valueOf(0.1)
  for (let second = 0; second < 10 * day; second += 10_800) tail.learn(second, 40 + (second % 7))
  expect(tail.valueOf(0.1)).toBeGreaterThan(3 * before)
  for (let second = 10 * day; second < 60 * day; second += 3600) tail.learn(second, 0)
  expect(tail.valueOf(0.1)).toBeLessThan(before)
})

test('time that is passed over is not calm', () => {
  const random = mulberry32(5)
  const tail = new Tail(settings)
  for (let second = 0; second < 20 * day; second += 600) tail.learn(second, -Math.log(1 - random()) * 2)
  const before = tail.valueOf(1)
  tail.pass(50 * day)
  tail.learn(50 * day + 1, 0)
  expect(tail.valueOf(1)).toBeCloseTo(before, 3)
  tail.learn(80 * day, 0)
  expect(tail.valueOf(1)).toBeLessThan(before / 2)
})

test('a loaded tail answers as the saved one, and refuses what is none', () => {
  const steps = fc.array(fc.record({ move: fc.nat(20_000), value: fc.double({ min: 0, max: 40, noNaN: true }) }), { maxLength: 60 })
  fc.assert(fc.property(steps, steps, (before, after) => {
    const tail = new Tail(settings)
    let second = 0
    for (const { move, value } of before) tail.learn(second += move, value)
    const other = reloaded(tail, new Tail(settings))
    for (const { move, value } of after) {
      second += move
      tail.learn(second, value)
      other.learn(second, value)
      expect(other.perDay(value)).toBe(tail.perDay(value))
    }
  }))
  const bytes = savedBytes(new Tail(settings))
  new DataView(bytes.buffer).setFloat64(0, Number.NaN, true)
  expect(() => new Tail(settings).load(new StateReader(bytes))).toThrow(StateUnreadable)
})
