import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedJson } from './sorted-json.ts'

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).toReversed().map(([key, one]) => [key, turned(one)])) : value
}

test('the same value is the same text in whichever order its keys are, and the text is that value', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const bare = JSON.parse(JSON.stringify(value)) as unknown
    expect(sortedJson(turned(bare))).toBe(sortedJson(bare))
    expect(JSON.parse(sortedJson(bare)!)).toEqual(bare)
  }))
})

test.each([
  [{ b: 1, a: [{ d: {}, c: null }] }, '{"a":[{"c":null,"d":{}}],"b":1}'], [{}, '{}'], [[], '[]'], [{ baseline: {} }, '{"baseline":{}}'], [undefined, undefined], ['x', '"x"'], [null, 'null'],
])('%j is %s', (value, text) => expect(sortedJson(value)).toBe(text))
