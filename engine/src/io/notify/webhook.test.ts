import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiver, status } from './test-receiver.ts'
import { systemClock } from './destination.ts'
import { createWebhook } from './webhook.ts'

let to: Awaited<ReturnType<typeof receiver>>
beforeAll(async () => { to = await receiver() })
afterAll(() => to.close())

test.each([
  ...[200, 204].map((code) => ({ code, kind: 'delivered' })),
  ...[400, 401, 403, 404, 413, 422].map((code) => ({ code, kind: 'refused' })),
  ...[301, 408, 409, 425, 429, 500, 502, 503].map((code) => ({ code, kind: 'retry', answered: true })),
  { code: 410, kind: 'gone' },
])('an answer of $code is $kind', async ({ code, ...outcome }) => {
  to.state.answer = status(code)
  const webhook = createWebhook({ url: to.url, secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}`, grades: ['severe'], clock: systemClock })
  const event = { kind: 'spike', topic: 't', rule: { count: 1, within: '1m' }, grade: 'severe', at: '2026-01-01T00:00:00Z', count: 1, id: 'a' } as const
  expect(await webhook.send({ event, name: { zh: '题', en: 'Topic' }, mode: 'live', at: 0 }, new AbortController().signal)).toMatchObject(outcome)
})
