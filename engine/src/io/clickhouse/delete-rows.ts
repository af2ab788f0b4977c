// Deletes rows until their bytes are gone: hidden first (a lightweight delete), then their parts rewritten without them.
import type { Clock } from '../../clock.ts'
import type { Migratable } from './migrate.ts'
import { StoreDown, mutationFailure } from './store-errors.ts'

export interface Deleting { readonly where: string; readonly params: Readonly<Record<string, unknown>>; readonly clock: Clock }

/** Answers how many rows there were. Throws StoreRefused where a part cannot be rewritten. */
export async function deleteRows(store: Migratable, table: string, deleting: Deleting): Promise<number> {
  const rows = await hideRows(store, table, deleting)
  await rewriteParts(store, table, deleting.clock)
  return rows
}

/** Rows are no longer read; their bytes are there until rewriteParts(). */
export async function hideRows(store: Migratable, table: string, { where, params, clock }: Deleting): Promise<number> {
  const [row] = await store.query<{ rows: number }>(`SELECT count() AS rows FROM ${table} WHERE ${where}`, params, 'patient')
  const rows = row?.rows ?? 0
  if (rows > 0) {
    await store.command(`DELETE FROM ${table} WHERE ${where} SETTINGS lightweight_deletes_sync = 0`, params)
    await untilRewritten(store, table, clock)
  }
  return rows
}

/**
 * A lightweight delete only marks rows; the parts that hold such marks are rewritten now, and the old ones not kept for the usual minutes.
 * They are asked for by themselves: a try that was cut short between the two left marks and no rows.
 */
export async function rewriteParts(store: Migratable, table: string, clock: Clock): Promise<void> {
  const [parts] = await store.query<{ marked: number }>('SELECT count() AS marked FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active AND has_lightweight_delete', { table })
  if (parts && parts.marked > 0) {
    await store.command(`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = 0`)
    await untilRewritten(store, table, clock)
  }
}

const lookMs = 50
const lookMsMax = 1000
const failingMs = 2000 // ClickHouse tries a failed mutation again at once: one that still fails after this fails for a reason that stays
const rewrittenMs = 300_000
// Nothing but a request to forget makes mutations of these kinds here; those that an earlier life left behind would fail, and hold ours up, for ever.
const ours = 'database = currentDatabase() AND table = {table:String} AND NOT is_done AND (command LIKE \'%_row_exists = 0%\' OR command LIKE \'%APPLY DELETED MASK%\')'

/**
 * The server's own wait for a mutation never ends where a part cannot be read, so its list of them is asked instead. One that goes on failing
 * is taken off that list: it would be tried for ever, and hold up every later one.
 */
async function untilRewritten(store: Migratable, table: string, clock: Clock): Promise<void> {
  const began = clock.now()
  let failing: number | null = null
  for (let waitMs = lookMs; ; waitMs = Math.min(2 * waitMs, lookMsMax)) {
    const left = await store.query<{ part: string; reason: string }>(`SELECT latest_failed_part AS part, latest_fail_reason AS reason FROM system.mutations WHERE ${ours} ORDER BY reason = ''`, { table })
    const [worst] = left
    if (!worst) return
    const now = clock.now()
    failing = worst.reason === '' ? null : failing ?? now
    if (failing !== null && now - failing >= failingMs) {
      await store.command(`KILL MUTATION WHERE ${ours} ASYNC`, { table })
      throw mutationFailure({ table, ...worst })
    }
    if (now - began >= rewrittenMs) throw new StoreDown(`deleting from ${table}: ClickHouse has not rewritten its parts within ${rewrittenMs / 1000} s`)
    await clock.sleep(waitMs)
  }
}
