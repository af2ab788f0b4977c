import { expect, test } from 'vitest'
import { noFilter, type TopicFilter } from '../room/topic-view.ts'
import { EvidenceApi, type EvidenceQuestion } from './evidence-api.ts'

const never = new AbortController().signal
const page = new URL('http://wall.example:8080/room/')
const answering = (status: number, body: unknown, asked: URL[] = []): typeof fetch => async (url) => {
  asked.push(new URL(String(url)))
  return Response.json(body, { status })
}
const from = Date.parse('2025-11-21T00:00:00Z')
const question = (filter: Partial<TopicFilter> = {}, more: Partial<EvidenceQuestion> = {}): EvidenceQuestion => ({ id: 'a', from, to: from + 3_600_000, by: 'event', asOf: null, filter: { ...noFilter, ...filter }, ...more })

test.each([
  { filter: {}, more: {}, says: {} },
  { filter: { platforms: ['weibo', 'news'], sentiments: ['negative'] as const, kinds: ['post'] }, more: {}, says: { platform: 'weibo,news', sentiment: 'negative', kind: 'post' } },
  { filter: { verified: false, geo: 'CN-GD', author: '00ff00ff00ff00ff', root: 'weibo:1/a', text: '断网 #1&x' }, more: {}, says: { verified: 'false', geo: 'CN-GD', author: '00ff00ff00ff00ff', root: 'weibo:1/a', text: '断网 #1&x' } },
  { filter: { geo: '' }, more: { by: 'ingest' as const, asOf: from }, says: { geo: '', by: 'ingest', asOf: '2025-11-21T00:00:00.000Z' } },
])('every panel asks with the same filter: $says', async ({ filter, more, says }) => {
  const asked: URL[] = []
  const api = new EvidenceApi(page, answering(200, {}, asked))
  await api.mentions(question(filter, more), { order: 'newest', offset: 100, limit: 100, names: true }, never)
  await api.breakdown({ ...question(filter, more), step: '5m' }, never)
  await api.narratives(question(filter, more), never)
  await api.spreaders(question(filter, more), never)
  await api.clusters(question(filter, more), never)
  expect(asked.map(({ pathname }) => pathname)).toEqual(['mentions', 'breakdown', 'narratives', 'spreaders', 'clusters'].map((what) => `/room/api/topics/a/${what}`))
  const all = { from: '2025-11-21T00:00:00.000Z', to: '2025-11-21T01:00:00.000Z', ...says }
  const own = [{ order: 'newest', offset: '100', limit: '100', names: '1' }, { step: '5m' }, {}, {}, {}]
  asked.forEach(({ searchParams }, index) => expect(Object.fromEntries(searchParams)).toEqual({ ...all, ...own[index] }))
})

test('a span ends where it is asked to, or with the clock', async () => {
  const asked: URL[] = []
  const api = new EvidenceApi(page, answering(200, {}, asked))
  await api.history({ id: 'a', step: '5m', span: '24h', end: null }, never)
  await api.history({ id: 'a', step: '1h', span: '28d', end: from }, never)
  expect(asked.map(({ search }) => search)).toEqual(['?step=5m&span=24h', '?step=1h&span=28d&to=2025-11-21T00:00:00.000Z'])
})

test.each([
  { status: 401, body: {}, why: 'token' }, { status: 403, body: { error: 'not-permitted', detail: 'no' }, why: 'forbidden' }, { status: 404, body: { error: 'unknown-topic', detail: 'x' }, why: 'topic' },
  { status: 404, body: { error: 'unknown-mention', detail: 'x' }, why: 'mention' }, { status: 503, body: { error: 'busy', detail: 'x', hint: 'ask again' }, why: 'busy' }, { status: 503, body: { error: 'store-down', detail: 'x' }, why: 'store' }, { status: 400, body: null, why: 'refused' },
])('$status $body.error is told as $why', async ({ status, body, why }) => {
  expect(await new EvidenceApi(page, answering(status, body)).mention({ id: 'weibo:1/a', names: false }, never)).toMatchObject({ ok: false, why })
})

test('nobody answers', async () => {
  const api = new EvidenceApi(page, async () => { throw new TypeError('fetch failed') })
  expect(await api.actions('a', never)).toMatchObject({ ok: false, why: 'away', detail: 'fetch failed' })
})
