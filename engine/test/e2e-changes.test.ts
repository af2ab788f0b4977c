// What changes while the engine runs: its rules – a bad file changes nothing and is told, a new topic gets its past from the store – and what
// it must forget.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame, Problem, Snapshot, TopicRow } from '@groundswell/schemas/live.ts'
import { io } from 'socket.io-client'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { groundswell, testFolder, waitUntil } from './processes.ts'
import { heldIn, startEngine, withStore, type RunningEngine } from './running-engine.ts'

const topic = (id: string, query: string): string => `  - id: ${id}\n    name: { zh: ${id}, en: ${id} }\n    query: '${query}'\n    velocity: [ { count: 1000000, within: 2h } ]\n`
const firstRules = `topics:\n${topic('outage', '断网')}`
const start = Date.parse('2024-05-20T12:00:00Z')
const perSecond = 4
const seconds = 3 * 3600 // the newest two hours of them are in a window of 2h

/** Four mentions a second from … to: one tells of an outage, one of a power cut, and one of the four is of somebody who will be forgotten. */
function lines(from: number, to: number): string {
  const all: string[] = []
  for (let n = from * perSecond; n < to * perSecond; n++) {
    const text = ['又停電了', '断网了', 'all is well', '网速还行'][n % perSecond]! // what a window is counted of is the first of its second: no batch ends between a second and its count
    all.push(JSON.stringify({ id: `m:${n}`, ts: start + Math.floor(n / perSecond) * 1000, platform: 'weibo', author: n % perSecond === 2 ? '要被遗忘的人' : `u${n % 90}`, text }))
  }
  return `${all.join('\n')}\n`
}

let folder = ''
let engine: RunningEngine
beforeEach(async () => {
  folder = await testFolder('e2e-changes')
  engine = await startEngine({ folder, rules: firstRules })
  onTestFinished(() => engine.end())
})

async function publish(from: number, to: number): Promise<void> {
  await writeFile(join(folder, 'mentions.ndjson'), lines(from, to))
  const { code, stderr } = await groundswell(['publish', 'mentions.ndjson', '--nats', engine.nats], { cwd: folder })
  expect(code, stderr).toBe(0)
  await engine.until('what was published is stored', ({ stored }) => stored === to * perSecond)
}

/** As editors do it: the new file takes the place of the old one. */
async function saveRules(text: string): Promise<void> {
  await writeFile(join(folder, 'rules.new'), text)
  await rename(join(folder, 'rules.new'), join(folder, 'rules.yml'))
}

/** What a wall is told, from now on. */
function watchWall(): { problems: readonly Problem[]; topics: Map<string, TopicRow[]> } {
  const seen = { problems: [] as readonly Problem[], topics: new Map<string, TopicRow[]>() }
  const take = ({ problems, topics }: Partial<Snapshot> | Frame): void => {
    if (problems) seen.problems = problems
    for (const row of topics ?? []) seen.topics.set(row.id, [...(seen.topics.get(row.id) ?? []), row])
  }
  const socket = io(engine.url, { transports: ['websocket'] })
  socket.on('snapshot', take).on('frame', take)
  onTestFinished(() => { socket.close() })
  return seen
}

const topicIds = async (): Promise<string[]> => (await engine.get<{ topics: { id: string }[] }>('/api/topics')).topics.map(({ id }) => id)

test('a bad rules file is refused with its place, the old rules stay, and the problem ends with a good file', async () => {
  await publish(0, 60)
  const wall = watchWall()
  await saveRules(`${firstRules}${topic('power', '停电 OR "power cut')}`)
  const isRefused = ({ kind }: Problem): boolean => kind === 'rules-refused'
  const problem = await waitUntil('the wall is told', () => wall.problems.find(isRefused))
  expect(problem).toMatchObject({ detail: expect.stringMatching(/rules\.yml:8:\d+ this quote is never closed/) as string })
  await waitUntil('the log says so too', () => engine.log.some((line) => line.includes('the changed rules file is refused, the old rules stay')))
  expect(await topicIds()).toEqual(['outage'])
  await publish(60, 120)
  await waitUntil('the old rules go on counting', async () => (await engine.topic('outage'))?.count === 120)
  const other = watchWall()
  await waitUntil('another wall is told in its snapshot', () => other.problems.some(isRefused))
  expect(other.problems.filter(isRefused)).toEqual([problem])
  await saveRules(firstRules)
  await waitUntil('the problem is over', () => !wall.problems.some(isRefused))
})

