import fc from 'fast-check'
import { expect, test } from 'vitest'
import { colourNames } from './colours.ts'
import { layoutNames } from './layout.ts'
import { timeScaleNames } from './time-scale.ts'
import { queryHash, queryOf, viewFromQuery, type ViewState } from './view-address.ts'

const whole = fc.option(fc.nat(999_999_999))
const range = fc.option(fc.tuple(fc.nat(1e6), fc.oneof(fc.nat(1e9), fc.constant(Infinity))))
const stateArbitrary: fc.Arbitrary<ViewState> = fc.record({
  which: whole, layout: fc.record({ name: fc.constantFrom(...layoutNames), scale: fc.constantFrom(...timeScaleNames) }), colour: fc.constantFrom(...colourNames), fold: fc.boolean(), likely: fc.boolean(), chosen: whole, focus: whole, until: whole, speed: fc.nat(3600), skipsQuiet: fc.boolean(),
  filters: fc.record({ platforms: fc.option(fc.uniqueArray(fc.constantFrom('weibo', 'a,b', '论坛 %', 'x&y'), { minLength: 1 })), generations: range, within: range, sign: fc.option(fc.uniqueArray(fc.constantFrom(-1, 0, 1), { minLength: 1 })), verified: fc.boolean() }),
  compared: fc.option(fc.string({ minLength: 1 })),
  camera: fc.option(fc.record({ x: fc.integer({ min: -9999, max: 9999 }), y: fc.integer({ min: -99, max: 99 }), zoom: fc.integer({ min: 1, max: 400 }) })),
  marks: fc.tuple(...[0, 1].map(() => fc.option(fc.tuple(fc.nat(2 ** 41), fc.nat(2 ** 32 - 1))))),
}).map(({ marks, chosen: one, focus: other, ...rest }) => {
  const [chosen, focus] = [one, other === one ? null : other]
  return { ...rest, chosen, focus, named: [chosen, focus].flatMap((node, index) => (node === null || !marks[index] ? [] : [{ node, at: marks[index][0], key: marks[index][1] }])) }
})

test('A12: what the address says is read as what it was made of', () => {
  fc.assert(fc.property(stateArbitrary, (state) => { expect(viewFromQuery(queryOf(state))).toEqual(state) }))
})
test('the default is told by nothing, and nonsense is the default', () => {
  expect(queryOf(viewFromQuery(''))).toBe('')
  expect(viewFromQuery('layout=spiral&scale=2&generations=x&node=-1&until=soon&colour=severe')).toEqual(viewFromQuery(''))
})
test('the hash of a query is that of the cascade, its size and its filters, not of what is pointed at', () => {
  const state = viewFromQuery('verified=1')
  const hash = queryHash('weibo:1', 100, state)
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  expect(queryHash('weibo:1', 100, { ...state, chosen: 7 })).toBe(hash)
  expect(new Set([hash, queryHash('weibo:2', 100, state), queryHash('weibo:1', 101, state), queryHash('weibo:1', 100, viewFromQuery(''))]).size).toBe(4)
})
