// Reads that nobody waits for any more, on the embedded store: it stops working on them.
import { expect, test } from 'vitest'
import { testStore } from './store.testing.ts'

const { store } = await testStore()
/** Minutes of one thread, unless it is ended. */
const long = (name: string): string => `SELECT sum(cityHash64(a.number, b.number)) AS ${name} FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b SETTINGS max_threads = 1`
const underWay = async (name: string): Promise<number> => (await store.query('SELECT query FROM system.processes WHERE position(query, {name:String}) > 0 AND position(query, \'system.processes\') = 0', { name })).length

test.each([
  { how: 'rows', read: (sql: string, until: AbortSignal) => store.query(sql, {}, until) },
  { how: 'chunks', read: async (sql: string, until: AbortSignal) => { for await (const _ of store.queryChunks(sql, {}, until)) continue } },
])('a read of $how is ended in the store when who asked has gone', async ({ how, read }) => {
  const name = `long_${how}`
  const tab = new AbortController()
  const reading = read(long(name), tab.signal).then(() => 'answered', (error: Error) => error.name)
  await expect.poll(() => underWay(name)).toBe(1)
  tab.abort()
  expect(await reading).toBe('StoreDown')
  await expect.poll(() => underWay(name)).toBe(0)
})

test('a read whose asker stays is answered, and one who has gone before is asked of no store', async () => {
  const tab = new AbortController()
  expect(await store.query('SELECT {n:UInt8} AS n', { n: 7 }, tab.signal)).toEqual([{ n: 7 }])
  tab.abort()
  await expect(store.query('SELECT 1', {}, tab.signal)).rejects.toMatchObject({ name: 'StoreDown' })
})
