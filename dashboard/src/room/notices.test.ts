import { expect, test } from 'vitest'
import type { Problem } from '@groundswell/schemas/live.ts'
import { toldProblems } from './notices.ts'

test('a store that is away is told before a source that is blind, however long that has been known', () => {
  const problem = (kind: Problem['kind'], since: number): Problem => ({ kind, since, detail: '' })
  const told = toldProblems([problem('source-blind', 1), problem('rules-refused', 2), problem('canary-late', 4), problem('store-down', 3)])
  expect(told.map(({ kind }) => kind)).toEqual(['store-down', 'canary-late'])
  expect(toldProblems([problem('source-blind', 1)])).toHaveLength(1)
})
