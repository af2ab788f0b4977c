import { expect, test } from 'vitest'
import { checkTables, mendingOf, missingWindows } from './check-tables.ts'

const table = (engine: string, ...settings: string[]) => ({ name: 'mentions', engine, create: `CREATE TABLE d.mentions (a UInt8) ENGINE = ${engine} ORDER BY a SETTINGS index_granularity = 8192, ${settings.join(', ')}` })
const mending = (...of: Parameters<typeof table>): string[] => missingWindows([table(...of)]).map(mendingOf)

test('a table of one server has a window of its own', () => {
  expect(mending('MergeTree', 'non_replicated_deduplication_window = 10000')).toEqual([])
  expect(mending('ReplacingMergeTree', 'replicated_deduplication_window = 10000')).toEqual(['ALTER TABLE mentions MODIFY SETTING non_replicated_deduplication_window = 10000'])
})

test('a replicated table keeps its window for a week at least: a server of today forgets a token after an hour by itself', () => {
  expect(mending('ReplicatedMergeTree', 'replicated_deduplication_window_seconds = 604800')).toEqual([])
  for (const settings of ['replicated_deduplication_window = 10000', 'replicated_deduplication_window_seconds = 3600']) {
    expect(mending('ReplicatedReplacingMergeTree', settings)).toEqual(['ALTER TABLE mentions MODIFY SETTING replicated_deduplication_window_seconds = 604800'])
  }
  expect(mending('ReplicatedMergeTree', 'replicated_deduplication_window = 0', 'replicated_deduplication_window_seconds = 604800')).toEqual(['ALTER TABLE mentions MODIFY SETTING replicated_deduplication_window = 10000'])
})

test('views and the tables inside them are none of ours to check', () => {
  expect(missingWindows([{ ...table('MergeTree'), name: '.inner.x' }, table('MaterializedView'), table('Memory')])).toEqual([])
})

test('a start is refused with the statement that mends the table', async () => {
  const store = { query: async <Row>() => [table('ReplicatedMergeTree', 'replicated_deduplication_window_seconds = 3600')] as Row[] }
  await expect(checkTables(store)).rejects.toThrow(/table mentions would store a repeated insert twice.*replicated_deduplication_window_seconds = 604800/)
})
