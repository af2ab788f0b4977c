import { queryObjects } from 'node:v8'
import { expect, test } from 'vitest'
import { Engine } from '../../src/core/engine.ts'
import { sabotages, type Sabotage } from './sabotage.ts'
import { runSeed } from './run-seed.ts'
import { tell } from './story.ts'
import { World } from './world.ts'

const seeds = 100

test(`${seeds} worlds in which anything may fail at any await end as if nothing had happened`, async () => {
  const injected = new Map<string, number>()
  for (let seed = 1; seed <= seeds; seed++) {
    const result = await runSeed(seed)
    expect(result.failure, `npm run simulate -- --seed ${seed} --trace`).toBe(null)
    for (const [what, times] of result.injected) injected.set(what, (injected.get(what) ?? 0) + times)
  }
  // What the worlds hold must really happen in them.
  for (const what of ['crashes', 'graceful stops', 'arrived after the crash', 'inserts known by their token', 'publishes known by their id', 'store works later', 'stream works but fails', 'outages of the store', 'lives that begin a recreated stream', 'alarms of baselines']) {
    expect(injected.get(what) ?? 0, what).toBeGreaterThan(9)
  }
}, 400_000)

test('a seed is the same world each time, step by step', async () => {
  const traceOf = async (seed: number): Promise<string[]> => {
    const lines: string[] = []
    await runSeed(seed, { trace: (line) => lines.push(line) })
    return lines
  }
  for (const seed of [3, 17]) {
    const lines = await traceOf(seed)
    expect(lines.length).toBeGreaterThan(100)
    expect(await traceOf(seed)).toEqual(lines)
  }
})

test('a world that is over is let go of, with every life of its engine', async () => {
  for (let seed = 1; seed <= 10; seed++) await runSeed(seed)
  await new Promise((resolve) => { setImmediate(resolve) }) // what runs is held by its stack
  expect({ worlds: queryObjects(World), engines: queryObjects(Engine) }).toEqual({ worlds: 0, engines: 0 })
})

test.each(Object.entries(sabotages).map(([name, sabotage]) => ({ name: name as Sabotage, where: () => true, ...sabotage })))('it is found out when $does', async ({ name, found, where }) => {
  const seedsMax = 150
  for (let seed = 1; seed <= seedsMax; seed++) {
    if (!where(tell(seed))) continue
    const { failure } = await runSeed(seed, { sabotage: name })
    if (failure !== null && found.test(failure)) return
  }
  expect.fail(`${seedsMax} seeds did not find it`)
})
