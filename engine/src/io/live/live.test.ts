import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Problem, Room, Snapshot } from '@groundswell/schemas/live.ts'
import { io as connect, type Socket } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import type { LivePicture } from './diff-picture.ts'
import { createLive, resyncMinMs, type LiveOptions } from './live.ts'

const room: Room = { title: { zh: '值班', en: 'Watch' }, zone: 'Asia/Shanghai', mode: 'live', version: '1' }
const totals = { stored: 0, counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0, perMinute: 0, spark: [] }
/** Lets the event loop do what is ready. */
const turn = () => new Promise<void>((resolve) => { setImmediate(resolve) })
const ending: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => { for (const end of ending.splice(0).reverse()) await end() })

async function open(options: Partial<LiveOptions> = {}) {
  const state = { now: 1_000_000, picture: { clock: 1, totals, topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, canary: null } as LivePicture, problems: [] as Problem[], trouble: [] as string[], errors: [] as unknown[], asked: 0 }
  const httpServer = createServer()
  let run = () => {}
  const live = createLive({
    httpServer, room: () => room, problems: () => state.problems, refusal: () => null, now: () => state.now,
    picture: () => { state.asked += 1; return state.picture }, every: (_ms, tick) => { run = tick; return () => { run = () => {} } },
    onTrouble: (kind) => state.trouble.push(kind), onError: (error) => state.errors.push(error), ...options,
  })
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  ending.push(async () => { await live.close(); httpServer.closeAllConnections(); httpServer.close(); await once(httpServer, 'close') })
  const polls = new Set<unknown>()
  httpServer.on('request', (request, response) => { if (request.method === 'GET') { polls.add(response); response.on('close', () => polls.delete(response)) } })
  const tick = async (ms = 250) => { state.now += ms; run(); await turn() }
  /** Until a polling client has asked for more. */
  const polled = async () => { while (polls.size === 0) await turn() }
  return { live, state, tick, polled, url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}` }
}

type Told = { kind: 'snapshot'; body: Snapshot } | { kind: 'frame'; body: Frame }

/** A client that keeps what it is told, and hands it out one by one. */
function client(url: string, transport: 'websocket' | 'polling' = 'websocket') {
  const socket = connect(url, { transports: [transport], reconnection: false, forceNew: true })
  ending.push(() => { socket.disconnect() })
  const told: Told[] = []
  let waiting: (() => void) | null = null
  const keep = (message: Told) => { told.push(message); waiting?.() }
  socket.on('snapshot', (body: Snapshot) => { keep({ kind: 'snapshot', body }) })
  socket.on('frame', (body: Frame) => { keep({ kind: 'frame', body }) })
  const next = async (): Promise<Told> => {
    while (told.length === 0) await new Promise<void>((resolve) => { waiting = resolve })
    return told.shift()!
  }
  return { socket, told, next }
}
/** What the server says to a first request that it refuses. */
const refusedWith = async (url: string) => {
  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`)
  return `${answer.status} ${await answer.text()}`
}
const told = (socket: Socket, event: string) => new Promise<void>((resolve) => { socket.once(event, () => { resolve() }) })

test.each(['websocket', 'polling'] as const)('over %s a client gets a snapshot, then only what changed, in sequence', async (transport) => {
  const { state, tick, polled, url } = await open()
  const ready = transport === 'polling' ? polled : turn
  const { next } = client(url, transport)
  const first = await next()
  await ready()
  expect(first).toMatchObject({ kind: 'snapshot', body: { serverNow: state.now, clock: 1, room, totals, problems: [] } })
  state.picture = { ...state.picture, clock: 2, topicsTotal: 7 }
  await tick()
  const second = await next()
  expect(second.kind).toBe('frame')
  expect(second.body).toEqual({ epoch: first.body.epoch, seq: first.body.seq + 1, serverNow: state.now, clock: 2, topicsTotal: 7 })
  await ready()
  state.problems = [{ kind: 'store-down', since: 5, detail: 'connection refused' }]
  await tick()
  expect((await next()).body).toMatchObject({ seq: first.body.seq + 2, problems: state.problems })
})

test('without a change there is one heartbeat a second and nothing between', async () => {
  const { tick, url } = await open()
  const { next, told } = client(url)
  const first = await next()
  for (let index = 0; index < 8; index += 1) await tick()
  expect((await next()).body.seq).toBe(first.body.seq + 1)
  expect((await next()).body.seq).toBe(first.body.seq + 2)
  await tick(1000)
  expect((await next()).body.seq).toBe(first.body.seq + 3)
  expect(told).toEqual([])
})

test('while nobody looks no picture is drawn, and who comes then sees the present', async () => {
  const { state, tick, url } = await open()
  for (let index = 0; index < 20; index += 1) await tick()
  expect(state.asked).toBe(0)
  state.picture = { ...state.picture, clock: 99 }
  expect((await client(url).next()).body.clock).toBe(99)
})

