// Dead letters over HTTP: what a request asks the house for, and what is answered when the stream says no.
import { afterEach, expect, test } from 'vitest'
import { tmpdir } from 'node:os'
import { StreamDown, StreamFull } from '../../stream-errors.ts'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { ReplayStopped, type DeadLetter, type DeadLetterDeps } from './dead-letters.ts'
import { createHttp } from './http.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })

const dead: DeadLetter = { at: '2026-01-01T08:00:00.000Z', platform: 'weibo', reason: 'ts-missing', detail: 'there is no ts', seq: 7, line: 2, raw: '{"id":"1"}' }
const replayed = { letters: 2, sent: 2, repeated: 0, refused: 0, bytes: 20, dryRun: false, next: null }

async function open(deps: Partial<DeadLetterDeps> = {}) {
  const asked: unknown[] = []
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 0, clock: () => null,
    health: never, stats: never, topics: () => [], topic: () => null, rulesOf: () => null, someTopics: () => [], series: never, history: never, countdowns: () => null, cascades: never, spikes: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
    deadLetters: async (question) => { asked.push(question); return [dead] },
    deadLetterReasons: async (question) => { asked.push(question); return [{ reason: 'ts-missing', letters: 4, replayed: 1, newest: dead.at }] },
    replay: async (question) => { asked.push(question); return replayed },
    dismiss: async (question) => { asked.push(question); return { letters: 3, dryRun: question.dryRun, next: null } },
    ...deps,
  })
  ending.push(() => http.close())
  return { url: (await http.listen(0)).url, asked }
}

test('as many dead letters are asked for as the limit says', async () => {
  const { url, asked } = await open()
  for (const limit of [1, 1000]) expect((await ask(`${url}/api/dead-letters?limit=${limit}`)).json().limit).toBe(limit)
  expect(asked).toEqual([1, 1000].map((limit) => ({ limit, all: false })))
})

test('dead letters are asked for by reason and time, counted by reason, and sent again', async () => {
  const { url, asked } = await open()
  await ask(`${url}/api/dead-letters?reason=ts-missing&since=2026-01-01T00:00:00Z&before=1767225700000&all=true`)
  expect((await ask(`${url}/api/dead-letters/reasons?since=1767225600000`)).json()).toEqual({ reasons: [{ reason: 'ts-missing', letters: 4, replayed: 1, newest: dead.at }] })
  expect((await ask(`${url}/api/dead-letters/replay?reason=poison&limit=10000&from=1.2.3.4.5.6&dryRun=true`, { method: 'POST' })).json()).toEqual(replayed)
  expect(asked).toEqual([
    { reason: 'ts-missing', since: 1_767_225_600_000, before: 1_767_225_700_000, all: true, limit: 100 }, { since: 1_767_225_600_000 },
    { reason: 'poison', limit: 10_000, from: '1.2.3.4.5.6', dryRun: true, all: false },
  ])
  expect((await ask(`${url}/api/dead-letters/replay`)).status, 'reading sends nothing').toBe(405)
})

test('a replay that the stream stops says what was sent; a second one beside it is refused; a foreign page starts none', async () => {
  const [held, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let calls = 0
  const { url } = await open({ replay: async () => { calls++; begun.resolve(); await held.promise; throw new ReplayStopped({ ...replayed, sent: 1 }, new StreamFull('full')) } })
  const replay = (headers = {}) => ask(`${url}/api/dead-letters/replay`, { method: 'POST', headers })
  const first = replay()
  await begun.promise
  expect(await replay()).toMatchObject({ status: 503, text: expect.stringContaining('"busy"') as string })
  held.resolve()
  const { status, headers, json } = await first
  expect([status, headers['retry-after'], json()]).toMatchObject([503, '10', { error: 'stream-full', sent: 1 }])
  expect((await replay({ origin: 'https://elsewhere.example' })).status).toBe(403)
  expect(calls).toBe(1)
})

test('dead letters are dismissed by reason and time, never while they are sent again, and not for a foreign page', async () => {
  const [held, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { url, asked } = await open({ replay: async () => { begun.resolve(); await held.promise; return replayed } })
  const dismiss = (query = '', headers = {}) => ask(`${url}/api/dead-letters/dismiss${query}`, { method: 'POST', headers })
  expect((await dismiss('?reason=ts-missing&before=1767225700000&limit=2000')).json()).toEqual({ letters: 3, dryRun: false, next: null })
  expect(asked).toEqual([{ reason: 'ts-missing', before: 1_767_225_700_000, limit: 2000, dryRun: false, from: null }])
  expect((await dismiss('?all=true')).status, 'what is dismissed already is not dismissed again').toBe(400)
  expect((await dismiss('', { origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await ask(`${url}/api/dead-letters/dismiss`)).status, 'reading dismisses nothing').toBe(405)
  const replaying = ask(`${url}/api/dead-letters/replay`, { method: 'POST' })
  await begun.promise
  expect(await dismiss()).toMatchObject({ status: 503, text: expect.stringContaining('"busy"') as string })
  held.resolve()
  await replaying
  expect((await dismiss()).status).toBe(200)
  expect(asked).toHaveLength(2)
})

test('where NATS is gone the answer says so and when to ask again', async () => {
  const { url } = await open({ replay: async () => { throw new ReplayStopped(replayed, new StreamDown('gone')) } })
  const { status, headers, json } = await ask(`${url}/api/dead-letters/replay`, { method: 'POST' })
  expect([status, headers['retry-after'], json()]).toMatchObject([503, '5', { error: 'nats-down', sent: 2 }])
})
