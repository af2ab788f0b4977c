import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import type { IdentifiedEvent } from '@groundswell/schemas/spike.ts'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { StreamDown, StreamFull } from '../../stream-errors.ts'
import { ask, post } from './ask.testing.ts'
import { createHttp, ListenError, type HttpOptions } from './http.ts'
import { intakeLimits } from './intake.ts'
import { deadLettersAnswerSchema, type DeadLetter } from './dead-letters.ts'
import { healthAnswerSchema, seriesAnswerSchema, spikesAnswerSchema, topicsAnswerSchema, type TopicDetail } from './shapes.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => { for (const end of ending.splice(0).reverse()) await end() })
const token = 'f00df00df00df00df00d'
const never = (): never => { throw new Error('not asked') }
const at = Date.parse('2026-01-01T08:00:30Z')

const outage: TopicDetail = {
  id: 'outage', rules: { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网', velocity: [{ count: 100, within: '10m' }] },
  now: { id: 'outage', name: { zh: '断网', en: 'Outage' }, level: 'minor', count: 120, window: '10m', threshold: 100, perMinute: 9, ratio: null, usual: null, stage: null, acceleration: null, countdown: null, filling: false, newestAt: at, platforms: [['weibo', 4]], negativeShare: 0.4, spark: [-1, 3] },
}
const event: IdentifiedEvent = { kind: 'spike', topic: 'outage', rule: { count: 100, within: '10m' }, grade: 'minor', at: '2026-01-01T08:00:00Z', count: 104, id: 'outage/100/10m/2026-01-01T08:00:00Z/spike' }
const replayed = { letters: 2, sent: 2, repeated: 0, refused: 0, bytes: 20, dryRun: false, next: null }
const dead: DeadLetter = { at: '2026-01-01T08:00:00.000Z', platform: 'weibo', reason: 'ts-missing', detail: 'there is no ts', seq: 7, line: 2, raw: '{"id":"1"}' }

async function open(options: Partial<HttpOptions> = {}) {
  const asked: unknown[] = []
  const published: { subject: string; text: string; id: string }[] = []
  const errors: string[] = []
  const http = await createHttp({ ...unasked,
    version: '0.1.0', token: null, listen: '127.0.0.1', hosts: [], dashboard: join(tmpdir(), 'groundswell-nothing-here'),
    log: createLog({ readable: false, write: (line) => errors.push(line) }), now: () => at, clock: () => at / 1000,
    health: () => ({ ok: true, parts: { nats: { ok: true, detail: 'connected' }, store: { ok: true, detail: 'up' }, engine: { ok: true, detail: 'in step' } } }),
    stats: () => ({ stored: 5, counted: 5, duplicates: 0, late: 0, skewed: 0, deadLetters: 1, position: { stream: 1, seq: 9 } }),
    topics: () => [outage],
    topic: (id) => (id === 'outage' ? outage : null), rulesOf: (id) => (id === 'outage' ? outage.rules : null), someTopics: () => ['outage'],
    history: async () => ({ budget: null, points: [], alarms: [], alarmsCut: false }), countdowns: () => null, cascades: () => ({ list: async () => ({ cascades: [] }), detail: async () => null, tree: async () => null, ids: async () => null, edges: async () => null, inferred: async () => null, story: async () => null, rootOf: () => null }),
    series: async (question) => { asked.push(question); return [{ at: '2026-01-01T08:00:00.000Z', count: 3 }] },
    spikes: async (question) => { asked.push(question); return [event] },
    deadLetters: async (question) => { asked.push(question); return [dead] },
    deadLetterReasons: async () => [], replay: async () => replayed, dismiss: async () => ({ letters: 2, dryRun: false, next: null }), doctor: async () => ({ version: '0.1.0' }), 
    backup: async () => ({ name: 'groundswell_1', at: dead.at, position: { stream: 1, seq: 9 }, heldMs: 3, folders: [] }), backupCopied: async () => undefined,
    publish: async (subject, bytes, id) => { published.push({ subject, text: Buffer.from(bytes).toString(), id }); return { seq: published.length } },
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'up 1\n' },
    rulesDesk: () => ({ read: async () => ({ text: '', seq: 0, by: null, at: null, file: null }), history: async () => [], save: never, check: never, textAt: never, changesAt: never, preview: never, backtest: never }),
    ...options,
  })
  ending.push(() => http.close())
  const { port, url } = await http.listen(0)
  return { http, port, url, asked, published, errors }
}