test('a resync is answered with a snapshot, at most one a second', async () => {
  const { state, tick, url } = await open()
  const { socket, next } = client(url)
  await next()
  await tick(resyncMinMs)
  expect((await next()).kind).toBe('frame')
  socket.emit('resync')
  expect((await next()).kind).toBe('snapshot')
  socket.emit('resync')
  socket.emit('resync')
  // A second client's arrival proves that the server has read what the first one sent.
  while (state.trouble.length < 3) await turn()
  state.picture = { ...state.picture, clock: 3 }
  await tick()
  await tick(resyncMinMs)
  const last = await next()
  expect(last).toMatchObject({ kind: 'snapshot', body: { clock: 3 } })
})

test('a source that is gone cannot be told in a frame: everybody gets a snapshot', async () => {
  const { state, tick, url } = await open()
  state.picture = { ...state.picture, sources: [{ platform: 'weibo', newestAt: 1, cadenceMs: null, blindSince: null, lastHour: 1 }] }
  const { next } = client(url)
  const first = await next()
  state.picture = { ...state.picture, sources: [] }
  await tick()
  expect(await next()).toMatchObject({ kind: 'snapshot', body: { sources: [], seq: first.body.seq + 1 } })
})

test('a client that does not read falls out of step, costs the others nothing, and comes back with a snapshot of now', async () => {
  const { state, tick, url } = await open()
  const slow = client(url)
  const quick = client(url)
  await slow.next()
  await quick.next()
  const wire = (slow.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket
  wire.pause()
  const filler = '满'.repeat(500_000)
  for (let step = 0; step < 100 && !state.trouble.includes('behind'); step += 1) {
    state.picture = { ...state.picture, clock: step, alerts: [{ id: String(step), topic: 'a', name: { zh: filler, en: 'x' }, grade: 'minor', rule: { count: 1, within: '1m' }, at: '', count: step, clearedAt: null }] }
    await tick()
    expect((await quick.next()).body.clock).toBe(step)
  }
  expect(state.trouble).toContain('behind')
  for (let step = 200; step < 220; step += 1) {
    state.picture = { ...state.picture, clock: step }
    await tick()
    expect(await quick.next()).toMatchObject({ kind: 'frame', body: { clock: step } })
  }
  wire.resume()
  let seq = -1
  let last = await slow.next()
  while (last.kind === 'frame') {
    // What was on its way is in sequence, and nothing of the twenty frames was kept for it.
    if (seq !== -1) expect(last.body.seq).toBe(seq + 1)
    expect(last.body.clock).toBeLessThan(200)
    seq = last.body.seq
    while (slow.told.length === 0) { await tick(0) }
    last = await slow.next()
  }
  expect(last.body.clock).toBe(219)
})

test('a picture that cannot be drawn is told and the feed goes on', async () => {
  let broken = false
  const { state, tick, url } = await open({ picture: () => { if (broken) throw new Error('bug'); return { clock: 5, totals, topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, canary: null } } })
  const { next } = client(url)
  await next()
  broken = true
  await tick()
  expect(state.errors).toHaveLength(1)
  broken = false
  await tick(1000)
  expect((await next()).body.clock).toBe(5)
})

test('who may not have the feed is refused with the reason before anything is kept', async () => {
  const { live, state, url } = await open({ refusal: (request) => (request.headers['authorization'] === 'Bearer right' ? null : 'the token is missing') })
  expect(await refusedWith(url)).toMatch(/^403 .*the token is missing/)
  expect([live.clients(), state.trouble]).toEqual([0, ['refused']])
  const admitted = connect(url, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { authorization: 'Bearer right' } })
  ending.push(() => { admitted.disconnect() })
  await told(admitted, 'snapshot')
  expect(live.clients()).toBe(1)
})

test('one client too many is refused and says so', async () => {
  const { live, url } = await open({ clientsMax: 1 })
  await client(url).next()
  expect(await refusedWith(url)).toMatch(/^403 .*no more than 1 clients/)
  expect(live.clients()).toBe(1)
})

test('who looks gets the picture that every client in step holds then, and a room without clients has one too', async () => {
  const { live, state, url } = await open()
  expect(live.look()).toMatchObject({ serverNow: state.now, clock: 1, seq: 1 })
  const { next } = client(url)
  const first = await next()
  await turn()
  state.picture = { ...state.picture, clock: 2, topicsTotal: 7 }
  state.now += 300
  const looked = live.look()
  expect(looked).toEqual({ ...first.body, seq: first.body.seq + 1, serverNow: state.now, clock: 2, topicsTotal: 7 })
  expect((await next()).body).toEqual({ epoch: first.body.epoch, seq: looked!.seq, serverNow: state.now, clock: 2, topicsTotal: 7 })
})
