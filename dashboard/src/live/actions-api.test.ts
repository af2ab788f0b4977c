import { expect, test } from 'vitest'
import { ActionsApi, newActionId } from './actions-api.ts'

const page = new URL('http://wall.example:8080/room/')

test('it asks beside the page, with its cookie, and sends an action as JSON', async () => {
  const asked: string[] = []
  const api = new ActionsApi(page, async (url, init) => {
    asked.push(`${init?.method ?? 'GET'} ${String(url)} ${init?.credentials} ${typeof init?.body === 'string' ? init.body : '-'}`)
    return Response.json({ alerts: [], next: null })
  })
  await api.act({ what: 'acknowledge', alert: 'a/1' }, 'abc')
  await api.actions({ topic: 'source:weibo' })
  await api.alerts({})
  await api.alerts({ topic: 'a', before: 'x y', limit: 5 })
  expect(asked).toEqual([
    'POST http://wall.example:8080/room/api/actions?id=abc same-origin {"what":"acknowledge","alert":"a/1"}', 'GET http://wall.example:8080/room/api/actions?topic=source%3Aweibo&limit=200 same-origin -',
    'GET http://wall.example:8080/room/api/alerts?limit=100 same-origin -', 'GET http://wall.example:8080/room/api/alerts?topic=a&limit=5&before=x+y same-origin -',
  ])
})

test.each([
  { status: 401, why: 'token' }, { status: 403, why: 'role' }, { status: 404, why: 'gone' }, { status: 503, why: 'busy' }, { status: 400, why: 'refused' }, { status: 500, why: 'refused' },
])('$status is told as $why, in the words of the engine', async ({ status, why }) => {
  expect(await new ActionsApi(page, async () => Response.json({ error: 'x', detail: 'no such alert', hint: 'see the list' }, { status })).act({ what: 'unpin' }, 'abc')).toMatchObject({ ok: false, why, detail: 'no such alert · see the list' })
})

test('an id of an action is one that the engine takes, and another one each time', () => {
  expect(newActionId()).toMatch(/^[\w.:-]{1,64}$/)
  expect(newActionId()).not.toBe(newActionId())
})

test('nobody answers, or in no way that can be read', async () => {
  expect(await new ActionsApi(page, async () => { throw new TypeError('fetch failed') }).alerts({})).toMatchObject({ ok: false, why: 'away', detail: 'fetch failed' })
  expect(await new ActionsApi(page, async () => new Response('<html>', { status: 502 })).alerts({})).toMatchObject({ ok: false, why: 'refused', detail: 'status 502' })
})

test('what the engine says as codes comes along, and of an answer that is not the engine\'s its status', async () => {
  const said = [{ code: 'no-alert', values: { alert: '"a"' } }, { code: 'alerts-listed', values: {} }]
  const told = Response.json({ error: 'unknown-alert', detail: 'no alert "a"', hint: 'the alerts are in /api/alerts', said }, { status: 404 })
  expect(await new ActionsApi(page, async () => told).act({ what: 'unpin' }, 'x')).toEqual({ ok: false, why: 'gone', detail: 'no alert "a" · the alerts are in /api/alerts', said })
  expect(await new ActionsApi(page, async () => new Response('<html>', { status: 502 })).act({ what: 'unpin' }, 'x')).toMatchObject({ detail: 'status 502', said: [{ code: 'status', values: { status: 502 } }] })
})
