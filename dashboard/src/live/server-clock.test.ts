import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServerClock } from './server-clock.ts'

test('says nothing before the server spoke', () => expect(new ServerClock().at(5)).toBeNull())

test('the least delayed of the last 64 messages sets the offset', () => {
  fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(fc.nat(3_000), { minLength: 1, maxLength: 300 }), (offset, delays) => {
    const clock = new ServerClock()
    delays.forEach((delay, index) => clock.observe(index * 250 + offset, index * 250 + delay))
    expect(clock.at(1_000)).toBe(1_000 + offset - Math.min(...delays.slice(-64)))
  }))
})

test('another engine is believed anew', () => {
  const clock = new ServerClock()
  clock.observe(1_000_000, 0)
  clock.forget()
  expect(clock.at(0)).toBeNull()
  clock.observe(500, 100)
  expect(clock.at(100)).toBe(500)
})
