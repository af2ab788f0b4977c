// What every insert of ours says beside its rows, so that a repeated one is known; read back at start, for a server's profile may hold them.
import type { Migratable } from './migrate.ts'
import { StoreRefused } from './store-errors.ts'

/** The identity of a repeated insert is its token and how many blocks it is sent in: one (see native-merge.ts), not cut up on the way. */
export const insertSettings = {
  async_insert: 0, insert_deduplicate: 1, deduplicate_blocks_in_dependent_materialized_views: 1, max_insert_threads: 1,
  min_insert_block_size_rows: 100_000_000, min_insert_block_size_bytes: 100_000_000_000,
} as const

/** Throws StoreRefused where the server answers with others than were sent, or does not let us set them. */
export async function checkInsertSettings(store: Pick<Migratable, 'query'>): Promise<void> {
  const said = Object.entries(insertSettings).map(([name, value]) => `${name} = ${value}`).join(', ')
  const rows = await store.query<{ name: string; value: string }>(`SELECT name, value FROM system.settings WHERE name IN {names:Array(String)} SETTINGS ${said}`, { names: Object.keys(insertSettings) })
  const inForce = new Map(rows.map(({ name, value }) => [name, value]))
  for (const [name, value] of Object.entries(insertSettings)) {
    const found = inForce.get(name)
    if (found === String(value)) continue
    throw new StoreRefused(`ClickHouse runs our statements with ${name} = ${found ?? 'nothing, since it does not know it'}, and a repeated insert would count twice: it must be ${value}. Let the profile of this user have it changed, or update ClickHouse`)
  }
}
