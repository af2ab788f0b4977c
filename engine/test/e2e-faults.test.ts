// The network between the parts misbehaves: NATS, the publisher, ClickHouse and the wall each sit behind a proxy that does what networks do.
// Whatever it does, each mention is stored once, counted once, and the engine is well afterwards.
import { join } from 'node:path'
import { io } from 'socket.io-client'
import type { Problem, Snapshot } from '@groundswell/schemas/live.ts'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { createChance, type Chance } from '../src/drill/chance.ts'
import { startEmbeddedClickhouse } from '../src/io/clickhouse/embedded.ts'
import { openStore } from '../src/io/clickhouse/store.ts'
import { freePortForTest, startTestServer } from '../src/io/nats/test-server.ts'
import { startFaultProxy, type Fault, type FaultProxy } from './fault-proxy.ts'
import { testFolder, waitUntil } from './processes.ts'
import { heldIn, publishByHand, startEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const start = Date.parse('2024-05-20T12:00:00Z')
const seed = Number(process.env['GROUNDSWELL_TEST_SEED'] ?? 20_240_520)

/** Mentions from … to, a hundred to the second of event time; half of them are of the topic. */
function lines(from: number, to: number): string {
  let text = ''
  for (let n = from; n < to; n++) text += `{"id":"m:${n}","ts":${start + 10 * n},"platform":"weibo","author":"u${n % 999}","text":"${n % 2 ? '断网了' : 'all is well'} ${n}"}\n`
  return text
}

async function proxied(to: number): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ to, seed })
  onTestFinished(() => proxy.close())
  return proxy
}

/** An engine between a NATS and a ClickHouse that run by themselves, and a proxy before each of them, before the publisher and before the wall. */
async function room(name: string) {
  const folder = await testFolder(name)
  const nats = await startTestServer()
  onTestFinished(() => nats.stop())
  const natsPort = Number(new URL(nats.url).port)
  const server = { directory: join(folder, 'server'), port: await freePortForTest(), password: 'only-here' }
  const clickhouse = await startEmbeddedClickhouse(server)
  onTestFinished(() => clickhouse.stop())
  const toNats = await proxied(natsPort)
  const toStore = await proxied(server.port)
  const toStream = await proxied(natsPort)
  const engine = await startEngine({ folder, rules, args: ['--nats', `nats://127.0.0.1:${toNats.port}`, '--clickhouse', `http://${clickhouse.user}:${server.password}@127.0.0.1:${toStore.port}`] })
  onTestFinished(() => engine.end())
  onTestFailed(() => { process.stderr.write(`${engine.log.join('\n')}\n`) })
  const toWall = await proxied(Number(new URL(engine.url).port))
  const wall = openWall(`http://127.0.0.1:${toWall.port}`)
  return { folder, engine, clickhouse, wall, proxies: { toNats, toStore, toStream, toWall }, published: `nats://127.0.0.1:${toStream.port}` }
}

/** What a wall knows: frames laid over snapshots as far as these tests look at them. */
function openWall(url: string): { readonly stored: () => number; readonly problems: () => readonly Problem[] } {
  let seen: Partial<Pick<Snapshot, 'totals' | 'problems'>> = {}
  const socket = io(url, { transports: ['websocket'], reconnectionDelayMax: 200 })
  onTestFinished(() => { socket.close() })
  socket.on('snapshot', (snapshot: Snapshot) => { seen = snapshot }).on('frame', (frame: Partial<Snapshot>) => { seen = { ...seen, ...frame } })
  return { stored: () => seen.totals?.stored ?? 0, problems: () => seen.problems ?? [] }
}

function faultOf(chance: Chance): Fault {
  const kinds: readonly Fault[] = [
    { kind: 'latency', ms: 20, jitterMs: 80 }, { kind: 'slow', bytesPerSecond: 200_000 }, { kind: 'reset' }, { kind: 'reset', afterBytes: chance.below(100_000) },
    { kind: 'cut' }, { kind: 'refuse' },
  ]
  return kinds[chance.below(kinds.length)]!
}

test(`every link breaks at seeded moments while mentions come in (seed ${seed}): each is stored and counted once, and the wall shows it`, async () => {
  const { folder, engine, clickhouse, wall, proxies, published } = await room('e2e-faults')
  const chance = createChance(seed)
  const all = Object.values(proxies)
  const publishing = publishByHand(published, folder)
  const total = 24_000
  const rounds = 16
  for (let round = 0; round < rounds; round++) {
    const proxy = all[round % all.length]!
    const writing = publishing.write(lines(round * total / rounds, (round + 0.5) * total / rounds))
    await pause(chance.below(200))
    await proxy.set(faultOf(chance))
    const more = publishing.write(lines((round + 0.5) * total / rounds, (round + 1) * total / rounds))
    await pause(200 + chance.below(800))
    if (round < all.length) await waitUntil(`the fault of round ${round} is felt`, () => felt(proxy))
    await proxy.heal()
    await Promise.all([writing, more])
  }
  const { code, stdout, stderr } = await publishing.end()
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ published: total, refused: 0 })
  expect(await engine.until('every mention is stored', ({ stored }) => stored >= total)).toMatchObject({ stored: total, counted: total, duplicates: 0, deadLetters: 0 })
  await waitUntil('the engine is well again', async () => (await engine.get<{ ok: boolean }>('/api/health')).ok)
  await waitUntil('the wall shows it', () => wall.stored() === total && wall.problems().length === 0)
  expect((await engine.topic('outage'))?.count).toBe(total / 2)
  expect(all.every(felt)).toBe(true)
  await engine.stop()
  const store = await openStore({ ...clickhouse, retentionDays: 180 })
  expect(await heldIn(store)).toEqual({ rows: total, ids: total })
  expect(await store.query('SELECT sum(mentions) AS mentions FROM topic_minutes')).toEqual([{ mentions: total / 2 }])
  await store.close()
})

const felt = ({ counts }: FaultProxy): boolean => counts.resets + counts.bytesSwallowed + counts.chunksHeldBack + counts.refusals > 0
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })
