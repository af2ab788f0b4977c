// Checks at start that every table deduplicates repeated inserts: without that a retry after a crash would count twice.
import type { Migratable } from './migrate.ts'
import { StoreRefused } from './store-errors.ts'

/** Tables that would store a repeated insert twice, each with the setting that mends it. */
export function missingWindows(tables: readonly { readonly name: string; readonly engine: string; readonly create: string }[]): { readonly name: string; readonly setting: string }[] {
  return tables.flatMap(({ name, engine, create }) => {
    if (!engine.endsWith('MergeTree') || name.startsWith('.')) return []
    const replicated = engine.startsWith('Replicated')
    const setting = replicated ? 'replicated_deduplication_window' : 'non_replicated_deduplication_window'
    const window = Number(new RegExp(`\\b${setting} = (\\d+)`).exec(create)?.[1] ?? (replicated ? 100 : 0))
    return window > 0 ? [] : [{ name, setting }]
  })
}

/** Repeats come at once after the first try, so even a small window would do; a table without one is refused. */
export async function checkTables(store: Pick<Migratable, 'query'>): Promise<void> {
  const tables = await store.query<{ name: string; engine: string; create: string }>('SELECT name, engine, create_table_query AS create FROM system.tables WHERE database = currentDatabase()')
  const [first] = missingWindows(tables)
  if (first) throw new StoreRefused(`table ${first.name} would store a repeated insert twice: run groundswell doctor --mend, or on a server of your own ALTER TABLE ${first.name} MODIFY SETTING ${first.setting} = 10000`)
}