test('a topic that is new has the counts of its past: exactly those of the window, mentions from before it existed included', async () => {
  await publish(0, seconds)
  const wall = watchWall()
  await saveRules(`${firstRules}${topic('power', '停电')}`)
  await waitUntil('the new topic is there and filled', async () => (await engine.topic('power'))?.filling === false)
  expect(await engine.topic('power')).toMatchObject({ count: 7200, window: '2h', filling: false })
  expect(await engine.topic('outage')).toMatchObject({ count: 7200, filling: false })
  await publish(seconds, seconds + 600)
  await waitUntil('the wall shows the newest count', () => wall.topics.get('power')?.at(-1)?.perMinute === 60)
  expect(await engine.topic('power')).toMatchObject({ count: 7200, filling: false })
  for (const row of wall.topics.get('power')!) expect(row.filling || row.count === 7200, `a count that is too low says that it is: ${JSON.stringify(row)}`).toBe(true)
  const spark = (await engine.topic('power'))!.spark
  expect(spark.slice(0, -1)).toEqual(Array.from({ length: 59 }, () => 60))
  await engine.stop()
  engine = await startEngine({ folder })
  await waitUntil('the topic is filled again', async () => (await engine.topic('power'))?.filling === false)
  expect(await engine.topic('power')).toMatchObject({ count: 7200, filling: false })
  await engine.stop()
})

test('rules that are changed while the engine is off come into force at the next start, the past of their new topics with them', async () => {
  await publish(0, seconds)
  await engine.stop()
  engine = await startEngine({ folder, rules: `topics:\n${topic('outage', '断网 OR 网速')}${topic('power', '停电')}` })
  await waitUntil('both topics are filled', async () => (await topicIds()).length === 2 && (await engine.topic('power'))?.filling === false && (await engine.topic('outage'))?.filling === false)
  expect([(await engine.topic('power'))?.count, (await engine.topic('outage'))?.count]).toEqual([7200, 14_400])
  await engine.kill()
  engine = await startEngine({ folder })
  await waitUntil('both topics are filled again', async () => (await engine.topic('power'))?.filling === false && (await engine.topic('outage'))?.filling === false)
  expect([(await engine.topic('power'))?.count, (await engine.topic('outage'))?.count]).toEqual([7200, 14_400])
  await engine.stop()
})

test('forget --author takes every row of an author, and none comes back after a restart', async () => {
  await publish(0, 600)
  const { code, stdout, stderr } = await groundswell(['forget', '--author', '要被遗忘的人', '--nats', engine.nats], { cwd: folder })
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ forgotten: '要被遗忘的人', kind: 'author', mentions: 600, deadLetters: 0 })
  expect((await engine.stats()).stored).toBe(1800)
  await engine.kill()
  engine = await startEngine({ folder })
  await waitUntil('the restarted engine is well', async () => (await engine.get<{ ok: boolean }>('/api/health')).ok)
  expect((await engine.stats()).stored).toBe(1800)
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await heldIn(store, 'author = \'要被遗忘的人\'')).toEqual({ rows: 0, ids: 0 })
    expect(await heldIn(store)).toEqual({ rows: 1800, ids: 1800 })
    expect(await store.query('SELECT kind, rows FROM forgotten')).toEqual([{ kind: 'author', rows: 600 }])
  })
})

test('forget --mention takes that one', async () => {
  await publish(0, 10)
  const { code } = await groundswell(['forget', '--mention', 'm:7', '--nats', engine.nats], { cwd: folder })
  expect(code).toBe(0)
  expect((await engine.stats()).stored).toBe(39)
  await engine.stop()
  expect(await withStore(folder, (store) => heldIn(store, 'id = \'m:7\''))).toEqual({ rows: 0, ids: 0 })
})

test('what is sent again after a restart is a duplicate, and the numbers of the wall go on', async () => {
  await publish(0, 600)
  const before = await engine.stats()
  await engine.stop()
  engine = await startEngine({ folder })
  expect(await engine.stats()).toMatchObject({ stored: before.stored, counted: before.counted, late: 0, deadLetters: 0 })
  // Other bytes, so that it is the engine that knows them and not the deduplication of messages.
  await engine.post(lines(500, 600).replaceAll('"platform"', '"likes":1,"platform"'))
  await engine.until('each is known', ({ duplicates }) => duplicates === 100 * perSecond)
  expect(await engine.stats()).toMatchObject({ stored: before.stored, counted: before.counted })
  expect(await engine.topic('outage')).toMatchObject({ count: 600, filling: false })
  await engine.stop()
})
