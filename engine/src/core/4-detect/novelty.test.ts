import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reloaded } from '../../../test/saved.ts'
import { Novelty } from './novelty.ts'

const hour = 3600

test('an event is told when it stops rising, by its top', () => {
  const novelty = new Novelty()
  expect([1, 3, 4, 3.5, 3.4, 0].map((score, i) => novelty.take(i * 300, score))).toEqual([0, 0, 0, 4, 0, 0])
})

test.each([
  { later: 4, hours: 0.1, told: 0, why: 'the same event goes on' },
  { later: 5.9, hours: 0.1, told: 0, why: 'it has grown a little' },
  { later: 7, hours: 0.1, told: 7, why: 'it has grown by half' },
  { later: 2.5, hours: 24, told: 2.5, why: 'a day later half of it is news' },
  { later: 2, hours: 24, told: 0, why: 'and less is an echo' },
])('after a score of 4 one of $later $hours hours later is told as $told: $why', ({ later, hours, told }) => {
  const novelty = new Novelty()
  novelty.take(-300, 4)
  expect(novelty.take(0, 0)).toBe(4)
  expect(novelty.take(hours * hour, later)).toBe(0)
  expect(novelty.take(hours * hour + 300, 0)).toBe(told)
})

test('a loaded one answers as the saved one', () => {
  const steps = fc.array(fc.record({ move: fc.nat(40_000), score: fc.double({ min: 0, max: 20, noNaN: true }) }), { maxLength: 30 })
  fc.assert(fc.property(steps, steps, (before, after) => {
    const novelty = new Novelty()
    let second = 0
    for (const { move, score } of before) novelty.take(second += move, score)
    const other = reloaded(novelty, new Novelty())
    for (const { move, score } of after) expect(other.take(second += move, score)).toBe(novelty.take(second, score))
  }))
})
