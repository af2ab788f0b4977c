// The scanner against a naive decoder made of JSON.parse, over tables, generated mentions, mutated lines and plain noise.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { naive, read, type Outcome } from './test/naive-decoder.ts'

const line = (over: object): string => JSON.stringify({ id: 'a:1', ts: 1_434_384_764_000, text: 'x', platform: 'weibo', ...over })

test.each([
  ['{"id":"a"', 'not-json', 'byte 9: the line ends too early'],
  ['{"id":"a"}}', 'not-json', 'something stands behind'],
  ['{"id":"a",}', 'not-json', 'field name'],
  ['{"id" "a"}', 'not-json', 'colon'],
  ["{'id':'a'}", 'not-json', 'double quotes'],
  ['{"id":01}', 'not-json', 'comma or }'],
  ['{"id":1.}', 'not-json', 'decimal point'],
  ['{"id":"a\tb"}', 'not-json', 'control character'],
  ['{"id":"\\x"}', 'not-json', 'backslash'],
  ['{"id":"\\u12g4"}', 'not-json', 'four hexadecimal'],
  ['[1,2]', 'not-an-object', 'the line is [1,2]'],
  ['42', 'not-an-object', '42'],
  ['null', 'not-an-object', 'null'],
  ['nul', 'not-json', 'null is expected'],
  [line({ id: undefined }), 'id-missing', 'no id'],
  [line({ id: null }), 'id-missing', 'no id'],
  [line({ id: 4345 }), 'id-not-a-string', 'id is 4345: quote it'],
  [line({ id: '' }), 'id-empty', '""'],
  [line({ id: '网'.repeat(86) }), 'id-too-long', '256'],
  [line({ ts: undefined }), 'ts-missing', 'no ts'],
  [line({ ts: 1_434_384_764 }), 'ts-in-seconds', '1434384764, which looks like seconds'],
  [line({ ts: 1_434_384_764.5 }), 'ts-in-seconds', '1434384764.5'],
  [line({ ts: 0 }), 'ts-in-seconds', 'milliseconds'],
  [line({ ts: 500_000_000_000 }), 'ts-before-2000', '500000000000'],
  [line({ ts: '1970-01-01T00:00:00Z' }), 'ts-before-2000', '1970'],
  [line({ ts: '2015-06-15T16:12:44' }), 'ts-without-zone', 'append Z'],
  [line({ ts: '2015-06-15' }), 'ts-without-zone', 'append Z'],
  [line({ ts: 'yesterday' }), 'ts-not-a-time', '"yesterday"'],
  [line({ ts: true }), 'ts-not-a-time', 'true'],
  [line({ ts: 1_434_384_764_000.5 }), 'ts-not-a-time', '.5'],
  [line({ ts: 99_999_999_999_999 }), 'ts-not-a-time', 'before 2300'],
  [line({ ts: '2300-01-01T00:00:00Z' }), 'ts-not-a-time', 'as 2015-06-15T16:12:44.123+08:00 or 20150615T161244Z'],
  [line({ text: undefined }), 'text-missing', 'no text'],
  [line({ text: ['x'] }), 'text-not-a-string', '["x"]'],
  [line({ platform: undefined }), 'platform-missing', 'mentions.<platform>'],
  [line({ platform: 'Weibo' }), 'platform-missing', 'no platform'],
  [line({ x: 'y'.repeat(mentionLimits.lineBytesMax) }), 'too-long', String(mentionLimits.lineBytesMax)],
].map(([text, reason, detail]) => [reason!, detail!, text!] as const))('%s: %s', (reason, detail, text) => {
  const [outcome] = read(text, '')
  expect(outcome).toMatchObject({ reason })
  expect((outcome as { detail: string }).detail).toContain(detail)
})

test.each([
  ['an overlong form', [0xc0, 0x80]], ['a surrogate', [0xed, 0xa0, 0x80]], ['a cut sequence', [0xe7, 0xbd]],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]], ['a bare continuation', [0x80]], ['latin-1', [0xe9, 0x61]],
])('%s is not UTF-8', (_, bad) => {
  const bytes = Buffer.concat([Buffer.from('{"id":"a","ts":1434384764000,"text":"'), Buffer.from(bad), Buffer.from('"}')])
  expect(read(bytes, 'weibo')[0]).toMatchObject({ reason: 'invalid-utf8' })
})

