import { expect, test } from 'vitest'
import { liveTeller } from './live-trouble.ts'

test('walls that fall behind are all counted, and told of once a minute with how many there were', () => {
  const told: string[] = []
  const counted: string[] = []
  let now = 0
  const tell = liveTeller({ warn: (message, fields) => told.push(`${message.split(':')[0]!} ×${String(fields?.['times'])}`) }, (kind) => counted.push(kind), () => now)
  for (const kind of ['behind', 'behind', 'resync', 'silent', 'behind'] as const) tell(kind)
  now = 60_000
  tell('behind')
  expect(counted).toEqual(['behind', 'behind', 'resync', 'silent', 'behind', 'behind'])
  expect(told).toEqual([expect.stringMatching(/^a wall does not take its frames.* ×1$/), expect.stringMatching(/^a wall was silent.* ×1$/), expect.stringMatching(/^a wall does not take.* ×3$/)])
})
