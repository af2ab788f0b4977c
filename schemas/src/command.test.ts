import { expect, test } from 'vitest'
import { commandSchema } from './command.ts'

const fill = (seconds: readonly (readonly [number, number])[], minutes: readonly (readonly [number, number])[] = []) => commandSchema.safeParse({ kind: 'fill', rules: 0, topics: [{ id: 'a', seconds, minutes }] }).success

test('a fill brings slices that a window can hold, and a checkpoint keep', () => {
  expect(fill([[1_700_000_000, 3]], [[28_333_333, 3]])).toBe(true)
  for (const slice of [[-1, 3], [2 ** 32, 3], [1_700_000_000, -3], [1_700_000_000, 0], [1_700_000_000, 2 ** 32]] as const) expect(fill([slice])).toBe(false)
  expect(fill([], [[1_700_000_000, 3]])).toBe(false)
})
