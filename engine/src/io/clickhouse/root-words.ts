// What the roots of cascades say, for lists: the first words of each, who said it and where. One query for a whole list, held to the roots' own minutes.
import { cascadeLimits } from '@groundswell/schemas/cascade.ts'
import type { Store } from '../../ports.ts'

/** at: ms, event time of the root as its tree has it. */
export interface RootAsked { readonly root: string; readonly at: number }
/** of: the id of what it repeats, which is above it in no tree; empty: it is an original. */
export interface StoredRootWords { readonly id: string; readonly at: number; readonly words: string; readonly cut: number; readonly platform: string; readonly kind: string; readonly author: string; readonly of: string }

/** By id; those that are not stored are not there. Rejects where the store is away, and where it takes longer than a list is waited for. */
export async function rootWordsOf(store: Pick<Store, 'query'>, roots: readonly RootAsked[]): Promise<ReadonlyMap<string, StoredRootWords>> {
  if (roots.length === 0) return new Map()
  const rows = await store.query<StoredRootWords>(
    `SELECT id, toUnixTimestamp64Milli(ts) AS at, substringUTF8(text, 1, ${cascadeLimits.rootWordsMax}) AS words, lengthUTF8(text) > ${cascadeLimits.rootWordsMax} AS cut, platform, kind, author,
       multiIf(parent NOT IN ('', id), parent, mentions.root NOT IN ('', id), mentions.root, '') AS of
     FROM mentions WHERE toStartOfMinute(ts) IN {minutes:Array(DateTime('UTC'))} AND id IN {ids:Array(String)} ORDER BY fate, stream, seq, line LIMIT 1 BY id SETTINGS max_execution_time = 5, max_threads = 2`,
    { minutes: [...new Set(roots.map(({ at }) => Math.floor(at / 60_000) * 60))], ids: roots.map(({ root }) => root) })
  return new Map(rows.map((row) => [row.id, row]))
}
