// The history of a topic over HTTP: what a request asks the house for, what is answered, and what is refused with its reason.
import { tmpdir } from 'node:os'
import { topicHistorySchema, type HistoryPoint } from '@groundswell/schemas/topic-history.ts'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { HistoryBusy, type BaselineDeps, type HistoryAsked } from './baseline.ts'
import { createHttp } from './http.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })

const clock = Date.parse('2026-01-01T08:00:30Z') / 1000
const rules = { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网', baseline: { alarmBudget: '2 per 8h' } }
const point: HistoryPoint = { at: clock - 30, count: 3, usual: 2.5, low: 0, high: 7.2, score: 0.1, falsePerDay: 200, stage: 'latent' }
const begun = {
  kind: 'baseline', topic: 'outage', state: 'begin', rule: { alarmBudget: '2 per 8h' }, grade: 'moderate', at: '2026-01-01T07:50:59Z', since: '2026-01-01T07:48:00Z', count: 412, within: '5m', usual: 38, high: 97,
  falseAlarms: 0.1, reason: { zh: '5 分钟内 412 次', en: '412 in 5 min' }, id: 'outage/baseline/2026-01-01T07:50:59Z/begin',
} as const

async function open(deps: Partial<BaselineDeps> = {}) {
  const asked: HistoryAsked[] = []
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 1000 * clock, clock: () => clock,
    health: never, stats: never, topics: never, topic: (id) => (id === 'outage' ? { id, rules, now: null } : null), rulesOf: never, someTopics: () => ['outage'], series: never, spikes: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
    deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, countdowns: () => null, cascades: never,
    history: async (question) => { asked.push(question); return { budget: { text: '2 per 8h', perDay: 6, ownPerDay: 6 }, points: [point], alarms: [begun], alarmsCut: false } },
    ...deps,
  })
  ending.push(() => http.close())
  const url = `${(await http.listen(0)).url}/api/topics`
  return { asked, at: (path: string) => ask(`${url}/${path}`) }
}

test('the answer has the shape of the contract, and what the wall shows besides', async () => {
  const { at } = await open()
  const { now, ...history } = (await at('outage/baseline?step=1m&span=2h')).json()
  expect(now).toBe(null)
  expect(topicHistorySchema.parse(history)).toEqual({
    topic: 'outage', name: rules.name, step: '1m', from: '2026-01-01T06:01:00.000Z', to: '2026-01-01T08:01:00.000Z', budget: { text: '2 per 8h', perDay: 6, ownPerDay: 6 }, points: [point], alarms: [begun], alarmsCut: false,
  })
})

test.each([
  { query: '', from: '2025-12-31T08:05:00Z', to: '2026-01-01T08:05:00Z', step: 300, why: 'a day in steps of five minutes, up to the event clock' },
  { query: '?step=1h&span=28d', from: '2025-12-04T09:00:00Z', to: '2026-01-01T09:00:00Z', step: 3600, why: 'four weeks by the hour' },
  { query: '?step=1m&span=7d', from: '2025-12-25T08:01:00Z', to: '2026-01-01T08:01:00Z', step: 60, why: 'a week by the minute' },
  { query: '?step=15m&from=2026-01-01T00:07:00Z&to=1767225700000', from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:15:00Z', step: 900, why: 'from and to are rounded to whole steps' },
])('$query is $why', async ({ query, from, to, step }) => {
  const { asked, at } = await open()
  expect((await at(`outage/baseline${query}`)).status).toBe(200)
  expect(asked).toEqual([{ rules, from: Date.parse(from) / 1000, to: Date.parse(to) / 1000, stepSeconds: step, clock }])
})

test('before the first mention it ends now', async () => {
  const { asked, at } = await open({ clock: () => null, now: () => 1000 * clock + 5 })
  await at('outage/baseline?step=1m&span=2h')
  expect(asked).toMatchObject([{ clock: null, to: Date.parse('2026-01-01T08:01:00Z') / 1000 }])
})

test.each([
  { path: 'nothing/baseline', status: 404, says: /no topic "nothing".*the topics are outage/ },
  { path: 'outage/baseline?step=2m', status: 400, says: /step="2m": a step is one of 1m, 5m, 15m, 1h/ },
  { path: 'outage/baseline?span=1y', status: 400, says: /span="1y": a span is a whole number/ },
  { path: 'outage/baseline?from=yesterday', status: 400, says: /from="yesterday": a time is/ },
  { path: 'outage/baseline?from=2026-02-01T00:00:00Z', status: 400, says: /from 2026-02-01T00:00:00.000Z is not before to 2026-01-01T08:05:00.000Z/ },
  { path: 'outage/baseline?to=1970-01-01T01:00:00Z', status: 400, says: /before 1970/ },
  { path: 'outage/baseline?span=8d', status: 400, says: /is 8 days by step=5m.*at most 7 days at once, or step=1h for up to 28 days/ },
  { path: 'outage/baseline?step=1h&span=40d', status: 400, says: /is 40 days by step=1h · ask for at most 28 days at once$/ },
  { path: 'outage/baseline?window=5m', status: 400, says: /window: no such parameter/ },
])('$path is answered $status and says why', async ({ path, status, says }) => {
  const { at } = await open()
  const answer = await at(path)
  expect([answer.status, `${answer.json().detail} · ${answer.json().hint}`]).toEqual([status, expect.stringMatching(says)])
})

test('where too many ask at once the answer is 503, and says that it can be had later', async () => {
  const { at } = await open({ history: async () => { throw new HistoryBusy() } })
  const answer = await at('outage/baseline')
  expect([answer.status, answer.json()]).toMatchObject([503, { error: 'busy', detail: 'too many histories are being worked out', hint: 'ask again in a few seconds' }])
})
