// The chDB child is killed with -9 at seeded moments while inserts go on, each tried again under its token until it is in, as the engine
// does: every row is there once, and the roll-up, which a view writes beside the table, counts each once too. GROUNDSWELL_TEST_KILLS=50 for more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createChance } from '../../drill/chance.ts'
import { mentionBlocks } from './native-rows.testing.ts'
import { openStore } from './store.ts'
import { startSupervisedClickhouse } from './supervised.ts'

const kills = Number(process.env['GROUNDSWELL_TEST_KILLS'] ?? 5)
const seed = Number(process.env['GROUNDSWELL_TEST_SEED'] ?? 7)
const rows = 4000

test(`after ${kills} kills at random moments (seed ${seed}) rows and roll-up hold each insert once`, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-killed-'))
  onTestFinished(() => { rmSync(directory, { recursive: true, force: true, maxRetries: 5 }) })
  const chance = createChance(seed)
  const child = await startSupervisedClickhouse({ directory, onDeath: () => undefined, onBack: () => undefined })
  const store = await openStore({ ...child, retentionDays: 3650 })
  const progress = { killed: 0 }
  const killing = (async () => {
    for (; progress.killed < kills; progress.killed++) {
      await pause(chance.below(300))
      const { pid } = child
      process.kill(pid, 'SIGKILL')
      while (child.pid === pid) await pause(5)
    }
  })()
  let failures = 0
  let inserts = 0
  const insert = async (k: number): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        // Cut into other blocks at each try, as workers do after a restart.
        return await store.insertMentions(`1:mentions:${k}`, mentionBlocks(rows, 500 + 700 * (attempt % 4), () => ({ line: k, topics: ['a'] })))
      } catch (error) {
        expect(error).toMatchObject({ retry: true })
        failures += 1
        await pause(20)
      }
    }
  }
  for (; progress.killed < kills; inserts++) await insert(inserts)
  await killing
  for (let k = 0; k < inserts; k++) await store.insertMentions(`1:mentions:${k}`, mentionBlocks(rows, 1000, () => ({ line: k, topics: ['a'] }))) // all once more
  expect(await store.query('SELECT line, count() AS n FROM mentions GROUP BY line HAVING n != {rows:UInt32}', { rows })).toEqual([])
  expect(await store.query('SELECT count() AS n, uniqExact(line) AS inserts FROM mentions')).toEqual([{ n: inserts * rows, inserts }])
  expect(await store.query('SELECT sum(mentions) AS n FROM topic_minutes')).toEqual([{ n: inserts * rows }])
  expect(failures).toBeGreaterThan(0)
  await store.close()
  await child.stop()
}, 300_000 + 12_000 * kills)
