// One suite for every implementation of InputStream: what the loop relies on holds on NATS as inside the process.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { InputReader, InputStream, StreamMessage } from '../ports.ts'
import { StreamFull, StreamRefused } from '../stream-errors.ts'
import { InProcessStream } from './in-process/stream.ts'
import { connectForTest, startTestServer } from './nats/test-server.ts'
import type { TestServer } from './nats/test-server.ts'
import { NatsStream, openNatsStream } from './nats/stream.ts'

interface Implementation {
  readonly name: string
  readonly before: () => Promise<void>
  readonly after: () => Promise<void>
  readonly open: (bytesMax?: number) => Promise<InputStream>
  readonly announced: (stream: InputStream) => Promise<number>
  readonly askStatus: (stream: InputStream) => Promise<unknown>
  /** Trim without waiting for the time that lies between two looks. */
  readonly trim: (stream: InputStream, upToSeq: number) => Promise<void>
}

let server: TestServer | null = null
const nats: Implementation = {
  name: 'nats',
  before: async () => { server = await startTestServer() },
  after: async () => { await server?.stop() },
  open: async (bytesMax) => {
    await server!.deleteStreams()
    return openNatsStream({ url: server!.url, maxBytes: bytesMax })
  },
  announced: async () => (await server!.streamState('GROUNDSWELL_OUT')).messages,
  askStatus: async (stream) => {
    await (stream as NatsStream).link.nc.flush() // the server knows by now who answers
    const nc = await connectForTest(server!.url)
    try { return (await nc.request('groundswell.status', '', { timeout: 60_000 })).json() } finally { await nc.close() }
  },
  trim: (stream, upToSeq) => (stream as NatsStream).trimNow(upToSeq),
}
const inProcess: Implementation = {
  name: 'in-process',
  before: async () => {}, after: async () => {},
  open: async (bytesMax) => {
    let now = 1_700_000_000_000
    return new InProcessStream({ now: () => now++, ...(bytesMax ? { bytesMax } : {}) })
  },
  announced: async (stream) => (stream as InProcessStream).announced.length,
  askStatus: async (stream) => (stream as InProcessStream).askStatus(),
  trim: (stream, upToSeq) => stream.trim(upToSeq),
}

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (message: StreamMessage) => new TextDecoder().decode(message.data)
const limits = { messagesMax: 1000, bytesMax: 1 << 20 }

async function readCount(reader: InputReader, count: number, most = limits): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = []
  while (messages.length < count) {
    for (const message of await reader.next({ ...most, messagesMax: Math.min(most.messagesMax, count - messages.length) })) messages.push({ ...message, data: message.data.slice() })
  }
  return messages
}

