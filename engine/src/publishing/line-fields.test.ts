// A line's time and platform are those that the decoder gives it, whatever the line looks like.
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { naive } from '../core/1-decode/test/naive-decoder.ts'
import { LineReader, withTime } from './line-fields.ts'

const reader = new LineReader() // one for all: nothing of a line may linger
function read(line: string | Uint8Array): { ts: number; written: string | null; platform: string } {
  const bytes = Buffer.from(line)
  reader.read(bytes)
  return { ts: reader.ts, written: reader.tsStart < 0 ? null : bytes.subarray(reader.tsStart, reader.tsEnd).toString(), platform: reader.platform }
}
const line = (ts: string, more = ''): string => `{"id":"a","ts":${ts},"text":""${more}}`
const june = Date.UTC(2015, 5, 15, 16, 12, 44)

test.each([
  [line('1434384764000'), june], [line('1434384764000.0'), june], [line('1.434384764e12'), june], [line('"2015-06-15T16:12:44Z"'), june], [line('"20150615T161244Z"'), june],
  [line('"2015-06-15T16:12:44\\u002b08:00"'), june - 8 * 3_600_000], [line('1', ',"\\u0074s":1434384764000'), june], [line('1434384764001', ',"ts":1434384764000'), june],
  [line('1434384764000', ',"ts":null'), Number.NaN], [line('1434384764000.5'), Number.NaN], [line('1434384764'), Number.NaN], [line('500000000000'), Number.NaN], [line('"2015-06-15T16:12:44"'), Number.NaN],
  [line(String(mentionLimits.tsEnd - 1)), mentionLimits.tsEnd - 1], [line(String(mentionLimits.tsEnd)), Number.NaN], [line('99999999999999'), Number.NaN], [line('"9999-01-01T00:00:00Z"'), Number.NaN],
  ['{"ts":1434384764000,"text":""}', Number.NaN], ['{"id":"a","ts":1434384764000}', Number.NaN], ['[1434384764000]', Number.NaN], ['{"id":"a","ts":1434384764000,"text":"', Number.NaN], ['', Number.NaN],
])('the time of %s is %d', (text, ts) => {
  expect(read(text).ts).toBe(ts)
})

test.each([
  [line('1', ',"platform":"weibo"'), 'weibo'], [line('1', ',"pl\\u0061tform":"weib\\u006f"'), 'weibo'], [line('1', ',"platform":"x","platform":"weibo"'), 'weibo'], [line('1', ',"platform":"Weibo"'), 'unknown'],
  [line('1', `,"platform":"${'x'.repeat(65)}"`), 'unknown'], [line('1', ',"more":{"platform":"weibo"}'), 'unknown'], ['[]', 'unknown'], ['{"platform":"weibo","ts":', 'weibo'],
])('the platform of %s is %s', (text, platform) => {
  read(line('1', ',"platform":"xxxxx"'))
  expect(read(text).platform).toBe(platform)
})

const tricky = fc.constantFrom('ts', 'platform', '"ts":1', '\\', '\\"', '{"platform":"x"}', 'a"b\\', '断网', '}', ',', '', '\ufeff')
const text = fc.oneof(tricky, fc.string({ maxLength: 40 }))
const time = fc.oneof(
  fc.integer({ min: 900_000_000_000, max: 1.1e13 }).map(String), fc.constantFrom('1.43e12', '1434384764000.0', '1434384764.5', '14343847640e2', 'null', 'true', '[]', '-1'),
  fc.date({ min: new Date('1999-12-01'), max: new Date('2300-02-01'), noInvalidDate: true }).map((date) => JSON.stringify(date)),
)
const name = fc.constantFrom('"ts"', '"ts"', '"\\u0074s"', '"t\\u0073"', '"id"', '"text"', '"platform"', '"tss"', '"more"')
const member = fc.tuple(name, fc.oneof(time, text.map((value) => JSON.stringify(value)))).map(([key, value]) => `${key}:${value}`)
const anyLine = fc.tuple(fc.array(member, { maxLength: 6 }), fc.constantFrom('{"id":"a","text":"",', '{"id":"a","text":"","ts":1434384764000,', '{'), fc.constantFrom('', ' ', '}', ',')).map(([members, open, tail]) => `${open}${members.join(', ') || '"a":1'}}${tail}`)

test('a property: the time is the decoder\'s, or none where it refuses the line', () => {
  let times = 0
  fc.assert(fc.property(anyLine, (whole) => {
    fc.pre(!whole.includes('\n') && !whole.startsWith('\ufeff'))
    const outcome = naive(Buffer.from(whole), 'unknown')
    const expected = outcome === null || 'reason' in outcome ? Number.NaN : outcome['ts']
    if (!Number.isNaN(expected)) times++
    expect(read(whole).ts).toBe(expected)
  }), { numRuns: 2000 })
  expect(times).toBeGreaterThan(200)
})

test('a property: a line whose time is rewritten differs in that value only', () => {
  const from = mentionLimits.tsMin
  fc.assert(fc.property(fc.record({ id: text.filter((id) => id !== ''), text, extra: text }), fc.integer({ min: from, max: 4e12 }), fc.integer({ min: from, max: 4e12 }), fc.boolean(), (mention, ts, moved, iso) => {
    const object = { ...mention, ts: iso ? new Date(ts).toISOString() : ts }
    const bytes = Buffer.from(JSON.stringify(object))
    reader.read(bytes)
    expect(reader.ts).toBe(ts)
    expect(JSON.parse(Buffer.from(withTime(bytes, reader, moved)).toString())).toEqual({ ...object, ts: iso ? new Date(moved).toISOString() : moved })
  }))
})
