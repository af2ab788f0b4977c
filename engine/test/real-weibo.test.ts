// Real input: 660,518 mentions of Weibo cascades through `publish` into a running engine – each stored once, and the same events as `backtest`.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { IdentifiedEvent, ThresholdEvent } from '@groundswell/schemas/spike.ts'
import { expect, onTestFinished, test } from 'vitest'
import { groundswell, testFolder } from './processes.ts'
import { heldIn, startEngine, withStore } from './running-engine.ts'

const recording = fileURLToPath(new URL('../../../shared/data/weibo-cascades/mentions.ndjson.gz', import.meta.url))
if (!existsSync(recording)) console.warn('shared/data/weibo-cascades is not beside this repository: the test on real mentions is skipped.')
const mentions = 660_518

const topic = (id: string, query: string, velocity: string): string => `  - id: ${id}\n    name: { zh: ${id}, en: ${id} }\n    query: '${query}'\n    velocity: [ ${velocity} ]\n`
const rules = `topics:
${topic('all-reposts', 'kind:repost OR 转发 OR 轉發', '{ count: 400, within: 10m, grade: severe }, { count: 2000, within: 2h }')}
${topic('rumour', '(谣言 OR 辟谣 OR 造谣 OR 假的) NOT 广告', '{ count: 12, within: 1h, grade: moderate }, { count: 60, within: 1d }')}
${topic('safety', '地震 OR 爆炸 OR 火灾 OR 拐卖 OR 器官 OR (孩子 NEAR/8 失踪)', '{ count: 30, within: 30m }, { count: 300, within: 7d, grade: severe }')}
${topic('food', '食品 OR 奶粉 OR 毒 OR 致癌', '{ count: 15, within: 10m, grade: minor }, { count: 100, within: 6h, grade: moderate }')}
${topic('loud', 'followers>1000000 verified:true', '{ count: 3, within: 1h }')}
`
const plain = ({ kind, topic, rule, grade, at, count }: ThresholdEvent): string => JSON.stringify({ kind, topic, rule, grade, at, count })

test.skipIf(!existsSync(recording))('every real mention is stored exactly once, and the engine tells the events of backtest', async () => {
  const folder = await testFolder('real-weibo')
  await writeFile(join(folder, 'rules.yml'), rules)
  const engine = await startEngine({ folder })
  onTestFinished(() => engine.end())
  const { code, stdout, stderr } = await groundswell(['publish', recording, '--speed', 'max', '--nats', engine.nats], { cwd: folder })
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ published: mentions, refused: 0 })
  const stats = await engine.until('every mention is stored', ({ stored }) => stored >= mentions)
  expect(stats).toMatchObject({ stored: mentions, duplicates: 0, skewed: 0, deadLetters: 0 })
  expect(stats.counted + stats.late).toBe(mentions)
  await engine.stop()
  const told = await groundswell(['backtest', '--rules', 'rules.yml', '--input', recording], { cwd: folder })
  expect(told.code, told.stderr).toBe(0)
  const expected = told.stdout.trimEnd().split('\n')
  expect(expected.length).toBeGreaterThan(100)
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: mentions, ids: mentions })
    const events = await store.query<IdentifiedEvent>(`SELECT kind, topic, rule, grade, formatDateTime(at, '%Y-%m-%dT%H:%i:%SZ') AS at, count, id FROM spikes FINAL`)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(events.map(plain).sort()).toEqual(expected.toSorted())
  })
})