test('the answers have the published shapes', async () => {
  const { url } = await open()
  expect(healthAnswerSchema.parse((await ask(`${url}/api/health`)).json()).ok).toBe(true)
  expect((await ask(`${url}/api/stats`)).json()).toMatchObject({ stored: 5, position: { seq: 9 } })
  expect(topicsAnswerSchema.parse((await ask(`${url}/api/topics`)).json())).toEqual({ clock: '2026-01-01T08:00:30.000Z', topics: [JSON.parse(JSON.stringify(outage))] })
  expect(seriesAnswerSchema.parse((await ask(`${url}/api/topics/outage/series`)).json()).points).toHaveLength(1)
  expect(spikesAnswerSchema.parse((await ask(`${url}/api/spikes`)).json()).spikes).toEqual([event])
  expect(deadLettersAnswerSchema.parse((await ask(`${url}/api/dead-letters`)).json())).toEqual({ deadLetters: [dead], limit: 100 })
  expect((await ask(`${url}/metrics`)).text).toBe('up 1\n')
})

test('a series is aligned to its window and ends, unless told, with the running one', async () => {
  const { url, asked } = await open()
  const minute = (text: string) => Date.parse(`2026-01-01T${text}:00Z`)
  const answer = (await ask(`${url}/api/topics/outage/series`)).json()
  expect(answer).toMatchObject({ topic: 'outage', window: '1m', from: '2026-01-01T06:01:00.000Z', to: '2026-01-01T08:01:00.000Z' })
  await ask(`${url}/api/topics/outage/series?window=10m&from=2026-01-01T07:05:00Z&to=${minute('07:31')}`)
  expect(asked).toEqual([
    { topic: 'outage', windowSeconds: 60, from: minute('06:01'), to: minute('08:01') },
    { topic: 'outage', windowSeconds: 600, from: minute('07:00'), to: minute('07:40') },
  ])
})

test.each([
  { path: '/api/topics/nothing/series', status: 404, says: /no topic "nothing".*the topics are outage/ },
  { path: '/api/topics/Not%20An%20Id/series', status: 400, says: /id="Not An Id": an id is 1 to 64/ },
  { path: '/api/topics/outage/series?window=90s', status: 400, says: /window="90s": a window is a whole number of minutes/ },
  { path: '/api/topics/outage/series?window=ten', status: 400, says: /window="ten".*such as 10m/ },
  { path: '/api/topics/outage/series?from=yesterday', status: 400, says: /from="yesterday".*ISO-8601/ },
  { path: '/api/topics/outage/series?from=2026-01-01T08:00:00', status: 400, says: /with a zone/ },
  { path: '/api/topics/outage/series?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', status: 400, says: /is not before/ },
  { path: '/api/topics/outage/series?from=2020-01-01T00:00:00Z', status: 400, says: /points of 1m.*wider window/ },
  { path: '/api/spikes?limit=0', status: 400, says: /limit="0"/ },
  { path: '/api/dead-letters?limit=0', status: 400, says: /limit="0": a limit is at least 1/ },
  { path: '/api/dead-letters?since=yesterday', status: 400, says: /since="yesterday": a time is/ },
  { path: '/api/dead-letters?all=maybe', status: 400, says: /all="maybe": is true or false/ },
  { path: '/api/dead-letters?limit=1001', status: 400, says: /limit="1001": a limit is at most 1000/ },
  { path: '//api/spikes', status: 404, says: /there is no GET \/\/api\/spikes · ask for \/api\/spikes$/ },
  { path: '/api/spikes?colour=red', status: 400, says: /colour: no such parameter/ },
  { path: '/api/incidents', status: 501, says: /not measured/ },
  { path: '/api/nothing', status: 404, says: /there is no GET \/api\/nothing/ }, { path: '/api/mentions', status: 405, says: /there is no GET \/api\/mentions · what is there is POST/ },
])('$path is answered $status and says why', async ({ path, status, says }) => {
  const { url } = await open()
  const answer = await ask(`${url}${path}`)
  expect(answer.status).toBe(status)
  expect(Object.keys(answer.json())).toEqual(expect.arrayContaining(['error', 'detail', 'hint']))
  expect(`${answer.json().detail} · ${answer.json().hint}`).toMatch(says)
})

