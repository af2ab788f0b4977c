// How long rows are kept: a setting, so it lives in the tables' TTL and is changed there when the setting changes.
import type { Migratable } from './migrate.ts'

/** By ingest time: a recording of 2010 that came in today is new. Events, rules and positions are small and stay. */
export const kept = [{ table: 'mentions', column: 'ingested' }, { table: 'dead_letters', column: 'ingested' }, { table: 'topic_minutes', column: 'newest' }, { table: 'replayed_letters', column: 'at' }, { table: 'cascades', column: 'evictedAt' }] as const

/** Answers the tables whose retention it changed. Old rows go in the background, with the merges. */
export async function setRetention(store: Migratable, days: number): Promise<string[]> {
  const tables = await store.query<{ name: string; create_table_query: string }>('SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase()')
  const changed: string[] = []
  for (const { table, column } of kept) {
    const create = tables.find((one) => one.name === table)?.create_table_query ?? ''
    if (create.includes(`TTL ${column} + toIntervalDay(${days})`)) continue
    await store.command(`ALTER TABLE ${table} MODIFY TTL ${column} + toIntervalDay(${days})`)
    changed.push(table)
  }
  return changed
}
