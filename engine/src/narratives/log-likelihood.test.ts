import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signedRoot } from './log-likelihood.ts'

test.each([
  { now: 10, nowOf: 100, before: 10, beforeOf: 100, root: 0, why: 'as often as before' }, { now: 10, nowOf: 100, before: 0, beforeOf: 100, root: 3.793, why: 'new' },
  { now: 0, nowOf: 100, before: 10, beforeOf: 100, root: -3.793, why: 'gone' }, { now: 110, nowOf: 10_000, before: 10, beforeOf: 10_000, root: 9.9, why: 'eleven times as often' },
])('$why: $root', ({ root, ...counts }) => {
  expect(signedRoot(counts)).toBeCloseTo(root, 3)
})

test('it is twice the difference of the log-likelihoods with one share and with two, and turns its sign with the sides', () => {
  const count = fc.integer({ min: 0, max: 5000 })
  fc.assert(fc.property(count, count, count, count, (now, restNow, before, restBefore) => {
    fc.pre(now + restNow > 0 && before + restBefore > 0)
    const nowOf = now + restNow, beforeOf = before + restBefore
    const logOf = (held: number, of: number, share: number): number => (held === 0 ? 0 : held * Math.log(share)) + (of === held ? 0 : (of - held) * Math.log(1 - share))
    const both = (now + before) / (nowOf + beforeOf)
    const naive = 2 * (logOf(now, nowOf, now / nowOf) + logOf(before, beforeOf, before / beforeOf) - logOf(now, nowOf, both) - logOf(before, beforeOf, both))
    const root = signedRoot({ now, nowOf, before, beforeOf })
    expect(root * root).toBeCloseTo(Math.max(0, naive), 5)
    const other = signedRoot({ now: before, nowOf: beforeOf, before: now, beforeOf: nowOf })
    expect(Math.abs(other)).toBeCloseTo(Math.abs(root), 6)
    if (Math.abs(root) > 1e-3) expect(Math.sign(other)).toBe(-Math.sign(root))
  }))
})
