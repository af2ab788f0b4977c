// The routes of one topic: none of them looks at the others, and times that the store cannot hold are refused by name.
import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { createHttp } from './http.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })

const clock = Date.parse('2026-01-01T08:00:30Z') / 1000
const rules = { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网' }

async function open(ids: readonly string[] = ['outage']) {
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 1000 * clock, clock: () => clock,
    health: never, stats: never, topics: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
    deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never,
    topic: (id) => (id === 'outage' ? { id, rules, now: null } : null), rulesOf: (id) => (id === 'outage' ? rules : null), someTopics: (max) => ids.slice(0, max),
    countdowns: (id) => (id === 'outage' ? [] : null), series: async () => [], spikes: async () => [], history: async () => ({ budget: null, points: [], alarms: [], alarmsCut: false }),
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
    expect([answer.status, answer.json()], route).toEqual([404, { error: 'unknown-topic', detail: 'no topic "nothing" in the rules', hint }])
  }
})
