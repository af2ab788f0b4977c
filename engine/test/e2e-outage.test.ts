// Nothing is lost and nothing is counted twice when a part dies half-way: nats-server, the engine, the store; a publisher that is under
// way goes on by itself.
import { startEmbeddedClickhouse } from '../src/io/clickhouse/embedded.ts'
import { openStore } from '../src/io/clickhouse/store.ts'
import { freePortForTest } from '../src/io/nats/test-server.ts'
import { io } from 'socket.io-client'
import type { Problem, Snapshot } from '@groundswell/schemas/live.ts'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testFolder, waitUntil } from './processes.ts'
import { heldIn, publishByHand, startEngine, withStore, type Publishing, type RunningEngine, type StartOptions } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const start = Date.parse('2024-05-20T12:00:00Z')
const half = 30_000

/** Mentions from … to, a hundred to the second of event time; half of them are of the topic. */
function lines(from: number, to: number): string {
  let text = ''
  for (let n = from; n < to; n++) text += `{"id":"m:${n}","ts":${start + 10 * n},"platform":"${n % 200 < 120 ? 'weibo' : 'twitter'}","author":"u${n % 999}","text":"${n % 2 ? '断网了' : 'all is well'} ${n}"}\n`
  return text
}

async function started(options: StartOptions): Promise<RunningEngine> {
  const engine = await startEngine({ rules, natsPort: await freePortForTest(), ...options })
  onTestFinished(() => engine.end())
  return engine
}

/** A publisher with half of the recording sent, and some of it stored. */
async function underWay(engine: RunningEngine, folder: string): Promise<Publishing> {
  const publishing = publishByHand(engine.nats, folder)
  await publishing.write(lines(0, half))
  await engine.until('some mentions are stored', ({ stored }) => stored > 0)
  return publishing
}

async function expectAllSent(publishing: Publishing): Promise<void> {
  const { code, stdout, stderr } = await publishing.end()
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ published: 2 * half, refused: 0 })
}

/** What the wall shows, list after list. */
function problemsOn(engine: RunningEngine): readonly (readonly Problem[])[] {
  const problems: (readonly Problem[])[] = []
  const socket = io(engine.url, { transports: ['websocket'] })
  onTestFinished(() => { socket.close() })
  socket.on('snapshot', (snapshot: Snapshot) => problems.push(snapshot.problems)).on('frame', (frame: Partial<Snapshot>) => { if (frame.problems) problems.push(frame.problems) })
  return problems
}

const isDown = (list: readonly Problem[] | undefined): boolean => list?.some(({ kind }) => kind === 'store-down') ?? false

/** Every mention is there exactly once, by the API and by SQL, in the table and in the roll-up. */
async function expectEachOnce(engine: RunningEngine, folder: string): Promise<void> {
  await engine.until('every mention is stored', ({ stored }) => stored >= 2 * half)
  expect((await engine.stats()).stored).toBe(2 * half)
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: 2 * half, ids: 2 * half })
    expect(await store.query('SELECT sum(mentions) AS mentions FROM topic_minutes')).toEqual([{ mentions: half }])
  })
}

test('nats-server is killed half-way: it is started again, and each mention is stored once', async () => {
  const folder = await testFolder('e2e-nats-killed')
  const engine = await started({ folder })
  const publishing = await underWay(engine, folder)
  const server = engine.part('nats-server')
  const writing = publishing.write(lines(half, half + 20_000))
  process.kill(server.pid, 'SIGKILL')
  await waitUntil('another nats-server runs', () => engine.part('nats-server').pid !== server.pid)
  await writing
  await publishing.write(lines(half + 20_000, 2 * half))
  await expectAllSent(publishing)
  await waitUntil('the log says so', () => engine.log.some((line) => /nats-server died.*it starts again/.test(line)))
  await waitUntil('the engine is well again', async () => (await engine.get<{ ok: boolean }>('/api/health')).ok)
  expect(await engine.stats()).toMatchObject({ duplicates: 0, deadLetters: 0 })
  await expectEachOnce(engine, folder)
})

