import { expect, test } from 'vitest'
import { checkInsertSettings, insertSettings } from './insert-settings.ts'

const answering = (changed: Readonly<Record<string, string | null>>) => ({
  query: async <Row>() => Object.entries({ ...insertSettings, ...changed }).flatMap(([name, value]) => (value === null ? [] : [{ name, value: String(value) }])) as Row[],
})

test('what was sent and is in force is right; a setting that a profile holds, or that the server does not know, is refused by name', async () => {
  await checkInsertSettings(answering({}))
  await expect(checkInsertSettings(answering({ async_insert: '1' }))).rejects.toThrow(/async_insert = 1,.*must be 0\. Let the profile/)
  await expect(checkInsertSettings(answering({ deduplicate_blocks_in_dependent_materialized_views: null }))).rejects.toThrow(/does not know it.*update ClickHouse/)
})