test('a bad line costs only itself, blank lines only their number', () => {
  const text = `\ufeff${line({ id: 'one' })}\r\n\r\n  \n{"id":\n"x\n${line({ id: 'two' })}\r`
  expect(read(text, '').map((found) => ('reason' in found ? found.reason : `${found.line} ${found.id}`))).toEqual(['0 one', 'not-json', 'not-json', '5 two'])
})

test('a line that is a number ends where its message ends, whatever lies behind it', () => {
  expect(read('42', '7e9')).toEqual([{ reason: 'not-an-object', detail: 'the line is 42: write one JSON object a line' }])
})

test('NUL and lone surrogates become U+FFFD, pairs become characters, escaped names are names', () => {
  const [found] = read('{"\\u0069d":"a\\u0000\\ud800b\\udc00","ts":1434384764000,"t\\u0065xt":"\\ud83d\\ude00\\ud83d\\n\\/\\u00e9\\u7f51é网😀"}', 'weibo')
  expect(found).toMatchObject({ id: 'a\ufffd\ufffdb\ufffd', text: '😀\ufffd\n/é网é网😀' })
})

test('of fields of one name the last stands, null is absent', () => {
  const [found] = read('{"id":"b","likes":"x","ts":1434384764000,"text":"","id":"a","likes":4.9,"u":1,"\\u0075":2,"v":3,"v":null,"parent":null,"verified":1,"verified":true}', 'weibo')
  expect(found).toMatchObject({ id: 'a', likes: 4.9, parent: '', verified: 1, extra: { u: 2 }, unknownFields: 1, wrongTypes: 0 })
})

test('wrong types and unknown fields are kept word for word and counted', () => {
  const [found] = read('{"id":"a","ts":1434384764000,"text":"","parent":"a","kind":"blog","sentiment":1.5,"tags":["x",1],"likes":-1,"verified":"yes","author":7,"platform":"No","z":{ "q" : [1, "\\u7f51"] }}', 'weibo')
  expect(found).toMatchObject({ unknownFields: 1, wrongTypes: 8, platform: 'weibo', parent: '', kind: '', tags: [] })
  expect((found as { extraText: string }).extraText).toBe('{"z":{ "q" : [1, "\\u7f51"] },"platform":"No","kind":"blog","author":7,"parent":"a","verified":"yes","likes":-1,"sentiment":1.5,"tags":["x",1]}')
})

test('extra holds all of a line that is nothing but extra, whatever its size', () => {
  const more = { a: 'x'.repeat(400_000), b: 'y'.repeat(400_000), likes: '网'.repeat(50_000), c: 1 }
  const [found] = read(line(more), '')
  expect(found).toMatchObject({ unknownFields: 3, wrongTypes: 1 })
  expect((found as unknown as { extra: unknown }).extra).toEqual(more)
})

test('times up to the end of 2299 are read', () => {
  expect(read(line({ ts: '2299-12-31T23:59:59.999Z' }), '')).toMatchObject([{ ts: Date.UTC(2300, 0, 1) - 1 }])
  expect(read(line({ ts: mentionLimits.tsEnd - 1 }), '')).toMatchObject([{ ts: mentionLimits.tsEnd - 1 }])
})

const nested = (depth: number, open: string, inner: string, close: string): string => `{"id":"a","ts":1434384764000,"text":"","deep":${open.repeat(depth - 1)}${inner}${close.repeat(depth - 1)}}`

test.each([[64, '[', ']'], [65, '[', ']'], [4999, '[', ']'], [65, '{"a" : ', ' }'], [3000, '[ 1, {"b":"\\u7f51", "c":', '}, "x"]']])('values nested %d deep in %s are kept', (depth, open, close) => {
  const text = nested(Math.floor(depth / (open.length > 9 ? 2 : 1)), open, 'null', close)
  const [found] = read(text, 'weibo')
  expect(found).toMatchObject({ unknownFields: 1 })
  expect((found as { extraText: string }).extraText).toBe(`{${text.slice(text.indexOf('"deep"'))}`)
})

