// Those at the edges are slow or gone: receivers of alerts, browsers, and publishers of a stream that is full. Each costs nobody else anything.
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import type { Frame, Snapshot } from '@groundswell/schemas/live.ts'
import { io } from 'socket.io-client'
import { expect, test, type TestContext } from 'vitest'
import { startEmbeddedClickhouse } from '../src/io/clickhouse/embedded.ts'
import { openStore } from '../src/io/clickhouse/store.ts'
import { freePortForTest } from '../src/io/nats/test-server.ts'
import { status, receiver } from '../src/io/notify/test-receiver.ts'
import { tempFolder, waitUntil } from './processes.ts'
import { heldIn, publishByHand, startEngine, type RunningEngine } from './running-engine.ts'

const topics = ['a', 'b', 'c']
const rules = `topics:\n${topics.map((id) => `  - { id: ${id}, name: { zh: ${id}, en: ${id} }, query: outage-${id}, velocity: [ { count: 5, within: 10m, grade: severe } ] }\n`).join('')}`
/** Who ends what a test began, by its own context: the two run side by side, for each waits for most of a minute. */
type Ends = Pick<TestContext, 'onTestFinished'>

const metric = async (engine: RunningEngine, name: RegExp): Promise<number> => Number(name.exec(await (await fetch(`${engine.url}/metrics`)).text())?.[1] ?? Number.NaN)

/** A receiver that takes connections and never says a word, or a word of the head a second: no HTTP server is that bad. */
async function mute(drips: boolean, { onTestFinished }: Ends): Promise<{ readonly url: string; readonly sockets: Socket[]; readonly openMost: () => number }> {
  const sockets: Socket[] = []
  let open = 0, openMost = 0
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined).resume())
    openMost = Math.max(openMost, ++open)
    socket.on('close', () => { open-- })
    if (!drips) return
    const head = [...'HTTP/1.1 200 OK\r\nx: y']
    const timer = setInterval(() => { if (head.length > 0) socket.write(head.shift()!) }, 1000)
    socket.on('close', () => clearInterval(timer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { for (const socket of sockets) socket.destroy(); server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, sockets, openMost: () => openMost }
}

/** A browser that has opened its websocket and then reads no more: it answers no ping either. */
async function frozenWall(url: string, { onTestFinished }: Ends): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => { socket.destroy() })
  socket.on('error', () => undefined)
  socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  await once(socket, 'data')
  const text = Buffer.from('40') // socket.io: connect to the main namespace
  const mask = randomBytes(4)
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, text.map((byte, i) => byte ^ mask[i]!)]))
  await once(socket, 'data')
  socket.pause()
  return socket
}

test.concurrent('receivers that hang and a browser that reads nothing hold up neither the pipeline nor each other', async ({ onTestFinished }) => {
  const { folder, remove } = await tempFolder('e2e-slow-edges')
  onTestFinished(remove)
  const good = await receiver(status(204))
  onTestFinished(good.close)
  const slow = [await mute(false, { onTestFinished }), await mute(true, { onTestFinished })]
  const hooks = [...slow, good].map(({ url }) => `  - { url: "${url}", secret: whsec_${Buffer.alloc(32, 7).toString('base64')} }\n`).join('')
  const engine = await startEngine({ folder, rules, settings: `webhooks:\n${hooks}` })
  onTestFinished(() => engine.end())
  const wall = io(engine.url, { transports: ['websocket'] })
  onTestFinished(() => { wall.close() })
  const seqs: number[] = []
  wall.on('snapshot', ({ seq }: Snapshot) => seqs.push(seq)).on('frame', ({ seq }: Frame) => seqs.push(seq))
  await frozenWall(engine.url, { onTestFinished })
  await waitUntil('both walls are there', async () => await metric(engine, /groundswell_live_clients (\d+)/) === 2)
  let sent = 0
  const post = async (id: string): Promise<void> => {
    const lines = Array.from({ length: 50 }, () => JSON.stringify({ id: `m:${sent++}`, ts: Date.now(), text: `outage-${id}`, platform: 'weibo' })).join('\n')
    expect((await engine.post(lines)).status).toBe(202)
  }
  for (const [i, id] of topics.entries()) {
    await post(id)
    await waitUntil(`the receiver that answers has alert ${i + 1}`, () => good.state.got.length === i + 1)
  }
  await waitUntil('each of the others has been asked', () => slow.every(({ openMost }) => openMost() > 0))
  expect(slow.map(({ openMost }) => openMost()), 'each of them holds one alert at a time').toEqual([1, 1])
  expect(await engine.until('everything is stored meanwhile', ({ stored }) => stored === sent)).toMatchObject({ counted: sent })
  await waitUntil('the slow ones are told of', () => engine.log.filter((line) => /could not be delivered.*Look at the receiver/.test(line) && line.includes('no answer within 15 s')).length >= 2)
  await waitUntil('both are tried again', async () => await metric(engine, /alert_deliveries_total\{destination="webhook",outcome="retried"\} (\d+)/) >= 2)
  expect(await metric(engine, /groundswell_outbox_deliveries (\d+)/)).toBe(6)
  await waitUntil('the browser that is silent is gone', async () => await metric(engine, /groundswell_live_clients (\d+)/) === 1)
  await waitUntil('that is counted', async () => await metric(engine, /live_trouble_total\{kind="silent"\} (\d+)/) === 1)
  await waitUntil('the log says so', () => engine.log.some((line) => /a wall was silent and is disconnected.*Look at the screen/.test(line)))
  expect(seqs.length).toBeGreaterThan(10)
  expect(seqs.every((seq, i) => i === 0 || seq === seqs[i - 1]! + 1), 'the other wall has missed nothing').toBe(true)
  await engine.stop()
})

