import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'
import { mergedNative } from './native-merge.ts'
import { nativeBlock } from './native-rows.testing.ts'

const columns = [{ name: 'id', type: 'String' }, { name: 'n', type: 'UInt8' }, { name: 'at', type: 'DateTime64(3, \'UTC\')' }, { name: 'tags', type: 'Array(String)' }, { name: 'score', type: 'Float32' }] as const satisfies readonly WireColumn[]
const row = fc.record({ id: fc.oneof(fc.string(), fc.string({ minLength: 100, maxLength: 20_000 })), n: fc.nat(255), at: fc.nat(), tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), score: fc.constantFrom(0, 0.5, -1) })

test('blocks joined are the one block that their rows make together', () => {
  fc.assert(fc.property(fc.array(fc.array(row, { maxLength: 6 }), { maxLength: 5 }), (blocks) => {
    const joined = Buffer.concat([...mergedNative(columns, blocks.map((rows) => nativeBlock(columns, rows)))])
    expect(joined.equals(nativeBlock(columns, blocks.flat()))).toBe(true)
  }), { numRuns: 200 })
})

test.each([
  { what: 'another column', block: nativeBlock([{ name: 'other', type: 'String' }, ...columns.slice(1)], []), error: /other String where id String/ },
  { what: 'a missing column', block: nativeBlock(columns.slice(1), []), error: /has 4 columns, not 5/ },
  { what: 'a cut', block: nativeBlock(columns, []).subarray(0, 20), error: /cut off/ },
  { what: 'bytes behind the end', block: Buffer.concat([nativeBlock(columns, []), Buffer.alloc(3)]), error: /3 bytes|ends at byte/ },
])('a block with $what is refused before anything is sent', ({ block, error }) => {
  expect(() => mergedNative(columns, [block])).toThrow(error)
})
