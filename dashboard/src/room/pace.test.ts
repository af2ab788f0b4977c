import { expect, test } from 'vitest'
import { paceOf } from './pace.ts'

const steady = Array.from({ length: 60 }, () => 30)
test.each([
  { why: 'grows by half in a quarter of an hour', acceleration: 1, spark: steady, pace: '↗' }, { why: 'shrinks by half', acceleration: -1, spark: steady, pace: '↘' },
  { why: 'a change in the noise', acceleration: 0.3, spark: steady, pace: '→' }, { why: 'nothing is known', acceleration: null, spark: steady, pace: null },
  { why: 'a silent topic stays level', acceleration: 0, spark: steady.map(() => 0), pace: '→' }, { why: 'the first mentions after silence', acceleration: 0.02, spark: steady.map(() => 0), pace: '↗' },
  { why: 'minutes that are not known do not count', acceleration: 1, spark: steady.map((count, index) => (index < 55 ? -1 : count)), pace: '↗' },
  { why: 'the running minute does not count', acceleration: 1, spark: [...steady.slice(0, 59), 9_000], pace: '↗' },
] as const)('$why: $pace', ({ acceleration, spark, pace }) => expect(paceOf({ acceleration, spark })).toBe(pace))
