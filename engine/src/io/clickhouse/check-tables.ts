// Checks at start that every table deduplicates repeated inserts: without that a retry after a crash would count twice.
import type { Migratable } from './migrate.ts'
import { StoreRefused } from './store-errors.ts'

/** Repeats come at once after the first try, so even a small window would do; a table without one is refused. */
export async function checkTables(store: Pick<Migratable, 'query'>): Promise<void> {
  const tables = await store.query<{ name: string; engine: string; create_table_query: string }>('SELECT name, engine, create_table_query FROM system.tables WHERE database = currentDatabase()')
  for (const { name, engine, create_table_query: create } of tables) {
    if (!engine.endsWith('MergeTree') || name.startsWith('.')) continue
    const replicated = engine.startsWith('Replicated')
    const setting = replicated ? 'replicated_deduplication_window' : 'non_replicated_deduplication_window'
    const window = Number(new RegExp(`\\b${setting} = (\\d+)`).exec(create)?.[1] ?? (replicated ? 100 : 0))
    if (window > 0) continue
    throw new StoreRefused(`table ${name} would store a repeated insert twice: run ALTER TABLE ${name} MODIFY SETTING ${setting} = 10000`)
  }
}
