// What only a real server can do to us: die half-way, come back, lose its streams, be absent, be set up wrongly.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RetentionPolicy } from '@nats-io/jetstream'
import { StreamDown, StreamFull, StreamMisconfigured, StreamRecreated, StreamRolledBack } from '../../stream-errors.ts'
import type { InputReader } from '../../ports.ts'
import { Publisher } from './publisher.ts'
import { freePortForTest, startTestServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'
import { shown } from './link.ts'
import { openNatsStream } from './stream.ts'
import type { NatsStream } from './stream.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const limits = { messagesMax: 500, bytesMax: 1 << 20 }

async function readUntil(reader: InputReader, last: number, each: (seq: number) => Promise<void> | void = () => {}): Promise<number[]> {
  const seqs: number[] = []
  while (seqs.at(-1) !== last) {
    const messages = await reader.next(limits)
    if (messages.length === 0) throw new Error('the reader ended')
    for (const message of messages) { seqs.push(message.seq); await each(message.seq) }
  }
  return seqs
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('with a server that dies', () => {
  let server: TestServer
  let stream: NatsStream
  const troubles: string[] = []
  beforeEach(async () => {
    server = await startTestServer()
    stream = await openNatsStream({ url: server.url, prefetchBytes: 256 << 10 })
    troubles.length = 0
    stream.onTrouble(({ kind }) => troubles.push(kind))
  })
  afterEach(async () => { await stream.close(); await server.stop() })

  test('a reader misses and repeats nothing when the server is killed twice while it reads', async () => {
    const count = 20_000
    const publisher = new Publisher(stream.link, { whenFull: 'wait' })
    await Promise.all(upTo(count).map((i) => publisher.publish('mentions.a', new Uint8Array(200).fill(i))))
    publisher.close()
    const reader = stream.read(1)
    const seqs = await readUntil(reader, count, async (seq) => {
      if (seq === 4000 || seq === 12_000) { await server.kill(); await server.start() }
    })
    expect(seqs).toEqual(upTo(count))
    expect(troubles.slice(0, 2)).toEqual(['down', 'up'])
    expect(troubles).not.toContain('gap')
  })

  test('a reader that waits goes on after the server came back', async () => {
    const reader = stream.read(1)
    await stream.publish('ticks', bytes('1'))
    expect(await readUntil(reader, 1)).toEqual([1])
    const waiting = readUntil(reader, 2)
    await server.kill()
    await server.start()
    const publisher = new Publisher(stream.link)
    await publisher.publish('ticks', bytes('2'))
    expect(await waiting).toEqual([2])
    publisher.close()
  })

  test('what is being published when the server is killed is in the stream once, in order', async () => {
    const count = 6000
    const publisher = new Publisher(stream.link, { whenFull: 'wait' })
    let acknowledged = 0
    let killed: Promise<void> | null = null
    const acknowledgements = upTo(count).map(async (i) => {
      const { seq } = await publisher.publish('mentions.a', bytes(String(i)), `id-${i}`)
      if (++acknowledged === 1500) killed = server.kill().then(() => server.start())
      return seq
    })
    expect(await Promise.all(acknowledgements)).toEqual(upTo(count))
    await killed
    expect(await server.streamState('GROUNDSWELL')).toMatchObject({ messages: count, last_seq: count })
    publisher.close()
  })

  test('a publish that no server answers throws StreamDown, and the trouble is told', async () => {
    await server.kill()
    await expect(stream.publish('ticks', bytes('x'))).rejects.toBeInstanceOf(StreamDown)
    await expect.poll(() => troubles).toEqual(['down'])
  })
})

describe('with streams that change under us', () => {
  let server: TestServer
  beforeEach(async () => { server = await startTestServer() })
  afterEach(() => server.stop())

  test('a reader ends with StreamRecreated when the stream is deleted and made again, having skipped nothing of the new one', async () => {
    const stream = await openNatsStream({ url: server.url })
    const recreated = new Promise<string>((resolve) => { stream.onTrouble((trouble) => { if (trouble.kind === 'recreated') resolve(trouble.detail) }) })
    for (let i = 0; i < 3; i++) await stream.publish('ticks', bytes('old'))
    const reader = stream.read(1)
    await readUntil(reader, 3)
    const waiting = reader.next(limits)
    const ended = expect(waiting).rejects.toBeInstanceOf(StreamRecreated)
    await server.deleteStreams()
    const second = await openNatsStream({ url: server.url })
    for (let i = 0; i < 5; i++) await second.publish('ticks', bytes('new'))
    await ended
    expect(await recreated).toMatch(/made again/)
    expect(second.created).toBeGreaterThan(stream.created)
    expect(await readUntil(second.read(1), 5)).toEqual([1, 2, 3, 4, 5])
    await stream.close()
    await second.close()
  })

  test('the same while the server is away', async () => {
    const stream = await openNatsStream({ url: server.url })
    for (let i = 0; i < 3; i++) await stream.publish('ticks', bytes('old'))
    const reader = stream.read(1)
    await readUntil(reader, 3)
    const ended = expect(reader.next(limits)).rejects.toBeInstanceOf(StreamRecreated)
    await server.deleteStreams()
    await server.kill()
    await server.start()
    const second = await openNatsStream({ url: server.url })
    for (let i = 0; i < 5; i++) await second.publish('ticks', bytes('new'))
    await ended
    await stream.close()
    await second.close()
  })

  test('messages purged before they were read are a gap that is told', async () => {
    const stream = await openNatsStream({ url: server.url })
    const gaps: string[] = []
    stream.onTrouble((trouble) => { if (trouble.kind === 'gap') gaps.push(trouble.detail) })
    for (let i = 0; i < 6; i++) await stream.publish('ticks', bytes('x'))
    await server.withManager((manager) => manager.streams.purge('GROUNDSWELL', { seq: 4 }))
    expect(await readUntil(stream.read(1), 6)).toEqual([4, 5, 6])
    expect(gaps).toEqual([expect.stringContaining('messages 1 to 3')])
    await stream.close()
  })

  test('a stream that ends before what was read already is an error, for its sequences would be given twice', async () => {
    const stream = await openNatsStream({ url: server.url })
    for (let i = 0; i < 3; i++) await stream.publish('ticks', bytes('x'))
    const ended = stream.read(10).next(limits)
    await expect(ended).rejects.toBeInstanceOf(StreamRolledBack)
    await expect(ended).rejects.toThrow(/ends at 3, but message 9 was read/)
    await stream.close()
  })

  test('a publisher that may wait is held back by a full stream and loses nothing once it is trimmed', async () => {
    const stream = await openNatsStream({ url: server.url, maxBytes: 200_000 })
    const reasons: (string | null)[] = []
    let refused: () => void = () => {}
    const refusing = new Promise<void>((resolve) => { refused = resolve })
    const publisher = new Publisher(stream.link, { whenFull: 'wait', onRefusing: (reason) => { reasons.push(reason); if (reason) refused() } })
    const all = Promise.all(upTo(120).map((i) => publisher.publish('mentions.a', new Uint8Array(4000).fill(i))))
    await refusing
    const reader = stream.read(1)
    const values: number[] = []
    while (values.length < 120) {
      for (const message of await reader.next(limits)) values.push(message.data[0]!)
      await stream.trimNow(values.length)
    }
    await all
    expect(values).toEqual(upTo(120))
    expect(reasons[0]).toMatch(/full/)
    expect(reasons.at(-1)).toBeNull()
    publisher.close()
    await stream.close()
  })

  test('a small stream gets everything through, however fast a publisher that waits fills it, with a reader that trims what it has processed', async () => {
    const stream = await openNatsStream({ url: server.url, maxBytes: 1 << 20 })
    const publisher = new Publisher(stream.link, { whenFull: 'wait' })
    const count = 1200
    const all = Promise.all(upTo(count).map((i) => publisher.publish('mentions.a', new Uint8Array(4000).fill(i))))
    const reader = stream.read(1)
    for (let read = 0, since = 0; read < count;) {
      for (const { seq, data } of await reader.next(limits)) { read = seq; since += data.length }
      if (since > 100_000 || read === count) { await stream.trim(read); since = 0 }
    }
    expect(await all).toHaveLength(count)
    publisher.close()
    await stream.close()
  })

  test('an output stream that was deleted is made again, and holds neither ticks nor mentions back meanwhile', async () => {
    const said: string[] = []
    const stream = await openNatsStream({ url: server.url, warn: (message) => said.push(message) })
    await stream.announce('spikes.a', bytes('1'), 'id-1')
    await server.withManager((manager) => manager.streams.delete('GROUNDSWELL_OUT'))
    const announcing = stream.announce('spikes.a', bytes('2'), 'id-2')
    expect((await stream.publish('ticks', bytes('x'))).seq).toBe(1)
    await announcing
    await stream.announce('spikes.a', bytes('3'), 'id-3')
    expect(await server.streamState('GROUNDSWELL_OUT')).toMatchObject({ messages: 2 })
    expect(said).toEqual([expect.stringMatching(/GROUNDSWELL_OUT was deleted: it is made again/)])
    await stream.close()
  })

  test('what waits to be published is bounded by bytes, and takes more once it is sent', async () => {
    const stream = await openNatsStream({ url: server.url })
    const publisher = new Publisher(stream.link, { windowMessages: 1, waitingBytesMax: 10_000 })
    const outcomes = await Promise.allSettled(upTo(5).map(() => publisher.publish('mentions.a', new Uint8Array(4000))))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect((outcomes[4] as PromiseRejectedResult).reason).toBeInstanceOf(StreamFull)
    expect((await publisher.publish('mentions.a', new Uint8Array(4000))).seq).toBe(4)
    publisher.close()
    await stream.close()
  })

  test('old processed messages are trimmed, young ones and unprocessed ones stay', async () => {
    const stream = await openNatsStream({ url: server.url, keepProcessedMs: -1 }) // also what came in the very millisecond of the look is old
    for (let i = 0; i < 10; i++) await stream.publish('ticks', bytes('x'))
    await stream.trimNow(6)
    expect(await stream.state()).toMatchObject({ firstSeq: 7, lastSeq: 10 })
    await stream.close()
    const keeping = await openNatsStream({ url: server.url })
    await keeping.trimNow(10)
    expect(await keeping.state()).toMatchObject({ firstSeq: 7, lastSeq: 10 })
    await keeping.close()
  })

  test('what is forgotten is purged from the stream that held it, never from one that was made again', async () => {
    const stream = await openNatsStream({ url: server.url })
    for (let i = 0; i < 5; i++) await stream.publish('ticks', bytes('x'))
    await stream.trim(2, 'all')
    expect(await stream.state()).toMatchObject({ firstSeq: 3, lastSeq: 5 })
    await server.withManager((manager) => manager.streams.delete('GROUNDSWELL'))
    await (await openNatsStream({ url: server.url })).close()
    for (let i = 0; i < 3; i++) await stream.publish('ticks', bytes('new'))
    await stream.trim(5, 'all')
    expect(await stream.state()).toMatchObject({ firstSeq: 1, lastSeq: 3 })
    await stream.close()
  })

  test.each([
    { made: { storage: 'memory' as never }, says: /storage "memory", it must be "file"/ },
    { made: { retention: RetentionPolicy.Workqueue }, says: /retention "workqueue", it must be "limits"/ },
    { made: { description: 'Groundswell input, configuration 9' }, says: /newer Groundswell \(configuration 9/ },
  ])('a stream that cannot serve is refused with what is wrong: $says', async ({ made, says }) => {
    await server.withManager((manager) => manager.streams.add({ name: 'GROUNDSWELL', subjects: ['mentions.>', 'commands.>', 'ticks'], max_bytes: 1 << 20, ...made }))
    const opening = openNatsStream({ url: server.url })
    await expect(opening).rejects.toBeInstanceOf(StreamMisconfigured)
    await expect(opening).rejects.toThrow(says)
  })

  test('what may be changed safely is changed, and said', async () => {
    await server.withManager((manager) => manager.streams.add({ name: 'GROUNDSWELL', subjects: ['mentions.>'], max_bytes: 1 << 20 }))
    const said: string[] = []
    const stream = await openNatsStream({ url: server.url, maxBytes: 2 << 20, warn: (message) => said.push(message) })
    expect(said.join()).toMatch(/subjects.*changed/)
    await server.withManager(async (manager) => {
      expect((await manager.streams.info('GROUNDSWELL')).config).toMatchObject({ discard: 'new', max_bytes: 2 << 20, duplicate_window: 120e9, subjects: ['mentions.>', 'commands.>', 'ticks'] })
    })
    await stream.close()
    const again = await openNatsStream({ url: server.url, warn: (message) => { throw new Error(message) } })
    expect((await again.state()).bytesMax).toBe(2 << 20) // as it is, where nothing is asked for
    await again.close()
  })

  test('a server that offers less than the limit asked for gets a smaller stream, now and at the next start, and that is said', async () => {
    await server.stop()
    server = await startTestServer('jetstream { max_file_store: 1GB }')
    for (const start of ['first', 'next']) {
      const said: string[] = []
      const stream = await openNatsStream({ url: server.url, maxBytes: 4 * 1024 ** 3, warn: (message) => said.push(message) })
      expect([start, (await stream.state()).bytesMax]).toEqual([start, 512 << 20])
      expect(said).toEqual(['stream GROUNDSWELL holds 536,870,912 bytes, not 4,294,967,296: the server offers no more'])
      expect((await stream.publish('ticks', bytes(start))).duplicate).toBe(false)
      await stream.close()
    }
  })

  test('subjects that another stream takes are an error that says so', async () => {
    await server.withManager((manager) => manager.streams.add({ name: 'THEIRS', subjects: ['mentions.>'] }))
    await expect(openNatsStream({ url: server.url })).rejects.toThrow(/another stream takes mentions\.>/)
  })
})

test('a server that is not there is StreamDown, naming the address and what to do, and is not waited for', async () => {
  const opening = openNatsStream({ url: `nats://127.0.0.1:${await freePortForTest()}` })
  await expect(opening).rejects.toBeInstanceOf(StreamDown)
  await expect(opening).rejects.toThrow(/127\.0\.0\.1:\d+.*--nats/)
})

test('an address that is none is refused with the form it should have', async () => {
  await expect(openNatsStream({ url: 'http://127.0.0.1:4222' })).rejects.toThrow(/"http:\/\/127\.0\.0\.1:4222" is no NATS address: write nats:\/\/host:4222/)
})

test.each([
  ['nats://tok@a:4222', 'nats://a:4222'],
  ['tok@a:4222', 'a:4222'],
  ['nats://u:p@a,tls://u:p@b:1, tok@c', 'nats://a,tls://b:1, c'],
  ['nats://u:p/w@a', 'nats://a'],
  ['nats://u:p@w@a', 'nats://a'],
  ['nats://u:p,w@a', 'nats://…,a'],
  ['nats://[::1]:4222,b', 'nats://[::1]:4222,b'],
])('%s is shown as %s', (url, expected) => { expect(shown(url)).toBe(expected) })
