// Checks at start that every table deduplicates repeated inserts: without that a retry after a crash would count twice.
import type { Migratable } from './migrate.ts'
import { StoreRefused } from './store-errors.ts'

export interface MissingWindow { readonly name: string; readonly setting: string; readonly value: number }

const week = 604_800

/** Tables that would store a repeated insert twice, each with the setting that mends it. */
export function missingWindows(tables: readonly { readonly name: string; readonly engine: string; readonly create: string }[]): MissingWindow[] {
  return tables.flatMap(({ name, engine, create }) => {
    if (!engine.endsWith('MergeTree') || name.startsWith('.')) return []
    const valueOf = (setting: string, otherwise: number): number => Number(new RegExp(`\\b${setting} = (\\d+)`).exec(create)?.[1] ?? otherwise)
    if (!engine.startsWith('Replicated')) return valueOf('non_replicated_deduplication_window', 0) > 0 ? [] : [{ name, setting: 'non_replicated_deduplication_window', value: 10_000 }]
    // An engine may be off for days between an insert and its repetition, and the time for which a server keeps tokens by itself became an hour.
    const missing = [
      ...(valueOf('replicated_deduplication_window', 100) > 0 ? [] : [{ setting: 'replicated_deduplication_window', value: 10_000 }]),
      ...(valueOf('replicated_deduplication_window_seconds', 0) >= week ? [] : [{ setting: 'replicated_deduplication_window_seconds', value: week }]),
    ]
    return missing.map((one) => ({ name, ...one }))
  })
}

export const mendingOf = ({ name, setting, value }: MissingWindow): string => `ALTER TABLE ${name} MODIFY SETTING ${setting} = ${value}`

/** Repeats come with the first inserts after a start, so even a small window would do; a table without one is refused. */
export async function checkTables(store: Pick<Migratable, 'query'>): Promise<void> {
  const tables = await store.query<{ name: string; engine: string; create: string }>('SELECT name, engine, create_table_query AS create FROM system.tables WHERE database = currentDatabase()')
  const [first] = missingWindows(tables)
  if (first) throw new StoreRefused(`table ${first.name} would store a repeated insert twice: run groundswell doctor --mend, or on a server of your own ${mendingOf(first)}`)
}
