// Looks at names on the embedded store, and what the API makes of them: who may, what is logged, and that nothing is shown where it is not.
import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { looksOf } from '../io/clickhouse/access-log.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { logLook } from '../io/http/access-log.ts'
import { setCaller } from '../io/http/caller.ts'
import { LookLog, lookLimits } from './look-log.ts'

const at = Date.parse('2026-01-02T08:00:00.125Z')
const look = (i: number) => ({ by: `p${i % 2}`, role: 'operator' as const, route: '/api/topics/outage/mentions', query: `names=1&offset=${i}`, at: at + 1000 * i })
const all = { by: null, from: null, to: null, limit: 100 }

test('a look is in the store when it resolves, and is found by who and when, newest first', async () => {
  const { store } = await testStore()
  const log = new LookLog(store)
  await log.log(look(0))
  expect(await looksOf(store, all)).toEqual([{ at: '2026-01-02T08:00:00.125Z', by: 'p0', role: 'operator', route: '/api/topics/outage/mentions', query: 'names=1&offset=0' }])
  await Promise.all([1, 2, 3, 4].map((i) => log.log(look(i))))
  const queries = async (question: Partial<typeof all> | { by: string } | { from: number; to: number }) => (await looksOf(store, { ...all, ...question })).map(({ query }) => Number(query.split('=').at(-1)))
  expect(await queries({})).toEqual([4, 3, 2, 1, 0])
  expect(await queries({ by: 'p1' })).toEqual([3, 1])
  expect(await queries({ from: at + 1000, to: at + 3000 })).toEqual([2, 1])
  expect(await queries({ limit: 2 })).toEqual([4, 3])
})

test('looks that come while one is written go together, each with its own end; too many are refused', async () => {
  const writes: { readonly count: number; end(error?: Error): void }[] = []
  const log = new LookLog({ insertRows: (_table, _token, rows) => new Promise<void>((resolve, reject) => { writes.push({ count: rows.length, end: (error) => (error ? reject(error) : resolve()) }) }) })
  const ends = Array.from({ length: 1 + lookLimits.waitingMax }, (_, i) => log.log(look(i)).then(() => 'logged', () => 'not logged'))
  await expect(log.log(look(9))).rejects.toThrow('500 looks wait for the store')
  expect(writes.map(({ count }) => count)).toEqual([1])
  writes[0]!.end()
  expect(await ends[0]).toBe('logged')
  await expect.poll(() => writes.length).toBe(2)
  writes[1]!.end(new Error('away'))
  expect(new Set(await Promise.all(ends.slice(1)))).toEqual(new Set(['not logged']))
  const after = log.log(look(1))
  await expect.poll(() => writes.length).toBe(3)
  writes[2]!.end()
  await after
})

const requestOf = (role: 'viewer' | 'operator', url: string): FastifyRequest => {
  const request = { url } as FastifyRequest
  setCaller(request, { name: 'desk', role })
  return request
}

test('only operators may look, and what cannot be logged is not shown', async () => {
  const logged: unknown[] = []
  const deps = { now: () => at, logAccess: async (one: unknown) => { logged.push(one) } }
  await expect(logLook(requestOf('viewer', '/api/mentions/m1?names=1'), deps)).rejects.toMatchObject({ status: 403, body: { error: 'not-permitted', needs: 'operator', role: 'viewer' } })
  expect(logged).toEqual([])
  await logLook(requestOf('operator', '/api/mentions/m1?names=1&text=%E6%96%AD'), deps)
  expect(logged).toEqual([{ by: 'desk', role: 'operator', route: '/api/mentions/m1', query: 'names=1&text=%E6%96%AD', at }])
  await expect(logLook(requestOf('operator', '/api/mentions/m1?names=1'), { now: () => at, logAccess: async () => { throw new Error('the store is away') } }))
    .rejects.toMatchObject({ status: 503, body: { error: 'look-not-logged', detail: expect.stringContaining('the store is away') as string } })
})
