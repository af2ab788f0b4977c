import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reloaded } from '../../../test/saved.ts'
import { Novelty } from './novelty.ts'

const hour = 3600

const scoresOf = (scores: readonly number[]): number[] => {
  const novelty = new Novelty()
  return scores.map((score, i) => novelty.take(i * 300, score))
}

test('an event that nobody would call plain is told when it stops rising, by its top', () => {
  expect(scoresOf([0.4, 0.9, 1.2, 1.1, 1, 0])).toEqual([0, 0, 0, 1.2, 0, 0])
})

test('a plain one is told in its first row, and again only where it gets half as surprising again', () => {
  expect(scoresOf([0, 4, 5, 3, 4.5, 7, 8, 0])).toEqual([0, 4, 0, 0, 0, 7, 0, 0])
  expect(scoresOf([0.5, 1.6, 1.7, 0])).toEqual([0, 1.6, 0, 0])
})

test('what goes on rising is told after an hour', () => {
  expect(scoresOf(Array.from({ length: 14 }, (_, i) => 0.5 + i / 100)).map((told) => told > 0).indexOf(true)).toBe(12)
})

test.each([
  { later: 1, hours: 0.1, told: 0, why: 'the same event goes on' },
  { later: 1.45, hours: 0.1, told: 0, why: 'it has grown a little' },
  { later: 1.49, hours: 1, told: 1.49, why: 'it has grown by half of what is left of it' },
  { later: 0.65, hours: 24, told: 0.65, why: 'a day later half of it is news' },
  { later: 0.5, hours: 24, told: 0, why: 'and less is an echo' },
])('after a score of 1 one of $later $hours hours later is told as $told: $why', ({ later, hours, told }) => {
  const novelty = new Novelty()
  novelty.take(-300, 1)
  expect(novelty.take(0, 0)).toBe(1)
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
