// `/api/rules…` at its edge: what is too long or of another form is refused by name, and whoever leaves a backtest, whenever that is, leaves none behind that
// nobody ends.
import { once } from 'node:events'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type { BacktestLine } from '@groundswell/schemas/rules-desk.ts'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import { createHttp } from './http.ts'
import type { RulesDesk } from './rules-desk.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => { for (const end of ending.splice(0)) await end() })

const body = JSON.stringify({ topic: { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网' } })
const json = { 'content-type': 'application/json' }
const never = (): never => { throw new Error('not asked') }

async function open(backtest: RulesDesk['backtest']): Promise<string> {
  const desk: RulesDesk = { read: never, save: never, check: never, history: never, textAt: never, changesAt: never, preview: never, backtest }
  const http = await createHttp({ ...unasked, token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), rulesDesk: () => desk })
  ending.push(() => http.close())
  return (await http.listen(0)).url
}

test('a backtest whose asker left before its first line is ended', async () => {
  const [asked, left, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const url = await open(async function* (_asked, signal): AsyncGenerator<BacktestLine> {
    signal.addEventListener('abort', () => { left.resolve() })
    try {
      asked.resolve()
      await left.promise // the store is slow, and says something all the same
      yield { done: false, share: 0 }
      await new Promise(() => undefined)
    } finally {
      ended.resolve()
    }
  })
  const question = request(`${url}/api/rules/backtest`, { method: 'POST', headers: json, agent: false })
  question.on('error', () => undefined)
  question.end(body)
  await asked.promise
  question.destroy()
  await ended.promise
})

test('a backtest whose asker leaves half-way is ended', async () => {
  const ended = Promise.withResolvers<void>()
  const url = await open(async function* (): AsyncGenerator<BacktestLine> {
    try {
      for (;;) {
        await setImmediate()
        yield { done: false, share: 0.5 }
      }
    } finally {
      ended.resolve()
    }
  })
  const question = request(`${url}/api/rules/backtest`, { method: 'POST', headers: json, agent: false })
  question.on('error', () => undefined)
  question.end(body)
  await once(question, 'response')
  question.destroy()
  await ended.promise
})

test('a backtest that is read to its end says all of its lines', async () => {
  const url = await open(async function* (): AsyncGenerator<BacktestLine> {
    yield { done: false, share: 0 }
    yield { done: false, share: 0.5 }
  })
  expect((await ask(`${url}/api/rules/backtest`, { method: 'POST', headers: json, body })).text).toBe('{"done":false,"share":0}\n{"done":false,"share":0.5}\n')
})

test.each([
  { what: 'a body of JSON that is too long', sent: JSON.stringify({ text: 'x'.repeat(3 << 20), base: 1 }), status: 413, detail: 'the body is over 2097152 bytes' },
  { what: 'a body that is no object', sent: '[]', status: 400, detail: 'the body: it is to be an object of JSON' },
])('$what is refused by name', async ({ sent, status, detail }) => {
  const answer = await ask(`${await open(never)}/api/rules`, { method: 'PUT', headers: json, body: sent })
  expect([answer.status, answer.json()]).toEqual([status, expect.objectContaining({ detail })])
})
