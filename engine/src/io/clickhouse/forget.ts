// Deletes a mention or all of an author on request (a platform's withdrawal, privacy law), and records that it was done.
import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '../../clock.ts'
import type { Migratable } from './migrate.ts'
import { StoreDown, mutationFailure } from './store-errors.ts'

export interface ForgetOptions { readonly mention?: string; readonly author?: string; readonly token: string; readonly clock?: Clock } // one of both; the token makes a repeated command leave one record
export interface Forgotten { readonly mentions: number; readonly deadLetters: number }

/**
 * Waits until the bytes are gone: rows are hidden first (a lightweight delete), then their parts are rewritten without them.
 * A dead letter has no fields, so one is deleted where its raw bytes hold the id in quotes, plain or as JSON writes it; of two
 * ids in one line either deletes it. Counts (topic_minutes, spikes, alerts) hold nobody's identity and stay.
 * The record holds a SHA-256 of what was forgotten, not the thing itself.
 * Throws StoreRefused where the store cannot rewrite a part (its bytes on the disk are damaged), and leaves no statement behind that goes on failing.
 */
export async function forget(store: Migratable, options: ForgetOptions): Promise<Forgotten> {
  const { mention, author, clock = systemClock } = options
  const what = mention ?? author
  if (what === undefined || what === '' || (mention !== undefined && author !== undefined)) throw new TypeError('forget takes either a mention\'s id or an author, and neither may be empty')
  const params = { what, plain: `"${what}"`, json: JSON.stringify(what), ascii: asciiJson(what) }
  const inMentions = `${mention === undefined ? 'author' : 'id'} = {what:String}`
  const inDeadLetters = 'position(raw, {plain:String}) > 0 OR position(raw, {json:String}) > 0 OR positionCaseInsensitive(raw, {ascii:String}) > 0'
  const mentions = await deleteRows(store, 'mentions', { where: inMentions, params, clock })
  const deadLetters = await deleteRows(store, 'dead_letters', { where: inDeadLetters, params, clock })
  await store.insertRows('forgotten', options.token, [{ kind: mention === undefined ? 'author' : 'mention', hash: hashOf(what), rows: mentions + deadLetters }])
  return { mentions, deadLetters }
}

const hashOf = (what: string): string => createHash('sha256').update(what).digest('hex')

/** Whether the store has a record that this was deleted. */
export async function isForgotten(store: Pick<Migratable, 'query'>, { mention, author }: { readonly mention?: string | undefined; readonly author?: string | undefined }): Promise<boolean> {
  const params = { kind: mention === undefined ? 'author' : 'mention', hash: hashOf(mention ?? author ?? '') }
  const [row] = await store.query<{ records: number }>('SELECT count() AS records FROM forgotten WHERE kind = {kind:String} AND hash = {hash:String}', params)
  return (row?.records ?? 0) > 0
}

interface Deleting { readonly where: string; readonly params: Readonly<Record<string, unknown>>; readonly clock: Clock }

async function deleteRows(store: Migratable, table: string, { where, params, clock }: Deleting): Promise<number> {
  const [row] = await store.query<{ rows: number }>(`SELECT count() AS rows FROM ${table} WHERE ${where}`, params, 'patient')
  const rows = row?.rows ?? 0
  if (rows > 0) {
    await store.command(`DELETE FROM ${table} WHERE ${where} SETTINGS lightweight_deletes_sync = 0`, params)
    await untilRewritten(store, table, clock)
  }
  // A lightweight delete only marks rows; the parts that hold such marks are rewritten now, and the old ones not kept for the usual minutes.
  // They are asked for by themselves: a try that was cut short between the two left marks and no rows.
  const [parts] = await store.query<{ marked: number }>('SELECT count() AS marked FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active AND has_lightweight_delete', { table })
  if (parts && parts.marked > 0) {
    await store.command(`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = 0`)
    await untilRewritten(store, table, clock)
  }
  return rows
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

/** Many producers write every other character as \\uXXXX. */
const asciiJson = (text: string): string => JSON.stringify(text).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
