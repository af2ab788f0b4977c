// Any bytes as messages: each line is a row, a dead letter or blank, whatever the batch boundaries, and what the naive decoder says it is.
import { isDeepStrictEqual } from 'node:util'
import { deadLetterColumns, mentionColumns, type WireColumn } from '@groundswell/schemas/mention-columns.ts'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import fc from 'fast-check'
import { naive, read, type Outcome } from '../../src/core/1-decode/test/naive-decoder.ts'
import type { EnrichedBatch, RawBatch } from '../../src/core/batch.ts'
import { mergedNative } from '../../src/io/clickhouse/native-merge.ts'
import { compileRules } from '../../src/pipeline/compile-rules.ts'
import { edited, edits, promised, type Target } from './target.ts'

const rules = JSON.stringify({ topics: [['net', '断网 OR "no service"'], ['any', 'a OR NOT 网'], ['near', '网 NEAR/3 a'], ['big', 'followers>1000 OR platform:x']].map(([id, query]) => ({ id, query })) })
const enrich = compileRules(rules, 7) // one for all inputs: nothing of a batch may linger
const now = 1_434_384_770_000
const nestingOfNaive = 4000 // JSON.parse has another limit than ours
const decoder = new TextDecoder()

const text = fc.string({ unit: fc.constantFrom('网', '断', 'é', '😀', '\ud800', '\0', '"', '\\', '\n', '/', 'a', 'no service', ' '), maxLength: 12 })
const odd = fc.oneof(fc.constantFrom(null, true, '', 'weibo', 'a:1', -1, 0.5, 1e20, 1e308, -1e-308, 2 ** 53, []), fc.jsonValue({ maxDepth: 2 }), text)
const time = fc.oneof(fc.integer({ min: 946_684_800_000, max: 4_500_000_000_000 }), fc.date({ min: new Date(946_684_800_000), max: new Date('2100-12-31'), noInvalidDate: true }).map((date) => date.toISOString()))
const mention = fc.record({
  id: fc.oneof({ weight: 9, arbitrary: text.map((value) => `a:${value}`) }, odd), ts: fc.oneof({ weight: 9, arbitrary: time }, odd), text: fc.oneof({ weight: 9, arbitrary: text }, odd),
  platform: fc.oneof(fc.constantFrom('weibo', 'x'), odd), kind: fc.oneof(fc.constantFrom('post', 'repost'), odd), parent: odd, tags: fc.oneof(fc.array(text, { maxLength: 3 }), odd),
  likes: odd, followers: fc.oneof(fc.maxSafeNat(), odd), verified: odd, sentiment: odd, author: odd, unknown: odd, __proto: odd,
}, { requiredKeys: ['id', 'ts', 'text'] }).map((value) => JSON.stringify(value))

const snippets = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '.', ' ', '\\u', '\\ud83d', '\ufeff', '\n', '\r\n', '1e999', '-0', '"id":', 'null', '\u0000', '"ts":"2015-06-15T16:12:44Z",']
const escaped = (line: string): string => line.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const deep = fc.tuple(fc.constantFrom('[', '{"a":', '[1,', ' [ '), fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 50, max: 80 }) }, { weight: 1, arbitrary: fc.integer({ min: 4990, max: 5010 }) }), fc.constantFrom(']', '}', '', '],'))
  .map(([open, depth, close]) => `{"id":"deep","ts":${now},"text":"a","platform":"x","deep":${open.repeat(depth)}1${close.repeat(depth)}}`)
const long = fc.integer({ min: mentionLimits.lineBytesMax - 80, max: mentionLimits.lineBytesMax + 80 }).map((length) => `{"id":"long","ts":${now},"text":"${'网'.repeat(Math.ceil(length / 3))}"}`)
const number = fc.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^[0-9]{0,25}$/), fc.constantFrom('', '.', '.5', '.0000000000000000000001'), fc.constantFrom('', 'e5', 'E-400', 'e+400', 'e'))
  .map((parts) => `{"id":"n","ts":${now},"text":"","platform":"x","likes":${parts.join('')},"sentiment":${parts.join('')}}`)
const line = fc.oneof({ weight: 60, arbitrary: mention }, { weight: 20, arbitrary: mention.map(escaped) }, { weight: 10, arbitrary: number }, { weight: 4, arbitrary: deep }, { weight: 6, arbitrary: fc.constantFrom('', ' ', '\t\r', '[]', '{', 'nul') })
const bytes = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(line, edits(snippets)).map(([whole, changes]) => edited(Buffer.from(whole), changes)) },
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 60 }) },
)
const message = fc.oneof(
  { weight: 2000, arbitrary: fc.tuple(fc.constantFrom('', '', '\ufeff'), fc.array(bytes, { maxLength: 4 }), fc.constantFrom('', '\n')).map(([mark, lines, end]) => Buffer.concat([Buffer.from(mark), ...lines.flatMap((each, i) => (i === 0 ? [each] : [Buffer.from('\n'), each])), Buffer.from(end)])) },
  { weight: 1, arbitrary: long.map((whole) => Buffer.from(whole)) },
)
const platform = fc.constantFrom('weibo', 'x', '', 'No such')

interface Sent { readonly messages: readonly { readonly data: Uint8Array; readonly platform: string; readonly endsBatch: boolean }[] }

