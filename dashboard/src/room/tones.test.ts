import { expect, test } from 'vitest'
import { heardOf, lastsSeconds, tonesOf } from './tones.ts'

test('W35: severe is two tones, three times; moderate is one; minor is silent', () => {
  expect(tonesOf.severe.map(({ hertz }) => hertz)).toEqual([880, 660, 880, 660, 880, 660])
  expect([tonesOf.moderate.length, tonesOf.minor.length]).toEqual([1, 0])
  for (const [index, tone] of tonesOf.severe.entries()) if (index > 0) expect(tone.at).toBeGreaterThanOrEqual(tonesOf.severe[index - 1]!.at + tonesOf.severe[index - 1]!.seconds)
  expect(lastsSeconds(tonesOf.severe)).toBeLessThan(3)
})

test.each([
  [[], null], [['minor'], null], [['minor', 'moderate'], 'moderate'], [['moderate', 'severe', 'minor'], 'severe'],
] as const)('of %j the wall sounds %s', (grades, heard) => expect(heardOf(grades.map((grade) => ({ grade, clearedAt: null })))).toBe(heard))

test('what is over when it arrives is not heard', () => expect(heardOf([{ grade: 'severe', clearedAt: 'x' }, { grade: 'moderate', clearedAt: null }])).toBe('moderate'))
