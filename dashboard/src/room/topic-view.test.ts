import fc from 'fast-check'
import { sentiments } from '@groundswell/schemas/evidence.ts'
import { expect, test } from 'vitest'
import { spanNames, spans } from './address.ts'
import { isFiltered, noFilter, orders, stepsOfSpan, tabs, toggled, topicQueryOf, topicViewOf, type TopicView } from './topic-view.ts'

const ms = fc.integer({ min: 0, max: 4_102_444_800_000 })
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((words) => words.isWellFormed())
const name = fc.stringMatching(/^[a-z0-9_-]{1,12}$/)
const views: fc.Arbitrary<TopicView> = fc.constantFrom(...spanNames).chain((span) => fc.record({
  span: fc.constant(span), step: fc.option(fc.constantFrom(...stepsOfSpan[span])).map((step) => (step === spans[span].step ? null : step)), end: fc.option(ms), by: fc.constantFrom('event', 'ingest'),
  brush: fc.option(fc.tuple(ms, fc.integer({ min: 1, max: 1e9 })).map(([from, wide]) => ({ from, to: from + wide }))),
  filter: fc.record({
    platforms: fc.uniqueArray(name, { maxLength: 4 }), sentiments: fc.uniqueArray(fc.constantFrom(...sentiments)), kinds: fc.uniqueArray(fc.constantFrom('post', 'repost')), verified: fc.option(fc.boolean()),
    geo: fc.option(fc.constantFrom('CN-GD', 'CN-BJ')), author: fc.option(text), root: fc.option(text), text: fc.option(text),
  }),
  alarm: fc.option(text), log: fc.boolean(), tab: fc.constantFrom(...tabs), order: fc.constantFrom(...orders), open: fc.option(fc.nat(1e6)), asOf: fc.option(ms), rest: fc.constantFrom('', 'play=1&speed=60&at=7'),
}))

test('an address that was made is read as what it was made of', () => {
  fc.assert(fc.property(views, (view) => { expect(topicViewOf(topicQueryOf(view))).toEqual(view) }))
})

test('an address with nothing in it says the defaults, and they are not said', () => {
  const view = topicViewOf('')
  expect(view).toMatchObject({ span: '24h', step: null, by: 'event', brush: null, filter: noFilter, log: false, tab: 'now', order: 'newest' })
  expect(topicQueryOf(view)).toBe('')
  expect(topicQueryOf(topicViewOf('span=7d'))).toBe('span=7d')
})

test.each([
  ['span=toString', { span: '24h' }], ['span=28d&step=1m', { step: null }], ['span=24h&step=5m', { step: null }], ['from=9&to=9', { brush: null }], ['from=9', { brush: null }], ['from=-3&to=5', { brush: null }],
  ['platform=weibo,weibo,a%20b,,x', { filter: { ...noFilter, platforms: ['weibo', 'x'] } }], ['sentiment=negative,angry', { filter: { ...noFilter, sentiments: ['negative'] } }], ['verified=yes', { filter: noFilter }],
  [`text=${'词'.repeat(300)}`, { filter: { ...noFilter, text: '词'.repeat(200) } }], ['tab=../x&order=best&open=1.5', { tab: 'now', order: 'newest', open: null }],
])('%s is read as far as it makes sense', (query, part) => expect(topicViewOf(query)).toMatchObject(part))

test('a filter is known as one, and a name goes in and out of a list', () => {
  expect([isFiltered(noFilter), isFiltered({ ...noFilter, verified: false }), isFiltered({ ...noFilter, geo: 'CN-GD' })]).toEqual([false, true, true])
  expect([toggled(['a'], 'b'), toggled(['a', 'b'], 'a')]).toEqual([['a', 'b'], ['b']])
})
