// The short form of `npm run chaos`: whatever is killed, the engine's answer is that of an engine to which nothing happened.
import { expect, test } from 'vitest'
import { testFolder } from '../processes.ts'
import { runChaos } from './chaos.ts'

test('parts are killed at random moments: rows, windows, spikes and alerts are those of an undisturbed run', async () => {
  const folder = await testFolder('chaos')
  const seed = Number(process.env['GROUNDSWELL_TEST_SEED'] ?? 20_240_520)
  const { checks, rounds } = await runChaos({ folder, seed, rounds: 6, secondsPerRound: 2, harms: ['engine', 'nats', 'chdb', 'worker', 'stop', 'start'], log: () => undefined })
  expect(rounds).toHaveLength(6)
  for (const { what, wrong } of checks) expect(wrong, `seed ${seed}: ${what}`).toEqual([])
  const expected = Object.fromEntries(checks.map((check) => [check.what, check.expected]))
  expect(expected['mentions with their fates']).toBeGreaterThan(300)
  expect(expected['spikes and clears in the store']).toBeGreaterThan(0)
  expect(expected['alerts at the webhook']).toBeGreaterThan(0)
})