test('every route that answers is in the OpenAPI document, with its parameters', async () => {
  const { url } = await open()
  const document = (await ask(`${url}/api/openapi.json`)).json()
  const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)).sort()
  const contract = ['/api/health', '/api/stats', '/api/topics', '/api/topics/{id}/series', '/api/topics/{id}/baseline', '/api/topics/{id}/countdown', '/api/spikes', '/api/dead-letters', '/api/dead-letters/reasons', '/api/doctor', '/api/cascades', '/api/cascades/{root}', '/api/cascades/{root}/tree', '/api/cascades/{root}/ids', '/api/cascades/{root}/edges', '/api/cascades/{root}/story', '/api/incidents', '/api/replay/wall', '/api/replay/wall/pictures', '/api/replay/wall/shown', '/api/replay/wall/times', '/metrics', '/api/openapi.json',
    '/api/me', '/api/tokens', '/api/access-log', '/api/cascades/{root}/inferred', '/api/rules', '/api/rules/history']
  expect(described).toEqual([...contract.map((path) => `GET ${path}`), 'DELETE /api/backup/{name}', 'POST /api/backup', 'POST /api/dead-letters/dismiss', 'POST /api/dead-letters/replay', 'POST /api/mentions',
    'POST /api/tokens', 'DELETE /api/tokens/{id}', 'POST /api/rules/backtest', 'POST /api/rules/edit', 'POST /api/rules/preview', 'PUT /api/rules'].sort())
  expect(document.openapi).toBe('3.1.0')
  const parameters = document.paths['/api/topics/{id}/series'].get.parameters as { name: string; in: string; required: boolean }[]
  expect(parameters.map(({ name, in: place, required }) => `${place} ${name} ${required}`)).toEqual(['path id true', 'query window false', 'query from false', 'query to false'])
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, { responses: Record<string, unknown> }>>)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const answer = await ask(`${url}${path.replace('{id}', 'outage').replace('{root}', 'r').replace('{name}', 'groundswell_1')}`, { method: method.toUpperCase(), ...(method === 'post' && { body: '{}', headers: { 'content-type': 'application/x-ndjson' } }) })
      expect(Object.keys(responses), path).toContain(String(answer.status))
    }
  }
})

test('health is 503 when a part is down, and its parts are only for who shows the token', async () => {
  const parts = { nats: { ok: false, detail: 'nats.example refused' }, store: { ok: true, detail: 'up' }, engine: { ok: true, detail: 'in step' } }
  const { url } = await open({ token, health: () => ({ ok: false, parts }) })
  const open503 = await ask(`${url}/api/health`)
  expect([open503.status, open503.json()]).toEqual([503, { ok: false }])
  expect((await ask(`${url}/api/health`, { headers: { authorization: `Bearer ${token}` } })).json()).toEqual({ ok: false, parts })
})

test('posted lines go to the stream in order, blank ones left out, under the platform that is named', async () => {
  const { url, published } = await open()
  const answer = await post(`${url}/api/mentions?platform=weibo`, '{"id":"1"}\n\n  \r\n{"id":"2"}')
  expect([answer.status, answer.json()]).toEqual([202, { accepted: 2, messages: 1, seqs: [1], refused: [], refusedTotal: 0 }])
  expect(published[0]).toMatchObject({ subject: 'mentions.weibo', text: '{"id":"1"}\n{"id":"2"}\n' })
  await post(`${url}/api/mentions?platform=weibo`, '{"id":"1"}\n{"id":"2"}\n')
  expect(published[1]!.id).toBe(published[0]!.id)
  await post(`${url}/api/mentions`, '{"id":"1"}\n{"id":"2"}\n')
  expect(published[2]).toMatchObject({ subject: 'mentions.http' })
  expect(published[2]!.id).not.toBe(published[0]!.id)
})

test('a long body is cut at line ends into messages of at most 512 KiB, and a line too long is named', async () => {
  const { url, published } = await open()
  const line = `{"id":"${'x'.repeat(300_000)}"}`
  const answer = await post(`${url}/api/mentions`, `${line}\n${line}\n${'y'.repeat(mentionLimits.lineBytesMax + 1)}\n${line}\n`)
  expect(answer.json()).toEqual({ accepted: 3, messages: 3, seqs: [1, 2, 3], refused: [{ line: 3, bytes: mentionLimits.lineBytesMax + 1, reason: 'too-long' }], refusedTotal: 1 })
  expect(published.every(({ text }) => text === `${line}\n`)).toBe(true)
})

