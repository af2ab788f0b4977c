import { deadLetterColumns, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EnrichedBatch, RawBatch } from '../core/batch.ts'
import { mergedNative } from '../io/clickhouse/native-merge.ts'
import { shareRules, type EnrichPool } from '../io/pool/pool.ts'
import { PoolClosed, WorkerFailed } from '../io/pool/slot.ts'
import { compileRules } from './compile-rules.ts'
import { poisonLimits, survive, type LeftOut } from './poison.ts'

const rulesText = 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网 }\n  - { id: b, name: { zh: 乙, en: B }, query: 停电 }\n'
const rules = shareRules(0, rulesText)
const enrich = compileRules(rulesText, 0)
const platforms = ['weibo', 'douyin', '']
const mention = (id: string, text = '断网'): string => JSON.stringify({ id, ts: 1_767_225_600_000, text, platform: 'weibo' })

/** Takes buffers as the pool does, in this thread; fails on a batch in which `fails` finds a reason, and hands it back. */
function fakePool(fails: (raw: RawBatch) => 'crashed' | 'hung' | null) {
  const ran: { readonly bytes: number; readonly limitMs: number | undefined; readonly why: 'crashed' | 'hung' | null }[] = []
  const pool: Pick<EnrichPool, 'workers' | 'run'> = {
    workers: 2,
    run: async (given, _rules, limitMs) => {
      const raw = structuredClone(given, { transfer: [given.bytes.buffer, given.ends.buffer, given.seqs.buffer, given.times.buffer] as ArrayBuffer[] })
      const why = fails(raw)
      ran.push({ bytes: raw.bytes.length, limitMs, why })
      if (why !== null) throw new WorkerFailed(why, raw, new Error('as the test wants it'))
      return enrich(raw)
    },
  }
  const leftOut: LeftOut[] = []
  const again: WorkerFailed[] = []
  return { ran, leftOut, again, enriching: survive(pool, { onFailed: (failed) => again.push(failed), onSurvived: (lines) => leftOut.push(...lines) }) }
}

/** What a worker would read: everything but the lines that are to be left out. */
function readable(raw: RawBatch): string {
  const bytes = raw.bytes.slice()
  for (const { start, end } of raw.poison ?? []) bytes.fill(0x20, start, end)
  return new TextDecoder().decode(bytes)
}
const onMarks = (raw: RawBatch): 'crashed' | 'hung' | null => (/CRASH|HANG/.exec(readable(raw))?.[0] === undefined ? null : readable(raw).includes('HANG') ? 'hung' : 'crashed')

function batchOf(messages: readonly string[], firstSeq = 1): RawBatch {
  const encoded = messages.map((message) => Buffer.from(message))
  let end = 0
  return {
    bytes: new Uint8Array(Buffer.concat(encoded)), ends: Uint32Array.from(encoded, ({ length }) => (end += length)), platforms: messages.map((_, i) => platforms[(firstSeq + i) % 3]!),
    seqs: Float64Array.from(messages, (_, i) => firstSeq + i), times: Float64Array.from(messages, (_, i) => 1_767_225_600_000 + firstSeq + i), stream: 5, skewCheck: true,
  }
}

interface Letter { readonly seq: number; readonly line: number; readonly subject: string; readonly reason: string; readonly detail: string; readonly raw: string }

/** A Native block of dead letters, read by the book. */
function lettersIn({ rejected: { native } }: EnrichedBatch): Letter[] {
  const data = new DataView(native.buffer, native.byteOffset)
  let at = 0
  const varint = (): number => { let value = 0; for (let scale = 1; ; scale *= 128) { const byte = data.getUint8(at++); value += (byte & 127) * scale; if (byte < 128) return value } }
  const text = (): string => { const length = varint(); at += length; return Buffer.from(native.subarray(at - length, at)).toString() }
  if (native.length === 0) return []
  const [, rows] = [varint(), varint()]
  const columns = deadLetterColumns.map(({ name }) => {
    const type = (text(), text())
    const value = (): unknown => { if (type === 'String') return text(); if (type === 'UInt32') { at += 4; return data.getUint32(at - 4, true) } at += 8; return Number(data.getBigInt64(at - 8, true)) }
    return [name, Array.from({ length: rows }, value)] as const
  })
  return Array.from({ length: rows }, (_, row) => {
    const { seq, line, subject, reason, detail, raw } = Object.fromEntries(columns.map(([name, values]) => [name, values[row]])) as unknown as Letter
    return { seq, line, subject, reason, detail, raw }
  })
}

