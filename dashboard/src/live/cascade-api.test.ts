import { expect, test } from 'vitest'
import { CascadeApi } from './cascade-api.ts'

const never = new AbortController().signal
const page = new URL('http://wall.example:8080/room/')

test('it asks beside the page, on its origin, with its cookie, and the root as one part of the path', async () => {
  const asked: string[] = []
  const api = new CascadeApi(page, async (url, init) => {
    asked.push(`${String(url)} ${init?.credentials}`)
    return Response.json({ ids: ['weibo:9'] }, { headers: { etag: '"a"' } })
  })
  await api.list('speed', 50, never)
  await api.detail({ root: 'https://a/b?c', which: null }, never)
  expect(await api.tree({ root: 'x', which: 1_763_000_000_000 }, never)).toMatchObject({ ok: true, value: { tag: '"a"' } })
  expect(await api.id({ root: 'x', which: 'live' }, 7, never)).toEqual({ ok: true, value: 'weibo:9' })
  expect(asked).toEqual(['cascades?by=speed&limit=50&words=1', 'cascades/https%3A%2F%2Fa%2Fb%3Fc', 'cascades/x/tree?which=1763000000000', 'cascades/x/ids?which=live&from=7&to=8'].map((path) => `http://wall.example:8080/room/api/${path} same-origin`))
})

test.each([
  { status: 401, body: { error: 'token-needed', detail: 'no token' }, why: 'token', detail: 'no token' }, { status: 404, body: { error: 'unknown-cascade', detail: 'no cascade', hint: 'see the list' }, why: 'unknown', detail: 'no cascade · see the list' },
  { status: 503, body: { error: 'busy', detail: 'too much' }, why: 'busy', detail: 'too much' }, { status: 503, body: { error: 'store-away', detail: 'refused' }, why: 'store', detail: 'refused' },
  { status: 400, body: null, why: 'refused', detail: 'status 400' }, { status: 403, body: { error: 'not-permitted', detail: 'no' }, why: 'forbidden', detail: 'no' },
])('$status is told as $why', async ({ status, body, why, detail }) => {
  expect(await new CascadeApi(page, async () => Response.json(body, { status })).detail({ root: 'x', which: null }, never)).toMatchObject({ ok: false, why, detail })
})

test('nobody answers, or in no way that can be read', async () => {
  expect(await new CascadeApi(page, async () => { throw new TypeError('fetch failed') }).list('size', 1, never)).toMatchObject({ ok: false, why: 'away', detail: 'fetch failed' })
  expect(await new CascadeApi(page, async () => new Response('<html>', { status: 502 })).list('size', 1, never)).toMatchObject({ ok: false, why: 'refused', detail: 'status 502' })
})
