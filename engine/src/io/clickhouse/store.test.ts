// A ClickHouse that takes connections and never answers: nobody waits for it longer than is said.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deadLetterColumns } from '@groundswell/schemas/mention-columns.ts'
import { nativeBlock } from './native-rows.testing.ts'
import { ClickhouseStore } from './store.ts'

const server = createServer()
let asked: IncomingMessage[]
const isInsert = (request: IncomingMessage) => request.url!.includes('INSERT')
beforeEach(async () => {
  asked = []
  server.removeAllListeners('request').on('request', (request: IncomingMessage) => { request.resume(); asked.push(request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})
const open = (limits: ConstructorParameters<typeof ClickhouseStore>[1] = {}) =>
  new ClickhouseStore({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, user: 'u', password: 'p', database: 'd', retentionDays: 1 }, limits)
const block = () => [nativeBlock(deadLetterColumns, [{ ingested: 1, stream: 1, seq: 1, line: 1, subject: 'a', reason: 'ts-missing', detail: '', raw: '' }])]

test('a read and a ping are given up after their time, as StoreDown', async () => {
  const store = open({ readMs: 50, pingMs: 40 })
  await expect(store.query('SELECT 1')).rejects.toMatchObject({ name: 'StoreDown', message: 'reading (SELECT 1): ClickHouse has not answered within 0.05 s' })
  await expect(store.ping()).rejects.toMatchObject({ name: 'StoreDown' })
  await store.close()
})

test('readers that hang do not hold an insert up', async () => {
  const store = open()
  const reads = Array.from({ length: 40 }, () => store.query('SELECT 1').catch(() => 'given up'))
  await expect.poll(() => asked.length).toBe(8)
  const inserting = store.insertDeadLetters('t', block()).catch(() => 'given up')
  await expect.poll(() => asked.some(isInsert)).toBe(true)
  await store.close()
  expect(new Set(await Promise.all([...reads, inserting]))).toEqual(new Set(['given up']))
})

test.each(['before it is sent', 'while it hangs'])('an insert that is aborted %s throws StoreDown at once, and others go on', async (when) => {
  const store = open()
  const stopping = new AbortController()
  if (when === 'before it is sent') stopping.abort()
  const inserting = [store.insertDeadLetters('t', block(), { signal: stopping.signal }), store.insertRows('spikes', 't', [{ a: 1 }], { signal: stopping.signal })]
  const other = store.query('SELECT 1').catch((error: unknown) => error)
  if (when === 'while it hangs') await expect.poll(() => asked.filter(isInsert).length).toBe(2)
  stopping.abort()
  for (const each of inserting) await expect(each).rejects.toMatchObject({ name: 'StoreDown', retry: true })
  expect(await Promise.race([other, Promise.resolve('waits')])).toBe('waits')
  await store.close()
  expect(await other).toMatchObject({ name: 'StoreDown' })
})

test('inserts and statements that hang are given up when the store is back, reads and later inserts are not', async () => {
  const store = open()
  const hanging = [store.insertDeadLetters('t', block()), store.insertRows('spikes', 't', [{ a: 1 }], { signal: new AbortController().signal }), store.command('OPTIMIZE TABLE spikes')]
  const read = store.query('SELECT 1').catch((error: unknown) => error)
  await expect.poll(() => asked.length).toBe(4)
  void store.giveUpWrites()
  for (const each of hanging) await expect(each).rejects.toMatchObject({ name: 'StoreDown', retry: true })
  const later = store.insertDeadLetters('t', block()).catch((error: unknown) => error)
  await expect.poll(() => asked.filter(isInsert).length).toBe(3)
  expect(await Promise.race([read, later, Promise.resolve('wait')])).toBe('wait')
  await store.close()
  await Promise.all([read, later])
})

test('what was given up holds no connection: a store that answers again after many tries is reached', async () => {
  const store = open({ pingMs: 20, slowMs: 30 })
  for (let tries = 0; tries < 8; tries++) {
    await expect(store.ping()).rejects.toMatchObject({ name: 'StoreDown' })
    await expect(store.insertDeadLetters('t', block())).rejects.toMatchObject({ name: 'StoreDown' })
  }
  server.removeAllListeners('request').on('request', (request, response) => { request.resume(); response.end('Ok.\n') })
  await store.ping(60_000)
  await store.close()
})

test('closing ends a long answer that hangs half-way', async () => {
  server.removeAllListeners('request').on('request', (request, response) => { request.resume(); response.write('{"a":1}\n') })
  const store = open()
  const chunks: string[] = []
  const reading = (async () => { for await (const chunk of store.queryChunks('SELECT 1')) { chunks.push(Buffer.from(chunk).toString()); void store.close() } })()
  await expect(reading).rejects.toMatchObject({ name: 'StoreDown' })
  expect(chunks).toEqual(['{"a":1}\n'])
})
