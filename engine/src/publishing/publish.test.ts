// Publishing by the book: order, grouping, pace, shift, refusals, into the in-process stream.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import type { StreamMessage } from '../ports.ts'
import type { RecordedLine } from '../recording-lines.ts'
import { Batcher, batchLimits } from './batches.ts'
import type { Message } from './batches.ts'
import { Pace } from './pace.ts'
import { Progress } from './progress.ts'
import { publishRecordings, RecordingTooOld } from './publish.ts'
import type { PublishOptions, RefusedLine } from './publish.ts'

const base = Date.UTC(2015, 5, 15, 16, 0, 0)
const recorded = (text: string, ts = Number.NaN): RecordedLine => ({ bytes: Buffer.from(text), bytesTotal: Buffer.byteLength(text), ts, file: 0, number: 1 })
const linesOf = (message: { readonly data: Uint8Array }) => Buffer.from(message.data).toString().split('\n')

describe('messages', () => {
  function batched(lines: readonly string[]): Message[] {
    const batcher = new Batcher()
    return [...lines.map((line) => batcher.add(recorded(line))), batcher.flush()].filter((message) => message !== null)
  }

  test('a property: lines keep their order and their bytes, a message holds one platform and keeps to the limits', () => {
    const line = fc.tuple(fc.constantFrom('weibo', 'x', 'a.b', '', null), fc.nat(9), fc.oneof({ weight: 20, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.nat(300_000) }))
      .map(([platform, id, length]) => JSON.stringify({ id, ...(platform === null ? {} : { platform }), text: 'x'.repeat(length) }))
    fc.assert(fc.property(fc.array(line, { maxLength: 200, size: 'max' }), (lines) => {
      const messages = batched(lines)
      expect(messages.flatMap(linesOf)).toEqual(lines)
      for (const message of messages) {
        const platforms = new Set(linesOf(message).map((text) => { const { platform } = JSON.parse(text) as { platform?: string }; return platform === 'weibo' || platform === 'x' ? platform : 'unknown' }))
        expect([...platforms].map((platform) => `mentions.${platform}`)).toEqual([message.subject])
        expect(message.lines).toBeLessThanOrEqual(batchLimits.lines)
        expect(message.lines === 1 || message.data.length <= batchLimits.bytes).toBe(true)
      }
    }), { numRuns: 60 })
  })

  test('the id of a message is the same in every run and differs between equal lines at different places', () => {
    const lines = Array.from({ length: 150 }, () => '{"platform":"x"}')
    const ids = batched(lines).map((message) => message.id)
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(3)
    expect(batched(lines).map((message) => message.id)).toEqual(ids)
  })
})

test('a line is due at its event time divided by the speed; one without a time or out of order with the line before', () => {
  const pace = new Pace(60, 1000)
  expect([Number.NaN, base, base + 60_000, base + 30_000, Number.NaN, base + 120_000].map((ts) => pace.dueAt(ts))).toEqual([1000, 1000, 2000, 2000, 2000, 3000])
  expect(new Pace(Infinity, 5).dueAt(base)).toBe(5)
})

test('progress without a terminal is a plain line now and then, with rate and time left', () => {
  let now = 0
  let said = ''
  const progress = new Progress({ stream: { isTTY: false, write: (text: string) => { said += text; return true } } as unknown as NodeJS.WriteStream, bytesTotal: 1000, now: () => now })
  progress.read(250)
  progress.published(50)
  expect(said).toBe('')
  now = 10_000
  progress.published(49_950)
  expect(said).toBe('published 50,000 mentions, 5,000/s, 25 %, about 30 s left\n')
})

