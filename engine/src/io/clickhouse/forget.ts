// Deletes a mention or all of an author on request (a platform's withdrawal, privacy law), and records that it was done.
import { createHash } from 'node:crypto'
import type { Migratable } from './migrate.ts'

export interface ForgetOptions { readonly mention?: string; readonly author?: string; readonly token: string } // one of both; the token makes a repeated command leave one record
export interface Forgotten { readonly mentions: number; readonly deadLetters: number }

/**
 * Waits until the bytes are gone: rows are hidden first (a lightweight delete), then their parts are rewritten without them.
 * A dead letter has no fields, so one is deleted where its raw bytes hold the id in quotes, plain or as JSON writes it; of two
 * ids in one line either deletes it. Counts (topic_minutes, spikes, alerts) hold nobody's identity and stay.
 * The record holds a SHA-256 of what was forgotten, not the thing itself.
 */
export async function forget(store: Migratable, options: ForgetOptions): Promise<Forgotten> {
  const { mention, author } = options
  const what = mention ?? author
  if (what === undefined || what === '' || (mention !== undefined && author !== undefined)) throw new TypeError('forget takes either a mention\'s id or an author, and neither may be empty')
  const params = { what, plain: `"${what}"`, json: JSON.stringify(what), ascii: asciiJson(what) }
  const inMentions = `${mention === undefined ? 'author' : 'id'} = {what:String}`
  const inDeadLetters = 'position(raw, {plain:String}) > 0 OR position(raw, {json:String}) > 0 OR positionCaseInsensitive(raw, {ascii:String}) > 0'
  const mentions = await deleteRows(store, 'mentions', { where: inMentions, params })
  const deadLetters = await deleteRows(store, 'dead_letters', { where: inDeadLetters, params })
  const hash = createHash('sha256').update(what).digest('hex')
  await store.insertRows('forgotten', options.token, [{ kind: mention === undefined ? 'author' : 'mention', hash, rows: mentions + deadLetters }])
  return { mentions, deadLetters }
}

async function deleteRows(store: Migratable, table: string, { where, params }: { readonly where: string; readonly params: Readonly<Record<string, unknown>> }): Promise<number> {
  const [row] = await store.query<{ rows: number }>(`SELECT count() AS rows FROM ${table} WHERE ${where}`, params, 'patient')
  const rows = row?.rows ?? 0
  if (rows > 0) await store.command(`DELETE FROM ${table} WHERE ${where} SETTINGS lightweight_deletes_sync = 2`, params)
  // A lightweight delete only marks rows; the parts that hold such marks are rewritten now, and the old ones not kept for the usual minutes.
  // They are asked for by themselves: a try that was cut short between the two left marks and no rows.
  const [parts] = await store.query<{ marked: number }>('SELECT count() AS marked FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active AND has_lightweight_delete', { table })
  if (parts && parts.marked > 0) await store.command(`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = 2`)
  return rows
}

/** Many producers write every other character as \\uXXXX. */
const asciiJson = (text: string): string => JSON.stringify(text).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
