// A backup of an engine that runs: nothing of it is lost or counted twice by it, a kill in the middle does no harm, and what is restored is
// the state behind one message, everywhere: rows, counts by minute, windows, ids.
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Frozen } from '../src/io/http/backup.ts'
import type { ClickhouseStore } from '../src/io/clickhouse/store.ts'
import { groundswell, tempFolder, waitUntil } from './processes.ts'
import { dataOf, publishByHand, startEngine, withStore, type RunningEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 500, within: 2h } ] }\n'
const settings = 'checkpointEvery: 1s\ncanaryEvery: off\nblindAfter: off\n'
const start = Date.parse('2024-05-20T12:00:00Z')
/** A hundred to the second of event time: however long it takes, all of them are in the window of two hours. */
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, n) => `{"id":"m${from + n}","ts":${start + 10 * (from + n)},"text":"${n % 3 ? '断网了' : 'all is well'}"}\n`).join('')

let folder = ''
let remove: () => Promise<void>
let engine: RunningEngine
beforeAll(async () => {
  ({ folder, remove } = await tempFolder('e2e-backup'))
  engine = await startEngine({ folder, rules, settings })
})
afterAll(async () => {
  await engine?.end()
  await remove?.()
})

const leftovers = (): string[] => [
  ...(existsSync(join(dataOf(folder), 'online-backup')) ? ['online-backup'] : []),
  ...readdirSync(join(dataOf(folder), 'clickhouse', 'shadow')).filter((name) => name.startsWith('groundswell_')),
]
const ask = (method: string, path: string): Promise<Response> => fetch(engine.url + path, { method })

interface Facts { readonly rows: number; readonly ids: number; readonly which: string; readonly outage: number }
const factsOf = async (store: ClickhouseStore, upTo = 2 ** 40): Promise<Facts> => (await store.query<Facts>(
  `SELECT count() AS rows, count(DISTINCT id) AS ids, toString(sum(cityHash64(id))) AS which, countIf(has(topics, 'outage')) AS outage
    FROM mentions WHERE seq <= {upTo:UInt64}`, { upTo }))[0]!
const newestPosition = async (store: ClickhouseStore): Promise<number> => (await store.query<{ last: number }>('SELECT max(last) AS last FROM positions'))[0]!.last
const inMinutes = async (store: ClickhouseStore): Promise<number> => (await store.query<{ count: number }>('SELECT sum(mentions) AS count FROM topic_minutes WHERE topic = \'outage\''))[0]!.count

let sent = 0
let position = 0
let atPosition: Facts

test('while a publisher goes on a backup is taken, and one at a time; a kill in the middle of another leaves nothing behind; all is stored once', async () => {
  const publisher = publishByHand(engine.nats, folder)
  const over = new AbortController()
  const published = (async () => {
    for (; !over.signal.aborted; await pause(30)) await publisher.write(lines(sent, sent += 100))
    return publisher.end()
  })()
  await engine.until('some are stored', ({ stored }) => stored > 1000)
  const made = await groundswell(['backup', 'b.tar', '--data', 'data', '--http', new URL(engine.url).port], { cwd: folder })
  expect(made.code, made.stderr).toBe(0)
  const told = JSON.parse(made.stdout) as { position: { seq: number }; heldMs: number }
  expect(told).toMatchObject({ online: true, elsewhere: [], heldMs: expect.any(Number) as number })
  position = told.position.seq
  expect(leftovers()).toEqual([])

  const frozen = await (await ask('POST', '/api/backup')).json() as Frozen
  const second = await ask('POST', '/api/backup')
  expect([second.status, await second.json()]).toMatchObject([409, { detail: `backup ${frozen.name} is under way` }])
  expect((await ask('POST', '/api/backup?pid=1')).status).toBe(409)
  expect(leftovers()).toEqual(['online-backup', frozen.name])
  expect([(await ask('DELETE', '/api/backup/groundswell_1')).status, (await ask('DELETE', `/api/backup/${frozen.name}`)).status, leftovers()]).toEqual([404, 200, []])
  over.abort()
  expect((await published).code).toBe(0)
  expect((await engine.until('all are stored', ({ stored }) => stored === sent)).counted).toBe(sent)

  await engine.post(lines(sent - 100, sent + 500))
  void ask('POST', '/api/backup').catch(() => undefined) // it is killed before it can answer
  await waitUntil('tables are being frozen', () => leftovers().length > 1)
  await engine.kill()
  expect(leftovers()).toHaveLength(2)
  await writeFile(join(dataOf(folder), 'clickhouse', 'shadow', 'increment.txt'), '') // as a kill in its making leaves it
  engine = await startEngine({ folder, settings })
  expect(leftovers()).toEqual([])
  await engine.until('all are stored again', ({ stored, duplicates }) => stored === sent + 500 && duplicates === 100)
  const again = await ask('POST', '/api/backup')
  expect(again.status, await again.text()).toBe(200)
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await factsOf(store)).toMatchObject({ rows: sent + 500, ids: sent + 500 })
    atPosition = await factsOf(store, position)
  })
})

test('what is restored is the state behind its position; what was stored then is known, and what is new counts', async () => {
  expect(atPosition.rows).toBeGreaterThan(1000)
  expect(atPosition.rows).toBeLessThan(sent)
  const other = join(folder, 'other')
  await mkdir(other)
  const restored = await groundswell(['restore', '../b.tar', '--data', 'data'], { cwd: other })
  expect(restored.code, restored.stderr).toBe(0)
  expect(restored.stderr).toMatch(/it holds no stream/)
  const [facts, inTopic, last] = await withStore(other, async (store) => [await factsOf(store), await inMinutes(store), await newestPosition(store)])
  expect([facts, inTopic]).toEqual([atPosition, atPosition.outage])
  expect(last).toBeLessThanOrEqual(position) // idle input moved it without a row

  const room = await startEngine({ folder: other, rules, settings })
  try {
    expect(await room.stats()).toMatchObject({ stored: atPosition.rows })
    expect(await room.topic('outage')).toMatchObject({ count: atPosition.outage, level: 'minor' })
    expect(room.log.some((line) => line.includes('than that of the checkpoint')), 'it goes on from the checkpoint').toBe(true)
    await room.post(`${lines(0, 1000)}{"id":"new","ts":${start + 10 * atPosition.rows},"text":"断网了"}\n`)
    await room.until('the new one is stored', ({ stored, duplicates }) => stored === atPosition.rows + 1 && duplicates === 1000)
    expect((await room.topic('outage'))?.count).toBe(atPosition.outage + 1)
    await room.stop()
  } finally {
    await room.end()
  }
  expect(await withStore(other, async (store) => [(await factsOf(store)).ids, await inMinutes(store)])).toEqual([atPosition.rows + 1, atPosition.outage + 1])
})
