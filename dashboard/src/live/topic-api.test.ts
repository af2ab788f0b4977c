import { expect, test } from 'vitest'
import { TopicApi } from './topic-api.ts'

const never = new AbortController().signal
const answering = (status: number, body: unknown, asked: string[] = []): typeof fetch => async (url, init) => {
  asked.push(`${String(url)} ${init?.credentials}`)
  return Response.json(body, { status })
}

test('it asks beside the page, on its origin, with its cookie', async () => {
  const asked: string[] = []
  const api = new TopicApi(new URL('http://wall.example:8080/room/'), answering(200, { thresholds: [] }, asked))
  expect(await api.history({ id: 'late-payout', span: '24h' }, never)).toMatchObject({ ok: true })
  expect(await api.countdown('late-payout', never)).toEqual({ ok: true, value: { thresholds: [] } })
  expect(asked).toEqual(['http://wall.example:8080/room/api/topics/late-payout/baseline?step=5m&span=24h same-origin', 'http://wall.example:8080/room/api/topics/late-payout/countdown same-origin'])
})

test.each([
  { status: 401, body: { error: 'token-needed', detail: 'no token' }, why: 'token', detail: 'no token' }, { status: 404, body: { error: 'unknown-topic', detail: 'no topic "x"' }, why: 'topic', detail: 'no topic "x"' },
  { status: 400, body: { error: 'wrong-query', detail: 'step=2m' }, why: 'refused', detail: 'step=2m' }, { status: 403, body: { error: 'not-permitted', detail: 'no', hint: 'ask an operator' }, why: 'forbidden', detail: 'no · ask an operator' },
  { status: 503, body: null, why: 'store', detail: 'status 503' }, { status: 503, body: { error: 'busy', detail: 'too much' }, why: 'busy', detail: 'too much' },
])('$status is told as $why', async ({ status, body, why, detail }) => {
  expect(await new TopicApi(new URL('http://wall.example/'), answering(status, body)).countdown('x', never)).toMatchObject({ ok: false, why, detail })
})

test('nobody answers, or something that is no JSON', async () => {
  const away = new TopicApi(new URL('http://wall.example/'), async () => { throw new TypeError('fetch failed') })
  expect(await away.countdown('x', never)).toMatchObject({ ok: false, why: 'away', detail: 'fetch failed' })
  const proxy = new TopicApi(new URL('http://wall.example/'), async () => new Response('<html>', { status: 502 }))
  expect(await proxy.countdown('x', never)).toMatchObject({ ok: false, why: 'refused', detail: 'status 502' })
  const page = new TopicApi(new URL('http://wall.example/'), async () => new Response('<html>'))
  expect(await page.countdown('x', never)).toMatchObject({ ok: false, why: 'away' })
})
