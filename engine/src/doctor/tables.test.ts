import { expect, test } from 'vitest'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { lookAtTables, rulesHash } from './tables.ts'

test('the newest rules are those with the highest place in the newest stream, whatever clock says when they came', async () => {
  const { store } = await testStore()
  const newest = async (): Promise<unknown> => (await lookAtTables(store)).rules
  await store.insertRows('rules', 'first', [{ stream: 5, seq: 0, text: 'of the file' }]) // by the clock of the store, at a first start
  await store.insertRows('rules', 'later', [{ stream: 5, seq: 7, text: 'of the desk', appliedAt: '2024-05-20T12:00:00.000Z' }]) // by that of a stream which is read long after
  expect(await newest()).toEqual({ seq: 7, hash: rulesHash('of the desk') })
  await store.insertRows('rules', 'again', [{ stream: 6, seq: 0, text: 'anew', appliedAt: '2024-05-20T11:00:00.000Z' }])
  expect(await newest()).toEqual({ seq: 0, hash: rulesHash('anew') })
})
