// ClickHouse is gone under load: cut off, so that nobody even says no. The stream fills and refuses publishers, memory stays bounded, and
// afterwards everything that was acknowledged is stored once. Twenty seconds by default, on a small stream; GROUNDSWELL_TEST_OUTAGE_SECONDS
// makes it as long as you like (600 is the real thing) and prints what it measured.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { startEmbeddedClickhouse } from '../src/io/clickhouse/embedded.ts'
import { openStore } from '../src/io/clickhouse/store.ts'
import { openLink } from '../src/io/nats/link.ts'
import { Publisher } from '../src/io/nats/publisher.ts'
import { freePortForTest } from '../src/io/nats/test-server.ts'
import { StreamFull } from '../src/stream-errors.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { testFolder, waitUntil } from './processes.ts'
import { heldIn, startEngine, type RunningEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const seconds = Number(process.env['GROUNDSWELL_TEST_OUTAGE_SECONDS'] ?? 20)
const isLong = seconds > 60
const linesEach = 100
const everyMs = 100
const messagesEach = isLong ? 2 : 5 // a long outage with a steady load of a busy room, a short one fast enough to fill the stream
const text = '断网了，客服也打不通，'.repeat(isLong ? 6 : 60) // three bytes a character

interface Load { readonly acknowledged: () => number; readonly refused: () => number; stop(): Promise<void> }

/** Publishes at a steady rate whatever happens; what is refused is counted and not tried again. */
async function steadyLoad(nats: string): Promise<Load> {
  const link = await openLink({ url: nats })
  const publisher = new Publisher(link, { whenFull: 'throw', downMs: 120_000 })
  let next = 0
  let acknowledged = 0
  let refused = 0
  const under = new Set<Promise<void>>()
  const one = async (n: number): Promise<void> => {
    const now = Date.now()
    const body = Array.from({ length: linesEach }, (_, i) => `{"id":"o:${n}:${i}","ts":${now},"platform":"weibo","author":"u${i}","text":"${text}${n}"}`).join('\n')
    try {
      await publisher.publish('mentions.weibo', Buffer.from(body), `o:${n}`)
      acknowledged += linesEach
    } catch (error) {
      if (!(error instanceof StreamFull)) throw error
      refused += linesEach
    }
  }
  const timer = setInterval(() => {
    for (let i = 0; i < messagesEach; i++) {
      const sent = one(next++).finally(() => under.delete(sent))
      under.add(sent)
    }
  }, everyMs)
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await Promise.all(under)
    publisher.close()
    await link.close()
  }
  return { acknowledged: () => acknowledged, refused: () => refused, stop }
}

const megabytesOf = (engine: RunningEngine): number => Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${engine.pid}/status`, 'utf8'))?.[1]) / 1024)

async function gauge(engine: RunningEngine, name: string): Promise<number> {
  const text = await fetch(`${engine.url}/metrics`).then((answer) => answer.text())
  return Number(new RegExp(`^groundswell_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}

test(`ClickHouse is cut off for ${seconds} s under a steady load: memory is bounded, the full stream refuses loudly, and all that was acknowledged is stored once`, async () => {
  const folder = await testFolder('e2e-store-cut')
  const server = { directory: join(folder, 'server'), port: await freePortForTest(), password: 'only-here' }
  const clickhouse = await startEmbeddedClickhouse(server)
  onTestFinished(() => clickhouse.stop())
  const proxy = await startFaultProxy({ to: server.port })
  onTestFinished(() => proxy.close())
  const engine = await startEngine({ folder, rules, natsPort: await freePortForTest(), settings: 'streamMaxBytes: 128MiB\n', args: ['--clickhouse', `http://${clickhouse.user}:${server.password}@127.0.0.1:${proxy.port}`] })
  onTestFinished(() => engine.end())
  onTestFailed(() => { process.stderr.write(`${engine.log.join('\n')}\n`) })
  const load = await steadyLoad(engine.nats)
  await engine.until('the first are stored', ({ stored }) => stored > 2000)
  const before = megabytesOf(engine)
  await proxy.set({ kind: 'cut', forGood: true })
  const cutAt = Date.now()
  let most = { rss: 0, inserts: 0, insertBytes: 0, lag: 0 }
  const look = async (): Promise<void> => {
    const lag = await gauge(engine, 'stream_lag_messages')
    most = { rss: Math.max(most.rss, megabytesOf(engine)), inserts: Math.max(most.inserts, await gauge(engine, 'inserts_waiting')), insertBytes: Math.max(most.insertBytes, await gauge(engine, 'insert_waiting_bytes')), lag: Math.max(most.lag, lag || 0) }
  }
  await waitUntil('health says that the store is away', async () => (await fetch(`${engine.url}/api/health`)).status === 503)
  await waitUntil(`${seconds} s have passed${isLong ? '' : ' and the stream is full'}`, async () => { await look(); return Date.now() - cutAt > seconds * 1000 && (isLong || load.refused() > 0) }, (seconds + 180) * 1000)
  const saysFull = (line: string): boolean => /"level":"error".*the input stream is full.*publishers/.test(line)
  if (!isLong) await waitUntil('the log says who must act', () => engine.log.some(saysFull)) // the stream is looked at every few seconds
  const taken = load.acknowledged()
  await proxy.heal()
  const healedAt = Date.now()
  await waitUntil('publishers are taken again', () => load.acknowledged() > taken)
  if (!isLong) await load.stop() // how fast a machine is that has both to write down and to take in is no question here
  await waitUntil('the engine has caught up', async () => {
    await look()
    return (await gauge(engine, 'stream_lag_messages')) < 100 && (await engine.get<{ ok: boolean }>('/api/health')).ok
  }, (120 + 1.5 * seconds) * 1000) // one insert a tick of the outage, whatever a tick holds
  const caughtUpMs = Date.now() - healedAt
  if (isLong) await load.stop()
  const total = load.acknowledged()
  expect(await engine.until('all is stored', ({ stored }) => stored >= total)).toMatchObject({ stored: total, counted: total, duplicates: 0 })
  if (isLong) console.log(JSON.stringify({ seconds, acknowledged: total, refused: load.refused(), rssBefore: before, rssMost: most.rss, rssAfter: megabytesOf(engine), lagMost: most.lag, insertsMost: most.inserts, insertMegabytesMost: Math.round(most.insertBytes / 1e6), caughtUpMs }))
  expect(most.inserts).toBeLessThanOrEqual(4)
  expect(most.insertBytes).toBeLessThan(6 * 24 * 2 ** 20) // four that wait, one that is being written, one that is gathered
  expect(engine.log.some((line) => /"level":"error".*ClickHouse does not/.test(line)), engine.log.join('\n')).toBe(true)
  expect(engine.log.filter(saysFull), engine.log.join('\n')).toHaveLength(load.refused() > 0 ? 1 : 0)
  await engine.stop()
  const store = await openStore({ ...clickhouse, retentionDays: 180 })
  expect(await heldIn(store)).toEqual({ rows: total, ids: total })
  await store.close()
}, (2.5 * seconds + 400) * 1000)
