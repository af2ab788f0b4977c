// The routes of one topic: none of them looks at the others; times that the store cannot hold and unknown parameters are refused by name.
import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { createHttp } from './http.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })

const clock = Date.parse('2026-01-01T08:00:30Z') / 1000
const rules = { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网' }

async function open(ids: readonly string[] = ['outage']) {
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 1000 * clock, clock: () => clock,
    health: never, stats: never, topics: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
    deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never,
    topic: (id) => (id === 'outage' ? { id, rules, now: null } : null), rulesOf: (id) => (id === 'outage' ? rules : null), someTopics: (max) => ids.slice(0, max),
    cascades: () => { throw new Error('not asked') }, countdowns: (id) => (id === 'outage' ? [] : null), series: async () => [], spikes: async () => [], history: async () => ({ budget: null, points: [], alarms: [], alarmsCut: false }),
  })
  ending.push(() => http.close())
  const { url } = await http.listen(0)
  return (path: string) => ask(`${url}${path}`)
}

test.each(['series', 'baseline', 'countdown'])('%s of one topic costs no row of another', async (route) => {
  const at = await open()
  expect((await at(`/api/topics/outage/${route}`)).status).toBe(200)
})

test.each([
  { topics: 0, hint: 'the rules have no topic yet' },
  { topics: 2, hint: 'the topics are t0, t1' },
  { topics: 10, hint: 'the topics are t0, t1, t2, t3, t4, t5, t6, t7, t8, t9' },
  { topics: 10_000, hint: 'the topics are t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, …: see /api/topics' },
])('of $topics topics none is the one that is asked for: all three routes say so alike', async ({ topics, hint }) => {
  const at = await open(Array.from({ length: topics }, (_, i) => `t${i}`))
  for (const route of ['series', 'baseline', 'countdown']) {
    const answer = await at(`/api/topics/nothing/${route}`)
    expect([answer.status, answer.json()], route).toMatchObject([404, { error: 'unknown-topic', detail: 'no topic "nothing" in the rules', hint, said: [{ code: 'no-topic', values: { topic: '"nothing"' } }, {}] }])
  }
})

test.each([
  { path: '/api/topics/outage/series?to=2106-02-07T06:28:16Z&from=2106-02-07T06:00:00Z', says: /^to="2106-02-07T06:28:16Z": .*1970-01-01T00:00:00Z to 2106-02-07T06:28:15Z/ },
  { path: '/api/topics/outage/series?from=4294967296000', says: /^from="4294967296000": .*1970-01-01T00:00:00Z to 2106-02-07T06:28:15Z/ },
  { path: '/api/topics/outage/series?from=1969-12-31T23:59:59Z&to=1970-01-01T00:10:00Z', says: /^from="1969-12-31T23:59:59Z": .*1970-01-01T00:00:00Z to/ },
  { path: '/api/topics/outage/series?to=1970-01-01T00:10:00Z', says: /would begin at 1969-12-31T22:10:00.000Z, before 1970-01-01T00:00:00Z · give a later to/ },
  { path: '/api/topics/outage/series?from=2106-02-07T06:00:00Z&to=2106-02-07T06:28:15Z', says: /would end at 2106-02-07T06:29:00.000Z, after 2106-02-07T06:28:15Z · give an earlier to/ },
  { path: '/api/topics/outage/baseline?to=9999-12-31T00:00:00Z', says: /^to="9999-12-31T00:00:00Z": .*1970-01-01T00:00:00Z to 2106-02-07T06:28:15Z/ },
  { path: '/api/topics/outage/baseline?from=1900-01-01T00:00:00Z', says: /^from="1900-01-01T00:00:00Z": .*1970-01-01T00:00:00Z to/ },
  { path: '/api/topics/outage/baseline?to=1970-01-01T00:10:00Z&step=1m&span=2h', says: /would begin at 1969-12-31T22:10:00.000Z, before 1970-01-01T00:00:00Z · give a later to/ },
  { path: '/api/topics/outage/baseline?to=2106-02-07T06:28:15Z&step=1h', says: /would end at 2106-02-07T07:00:00.000Z, after 2106-02-07T06:28:15Z · give an earlier to/ },
  { path: '/api/spikes?from=2106-02-07T06:28:15.001Z', says: /^from="2106-02-07T06:28:15.001Z": .*1970-01-01T00:00:00Z to/ },
  { path: '/api/spikes?to=1969-12-31T23:59:59.999Z', says: /^to="1969-12-31T23:59:59.999Z": .*1970-01-01T00:00:00Z to/ },
  { path: '/api/topics/outage/countdown?x=1', says: /^x: no such parameter · / },
])('$path is refused, and says what there is', async ({ path, says }) => {
  const at = await open()
  const answer = await at(path)
  expect([answer.status, `${answer.json().detail} · ${answer.json().hint}`]).toEqual([400, expect.stringMatching(says)])
})

test.each([
  '/api/topics/outage/series?from=1970-01-01T00:00:00Z&to=1970-01-01T00:10:00Z', '/api/topics/outage/series?from=2106-02-07T06:00:00Z&to=2106-02-07T06:28:00Z',
  '/api/topics/outage/baseline?from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z', '/api/topics/outage/baseline?to=2106-02-07T06:25:00Z', '/api/spikes?from=1970-01-01T00:00:00Z&to=2106-02-07T06:28:15Z',
])('%s is asked of the store', async (path) => {
  expect((await (await open())(path)).status).toBe(200)
})

test('an address that nobody can decode is refused as everything else is', async () => {
  const at = await open()
  const answer = await at('/api/topics/%E0%A4%A')
  expect([answer.status, answer.json()]).toEqual([400, { error: 'wrong-request', detail: 'the address "/api/topics/%E0%A4%A" cannot be decoded', hint: 'write what is no letter or digit as % and two digits, of UTF-8' }])
})
