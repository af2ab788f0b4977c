// A batch from bytes to rows: what real ClickHouse reads back, what the core gets, and that no bytes whatever make it throw.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deadLetterColumns, fates, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { field, type MentionView } from '../1-decode/mention-view.ts'
import type { EnrichedBatch, RawBatch } from '../batch.ts'
import { createEnricher, transferables } from './enrich.ts'
import type { Matcher, SentimentScorer } from './matcher-types.ts'

const textOf = (view: MentionView): string => Buffer.from(view.bytes.subarray(view.spans[2 * field.text], view.spans[2 * field.text + 1])).toString()
const topics = ['断网', 'outage', `a${'-long'.repeat(40)}`]
/** A mention matches the topics whose id its text holds. */
const matcher: Matcher = {
  topics,
  match(view, out, at) {
    let end = at
    for (const [i, topic] of topics.entries()) if (textOf(view).includes(topic)) out[end++] = i
    return end
  },
}
const scorer: SentimentScorer = { score: (view) => (textOf(view).includes('好') ? 0.5 : 0) }
const now = 1_434_384_770_000

function batchOf(messages: readonly (string | Uint8Array)[], over: Partial<RawBatch> = {}): RawBatch {
  let end = 0
  return {
    bytes: new Uint8Array(Buffer.concat(messages.map((message) => Buffer.from(message)))),
    ends: Uint32Array.from(messages, (message) => (end += Buffer.from(message).length)),
    seqs: Float64Array.from(messages, (_, i) => 2 ** 33 + i), times: Float64Array.from(messages, (_, i) => now + i),
    platforms: messages.map((_, i) => ['weibo', '', 'douyin'][i % 3]!), stream: 1_434_000_000_123, skewCheck: true, ...over,
  }
}
const enricher = (): ((raw: RawBatch) => EnrichedBatch) => createEnricher({ matcher, scorer, rulesSeq: 7 })

/** `SELECT <columns> FROM <the blocks>` by chDB in a process of its own; 64-bit integers come as strings. */
function readNative(blocks: readonly Uint8Array[], columns = '*'): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-native-'))
  try {
    const file = join(folder, 'x.native')
    writeFileSync(file, Buffer.concat(blocks))
    const sql = `SELECT ${columns} FROM file('${file}', 'Native') SETTINGS output_format_json_quote_64bit_integers = 1, max_threads = 1`
    const child = 'const { query } = await import("chdb"); process.stdout.write(query(process.argv[1], "JSONEachRow"))'
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', child, sql], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8', maxBuffer: 1 << 28 })
    return answer.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const first = {
  id: 'weibo:1', ts: now - 1, text: '断网了😀 outage\0', author: 'u1', authorName: '张三', followers: 12_345_678_901, verified: true, kind: 'repost', parent: 'weibo:0', root: 'weibo:0',
  lang: 'zh', url: 'https://example.org/1', geo: 'CN-11', tags: ['网', '', 'b"c'], likes: 1.9, reposts: 2, comments: 3, sentiment: -0.75, more: { a: [1] }, verifiedBy: null,
}
const long = 'é'.repeat(5000)
const messages = [
  `${JSON.stringify(first)}\n{"broken\n${JSON.stringify({ id: 'weibo:2', ts: now + 120_001, text: '好' })}\n`,
  `\ufeff${JSON.stringify({ id: 'x:3', ts: '2015-06-15T16:12:44.25+08:00', text: long, platform: 'x', likes: 'many', tags: [] })}\n{"id":5,"ts":1,"text":""}`,
  '\n\n',
  JSON.stringify({ id: 'weibo:4', ts: now, text: `outage ${topics[2]}`, platform: 'weibo', sentiment: 0.05 }),
]

