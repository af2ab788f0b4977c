// Over a real socket: who loses the right to the feed is cut off within two looks, and is told why when it dials again.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io as connect } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { createLive, type LiveTrouble } from './live.ts'

const totals = { stored: 0, counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0, perMinute: 0, spark: [] }
const words = 'the token of this device is not valid any more'

async function open() {
  const state = { lost: new Set<string>(), trouble: [] as LiveTrouble[] }
  const httpServer = createServer()
  let tick = (): void => {}
  const live = createLive({
    httpServer, room: () => ({ title: { zh: '值班', en: 'Watch' }, zone: 'Asia/Shanghai', mode: 'live', version: '1' }), problems: () => [], refusal: () => null,
    lost: ({ headers }) => (state.lost.has(headers.cookie ?? '') ? words : null), onTrouble: (kind) => state.trouble.push(kind), onError: (error) => { throw error },
    picture: () => ({ clock: 1, totals, topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, canary: null }), every: (_ms, run) => { tick = run; return () => {} },
  })
  httpServer.listen(0, '127.0.0.1')
  await once(httpServer, 'listening')
  onTestFinished(async () => { await live.close(); httpServer.closeAllConnections(); httpServer.close() })
  const dial = (cookie: string, transport: string) => {
    const socket = connect(`http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`, { transports: [transport], forceNew: true, reconnectionDelay: 10, extraHeaders: { cookie } })
    onTestFinished(() => { socket.disconnect() })
    return socket
  }
  return { live, state, dial, tick: () => tick() }
}

test.each(['websocket', 'polling'])('over %s, a client whose right ends is cut off, dials again by itself and is told in words; the others stay', async (transport) => {
  const { live, state, dial, tick } = await open()
  const [lobby, desk] = [dial('lobby', transport), dial('desk', transport)]
  await Promise.all([lobby, desk].map((socket) => new Promise((resolve) => { socket.once('snapshot', resolve) })))
  expect(live.clients()).toBe(2)
  const ended = new Promise<string>((resolve) => { lobby.once('disconnect', resolve) })
  const told = new Promise<Error>((resolve) => { lobby.once('connect_error', resolve) })
  state.lost.add('lobby')
  tick()
  tick()
  expect(await ended).toBe('transport close')
  expect((await told).message).toBe(words)
  expect([live.clients(), desk.connected, state.trouble.filter((kind) => kind === 'refused').length]).toEqual([1, true, 2])
})

test('who comes with a right that has ended keeps no connection', async () => {
  const { live, state, dial } = await open()
  state.lost.add('lobby')
  const socket = dial('lobby', 'websocket')
  expect(await new Promise<string>((resolve) => { socket.once('connect_error', ({ message }) => resolve(message)) })).toBe(words)
  await expect.poll(() => socket.io.engine.readyState).toBe('closed')
  expect(live.clients()).toBe(0)
})