test.each([
  { error: new StreamFull('full'), says: 'stream-full' },
  { error: new StreamDown('gone'), says: 'nats-down' },
])('where the stream cannot take more ($says) the answer is 503 with what was accepted', async ({ error, says }) => {
  let taken = 0
  const { url } = await open({ publish: async () => { taken += 1; if (taken > 2) throw error; return { seq: taken } } })
  const line = `{"id":"${'x'.repeat(400_000)}"}\n`
  const answer = await post(`${url}/api/mentions`, line.repeat(5))
  expect([answer.status, answer.json()]).toEqual([503, expect.objectContaining({ error: says, accepted: 2, seqs: [1, 2] })])
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
})

test('more bodies at once than are allowed are answered 503, and taken again when there is room', async () => {
  const waiting: (() => void)[] = []
  const { url } = await open({ publish: () => new Promise((resolve) => { waiting.push(() => resolve({ seq: 1 })) }) })
  const first = Array.from({ length: intakeLimits.bodiesMax }, (_, i) => post(`${url}/api/mentions`, `{"id":"${i}"}\n`))
  await expect.poll(() => waiting.length).toBe(intakeLimits.bodiesMax)
  const refused = await post(`${url}/api/mentions`, '{"id":"one more"}\n'.repeat(400_000))
  expect([refused.status, refused.json().error, refused.headers['retry-after']]).toEqual([503, 'busy', '1'])
  for (const go of waiting.splice(0)) go()
  expect(new Set((await Promise.all(first)).map(({ status }) => status))).toEqual(new Set([202]))
  const again = post(`${url}/api/mentions`, '{"id":"one more"}\n')
  await expect.poll(() => waiting.length).toBe(1)
  waiting[0]!()
  expect((await again).status).toBe(202)
})

test.each(['//', '///', '//?token=x', '//:x'])('the path %s is answered 400 or 404, and no failure of ours', async (path) => {
  for (const options of [{}, { token }]) {
    const { url, errors } = await open(options)
    expect([400, 401, 404]).toContain((await ask(`${url}${path}`)).status)
    expect(errors).toEqual([])
  }
})

test('the cookie asks for TLS where the browser came over TLS', async () => {
  const { url } = await open({ token })
  const cookie = async (headers: Record<string, string>) => (await ask(`${url}/?token=${token}`, { headers })).headers['set-cookie']![0]!
  expect(await cookie({ 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/)
  for (const headers of [{}, { 'x-forwarded-proto': 'http' }] as Record<string, string>[]) expect(await cookie(headers)).not.toMatch(/Secure/)
})

test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])('a body of %s is refused, so that no foreign page can post without asking first', async (type) => {
  const { url, published } = await open()
  const answer = await post(`${url}/api/mentions`, '{"id":"1"}', { 'content-type': type })
  expect([answer.status, answer.json().error, published]).toEqual([415, 'wrong-content-type', []])
})

test('a body over 8 MiB is refused, whether it says its length or not', async () => {
  const { url, published } = await open()
  const body = `${'z'.repeat(900_000)}\n`.repeat(10)
  expect((await post(`${url}/api/mentions`, body)).status).toBe(413)
  expect(published).toEqual([])
  const chunked = await post(`${url}/api/mentions`, body, { 'transfer-encoding': 'chunked' })
  expect([chunked.status, chunked.json().accepted]).toEqual([413, published.length])
})