test('ClickHouse reads every value back as it was sent', () => {
  const batch = enricher()(batchOf(messages))
  const rows = readNative([batch.native, batch.native])
  expect(rows).toHaveLength(8)
  expect(rows.slice(4)).toEqual(rows.slice(0, 4))
  expect(Object.keys(rows[0]!)).toEqual(mentionColumns.map((column) => column.name))
  expect(rows[0]).toEqual({
    id: 'weibo:1', ts: '2015-06-15 16:12:49.999', ingested: '2015-06-15 16:12:50.000', stream: '1434000000123', seq: '8589934592', line: 0, platform: 'weibo', kind: 'repost',
    author: 'u1', authorName: '张三', followers: '12345678901', verified: 1, parent: 'weibo:0', root: 'weibo:0', lang: 'zh', url: 'https://example.org/1', geo: 'CN-11', tags: ['网', '', 'b"c'],
    likes: '1', reposts: '2', comments: '3', sentiment: -0.75, sentimentBy: 1, topics: ['断网', 'outage'], text: '断网了😀 outage\ufffd', extra: '{"more":{"a":[1]}}', fate: 0,
  })
  expect(rows[1]).toMatchObject({ id: 'weibo:2', line: 2, followers: '-1', verified: -1, likes: '-1', kind: '', parent: '', tags: [], topics: [], sentiment: 0.5, sentimentBy: 2, extra: '' })
  expect(rows[2]).toMatchObject({ id: 'x:3', ts: '2015-06-15 08:12:44.250', ingested: '2015-06-15 16:12:50.001', seq: '8589934593', line: 0, platform: 'x', text: long, extra: '{"likes":"many"}' })
  expect(rows[3]).toMatchObject({ id: 'weibo:4', ingested: '2015-06-15 16:12:50.003', platform: 'weibo', topics: ['outage', topics[2]] })
})

test('ClickHouse reads back strings of any length and content', () => {
  const text = fc.string({ unit: fc.constantFrom('网', 'é', '😀', '\ud800', '\0', '"', '\\', '\n', 'a', 'b'.repeat(61)), size: 'max', maxLength: 400 })
  const mention = fc.record({ text, author: text, tags: fc.array(text, { maxLength: 4 }), unknown: text, likes: fc.maxSafeNat() })
  const sent = fc.sample(mention, { numRuns: 300, seed: 5 })
  const batch = enricher()(batchOf([sent.map((value, n) => JSON.stringify({ id: `a:${n}`, ts: now, ...value })).join('\n')]))
  const stored = (value: string): string => value.toWellFormed().replaceAll('\0', '\ufffd')
  expect(readNative([batch.native], 'text, author, tags, extra, likes')).toEqual(sent.map((value) => ({
    text: stored(value.text), author: stored(value.author), tags: value.tags.map(stored), likes: String(value.likes), extra: JSON.stringify({ unknown: value.unknown }),
  })))
})

test('the types that ClickHouse sees are those of the wire columns, and the fate is where fateOffset says', () => {
  const batch = enricher()(batchOf(messages))
  const types = mentionColumns.map((column) => `toTypeName(${column.name}) AS ${column.name}`).join(', ')
  expect(Object.values(readNative([batch.native], types)[0]!)).toEqual(mentionColumns.map((column) => column.type))
  for (let row = 0; row < batch.rows; row++) batch.native[batch.fateOffset + row] = row % 4
  batch.native[batch.fateOffset + 2] = fates.duplicate
  expect(readNative([batch.native], 'fate').map((row) => row['fate'])).toEqual([0, 1, fates.duplicate, 3])
})

test('dead letters keep their bytes and say why', () => {
  const { rejected } = enricher()(batchOf([...messages, new Uint8Array([0x7b, 0xff, 0x22])]))
  expect(rejected.reasons).toEqual({ 'not-json': 1, 'id-not-a-string': 1, 'invalid-utf8': 1 })
  const rows = readNative([rejected.native], '* REPLACE (hex(raw) AS raw)')
  expect(Object.keys(rows[0]!)).toEqual(deadLetterColumns.map((column) => column.name))
  expect(rows[0]).toMatchObject({ ingested: '2015-06-15 16:12:50.000', stream: '1434000000123', seq: '8589934592', line: 1, subject: 'weibo', reason: 'not-json', raw: Buffer.from('{"broken').toString('hex').toUpperCase() })
  expect(rows[1]).toMatchObject({ seq: '8589934593', line: 1, subject: '', reason: 'id-not-a-string', detail: 'id is 5: quote it' })
  expect(rows[2]).toMatchObject({ line: 0, subject: '', reason: 'invalid-utf8', raw: '7BFF22' })
})

