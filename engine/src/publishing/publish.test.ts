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
import { Course, courseLimits } from './course.ts'
import { LineReader } from './line-fields.ts'
import { Pace } from './pace.ts'
import { Progress } from './progress.ts'
import { publishRecordings, RecordingTooOld } from './publish.ts'
import type { PublishOptions, RefusedLine } from './publish.ts'

const base = Date.UTC(2015, 5, 15, 16, 0, 0)
const reader = new LineReader()
function recorded(text: string): RecordedLine {
  const bytes = Buffer.from(text)
  reader.read(bytes)
  const { ts, tsStart, tsEnd, platform } = reader
  return { bytes, bytesTotal: bytes.length, ts, tsStart, tsEnd, platform, file: 0, number: 1 }
}
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

describe('the course of a recording', () => {
  const hour = 3_600_000
  const lineAt = (ts: number): RecordedLine => ({ bytes: Buffer.from(''), bytesTotal: 0, ts, tsStart: -1, tsEnd: -1, platform: 'x', file: 0, number: 1 })
  function strays(times: readonly number[], blockLines = Infinity): number[] {
    const course = new Course()
    const placed = []
    for (let at = 0; at < times.length; at += blockLines) placed.push(...course.take(times.slice(at, at + blockLines).map(lineAt)))
    placed.push(...course.end())
    expect(placed.map(({ line }) => line.ts)).toEqual(times)
    return placed.flatMap(({ line, at }) => (Number.isNaN(at) && !Number.isNaN(line.ts) ? [line.ts] : []))
  }
  const minutes = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i * 60_000)
  const far = Date.UTC(2099, 0, 1)

  test.each([
    ['in the middle', [...minutes(base, 30), far, ...minutes(base + hour, 30)], [far]],
    ['in front', [far, ...minutes(base, 30)], [far]],
    ['at the end', [...minutes(base, 30), far], [far]],
    ['two at the end', [...minutes(base, 30), far, far + 1], [far, far + 1]],
    ['the last a night later', [...minutes(base, 30), base + 12 * hour], [base + 12 * hour]],
    ['the last of a long recording', [base, base + 24 * hour, base + 36 * hour], []],
    ['several in a row', [...minutes(base, 200), far, far + 1, Number.NaN, far - 9 * hour, ...minutes(base + 4 * hour, 200)], [far, far + 1, far - 9 * hour]],
    ['a night without mentions', [...minutes(base, 30), ...minutes(base + 12 * hour, 30)], []],
    ['a line a day', [base, base + 24 * hour, base + 48 * hour, base + 72 * hour], []],
    ['a morning with a late line', [...minutes(base, 30), base + 12 * hour, base, ...minutes(base + 12 * hour + 1, 30)], []],
    ['nothing but one line', [far], []],
  ])('a time that the recording does not follow is stray: %s', (_, times, expected) => {
    expect(strays(times)).toEqual(expected)
    expect(strays(times, 1)).toEqual(expected)
    expect(strays(times, 7)).toEqual(expected)
  })

  test('a property: however it is cut, it keeps every line in order and places the same ones', () => {
    const time = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 20 * hour }) }, { weight: 1, arbitrary: fc.constantFrom(Number.NaN, far - base, 100 * hour) })
    fc.assert(fc.property(fc.array(time, { maxLength: 200, size: 'max' }), fc.integer({ min: 1, max: 20 }), (times, cut) => {
      const shifted = times.map((ms) => base + ms)
      expect(strays(shifted, cut)).toEqual(strays(shifted))
    }), { numRuns: 200 })
  })

  test('what is held is bounded', () => {
    const course = new Course()
    const none = Array.from({ length: courseLimits.linesHeldMax - 1 }, () => lineAt(Number.NaN))
    expect(course.take([lineAt(base), ...none])).toHaveLength(courseLimits.linesHeldMax)
    const long = { ...lineAt(Number.NaN), bytes: new Uint8Array(courseLimits.bytesHeldMax) }
    expect(course.take([lineAt(base + 99 * hour), long])).toHaveLength(2)
  })
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

  const stray = mention((Date.UTC(2099, 0, 1) - base) / 1000)
  const deadLetter = (second: number): string => mention(second).replace('"id"', '"ID"')

  test('one bad line does not make it send nothing: its age is that of the first mention on its course', async () => {
    const status = { clock: base / 1000 + 3600, stream: 1, position: 0 }
    expect(await publish([[deadLetter(-99_999), 'x', mention(3600), mention(3601)].join('\n')], { status })).toMatchObject({ published: 4 })
    const old = publish([[deadLetter(9999), stray, mention(0), mention(1), mention(2)].join('\n')], { status })
    await expect(old).rejects.toThrow(/begins at 2015-06-15T16:00:00.000Z.*Nothing was sent/)
    expect(await publish(['x\ny'], { status })).toMatchObject({ published: 2 })
  })

  test('shifted to now by the newest mention on its course, whatever stray times and dead letters say', async () => {
    await publish([[mention(0), deadLetter(999_999), stray, mention(50), mention(60)].join('\n')], { shiftToNow: true })
    const times = (await stored()).flatMap(linesOf).slice(0, 5).map((line) => Date.parse((JSON.parse(line) as { ts: string }).ts) - 1_700_000_000_000)
    expect([times[0], times[3], times[4]]).toEqual([-60_000, -10_000, 0])
  })

  test('a stray time is sent at once and the pace goes on behind it', async () => {
    let now = 1_700_000_000_000
    const sentAt: number[] = []
    await publish([[mention(0), stray, deadLetter(500_000), mention(6), mention(6.01), mention(6.02)].join('\n')], {
      speed: 100, now: () => now,
      sink: { ready: () => undefined, publish: (subject, data, id) => { if (subject.startsWith('mentions')) sentAt.push(now - 1_700_000_000_000); now += 60; return stream.publish(subject, data, id) } },
    })
    expect(sentAt).toEqual([0, 60])
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