test('with a token the API wants it, in a header or in the cookie that /?token= sets once', async () => {
  const { url } = await open({ token, listen: '127.0.0.1' })
  expect((await ask(`${url}/api/stats`)).status).toBe(401)
  expect((await ask(`${url}/`)).status).toBe(401)
  expect((await ask(`${url}/metrics`)).status).toBe(401)
  expect((await ask(`${url}/api/stats`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  expect((await ask(`${url}/api/stats`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  expect((await ask(`${url}/?token=wrong`)).status).toBe(401)
  expect((await ask(`${url}/api/stats?token=${token}`)).status).toBe(401)
  const first = await ask(`${url}/?token=${token}&view=wall`)
  expect([first.status, first.headers.location]).toEqual([303, '/?view=wall'])
  const cookie = first.headers['set-cookie']![0]!
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  expect(cookie).not.toContain(token)
  expect((await ask(`${url}/api/stats`, { headers: { cookie: `other=1; ${cookie.split(';')[0]}` } })).status).toBe(200)
  expect((await ask(`${url}/api/stats`, { headers: { cookie: 'groundswell=guess' } })).status).toBe(401)
  // Who has the cookie already loses the token from the address bar too.
  expect((await ask(`${url}/?token=${token}`, { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(303)
})

test('the redirect that hides the token cannot lead to another site', async () => {
  const { url } = await open({ token })
  expect((await ask(`${url}//evil.example/?token=${token}`)).headers.location).toMatch(/^\/([^/]|$)/)
})

test.each([
  { host: 'evil.example', status: 421 }, { host: 'evil.example:8080', status: 421 }, { host: '127.0.0.1.evil.example', status: 421 },
  { host: 'localhost:1234', status: 200 }, { host: '127.0.0.1', status: 200 }, { host: '[::1]:80', status: 200 }, { host: 'wall.example', status: 200 },
])('on loopback a request for $host is answered $status', async ({ host, status }) => {
  const { url } = await open({ hosts: ['wall.example'] })
  expect((await ask(`${url}/api/stats`, { headers: { host } })).status).toBe(status)
})

test('a page of another origin is refused, the wall itself is not; the live feed decides alike', async () => {
  const { http, url, port } = await open()
  expect((await ask(`${url}/api/stats`, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect((await ask(`${url}/api/stats`, { headers: { origin: 'null' } })).status).toBe(403)
  expect((await ask(`${url}/api/stats`, { headers: { origin: `http://127.0.0.1:${port}` } })).status).toBe(200)
  const request = (headers: IncomingHttpHeaders) => ({ headers }) as Parameters<typeof http.refusal>[0]
  expect(http.refusal(request({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' }))).toContain('evil.example')
  expect(http.refusal(request({ host: `127.0.0.1:${port}` }))).toBeNull()
})

test('the wall is served with its assets for ever and its page fresh; unknown pages are the wall, unknown files are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-dist-'))
  ending.push(() => { rmSync(folder, { recursive: true, force: true }) })
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>wall')
  writeFileSync(join(folder, 'assets', 'main-abc.js'), 'export {}')
  const { url } = await open({ dashboard: folder })
  const page = await ask(`${url}/`)
  expect([page.status, page.text, page.headers['cache-control']]).toEqual([200, '<!doctype html>wall', 'no-cache'])
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'; /)
  expect(page.headers['x-content-type-options']).toBe('nosniff')
  expect(page.headers['referrer-policy']).toBe('no-referrer')
  const asset = await ask(`${url}/assets/main-abc.js`)
  expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  const screen = await ask(`${url}/topics`, { headers: { accept: 'text/html' } })
  expect([screen.status, screen.text]).toEqual([200, '<!doctype html>wall'])
  const below = await ask(`${url}/topic/outage/?a=1`, { headers: { accept: 'text/html' } }) // its files are named relative to it
  expect([below.status, below.headers['location']]).toEqual([302, '../../?a=1'])
  expect((await ask(`${url}/assets/gone.js`, { headers: { accept: 'text/html' } })).status).toBe(404)
  expect((await ask(`${url}/../../etc/passwd`)).status).toBe(404)
  for (const accept of ['*/*', 'text/html']) expect((await ask(`${url}//api/spikes`, { headers: { accept } })).json().hint).toBe('ask for /api/spikes')
})

test('without a built wall the page says how to build it', async () => {
  const { url } = await open()
  const page = await ask(`${url}/`, { headers: { accept: 'text/html' } })
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('npm run build')])
})

test('a failure of ours is logged with its cause and answered without it', async () => {
  const { url, errors } = await open({ stats: () => { throw new Error('password=hunter2') } })
  const answer = await ask(`${url}/api/stats`)
  expect([answer.status, answer.text.includes('hunter2'), errors.join('').includes('hunter2')]).toEqual([500, false, true])
})

test('a port in use is named together with the flag that chooses another', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  ending.push(() => holder.close())
  const { port } = holder.address() as AddressInfo
  const http = await createHttp({ ...unasked, token: null, listen: '127.0.0.1', hosts: [], dashboard: '', log: createLog({ write: () => {} }) })
  ending.push(() => http.close())
  await expect(http.listen(port)).rejects.toThrow(ListenError)
  await expect(http.listen(port)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use: choose another with --http PORT`)
})