test('the core gets the same mentions as numbers', () => {
  const batch = enricher()(batchOf(messages))
  expect(batch).toMatchObject({ rows: 4, rulesSeq: 7, platforms: ['weibo', 'x'], unknownFields: 1, wrongTypes: 1, platformDiffers: 0 })
  expect([...batch.rowEnds]).toEqual([2, 3, 3, 4])
  expect([...batch.platformIds]).toEqual([0, 0, 1, 0])
  expect([...batch.seconds]).toEqual([1_434_384_769, 1_434_384_890, 1_434_355_964, 1_434_384_770])
  expect([...batch.skewed]).toEqual([0, 1, 0, 0])
  expect([...batch.signs]).toEqual([-1, 1, 0, 0])
  expect([...batch.topicEnds]).toEqual([2, 2, 2, 4])
  expect([...batch.topicIds]).toEqual([0, 1, 1, 2])
  expect(new Set(batch.idLow).size).toBe(4)
  expect([...enricher()(batchOf(messages, { skewCheck: false })).skewed]).toEqual([0, 0, 0, 0])
  expect(enricher()(batchOf([messages[3]!], { platforms: ['douyin'] })).platformDiffers).toBe(1)
})

test('a subject without a legal platform names none', () => {
  const batch = enricher()(batchOf([messages[0]!, messages[3]!], { platforms: ['Wei bo', ''] }))
  expect(batch.rows).toBe(1)
  expect(batch.rejected.reasons).toEqual({ 'not-json': 1, 'platform-missing': 2 })
})

test('the same batch gives the same bytes after any other, in buffers that can be transferred', () => {
  const enrich = enricher()
  const before = enrich(batchOf(messages))
  enrich(batchOf([`${messages[1]}\n${'{"id":"z","ts":"'.repeat(500)}`, messages[0]!, '[1', messages[3]!]))
  const after = enrich(batchOf(messages))
  expect(after).toEqual(before)
  const buffers = transferables(after)
  expect(new Set(buffers).size).toBe(buffers.length)
  const copy = structuredClone(after, { transfer: buffers })
  expect(copy).toEqual(before)
  expect(after.native.length).toBe(0)
})

test('an empty batch and one of dead letters only have no mention block', () => {
  expect(enricher()(batchOf([]))).toMatchObject({ rows: 0, native: new Uint8Array(0), fateOffset: 0, rejected: { count: 0, native: new Uint8Array(0) } })
  expect(enricher()(batchOf(['x']))).toMatchObject({ rows: 0, native: new Uint8Array(0), rejected: { count: 1 } })
})

test('a time whose second no window can hold is stored as it is and skewed, whatever the ingest time', () => {
  const sent = [4_294_967_294_999, mentionLimits.tsCountedEnd, mentionLimits.tsEnd - 1].map((ts, i) => JSON.stringify({ id: `far:${i}`, ts, text: '断网', platform: 'x' }))
  const batch = enricher()(batchOf(sent, { skewCheck: false }))
  expect([...batch.skewed]).toEqual([0, 1, 1])
  expect([...batch.seconds]).toEqual([4_294_967_294, 4_294_967_295, 4_294_967_295])
  expect(readNative([batch.native], 'toUnixTimestamp64Milli(ts) AS ts').map(({ ts }) => Number(ts))).toEqual([4_294_967_294_999, mentionLimits.tsCountedEnd, mentionLimits.tsEnd - 1])
})

test('followers are compared with their fraction and stored without it', () => {
  const followers: number[] = []
  const batch = createEnricher({ matcher: { topics: [], match: (view, _out, at) => { followers.push(view.followers); return at } }, scorer, rulesSeq: 7 })(
    batchOf([JSON.stringify({ id: 'f', ts: now, text: '', followers: 10.5, likes: 2.9 })]))
  expect(followers).toEqual([10.5])
  expect(readNative([batch.native], 'followers, likes')).toEqual([{ followers: '10', likes: '2' }])
})

test('no bytes make it throw, and each line is a mention, a dead letter or blank', () => {
  const enrich = enricher()
  const piece = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...messages, '{', '"', '\\u', '{"a":[', '\n', ' ', '\r\n', '\ufeff', '{"id":"a","ts":1434384764000,"text":"').map((text) => Buffer.from(text)))
  fc.assert(fc.property(fc.array(fc.array(piece, { maxLength: 5 }), { maxLength: 6 }), (parts) => {
    const cut = parts.map((pieces) => Buffer.concat(pieces))
    const batch = enrich(batchOf(cut))
    const lines = cut.flatMap((message) => message.toString('latin1').replace(/^\xef\xbb\xbf/, '').split('\n')).filter((line) => !/^[ \t\r]*$/.test(line))
    expect(batch.rows + batch.rejected.count).toBe(lines.length)
    expect(batch.rowEnds.at(-1) ?? 0).toBe(batch.rows)
    expect(batch.native.length).toBe(batch.rows === 0 ? 0 : batch.fateOffset + batch.rows)
  }), { numRuns: 1500 })
})
