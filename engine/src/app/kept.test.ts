import { expect, test } from 'vitest'
import { Kept } from './kept.ts'

test('an answer is kept for its time, and the oldest goes where there is no room', () => {
  let now = 0
  const kept = new Kept<number>(2, () => now)
  kept.keep('a', 1, 100)
  kept.keep('b', 2, 50)
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([1, 2, undefined])
  now = 50
  expect([kept.get('a'), kept.get('b')]).toEqual([1, undefined])
  kept.keep('c', 3, 100)
  kept.keep('a', 4, 100)
  kept.keep('d', 5, 100)
  expect([kept.get('a'), kept.get('c'), kept.get('d')]).toEqual([4, undefined, 5])
})
