// Worker threads end in the middle of their work, by chance or because of one mention: nothing is lost, nothing is counted twice.
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createChance } from '../src/drill/chance.ts'
import { testFolder, waitUntil } from './processes.ts'
import { heldIn, publishByHand, startEngine, withStore } from './running-engine.ts'

const preloading = (name: string) => ({ NODE_OPTIONS: `--import ${fileURLToPath(new URL(`chaos/${name}.mjs`, import.meta.url))}` })
const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const start = Date.parse('2024-05-20T12:00:00Z')
const total = 60_000
const kills = 10

function lines(from: number, to: number): string {
  let text = ''
  for (let n = from; n < to; n++) text += `{"id":"m:${n}","ts":${start + 10 * n},"platform":"weibo","author":"u${n % 999}","text":"${n % 2 ? '断网了' : 'all is well'} ${n}"}\n`
  return text
}

test('worker threads are ended at random: each mention is stored once, and none is blamed', async () => {
  const folder = await testFolder('e2e-workers')
  const engine = await startEngine({ folder, rules, env: preloading('kill-a-worker') })
  onTestFinished(() => engine.end())
  const publishing = publishByHand(engine.nats, folder)
  const chance = createChance(11)
  const replaced = async (): Promise<number> => Number(/workers_replaced_total\{why="crashed"\} (\d+)/.exec(await (await fetch(`${engine.url}/metrics`)).text())?.[1] ?? 0)
  for (let kill = 0; kill < kills; kill++) {
    await publishing.write(lines((kill * total) / kills, ((kill + 1) * total) / kills))
    await pause(200 + Math.floor(chance.unit() * 1000))
    process.kill(engine.pid, 'SIGUSR2')
    await waitUntil(`thread ${kill + 1} is replaced`, async () => await replaced() > kill) // two signals at once are one
  }
  const { code, stderr } = await publishing.end()
  expect(code, stderr).toBe(0)
  expect(await engine.until('every mention is stored', ({ stored }) => stored >= total)).toMatchObject({ stored: total, counted: total, duplicates: 0, deadLetters: 0 })
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: total, ids: total })
    expect(await store.query('SELECT sum(mentions) AS mentions FROM topic_minutes')).toEqual([{ mentions: total / 2 }])
  })
})

test('a mention that ends whatever thread takes it is a dead letter, with its bytes; all others are stored', async () => {
  const folder = await testFolder('e2e-poison')
  const engine = await startEngine({ folder, rules, env: preloading('poison-workers') })
  onTestFinished(() => engine.end())
  const poison = '{"id":"bad","ts":1716206400000,"text":"MARK-EXIT 断网","platform":"weibo"}'
  const posted = await engine.post(`${lines(0, 500)}${poison}\r\n${lines(500, 1000)}`)
  expect(posted).toMatchObject({ status: 202, answer: { accepted: 1001, messages: 1 } })
  await engine.post(lines(1000, 1500))
  expect(await engine.until('all others are stored', ({ stored }) => stored === 1500, 120_000)).toMatchObject({ counted: 1500, duplicates: 0, deadLetters: 1 })
  const seq = posted.answer.seqs[0]!
  await waitUntil('the log says so', () => engine.log.some((line) => line.includes('"error"') && line.includes(`"seq":${seq},"line":500`) && /a mention crashes whatever worker takes it.*dead-letters/.test(line)))
  const metrics = await (await fetch(`${engine.url}/metrics`)).text()
  expect(metrics).toMatch(/groundswell_poison_mentions_total 1\n/)
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: 1500, ids: 1500 })
    expect(await store.query('SELECT seq, line, reason, raw FROM dead_letters')).toEqual([{ seq, line: 500, reason: 'poison', raw: `${poison}\r` }])
  })
})
