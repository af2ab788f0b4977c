// The scan agrees with a real parser on every line that is a JSON object.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findFields, noFields, timeOf, withTime } from './line-fields.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
function found(line: string): { ts: string | null; platform: string | null } {
  const fields = noFields()
  const raw = Buffer.from(line)
  findFields(raw, fields)
  return {
    ts: fields.tsStart < 0 ? null : raw.subarray(fields.tsStart, fields.tsEnd).toString(),
    platform: fields.platformStart < 0 ? null : raw.subarray(fields.platformStart, fields.platformEnd).toString(),
  }
}

const tricky = fc.constantFrom('ts', 'platform', '"ts":1', '\\', '\\"', '{"platform":"x"}', 'a"b\\', '断网', '}', ',', '')
const text = fc.oneof(tricky, fc.string({ maxLength: 60 }))
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }), fc.record({ ts: fc.integer(), platform: text }))
const key = fc.oneof(fc.constantFrom('id', 'text', 'tss', 'platforms', 'Ts', 'pl\\atform'), fc.string({ maxLength: 12 })).filter((name) => name !== 'ts' && name !== 'platform' && name !== '__proto__')

test('a property: top-level ts and platform are found whatever stands around them, and nothing else is taken for them', () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(key, value), { maxLength: 6 }), fc.option(fc.tuple(fc.nat(6), fc.integer({ min: 0, max: 2e12 }))), fc.option(fc.tuple(fc.nat(6), fc.stringMatching(/^[a-z0-9_-]{1,12}$/))), fc.constantFrom(undefined, 1, 2),
    (others, ts, platform, spaces) => {
      const entries: [string, unknown][] = [...others]
      if (ts) entries.splice(Math.min(ts[0], entries.length), 0, ['ts', ts[1]])
      if (platform) entries.splice(Math.min(platform[0], entries.length), 0, ['platform', platform[1]])
      const line = spaces === undefined ? JSON.stringify(Object.fromEntries(entries)) : `{ ${[...new Map(entries)].map(([name, v]) => `${JSON.stringify(name)}${' '.repeat(spaces)}:\t${JSON.stringify(v)} `).join(', ')}}`
      expect(found(line)).toEqual({ ts: ts ? String(ts[1]) : null, platform: platform ? platform[1] : null })
    },
  ), { numRuns: 1000 })
})

test('a property: a line whose time is rewritten differs in that value only', () => {
  fc.assert(fc.property(fc.record({ id: text, text, extra: value }), fc.integer({ min: 946_684_800_000, max: 4e12 }), fc.integer({ min: -9e11, max: 9e11 }), fc.boolean(), (mention, ts, shift, iso) => {
    fc.pre(ts + shift >= 946_684_800_000)
    const object = { id: mention.id, ts: iso ? new Date(ts).toISOString() : ts, text: mention.text, extra: mention.extra }
    const line = bytes(JSON.stringify(object))
    const fields = noFields()
    findFields(line, fields)
    expect(timeOf(line, fields)).toBe(ts)
    const moved = JSON.parse(Buffer.from(withTime(line, fields, ts + shift)).toString()) as unknown
    expect(moved).toEqual(JSON.parse(JSON.stringify({ ...object, ts: iso ? new Date(ts + shift).toISOString() : ts + shift })))
  }))
})

test.each([
  { line: '{"ts":1434384764}', ms: Number.NaN, why: 'seconds are no time' },
  { line: '{"ts":"2015-06-15T16:12:44"}', ms: Number.NaN, why: 'without a zone it is no time' },
  { line: '{"ts":"2015-06-15T16:12:44+08:00"}', ms: Date.UTC(2015, 5, 15, 8, 12, 44), why: 'a zone counts' },
  { line: '{"ts":1434384764000}', ms: 1_434_384_764_000, why: 'milliseconds' },
  { line: '{"ts":1.5e12}', ms: Number.NaN, why: 'not an integer as written' },
  { line: '{"ts":null}', ms: Number.NaN, why: 'absent' },
  { line: '[1,2]', ms: Number.NaN, why: 'no object' },
  { line: '{"ts"', ms: Number.NaN, why: 'cut off' },
  { line: '{"text":"no end, "ts":1434384764000}', ms: Number.NaN, why: 'broken before it' },
])('the time of $line is $ms: $why', ({ line, ms }) => {
  const fields = noFields()
  findFields(bytes(line), fields)
  expect(timeOf(bytes(line), fields)).toBe(ms)
})
