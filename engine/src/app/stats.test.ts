import { expect, test } from 'vitest'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import type { House } from './house.ts'
import { statsOf } from './stats.ts'

const houseOver = (query: () => Promise<unknown>): House => ({
  store: { query }, stream: { created: 7 }, inserter: { position: 9 }, engine: { counters: { counted: 3, duplicates: 0, late: 1, skewed: 0, deadLetters: 0 } },
}) as unknown as House

test('the numbers of the engine stand beside the direct count', async () => {
  expect(await statsOf(houseOver(async () => [{ stored: 4 }]))).toEqual({ stored: 4, counted: 3, duplicates: 0, late: 1, skewed: 0, deadLetters: 0, position: { stream: 7, seq: 9 } })
})

test('everything up to the position is in the count: what is stored while it is counted moves the position of the next answer', async () => {
  const inserter = { position: 9 }
  const house = { ...houseOver(async () => { inserter.position = 10; return [{ stored: 4 }] }), inserter } as unknown as House
  expect(await statsOf(house)).toMatchObject({ stored: 4, position: { seq: 9 } })
})

test.each([
  ['says no', async () => { throw new StoreDown('ClickHouse does not answer') }, /does not answer$/],
  ['hangs', () => new Promise(() => undefined), /no answer within 0.01 s$/],
])('a store that %s is told as 503, in a sentence that names it, and is no bug of ours', async (_how, query, said) => {
  await expect(statsOf(houseOver(query), 10)).rejects.toMatchObject({ name: 'Refusal', status: 503, body: { error: 'store-down', detail: expect.stringMatching(said) } })
})

test('a bug of ours stays one', async () => {
  await expect(statsOf(houseOver(async () => { throw new TypeError('ours') }))).rejects.toThrow(TypeError)
})
