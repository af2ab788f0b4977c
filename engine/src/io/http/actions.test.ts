// `/api/actions` and `/api/alerts` at their edge: who asks is who did it, what is no action is refused by name, and a stream that is away says how to ask again.
import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { StreamDown, StreamFull, StreamRefused } from '../../stream-errors.ts'
import { createLog } from '../log/log.ts'
import type { ActionDesk } from './actions.ts'
import type { AlertDesk } from './alerts.ts'
import { ask } from './ask.testing.ts'
import { createHttp } from './http.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })
const alert = { id: 'outage/1', topic: 'outage', name: { zh: '断网', en: 'Outage' }, grade: 'minor', rule: { count: 1, within: '1m' }, at: '2026-01-01T08:00:00Z', count: 3, clearedAt: null } as const

async function open(desk: Partial<ActionDesk & AlertDesk>) {
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 0, clock: () => 0,
    health: never, stats: never, topics: never, topic: never, rulesOf: never, someTopics: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
    deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, cascades: never, countdowns: never, series: never, spikes: never, history: never,
    desk: { act: never, actions: never, alerts: never, ...desk },
  })
  ending.push(() => http.close())
  const { url } = await http.listen(0)
  return {
    get: (path: string) => ask(`${url}${path}`),
    act: (action: unknown, query = '') => ask(`${url}/api/actions${query}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) }),
  }
}

test('an action goes on with who asks and an id, his or one that is made up', async () => {
  const asked: unknown[] = []
  const { act } = await open({ act: async (one) => { asked.push(one); return { seq: 4 } } })
  const action = { what: 'acknowledge', alert: 'a/1' }
  expect([(await act(action, '?id=mine-1')).json(), (await act(action)).status]).toEqual([{ id: 'mine-1', seq: 4 }, 202])
  expect(asked).toEqual([{ id: 'mine-1', by: 'operator', action }, { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, by: 'operator', action }])
})

test.each([
  { error: new StreamDown('x'), says: { error: 'nats-down', detail: 'NATS cannot be reached', hint: 'ask again with ?id=mine-1: it is done once', id: 'mine-1' } },
  { error: new StreamFull('x'), says: { error: 'stream-full' } }, { error: new StreamRefused('too large'), says: { error: 'stream-refused', detail: 'too large' } },
])('a stream that does not take it ($says.error) is 503 with what to do', async ({ error, says }) => {
  const { act } = await open({ act: async () => { throw error } })
  const answer = await act({ what: 'unpin' }, '?id=mine-1')
  expect([answer.status, answer.json()]).toEqual([503, expect.objectContaining(says)])
})

test.each<{ readonly action: unknown; readonly says: RegExp }>([
  { action: { what: 'acknowledge' }, says: /alert=null/ }, { action: { what: 'acknowledge', alert: 'a', more: 1 }, says: /more: no such parameter/ }, { action: null, says: /wrong-body/ }, { action: [], says: /wrong-body/ },
  { action: { what: 'note', alert: 'a', text: 'x'.repeat(2001) }, says: /text=/ }, { action: { what: 'silence', topic: 'a', grade: 'normal', until: 1, reason: 'x' }, says: /grade=/ },
])('$action is no action', async ({ action, says }) => {
  const { act } = await open({})
  const answer = await act(action)
  expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(says)])
})

test('a page of alerts says what comes behind it, and of a page that begins nowhere that it does not', async () => {
  const asked: unknown[] = []
  const { get } = await open({ alerts: async (one) => { asked.push(one); return one.before === 'gone' ? null : [alert, { ...alert, id: 'outage/0' }].slice(0, one.limit) } })
  expect((await get('/api/alerts?limit=1&topic=outage')).json()).toEqual({ alerts: [alert], limit: 1, next: 'outage/1' })
  expect((await get('/api/alerts?limit=2&before=outage%2F7')).json()).toMatchObject({ next: null })
  expect(asked).toEqual([{ topic: 'outage', from: null, to: null, before: null, limit: 2 }, { topic: null, from: null, to: null, before: 'outage/7', limit: 3 }])
  expect((await get('/api/alerts?before=gone')).status).toBe(404)
  expect((await get('/api/alerts?limit=501')).status).toBe(400)
})

test('the log is asked for by alert, topic and time', async () => {
  const asked: unknown[] = []
  const { get } = await open({ actions: async (one) => { asked.push(one); return [] } })
  expect((await get('/api/actions?alert=a%2F1&topic=a&from=1970-01-01T00:00:01Z&limit=7')).json()).toEqual({ actions: [], limit: 7 })
  expect(asked).toEqual([{ alert: 'a/1', topic: 'a', from: 1000, to: null, limit: 7 }])
})

test('the document says what an action is', async () => {
  const { get } = await open({})
  const { paths } = (await get('/api/openapi.json')).json()
  const { requestBody, parameters, responses } = paths['/api/actions'].post
  expect(requestBody.content['application/json'].schema.oneOf.map((one: { properties: { what: { const: string } } }) => one.properties.what.const)).toEqual(['acknowledge', 'work', 'resolve', 'reopen', 'assign', 'note', 'silence', 'unsilence', 'pin', 'unpin'])
  expect([parameters[0].name, Object.keys(responses), Object.keys(paths['/api/alerts'].get.responses)]).toEqual(['id', ['202', '400', '404', '409', '503', 'default'], ['200', '404', '503', 'default']])
})