export const decode: Target<Sent> = {
  name: 'decode', share: 0.4,
  promise: 'each line is a row, a dead letter or blank, whatever the batches; as the naive decoder says',
  inputs: fc.record({ messages: fc.array(fc.record({ data: message.map((whole) => new Uint8Array(whole)), platform, endsBatch: fc.boolean() }), { minLength: 1, maxLength: 4 }) }),
  check({ messages }) {
    const whole = enrich(batchOf(messages, 0))
    const lines = messages.map(({ data }) => linesOf(data))
    const written = lines.flat().filter((each) => !isBlank(each)).length
    promised(whole.rows + whole.rejected.count === written, () => `${written} lines that are not blank gave ${whole.rows} rows and ${whole.rejected.count} dead letters`)
    promised((whole.rowEnds.at(-1) ?? 0) === whole.rows && whole.native.length === (whole.rows === 0 ? 0 : whole.fateOffset + whole.rows), () => 'the rows of the messages or of the block are not the rows of the batch')
    sameInBatches(whole, messages)
    const outcomes = messages.flatMap(({ data, platform }, m) => sameAsNaive(data, lines[m]!, platform))
    if (!outcomes.includes(null)) sameReasons(whole, outcomes as Outcome[])
  },
}

function batchOf(messages: Sent['messages'], from: number): RawBatch {
  let end = 0
  return {
    bytes: new Uint8Array(Buffer.concat(messages.map(({ data }) => data))), ends: Uint32Array.from(messages, ({ data }) => (end += data.length)),
    seqs: Float64Array.from(messages, (_, i) => 2 ** 33 + from + i), times: Float64Array.from(messages, (_, i) => now + from + i),
    platforms: messages.map(({ platform }) => platform), stream: 1_434_000_000_123, skewCheck: true,
  }
}

function linesOf(data: Uint8Array): Buffer[] {
  const all = Buffer.from(data.buffer, data.byteOffset, data.length)
  const rest = all[0] === 0xef && all[1] === 0xbb && all[2] === 0xbf ? all.subarray(3) : all
  const lines: Buffer[] = []
  for (let at = 0; at < rest.length;) {
    const next = rest.indexOf(10, at)
    lines.push(rest.subarray(at, next < 0 ? rest.length : next))
    at = next < 0 ? rest.length : next + 1
  }
  return lines
}

const isBlank = (each: Buffer): boolean => each.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)

/** What the core and ClickHouse get of the same messages in other batches. */
function sameInBatches(whole: EnrichedBatch, messages: Sent['messages']): void {
  const parts: EnrichedBatch[] = []
  for (let from = 0, to = 1; to <= messages.length; to++) {
    if (to < messages.length && !messages[to - 1]!.endsBatch) continue
    parts.push(enrich(batchOf(messages.slice(from, to), from)))
    from = to
  }
  promised(isDeepStrictEqual(parts.flatMap(rowsOf), rowsOf(whole)), () => 'the rows depend on where batches end')
  for (const [what, columns, blockOf] of [['rows', mentionColumns, (part) => part.native], ['dead letters', deadLetterColumns, (part) => part.rejected.native]] as const satisfies readonly (readonly [string, readonly WireColumn[], (part: EnrichedBatch) => Uint8Array])[]) {
    const merged = merge(columns, parts.map(blockOf))
    promised(merged.equals(merge(columns, [blockOf(whole)])), () => `the block of ${what} depends on where batches end`)
  }
}

const merge = (columns: readonly WireColumn[], blocks: readonly Uint8Array[]): Buffer => Buffer.concat([...mergedNative(columns, blocks.filter((block) => block.length > 0))])

function rowsOf(batch: EnrichedBatch): unknown[] {
  return Array.from({ length: batch.rows }, (_, row) => [
    batch.idLow[row], batch.idHigh[row], batch.seconds[row], batch.skewed[row], batch.signs[row], batch.platforms[batch.platformIds[row]!],
    [...batch.topicIds.subarray(row === 0 ? 0 : batch.topicEnds[row - 1], batch.topicEnds[row])].join(' '),
  ])
}

/** The outcomes of a message's lines; null for a line that the naive decoder does not speak of. */
function sameAsNaive(data: Uint8Array, lines: readonly Buffer[], platform: string): (Outcome | null)[] {
  const token = /^[a-z0-9_-]+$/.test(platform) ? platform : ''
  if (lines.some((each) => each.length > mentionLimits.lineBytesMax || nesting(each) > nestingOfNaive)) return [null]
  const found = read(data, token)
  const expected = lines.flatMap((each, line) => {
    // The naive decoder takes a byte order mark off whatever it is given; only the one at the beginning of the message is none of the line's.
    const outcome = naive(each[0] === 0xef && each[1] === 0xbb && each[2] === 0xbf ? Buffer.concat([Buffer.from('\ufeff'), each]) : each, token)
    return outcome === null ? [] : ['reason' in outcome ? { reason: outcome['reason'] } : { ...outcome, line }]
  }) as Outcome[]
  promised(isDeepStrictEqual(found, expected), () => `read ${JSON.stringify(found)}, the naive decoder ${JSON.stringify(expected)} of ${decoder.decode(data)}`)
  return found
}

const nesting = (each: Buffer): number => each.reduce((count, byte) => count + (byte === 0x5b || byte === 0x7b ? 1 : 0), 0)

function sameReasons({ rows, rejected }: EnrichedBatch, outcomes: readonly Outcome[]): void {
  const reasons: Record<string, number> = {}
  for (const outcome of outcomes) if ('reason' in outcome) reasons[String(outcome['reason'])] = (reasons[String(outcome['reason'])] ?? 0) + 1
  promised(isDeepStrictEqual({ ...rejected.reasons }, reasons) && rows === outcomes.filter((outcome) => !('reason' in outcome)).length, () => `dead letters ${JSON.stringify(rejected.reasons)}, the naive decoder has ${JSON.stringify(reasons)}`)
}
