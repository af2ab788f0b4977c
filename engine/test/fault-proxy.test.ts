// What each fault does to a connection, seen from both of its ends.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../src/clock.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

const server = createServer({ allowHalfOpen: true })
let arrived: string // at the server, of all connections
let atServer: Socket[]
let ends: string[] // how connections ended at the server
let slept: number[]
let wake: (() => void) | null
let proxy: FaultProxy
const clock: Clock = {
  now: () => 0,
  sleep: (ms, signal) => new Promise((resolve) => { slept.push(ms); wake = resolve; signal?.addEventListener('abort', () => resolve()) }),
}

beforeEach(async () => {
  arrived = ''
  atServer = []
  ends = []
  slept = []
  wake = null
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    atServer.push(socket)
    socket.on('data', (data) => { arrived += data.toString() }).on('end', () => { ends.push('end'); socket.end() }).on('error', (error) => { ends.push((error as NodeJS.ErrnoException).code ?? '') })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startFaultProxy({ to: (server.address() as AddressInfo).port, clock })
})
afterEach(async () => {
  await proxy.close()
  for (const socket of atServer) socket.destroy()
  server.close()
  await once(server, 'close')
})

interface Client { readonly socket: Socket; got: string; ended: string }

async function client(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1')
  const one: Client = { socket, got: '', ended: '' }
  socket.on('data', (data) => { one.got += data.toString() }).on('error', (error) => { one.ended = (error as NodeJS.ErrnoException).code ?? '' }).on('end', () => { one.ended = 'end' })
  const before = atServer.length
  await once(socket, 'connect')
  await expect.poll(() => atServer.length).toBe(before + 1) // the proxy has taken it, and what is behind the proxy too
  return one
}

test('without a fault bytes pass both ways, ends included', async () => {
  const one = await client()
  one.socket.write('there')
  await expect.poll(() => arrived).toBe('there')
  atServer[0]!.write('back')
  await expect.poll(() => one.got).toBe('back')
  one.socket.end()
  await expect.poll(() => [ends, one.ended]).toEqual([['end'], 'end'])
  await expect.poll(() => proxy.open).toBe(0)
  expect(proxy.counts).toEqual({ connections: 1, bytes: 9, chunksHeldBack: 0, resets: 0, bytesSwallowed: 0, refusals: 0 })
})

test('latency holds each chunk back by its time and a seeded jitter; healed, what was held back passes at once and in order', async () => {
  const one = await client()
  await proxy.set({ kind: 'latency', ms: 100, jitterMs: 20 })
  one.socket.write('a')
  await expect.poll(() => slept.length).toBe(1)
  expect([arrived, slept[0]]).toEqual(['', expect.toSatisfy((ms: number) => ms >= 100 && ms <= 120)])
  wake!()
  await expect.poll(() => arrived).toBe('a')
  one.socket.write('b')
  await expect.poll(() => slept.length).toBe(2)
  await proxy.heal()
  one.socket.write('c')
  await expect.poll(() => arrived).toBe('abc')
})

test('a slow reader takes as long as its bytes do', async () => {
  const one = await client()
  await proxy.set({ kind: 'slow', bytesPerSecond: 1000 })
  one.socket.write('x'.repeat(500))
  await expect.poll(() => slept).toEqual([500])
})

test('a reset is an RST to both ends, at once or after so many bytes; the next connection passes when it is healed', async () => {
  const one = await client()
  await proxy.set({ kind: 'reset' })
  await expect.poll(() => [one.ended, ends]).toEqual(['ECONNRESET', ['ECONNRESET']])
  await proxy.heal()
  const two = await client()
  await proxy.set({ kind: 'reset', afterBytes: 4 })
  two.socket.write('sixsix')
  await expect.poll(() => two.ended).toBe('ECONNRESET')
  expect(arrived === '' || arrived === 'sixs').toBe(true) // an RST may overtake what is on its way
  await proxy.heal()
  const three = await client()
  arrived = ''
  three.socket.write('passes')
  await expect.poll(() => arrived).toBe('passes')
  expect(proxy.counts.resets).toBe(2)
})

test('a cut swallows silently, the connection stays; healed, one that lost bytes is reset and one that lost none goes on', async () => {
  const loser = await client()
  const idle = await client()
  await proxy.set({ kind: 'cut' })
  loser.socket.write('lost')
  await expect.poll(() => proxy.counts.bytesSwallowed).toBe(4)
  expect([arrived, loser.ended, proxy.open]).toEqual(['', '', 2])
  await proxy.heal()
  await expect.poll(() => loser.ended).toBe('ECONNRESET')
  idle.socket.write('found')
  await expect.poll(() => arrived).toBe('found')
  expect(idle.ended).toBe('')
})

test('cut for good, a connection that lost bytes swallows all that follows, and others go on', async () => {
  const loser = await client()
  await proxy.set({ kind: 'cut', forGood: true })
  loser.socket.write('lost')
  await expect.poll(() => proxy.counts.bytesSwallowed).toBe(4)
  await proxy.heal()
  loser.socket.write('this too')
  await expect.poll(() => proxy.counts.bytesSwallowed).toBe(12)
  const other = await client()
  other.socket.write('found')
  await expect.poll(() => arrived).toBe('found')
  expect([loser.ended, proxy.counts.resets]).toEqual(['', 0])
})

test('refusing closes the door and what is open; healed, the same port takes connections again', async () => {
  const one = await client()
  await proxy.set({ kind: 'refuse' })
  await expect.poll(() => one.ended).toBe('ECONNRESET')
  const refused = connect(proxy.port, '127.0.0.1')
  expect(await once(refused, 'error')).toEqual([expect.objectContaining({ code: 'ECONNREFUSED' })])
  await proxy.heal()
  const two = await client()
  two.socket.write('again')
  await expect.poll(() => arrived).toBe('again')
  expect(proxy.counts.refusals).toBe(1)
})
