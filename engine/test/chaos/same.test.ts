// What the oracle of the chaos test says of a loss, a double and a stranger.
import { expect, test } from 'vitest'
import { same } from './same.ts'

test.each([
  { of: 'the same in another order', expected: ['a', 'b', 'b'], found: ['b', 'a', 'b'], wrong: [] },
  { of: 'a loss', expected: ['a', 'b'], found: ['a'], wrong: ['missing: b'] },
  { of: 'one of two lost', expected: ['a', 'a'], found: ['a'], wrong: ['missing: a'] },
  { of: 'a double', expected: ['a'], found: ['a', 'a'], wrong: ['2 times: a'] },
  { of: 'a stranger', expected: ['a'], found: ['a', 'x'], wrong: ['not expected: x'] },
  { of: 'another value', expected: ['m 0'], found: ['m 1'], wrong: ['missing: m 0', 'not expected: m 1'] },
  { of: 'many', expected: ['1', '2', '3', '4', '5', '6', '7'], found: [], wrong: ['missing: 1', 'missing: 2', 'missing: 3', 'missing: 4', 'missing: 5', 'and 2 more'] },
])('$of', ({ expected, found, wrong }) => {
  expect(same('keys', expected, found)).toEqual({ what: 'keys', expected: expected.length, found: found.length, wrong })
})
