// The log of looks at names of accounts, as the store has it.
import type { Role } from '@groundswell/schemas/access.ts'
import type { InsertOptions, Store } from '../../ports.ts'

export interface LookRow { readonly by: string; readonly role: Role; readonly route: string; readonly query: string; readonly at: number } // at: ms
export interface LooksFilter { readonly by: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number } // ms, `to` exclusive

export async function insertLooks(store: Pick<Store, 'insertRows'>, token: string, { looks, signal }: InsertOptions & { readonly looks: readonly LookRow[] }): Promise<void> {
  await store.insertRows('access_log', token, looks.map(({ at, ...look }) => ({ ...look, at: new Date(at).toISOString() })), { signal })
}

/** Newest first; `at` as ISO-8601. */
export async function looksOf(store: Pick<Store, 'query'>, { by, from, to, limit }: LooksFilter): Promise<(Omit<LookRow, 'at'> & { readonly at: string })[]> {
  const rows = await store.query<LookRow>(
    `SELECT toUnixTimestamp64Milli(at) AS at, by, role, route, query FROM access_log
     WHERE ({by:String} = '' OR by = {by:String}) AND access_log.at >= fromUnixTimestamp64Milli({from:Int64}) AND access_log.at < fromUnixTimestamp64Milli({to:Int64})
     ORDER BY access_log.at DESC, by, route, query LIMIT {limit:UInt32}`,
    { by: by ?? '', from: from ?? 0, to: to ?? 4_102_444_800_000, limit })
  return rows.map(({ at, ...look }) => ({ ...look, at: new Date(at).toISOString() }))
}
