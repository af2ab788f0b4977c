import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StateReader, StateUnreadable, StateWriter } from './state.ts'

test('what was written is read again, whatever it is', () => {
  const piece = fc.record({
    number: fc.double(), text: fc.string({ unit: 'grapheme' }), json: fc.jsonValue(), bytes: fc.uint8Array(), ints: fc.int32Array(), words: fc.uint32Array(), floats: fc.float64Array(),
  })
  fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
    const out = new StateWriter(1)
    for (const { number, text, json, bytes, ints, words, floats } of pieces) {
      out.section('piece', 3, () => { out.number(number); out.text(text); out.json(json); out.array(bytes); out.array(ints); out.array(words); out.array(floats) })
    }
    const from = new StateReader(out.written.slice())
    for (const { number, text, json, bytes, ints, words, floats } of pieces) {
      from.section('piece', 3, () => {
        expect(from.number()).toBe(number)
        expect(from.text()).toBe(text)
        expect(from.json()).toEqual(JSON.parse(JSON.stringify(json)))
        expect([from.bytes(), from.ints(), from.words(), from.floats()]).toEqual([bytes, ints, words, floats])
      })
    }
    expect(from.done).toBe(true)
  }))
})

test('a part of an array is written as an array of its own', () => {
  const out = new StateWriter()
  out.array(Uint32Array.of(1, 2, 3, 4, 5).subarray(1), 1, 3)
  expect([...new StateReader(out.written).words()]).toEqual([3, 4])
})

test.each<{ why: string; write: (out: StateWriter) => void; says: RegExp }>([
  { why: 'another name', write: (out) => out.section('wheels', 1, () => out.number(1)), says: /"clock".*another section.*wheels/ },
  { why: 'another version', write: (out) => out.section('clock', 2, () => out.number(1)), says: /version 2, this groundswell reads 1/ },
  { why: 'more than is read', write: (out) => out.section('clock', 1, () => { out.number(1); out.number(2) }), says: /8 bytes are left over/ },
  { why: 'less than is read', write: (out) => out.section('clock', 1, () => undefined), says: /ends after 0 of 8 bytes/ },
])('a section with $why is refused', ({ write, says }) => {
  const out = new StateWriter()
  write(out)
  const from = new StateReader(out.written)
  expect(() => from.section('clock', 1, () => from.number())).toThrow(says)
})

test('any bytes are read or refused, and never more memory is taken than there are bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    for (const read of ['text', 'json', 'bytes', 'ints', 'words', 'floats'] as const) {
      try {
        new StateReader(bytes)[read]()
      } catch (error) {
        expect(error).toBeInstanceOf(StateUnreadable)
      }
    }
  }))
})

test('a section whose length goes beyond the bytes is refused where it begins', () => {
  const out = new StateWriter()
  out.section('clock', 1, () => out.number(1))
  const from = new StateReader(out.written.slice(0, -4))
  expect(() => from.section('clock', 1, () => undefined)).toThrow(/8 is not a whole number from 0 to 4/)
})