describe('a recording', () => {
  let folder: string
  let stream: InProcessStream
  let refused: RefusedLine[]
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'groundswell-publish-'))
    stream = new InProcessStream({ now: () => 1_700_000_000_000 })
    refused = []
  })
  afterEach(async () => { await stream.close(); await rm(folder, { recursive: true, force: true }) })

  async function publish(contents: readonly string[], options: Partial<PublishOptions> = {}) {
    const files = contents.map((_, i) => join(folder, `${i}.ndjson`))
    await Promise.all(files.map((file, i) => writeFile(file, contents[i]!)))
    return publishRecordings({
      files, sink: { publish: (subject, data, id) => stream.publish(subject, data, id), ready: () => undefined }, speed: Infinity, shiftToNow: false, lineBytesMax: 1 << 20,
      status: null, now: () => 1_700_000_000_000, onRead: () => {}, onPublished: () => {}, onRefused: (line) => refused.push(line), signal: new AbortController().signal, ...options,
    })
  }
  async function stored(): Promise<StreamMessage[]> {
    const { lastSeq } = await stream.state()
    return lastSeq === 0 ? [] : [...await stream.read(1).next({ messagesMax: 10_000, bytesMax: 1e9 })]
  }
  const mention = (second: number, platform = 'weibo') => `{"id":"${platform}:${second}","ts":"${new Date(base + second * 1000).toISOString()}","platform":"${platform}","text":"断网"}`

  test('is in the stream in order of time, platform by platform, and ends with the end command', async () => {
    const result = await publish([[mention(1), mention(4)].join('\n'), [mention(2, 'x'), mention(3, 'x'), 'not json'].join('\n')])
    expect(result).toEqual({ published: 5, messages: 4, repeated: 0, refused: 0 })
    expect((await stored()).map((message) => [message.subject, linesOf(message)])).toEqual([
      ['mentions.weibo', [mention(1)]], ['mentions.x', [mention(2, 'x'), mention(3, 'x')]], ['mentions.unknown', ['not json']], ['mentions.weibo', [mention(4)]], ['commands.end', ['{"kind":"end"}']],
    ])
  })

  test('published twice is there once', async () => {
    await publish([mention(1)])
    expect(await publish([mention(1)])).toMatchObject({ messages: 1, repeated: 1 })
    expect((await stored()).map((message) => message.subject)).toEqual(['mentions.weibo', 'commands.end', 'commands.end'])
  })

  test('a line that no message can carry is refused with its place; all others are published', async () => {
    const result = await publish([[mention(1), `{"id":"big","text":"${'x'.repeat(10_000_000)}"}`, mention(2)].join('\n')])
    expect(result).toMatchObject({ published: 2, refused: 1 })
    expect(refused).toEqual([{ file: join(folder, '0.ndjson'), line: 2, bytes: 10_000_022, reason: expect.stringContaining('do not fit') as string }])
    expect((await stored()).flatMap(linesOf)).toEqual([mention(1), mention(2), '{"kind":"end"}'])
  })

  test('shifted to now keeps all distances, and its newest mention is of now', async () => {
    await publish([[mention(0), mention(50), mention(20)].join('\n')], { shiftToNow: true })
    const times = (await stored()).flatMap(linesOf).slice(0, 3).map((line) => Date.parse((JSON.parse(line) as { ts: string }).ts))
    expect(times).toEqual([-50_000, 0, -30_000].map((ms) => 1_700_000_000_000 + ms))
  })

  test('at a speed, each line waits for its time and leaves with those that are due', async () => {
    let now = 1_700_000_000_000
    const sentAt: [number, string[]][] = []
    const result = await publish([[mention(0), mention(0.1), mention(6), mention(6.05)].join('\n')], {
      speed: 100, shiftToNow: true, now: () => now, // 6 s at 100× are 60 ms of ours
      sink: { ready: () => undefined, publish: (subject, data, id) => { if (subject.startsWith('mentions')) sentAt.push([now - 1_700_000_000_000, linesOf({ data })]); now += 60; return stream.publish(subject, data, id) } },
    })
    expect(result.published).toBe(4)
    expect(sentAt.map(([at, lines]) => [at, lines.map((line) => Date.parse((JSON.parse(line) as { ts: string }).ts) - 1_700_000_000_000)])).toEqual([[0, [60.5 - 6050, 60.5 - 5950].map(Math.round)], [60, [60.5 - 50, 60.5].map(Math.round)]])
  })

  test('older than the clock of the engine that reads the stream is refused before anything is sent', async () => {
    const status = { clock: base / 1000 + 601, stream: 1, position: 0 }
    const publishing = publish([mention(0)], { status })
    await expect(publishing).rejects.toBeInstanceOf(RecordingTooOld)
    await expect(publishing).rejects.toThrow(/2015-06-15T16:00:00.000Z.*--data/)
    expect(await stored()).toEqual([])
    expect(await publish([mention(1)], { status })).toMatchObject({ published: 1 }) // ten minutes are allowed
    expect(await publish([mention(0)], { status, shiftToNow: true })).toMatchObject({ published: 1 }) // so is moving it
  })

  test('stopped half-way counts what is in the stream and sends no end', async () => {
    const stopping = new AbortController()
    const result = await publish([[mention(0), mention(100)].join('\n')], {
      speed: 0.001, signal: stopping.signal,
      sink: { ready: () => undefined, publish: (subject, data, id) => { stopping.abort(); return stream.publish(subject, data, id) } },
    })
    expect(result).toMatchObject({ published: 1 })
    expect((await stored()).map((message) => message.subject)).toEqual(['mentions.weibo'])
  })
})
