// Deletes a mention or all of an author on request (a platform's withdrawal, privacy law), and records that it was done.
import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '../../clock.ts'
import { deleteRows } from './delete-rows.ts'
import { forgetInCascades } from './forget-cascades.ts'
import type { Migratable } from './migrate.ts'

export interface ForgetOptions { readonly mention?: string; readonly author?: string; readonly token: string; readonly clock?: Clock } // one of both; the token makes a repeated command leave one record
export interface Forgotten { readonly mentions: number; readonly deadLetters: number }

/**
 * Waits until the bytes are gone: rows are hidden first (a lightweight delete), then their parts are rewritten without them.
 * A dead letter has no fields, so one is deleted where its raw bytes hold the id in quotes, plain or as JSON writes it; of two
 * ids in one line either deletes it. Stored cascades keep their nodes without the hashes of the ids (forget-cascades). Counts (topic_minutes, spikes, alerts) and pictures of the walls hold no account and no text, and stay.
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
  // Before the mentions: they say which nodes are the author's.
  await forgetInCascades(store, { ...(mention === undefined ? { author: what } : { mention }), token: options.token, clock })
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

/** Many producers write every other character as \\uXXXX. */
const asciiJson = (text: string): string => JSON.stringify(text).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