describe.each([nats, inProcess])('an input stream ($name)', (implementation) => {
  let stream: InputStream
  beforeAll(() => implementation.before())
  afterAll(() => implementation.after())
  beforeEach(async () => { stream = await implementation.open() })
  afterEach(() => stream.close())

  test('gives consecutive sequences from 1 and reads messages back in order, with subject, bytes and a time that never runs backwards', async () => {
    const seqs: number[] = []
    for (const [i, subject] of ['mentions.weibo', 'ticks', 'commands.end', 'mentions.x.hot'].entries()) seqs.push((await stream.publish(subject, bytes(`m${i}`))).seq)
    expect(seqs).toEqual([1, 2, 3, 4])
    const messages = await readCount(stream.read(1), 4)
    expect(messages.map((m) => [m.seq, m.subject, text(m)])).toEqual([[1, 'mentions.weibo', 'm0'], [2, 'ticks', 'm1'], [3, 'commands.end', 'm2'], [4, 'mentions.x.hot', 'm3']])
    expect(messages.map((m) => m.time)).toEqual(messages.map((m) => m.time).toSorted((a, b) => a - b))
    expect(messages[0]!.time).toBeGreaterThanOrEqual(stream.created)
  })

  test('stores publishes made at once in the order in which they were made', async () => {
    await Promise.all(Array.from({ length: 3000 }, (_, i) => stream.publish('mentions.a', bytes(String(i)))))
    expect((await readCount(stream.read(1), 3000)).map(text)).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)))
  })

  test('takes a message id once and answers the second time with the sequence of the first', async () => {
    expect(await stream.publish('mentions.a', bytes('1'), 'same')).toEqual({ seq: 1, duplicate: false })
    expect(await stream.publish('mentions.a', bytes('1'), 'same')).toEqual({ seq: 1, duplicate: true })
    expect(await stream.publish('mentions.a', bytes('2'), 'other')).toEqual({ seq: 2, duplicate: false })
  })

  test('reads from a position in the middle, and from one that is still to come', async () => {
    for (let i = 1; i <= 5; i++) await stream.publish('mentions.a', bytes(String(i)))
    expect((await readCount(stream.read(4), 2)).map(text)).toEqual(['4', '5'])
    const ahead = stream.read(6)
    const waiting = readCount(ahead, 1)
    await stream.publish('mentions.a', bytes('6'))
    expect((await waiting).map((m) => m.seq)).toEqual([6])
  })

  test('waits for the first message and then gives what is there, not waiting for more', async () => {
    const reader = stream.read(1)
    const waiting = reader.next(limits)
    await stream.publish('mentions.a', bytes('only'))
    expect((await waiting).map(text)).toEqual(['only'])
  })

  test('keeps to both limits and gives a message that is larger than the limit alone', async () => {
    for (const size of [400, 400, 400, 5000, 400]) await stream.publish('mentions.a', new Uint8Array(size))
    const reader = stream.read(1)
    const answers: number[][] = []
    for (let got = 0; got < 5;) {
      const messages = await reader.next({ messagesMax: 2, bytesMax: 1000 })
      expect(messages.length === 1 || messages.reduce((sum, m) => sum + m.data.length, 0) <= 1000).toBe(true)
      expect(messages.length).toBeLessThanOrEqual(2)
      answers.push(messages.map((m) => m.seq))
      got += messages.length
    }
    expect(answers.flat()).toEqual([1, 2, 3, 4, 5])
    expect(answers).toContainEqual([4])
  })

  test('a reader that is closed while it waits answers with nothing', async () => {
    const reader = stream.read(1)
    const waiting = reader.next(limits)
    await reader.close()
    expect(await waiting).toEqual([])
    expect(await reader.next(limits)).toEqual([])
  })

  test('a stream that is closed ends the readers that wait', async () => {
    const waiting = stream.read(1).next(limits)
    await stream.close()
    expect(await waiting).toEqual([])
    await expect(stream.publish('mentions.a', bytes('late'))).rejects.toThrow(/closed/)
  })

  test('two readers read independently', async () => {
    for (let i = 1; i <= 3; i++) await stream.publish('mentions.a', bytes(String(i)))
    const [all, tail] = await Promise.all([readCount(stream.read(1), 3), readCount(stream.read(3), 1)])
    expect([all.map((m) => m.seq), tail.map((m) => m.seq)]).toEqual([[1, 2, 3], [3]])
  })

  test('the newest message of a subject is found; null where there is none', async () => {
    expect(await stream.last('commands.rules')).toBeNull()
    await stream.publish('commands.rules', bytes('old'))
    await stream.publish('commands.rules', bytes('new'))
    await stream.publish('mentions.a', bytes('x'))
    const last = await stream.last('commands.rules')
    expect([last?.seq, last && text(last)]).toEqual([2, 'new'])
  })

  test('an announcement made again with its id is there once', async () => {
    await stream.announce('spikes.outage', bytes('a'), 'id-1')
    await stream.announce('spikes.outage', bytes('a'), 'id-1')
    await stream.announce('alerts.severe', bytes('a'), 'id-1') // the same event on another subject is another announcement
    await stream.announce('alerts.severe', bytes('b'), 'id-2')
    expect(await implementation.announced(stream)).toBe(3)
    expect((await stream.state()).lastSeq).toBe(0) // the input is untouched
  })

  test('refuses for good what can never fit and what no stream takes', async () => {
    await expect(stream.publish('mentions.a', new Uint8Array((1 << 20) + 1))).rejects.toBeInstanceOf(StreamRefused)
    expect(await stream.publish('mentions.a', bytes('fine'))).toEqual({ seq: 1, duplicate: false })
  })

  test('answers who asks for the status', async () => {
    stream.answerStatus(() => ({ clock: 1_434_383_000, stream: stream.created, position: 7 }))
    expect(await implementation.askStatus(stream)).toEqual({ clock: 1_434_383_000, stream: stream.created, position: 7 })
  })

  test('a property: whatever is published is read, whatever the limits, in the same order', async () => {
    let before = 0
    await fc.assert(fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 900 }),
      async (payloads, messagesMax, bytesMax) => {
        await Promise.all(payloads.map((payload) => stream.publish('mentions.p', payload)))
        const reader = stream.read(before + 1)
        const got = await readCount(reader, payloads.length, { messagesMax, bytesMax })
        await reader.close()
        expect(got.map((m) => m.seq)).toEqual(payloads.map((_, i) => before + 1 + i))
        expect(got.map((m) => [...m.data])).toEqual(payloads.map((payload) => [...payload]))
        before += payloads.length
      },
    ), { numRuns: 25 })
  })
})

describe.each([nats, inProcess])('a full input stream ($name)', (implementation) => {
  let stream: InputStream
  beforeAll(() => implementation.before())
  afterAll(() => implementation.after())
  beforeEach(async () => { stream = await implementation.open(100_000) })
  afterEach(() => stream.close())

  async function fill(): Promise<number> {
    for (let stored = 0; ; stored++) {
      try { await stream.publish('mentions.a', new Uint8Array(5000)) } catch (error) {
        expect(error).toBeInstanceOf(StreamFull)
        return stored
      }
    }
  }

  test('refuses and drops nothing, and takes messages again once processed ones were trimmed', async () => {
    const stored = await fill()
    expect(stored).toBeGreaterThan(15)
    expect((await stream.state())).toMatchObject({ firstSeq: 1, lastSeq: stored, bytesMax: 100_000 })
    const half = Math.ceil(stored / 2)
    await implementation.trim(stream, half)
    const { firstSeq } = await stream.state()
    expect(firstSeq).toBeGreaterThan(1)
    expect(firstSeq).toBeLessThanOrEqual(half + 1) // never what was not processed
    expect((await stream.publish('mentions.a', bytes('again'))).seq).toBe(stored + 1)
    const rest = await readCount(stream.read(firstSeq), stored + 2 - firstSeq)
    expect(rest.map((m) => m.seq)).toEqual(Array.from({ length: stored + 2 - firstSeq }, (_, i) => firstSeq + i))
  })

  test('trimming what nobody has processed frees nothing', async () => {
    const stored = await fill()
    await implementation.trim(stream, 0)
    expect(await stream.state()).toMatchObject({ firstSeq: 1, lastSeq: stored })
    await expect(stream.publish('mentions.a', new Uint8Array(5000))).rejects.toBeInstanceOf(StreamFull)
  })
})
