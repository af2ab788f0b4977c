import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { createHttp } from './http.ts'
import { unasked } from './unasked.testing.ts'

const clock = 1_700_000_000
const thresholds = [
  { count: 100, within: '10m', held: 120, tripped: true, countdown: null },
  { count: 500, within: '1h', held: 420, tripped: false, countdown: { count: 500, within: '1h', horizonSeconds: 3600, probability: 0.7312, eta: clock + 900, low: clock + 400, high: null } },
]

async function answerOf(path: string) {
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 1000 * clock, clock: () => clock,
    health: never, stats: never, topics: never, topic: never, rulesOf: never, someTopics: () => ['outage'], series: never, history: never, spikes: never, doctor: never, backup: never, backupCopied: never, publish: never,
    deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, metrics: { contentType: 'text/plain', text: never },
    cascades: never, countdowns: (topic) => (topic === 'outage' ? thresholds : null),
  })
  try { return await ask(`${(await http.listen(0)).url}/api/topics/${path}`) } finally { await http.close() }
}

test('every threshold of a topic is listed, in the order of the rules, beside the clock that its times are read against', async () => {
  const answer = await answerOf('outage/countdown')
  expect([answer.status, answer.json()]).toEqual([200, { topic: 'outage', clock, thresholds }])
})

test('a topic that no rule names is answered 404, and which there are', async () => {
  const answer = await answerOf('nothing/countdown')
  expect([answer.status, answer.json().hint]).toEqual([404, 'the topics are outage'])
})