test.concurrent('a full stream refuses publishers while the store is away; nothing is lost, and it is over when the store is back', async ({ onTestFinished }) => {
  const { folder, remove } = await tempFolder('e2e-full-stream')
  onTestFinished(remove)
  const server = { directory: join(folder, 'server'), port: await freePortForTest(), password: 'only-here' }
  let clickhouse = await startEmbeddedClickhouse(server)
  onTestFinished(() => clickhouse.stop())
  const engine = await startEngine({ folder, rules, settings: 'streamMaxBytes: 128MiB\n', args: ['--clickhouse', `http://${clickhouse.user}:${server.password}@127.0.0.1:${server.port}`] })
  onTestFinished(() => engine.end())
  process.kill(clickhouse.pid, 'SIGKILL')
  await clickhouse.exited
  const filler = 'x'.repeat(250_000)
  let accepted = 0
  let body = 0
  let full: Awaited<ReturnType<RunningEngine['post']>> | undefined
  const bodyOf = (n: number): string => Array.from({ length: 28 }, (_, i) => JSON.stringify({ id: `m:${n}:${i}`, ts: Date.now(), text: filler, platform: 'weibo' })).join('\n')
  for (; !full && body < 30; body++) {
    const posted = await engine.post(bodyOf(body))
    accepted += posted.answer.accepted
    if (posted.status !== 202) full = posted
  }
  expect(full).toMatchObject({ status: 503, answer: { error: 'stream-full', hint: expect.stringContaining('after the accepted ones') as string } })
  await waitUntil('the log says who must act', () => engine.log.some((line) => /"error".*the input stream is full and refuses publishers.*the store, mostly/.test(line)))
  const max = 128 * 2 ** 20
  await waitUntil('the metrics say that it is full', async () => await metric(engine, /^groundswell_stream_bytes (\S+)/m) > 0.98 * max) // looked at every few seconds
  expect(await metric(engine, /^groundswell_stream_bytes_max (\S+)/m)).toBe(max)
  const publishing = publishByHand(engine.nats, folder)
  await publishing.write(Array.from({ length: 8 }, (_, i) => `${JSON.stringify({ id: `p:${i}`, ts: Date.now(), text: filler, platform: 'weibo' })}\n`).join(''))
  const publishes = publishing.end()
  await pause(500)
  clickhouse = await startEmbeddedClickhouse(server)
  const { code, stdout, stderr } = await publishes
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ published: 8, refused: 0 })
  await waitUntil('the stream takes what it had refused', async () => { const again = await engine.post(bodyOf(body - 1)); return again.status === 202 && again.answer.accepted === 28 })
  const wanted = 28 * body + 8
  expect(accepted).toBeLessThan(28 * body)
  await engine.until('each mention is stored once', ({ stored }) => stored >= wanted)
  await waitUntil('the log says that it is over', () => engine.log.some((line) => /the input stream has room again/.test(line)))
  await engine.stop()
  const store = await openStore({ ...clickhouse, retentionDays: 180 })
  expect(await heldIn(store)).toEqual({ rows: wanted, ids: wanted })
  await store.close()
})
