// Times in all their shapes, against Date.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime, withoutZone } from './parse-time.ts'

const parse = (text: string): number => {
  const bytes = new TextEncoder().encode(`9${text}9`) // digits around it must not be read
  return parseTime(bytes, 1, bytes.length - 1)
}

test.each([
  ['2015-06-15T16:12:44Z', '2015-06-15T16:12:44.000Z'],
  ['2015-06-15t16:12:44z', '2015-06-15T16:12:44.000Z'],
  ['2015-06-15 16:12Z', '2015-06-15T16:12:00.000Z'],
  ['2015-06-15T16:12:44.1Z', '2015-06-15T16:12:44.100Z'],
  ['2015-06-15T16:12:44,999999999Z', '2015-06-15T16:12:44.999Z'],
  ['2015-06-15T16:12:44+08:00', '2015-06-15T08:12:44.000Z'],
  ['2015-06-15T16:12:44-0330', '2015-06-15T19:42:44.000Z'],
  ['2015-06-15T16:12:44.5+08', '2015-06-15T08:12:44.500Z'],
  ['2016-02-29T23:59:59-12:00', '2016-03-01T11:59:59.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
])('%s is %s', (text, iso) => expect(parse(text)).toBe(Date.parse(iso)))

test.each(['2015-06-15', '2015-06-15T16:12', '2015-06-15T16:12:44', '2015-06-15T16:12:44.123'])('%s names no zone', (text) => {
  expect(parse(text)).toBe(withoutZone)
})

test.each([
  '', '2015', '20150615T161244Z', '2015-13-01T00:00:00Z', '2015-00-01T00:00:00Z', '2015-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2015-04-31T00:00:00Z',
  '2015-06-15T24:00:00Z', '2015-06-15T16:60:00Z', '2016-12-31T23:59:60Z', '2015-06-15T16:12:44.Z', '2015-06-15T16:12:44Zx', '2015-06-15T16:12:44+8:00',
  '2015-06-15T16:12:44+24:00', '2015-06-15T16:12:44+08:60', '2015-06-15T16', '2015-06-15T16:12:4', '2015-06-15T16:12:44 +08:00', 'Mon Jun 15 16:12:44 +0800 2015', '+2015-06-15T16:12:44Z',
])('%s is no time', (text) => expect(parse(text)).toBeNaN())

test('reads what Date writes', () => {
  fc.assert(fc.property(fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
    expect(parse(date.toISOString())).toBe(date.getTime())
  }))
})