test.each([
  [nested(5001, '[', '1', ']'), 'nested deeper than 5000 levels'], [nested(100_000, '{"a":', '1', '}'), 'nested deeper than 5000 levels'], [nested(100, '[', '', ','), 'a value is expected'],
  [nested(100, '[', '1,', ']'), 'a value is expected'], [nested(100, '{"a":', '1', ']'), 'a comma or } is expected'], [nested(100, '[', '1', '}'), 'a comma or ] is expected'], [nested(100, '{"a"', '1', '}'), 'colon'],
])('a fault deep within is found', (text, detail) => {
  expect(read(text, 'weibo')).toMatchObject([{ reason: 'not-json', detail: expect.stringContaining(detail) as string }])
})

test('nests of any depth and shape are read as JSON.parse does', () => {
  const part = fc.constantFrom('[', ']', '{"a":', '}', '1', ',', '"b":', '"\\u0041"', ' ', '[]', '{}', '[1,', '{"c":[')
  fc.assert(fc.property(fc.integer({ min: 60, max: 70 }), fc.array(part, { maxLength: 12 }), fc.boolean(), (depth, parts, whole) => {
    const inner = whole ? JSON.stringify(parts) : parts.join('')
    const bytes = Buffer.from(nested(depth, '[', inner, ']'))
    expect(read(bytes, 'weibo')).toEqual([naive(bytes, 'weibo')])
  }), { numRuns: 500 })
})

const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(null, true, false, '', 'weibo', 'a:1', -1, 0.5, 1e20, []))
const text = fc.string({ unit: fc.oneof(fc.constantFrom('网', '络', 'é', '😀', '\ud800', '\udc00', '\0', '"', '\\', '\n', '/', 'a'), fc.string({ unit: 'binary', maxLength: 1 })) })
const times = fc.oneof(fc.integer({ min: 946_684_800_000, max: 4_000_000_000_000 }), fc.date({ min: new Date(946_684_800_000), max: new Date('2100-12-31'), noInvalidDate: true }).map((date) => date.toISOString()))
const mention = fc.record({
  id: fc.oneof({ weight: 9, arbitrary: text }, anyJson), ts: fc.oneof({ weight: 9, arbitrary: times }, anyJson), text: fc.oneof({ weight: 9, arbitrary: text }, anyJson),
  platform: fc.oneof(fc.constantFrom('weibo', 'x'), anyJson), kind: fc.oneof(fc.constantFrom('post', 'repost'), anyJson), parent: fc.oneof(text, anyJson),
  tags: fc.oneof(fc.array(text), anyJson), likes: fc.oneof(fc.nat(), anyJson), followers: fc.oneof(fc.maxSafeNat(), anyJson), verified: fc.oneof(fc.boolean(), anyJson),
  sentiment: fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), anyJson), author: fc.oneof(text, anyJson), geo: anyJson, unknown: anyJson, 'ключ"': anyJson, __proto: anyJson,
}, { requiredKeys: ['id', 'ts', 'text'] })
const style = fc.constantFrom(
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (value: unknown) => JSON.stringify(value, null, '\t').replaceAll('\n', ' \r'),
)

test('reads generated mentions as the naive decoder does', () => {
  fc.assert(fc.property(mention, style, fc.constantFrom('', 'weibo', 'douyin'), (value, write, platform) => {
    const bytes = Buffer.from(write(value))
    expect(read(bytes, platform)).toEqual([naive(bytes, platform)])
  }), { numRuns: 1500 })
})

test('reads mutated lines and noise as the naive decoder does, whatever follows them', () => {
  const edit = fc.record({ at: fc.nat(400), remove: fc.nat(3), insert: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(...['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '.', ' ', '\\u', '\ufeff'].map((part) => Buffer.from(part)))) })
  fc.assert(fc.property(mention, style, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, write, edits) => {
    let bytes = Buffer.from(write(value))
    for (const { at, remove, insert } of edits) bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])
    bytes = Buffer.from(bytes.filter((byte) => byte !== 0x0a))
    const expected: Outcome[] = naive(bytes, 'weibo') === null ? [] : [naive(bytes, 'weibo')!]
    expect(read(bytes, 'weibo')).toEqual(expected)
    const followed = read(Buffer.concat([bytes, Buffer.from('\n"}]}]}\\u"')]), 'weibo')
    expect(followed.slice(0, expected.length)).toEqual(expected)
  }), { numRuns: 2500 })
})