/** All that comes of batches, wherever one ends. */
function sumOf(batches: readonly EnrichedBatch[]) {
  const all = <Of extends keyof EnrichedBatch>(of: Of): number[] => batches.flatMap((batch) => [...batch[of] as Iterable<number>])
  let before = 0
  return {
    rows: batches.reduce((sum, { rows }) => sum + rows, 0), seqs: all('seqs'), times: all('times'), ids: all('idLow'), topics: all('topicIds'),
    rowEnds: batches.flatMap(({ rows, rowEnds }) => { const from = before; before += rows; return [...rowEnds].map((end) => from + end) }),
    native: Buffer.concat([...mergedNative(mentionColumns, batches.map(({ native }) => native).filter(({ length }) => length > 0))]).toString('latin1'),
    letters: batches.flatMap(lettersIn), reasons: batches.flatMap(({ rejected }) => Object.entries(rejected.reasons)).reduce<Record<string, number>>((sum, [reason, count]) => ({ ...sum, [reason]: (sum[reason] ?? 0) + count }), {}),
  }
}

/** The same with nothing but the line numbers of text: poison is blanked before anything sees it. */
function naive(messages: readonly string[]) {
  const poison: Letter[] = []
  const blanked = messages.map((message, m) => {
    const mark = message.startsWith('\ufeff') ? '\ufeff' : ''
    return mark + message.slice(mark.length).split('\n').map((text, line) => {
      if (!/CRASH|HANG/.test(text)) return text
      const detail = expect.stringMatching(text.includes('HANG') ? /took the line hung: .*dead-letters/ : /took the line crashed: .*dead-letters/) as string
      poison.push({ seq: m + 1, line, subject: platforms[(m + 1) % 3]!, reason: 'poison', detail, raw: text })
      return ' '.repeat(Buffer.from(text).length)
    }).join('\n')
  })
  const sum = sumOf([enrich(batchOf(blanked))])
  const reasons = poison.length === 0 ? sum.reasons : { ...sum.reasons, poison: poison.length }
  return { ...sum, reasons, letters: [...sum.letters, ...poison].sort((a, b) => a.seq - b.seq || a.line - b.line) }
}

const lineKinds = fc.constantFrom('good', 'good', 'good', 'blank', 'spaces', 'bad', 'crash', 'hang', 'garbage')
const messagesOf = fc.array(fc.record({ lines: fc.array(lineKinds, { maxLength: 5 }), feed: fc.constantFrom('\n', '\r\n'), mark: fc.boolean(), ends: fc.boolean() }), { minLength: 1, maxLength: 6 })
const textOf = (kind: string, id: string): string => ({ blank: '', spaces: ' \t ', bad: '{"id":"', crash: mention(id, '停电 CRASH 断网'), hang: mention(id, 'HANG'), garbage: `CRASH ${id}` })[kind] ?? mention(id)

test('poison gives the same rows and dead letters wherever batches end, as if its lines had been blank', async () => {
  await fc.assert(fc.asyncProperty(messagesOf, fc.array(fc.nat(5), { maxLength: 3 }), async (shapes, cuts) => {
    const messages = shapes.map(({ lines, feed, mark, ends }, m) => (mark ? '\ufeff' : '') + lines.map((kind, l) => textOf(kind, `${m}:${l}`)).join(feed) + (ends ? feed : ''))
    const expected = naive(messages)
    const { enriching, leftOut } = fakePool(onMarks)
    const batches: EnrichedBatch[] = []
    const bounds = [...new Set([0, ...cuts.filter((cut) => cut < messages.length), messages.length])].sort((a, b) => a - b)
    for (const [i, from] of bounds.slice(0, -1).entries()) batches.push(...await enriching.run(batchOf(messages.slice(from, bounds[i + 1]), from + 1), rules))
    expect(sumOf(batches)).toEqual(expected)
    expect(leftOut.map(({ seq, line, why }) => ({ seq, line, why }))).toEqual(expected.letters.filter(({ reason }) => reason === 'poison').map(({ seq, line, raw }) => ({ seq, line, why: raw.includes('HANG') ? 'hung' : 'crashed' })))
  }), { numRuns: 400 })
})

