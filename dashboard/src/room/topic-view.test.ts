import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spanNames, spans } from './address.ts'
import { isFiltered, noFilter, orders, sentiments, stepsOfSpan, tabs, textCharsMax, textFilterOf, toggled, topicQueryOf, topicViewOf, type TopicView } from './topic-view.ts'

const ms = fc.integer({ min: 0, max: 4_102_444_800_000 })
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((words) => words.isWellFormed())
const name = fc.stringMatching(/^[a-z0-9_-]{1,12}$/)
const views: fc.Arbitrary<TopicView> = fc.constantFrom(...spanNames).chain((span) => fc.record({
  span: fc.constant(span), step: fc.option(fc.constantFrom(...stepsOfSpan[span])).map((step) => (step === spans[span].step ? null : step)), end: fc.option(ms), by: fc.constantFrom('event', 'ingest'),
  brush: fc.option(fc.tuple(ms, fc.integer({ min: 1, max: 1e9 })).map(([from, wide]) => ({ from, to: from + wide }))),
  filter: fc.record({
    platforms: fc.uniqueArray(name, { maxLength: 4 }), sentiments: fc.uniqueArray(fc.constantFrom(...sentiments)), kinds: fc.uniqueArray(fc.constantFrom('post', 'repost')), verified: fc.option(fc.boolean()),
    geo: fc.option(fc.constantFrom('CN-GD', 'CN-BJ', '')), author: fc.option(fc.stringMatching(/^[0-9a-f]{16}$/)), root: fc.option(text), text: fc.option(text),
  }),
  alarm: fc.option(text), log: fc.boolean(), tab: fc.constantFrom(...tabs), order: fc.constantFrom(...orders), mention: fc.option(text), asOf: fc.option(ms), rest: fc.constantFrom('', 'x=1&y=60'),
  replay: fc.option(fc.record({ at: fc.option(ms), speed: fc.integer({ min: 1, max: 3600 }), skip: fc.boolean() })),
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
  [`text=${'词'.repeat(300)}`, { filter: { ...noFilter, text: '词'.repeat(100) } }], ['tab=../x&order=best&asOf=1.5&author=Li', { tab: 'now', order: 'newest', asOf: null, filter: noFilter }],
])('%s is read as far as it makes sense', (query, part) => expect(topicViewOf(query)).toMatchObject(part))

test('a filter is known as one, and a name goes in and out of a list', () => {
  expect([isFiltered(noFilter), isFiltered({ ...noFilter, verified: false }), isFiltered({ ...noFilter, geo: 'CN-GD' })]).toEqual([false, true, true])
  expect([toggled(['a'], 'b'), toggled(['a', 'b'], 'a')]).toEqual([['a', 'b'], ['b']])
})

test('a text is looked for by its beginning, cut between words, and no longer than the engine takes', () => {
  expect([textFilterOf('  网络中断 '), textFilterOf(''), textFilterOf('断'.repeat(300))]).toEqual(['网络中断', null, '断'.repeat(100)])
  expect(textFilterOf(`${'ab '.repeat(33)}outages`)).toBe('ab '.repeat(33).trim())
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
    const looked = textFilterOf(words)
    if (looked !== null) expect([[...looked].length <= textCharsMax, words.includes(looked)]).toEqual([true, true])
  }))
})