test.each([
  { how: 'killed', end: (engine: RunningEngine) => engine.kill() },
  { how: 'stopped with SIGTERM', end: (engine: RunningEngine) => engine.stop() },
])('the engine is $how half-way: it goes on where it was, and each mention is stored once', async ({ end }) => {
  const folder = await testFolder('e2e-engine-ended')
  const first = await started({ folder })
  const publishing = await underWay(first, folder)
  const writing = publishing.write(lines(half, half + 10_000)) // so that there is something in every part
  const { position } = await first.stats()
  await end(first)
  const second = await started({ folder, natsPort: first.natsPort })
  const said = second.log.map((line) => /"stored":(\d+).*the engine goes on from a checkpoint/.exec(line)?.[1]).find((found) => found !== undefined)
  expect(Number(said)).toBeGreaterThanOrEqual(position.seq)
  expect((await second.stats()).position.stream).toBe(position.stream)
  await waitUntil('what is stored counts as carried out', async () => (await second.stats()).position.seq >= position.seq)
  await writing
  await publishing.write(lines(half + 10_000, 2 * half))
  await expectAllSent(publishing)
  await second.until('every mention is stored', ({ stored }) => stored >= 2 * half)
  await waitUntil('the window holds every mention of the topic', async () => (await second.topic('outage'))?.count === half)
  await expectEachOnce(second, folder)
})

test('the embedded ClickHouse is killed half-way, twice: the wall is told, another takes its place, and each mention is stored once', async () => {
  const folder = await testFolder('e2e-chdb-killed')
  const engine = await started({ folder })
  const problems = problemsOn(engine)
  const publishing = await underWay(engine, folder)
  const first = engine.part('chdb-child')
  process.kill(first.pid, 'SIGKILL')
  const timesTold = (): number => problems.filter((list, at) => isDown(list) && !isDown(problems[at - 1])).length
  await waitUntil('the wall is told', () => timesTold() > 0)
  await publishing.write(lines(half, half + 15_000))
  const second = await waitUntil('another child serves', () => { const child = engine.part('chdb-child'); return child.pid !== first.pid && engine.log.some((line) => line.includes('the store is back')) && child })
  await publishing.write(lines(half + 15_000, 2 * half))
  await waitUntil('the wall is told that it is over', () => !isDown(problems.at(-1)))
  const told = timesTold()
  process.kill(second.pid, 'SIGKILL')
  await waitUntil('the wall is told again', () => timesTold() > told)
  await expectAllSent(publishing)
  await waitUntil('health is well again', async () => (await fetch(`${engine.url}/api/health`)).status === 200)
  await waitUntil('the wall is told that it is over', () => problems.at(-1)?.length === 0)
  expect(engine.log.filter((line) => /"level":"error".*the store died: .*SIGKILL.*started again/.test(line))).toHaveLength(2)
  expect(await fetch(`${engine.url}/metrics`).then((answer) => answer.text())).toContain('groundswell_part_restarts_total{part="store"} 2')
  await expectEachOnce(engine, folder)
})

test('a ClickHouse server is away for a while: the wall is told, and afterwards each mention is stored once', async () => {
  const folder = await testFolder('e2e-clickhouse-away')
  const server = { directory: join(folder, 'server'), port: await freePortForTest(), password: 'only-here' }
  let clickhouse = await startEmbeddedClickhouse(server)
  onTestFinished(() => clickhouse.stop())
  const engine = await started({ folder, args: ['--clickhouse', `http://${clickhouse.user}:${server.password}@127.0.0.1:${server.port}`] })
  const problems = problemsOn(engine)
  const publishing = await underWay(engine, folder)
  process.kill(clickhouse.pid, 'SIGKILL')
  await clickhouse.exited
  await publishing.write(lines(half, 2 * half))
  await expectAllSent(publishing)
  await waitUntil('the wall is told', () => isDown(problems.at(-1)))
  expect((await fetch(`${engine.url}/api/health`)).status).toBe(503)
  clickhouse = await startEmbeddedClickhouse(server)
  await waitUntil('the wall is told that it is over', () => problems.at(-1)?.length === 0)
  expect(await engine.until('every mention is stored', ({ stored }) => stored >= 2 * half)).toMatchObject({ stored: 2 * half, counted: 2 * half, duplicates: 0 })
  await engine.stop()
  const store = await openStore({ ...clickhouse, retentionDays: 180 })
  expect(await heldIn(store)).toEqual({ rows: 2 * half, ids: 2 * half })
  await store.close()
})