test('a line of 1 MiB can be poison, and is kept whole', async () => {
  const long = mention('long', `HANG${'网'.repeat((mentionLimits.lineBytesMax - 100) / 3)}`)
  const { enriching, leftOut } = fakePool(onMarks)
  const batches = await enriching.run(batchOf([mention('a'), `${mention('b')}\n${long}\n${mention('c')}`, mention('d')]), rules)
  expect(sumOf(batches)).toMatchObject({ rows: 4, seqs: [1, 2, 3], reasons: { poison: 1 } })
  expect(batches.flatMap(lettersIn)).toMatchObject([{ seq: 2, line: 1, raw: long }])
  expect(leftOut[0]!.shown.length).toBeLessThan(121)
})

test('a batch that fails by chance is run once more, whole, and nobody is blamed', async () => {
  let runs = 0
  const { enriching, leftOut, again, ran } = fakePool(() => (++runs === 1 ? 'crashed' : null))
  expect(sumOf(await enriching.run(batchOf([mention('a'), mention('b')]), rules))).toMatchObject({ rows: 2, letters: [] })
  expect([ran.length, again.length, leftOut.length]).toEqual([2, 1, 0])
})

test('one poison among 4,096 is found in a few failures, and holds the stream up for seconds', async () => {
  const { enriching, ran } = fakePool(onMarks)
  const messages = Array.from({ length: 4096 }, (_, i) => mention(`m:${i}`, i === 2777 ? 'HANG' : '断网'))
  expect(sumOf(await enriching.run(batchOf(messages), rules))).toMatchObject({ rows: 4095, reasons: { poison: 1 } })
  const failed = ran.filter(({ why }) => why !== null)
  expect(failed.length).toBeLessThanOrEqual(8)
  expect(ran.length).toBeLessThan(64)
  expect(failed.slice(1).reduce((ms, { limitMs }) => ms + limitMs!, 0)).toBeLessThan(20_000)
})

test('what fails only as a whole is left out as a whole, and only within its message', async () => {
  const { enriching } = fakePool((raw) => (/FIRST[^]*SECOND/.test(readable(raw)) ? 'crashed' : null))
  const batches = await enriching.run(batchOf([mention('a'), `${mention('b', 'FIRST')}\n${mention('c')}\n${mention('d', 'SECOND')}`, mention('e')]), rules)
  expect(sumOf(batches)).toMatchObject({ rows: 2, seqs: [1, 2, 3], reasons: { poison: 3 } })
})

test('messages that fail only together all come through, in parts', async () => {
  const { enriching, leftOut } = fakePool((raw) => (raw.ends.length > 3 ? 'crashed' : null))
  const messages = Array.from({ length: 100 }, (_, i) => mention(`m:${i}`))
  const batches = await enriching.run(batchOf(messages), rules)
  expect(sumOf(batches)).toEqual(naive(messages))
  expect(leftOut).toEqual([])
})

test.each([
  { what: 'workers that fail whatever they are given', fails: () => 'crashed' as const, why: /whatever they are given: look at the memory/ },
  { what: 'workers that fail on every mention but a plain one', fails: (raw: RawBatch) => (readable(raw).includes('断网') ? 'crashed' as const : null), why: /failed on 33 mentions one after another.*nothing is lost/ },
])('$what stop the engine, and make no stream of dead letters', async ({ fails, why }) => {
  const { enriching, leftOut } = fakePool(fails)
  await expect(enriching.run(batchOf(Array.from({ length: 100 }, (_, i) => mention(`m:${i}`))), rules)).rejects.toThrow(why)
  expect(leftOut).toEqual([])
})

test(`more than ${poisonLimits.inARowMax} bad lines are no bug where good ones lie between them`, async () => {
  const { enriching } = fakePool(onMarks)
  const messages = Array.from({ length: 100 }, (_, i) => mention(`m:${i}`, i % 2 ? 'CRASH' : '断网'))
  expect(sumOf(await enriching.run(batchOf(messages), rules))).toMatchObject({ rows: 50, reasons: { poison: 50 } })
})

test('a pool that is closed blames nobody', async () => {
  const enriching = survive({ workers: 1, run: async () => { throw new PoolClosed() } }, { onFailed: () => expect.fail(), onSurvived: () => expect.fail() })
  await expect(enriching.run(batchOf([mention('a')]), rules)).rejects.toThrow(PoolClosed)
})
