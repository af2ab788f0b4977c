import { expect, test } from 'vitest'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import { createLog } from '../io/log/log.ts'
import { createMetrics } from '../io/metrics/metrics.ts'
import { Problems } from '../pipeline/problems.ts'
import { insertTeller } from './telling.ts'

test('an outbox that finds no room is told as what it is, once, and not as a store that is away', () => {
  const told: { readonly level: string; readonly message: string }[] = []
  const problems = new Problems(() => 1)
  const tell = insertTeller({ problems, metrics: createMetrics('test'), log: createLog({ readable: false, write: (line) => told.push(JSON.parse(line) as typeof told[number]) }) })
  const kinds = (): string[] => problems.list.map(({ kind }) => kind)
  tell({ error: new Error('/data/outbox/alerts.ndjson could not be written: ENOSPC'), retryInMs: 250 })
  tell({ error: new Error('/data/outbox/alerts.ndjson could not be written: ENOSPC'), retryInMs: 500 })
  expect(problems.list).toMatchObject([{ kind: 'disk-low', detail: expect.stringContaining('alerts.ndjson') }])
  tell({ error: new StoreDown('ClickHouse does not answer'), retryInMs: 500 })
  expect(kinds().toSorted()).toEqual(['disk-low', 'store-down'])
  tell(null)
  expect(kinds()).toEqual([])
  expect(told.map(({ level, message }) => `${level} ${message.split(/[;,]/)[0]}`)).toEqual([
    'error alerts cannot be kept on the disk of the data folder', 'error ClickHouse does not take inserts', 'warn alerts are kept on the disk again', 'warn ClickHouse takes inserts again',
  ])
})
