// A few thousand inputs of each target, the same on every run; `npm run fuzz` makes a million others, in processes of their own.
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { targets } from './targets.ts'

const inputs = 3000

describe.each(targets)('$name', (target) => {
  test(target.promise, async () => {
    await fc.assert(fc.asyncProperty(target.inputs, async (input) => { await target.check(input) }), { numRuns: Math.round(inputs * target.share) })
  })
})
