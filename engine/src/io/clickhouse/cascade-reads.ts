// Reads of stored cascades: lists from light columns, one root by its key, a tree's bytes, and the ids of some of its nodes among the stored mentions.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import { decodeHashes, type CascadeIds } from '@groundswell/schemas/cascade-binary.ts'
import { IdHash } from '../../core/1-decode/hash.ts'
import { authorHashOf } from '../../core/2-enrich/spread-columns.ts'
import type { Store } from '../../ports.ts'
import { storedCascadeColumns, storedRow, type StoredCascadeRow } from './cascade-rows.ts'

type Reader = Pick<Store, 'query'>

/** Times are ms, event time; `toMs` is exclusive, null: whenever. */
export interface StoredQuestion { readonly topic: string | null; readonly platform: string | null; readonly fromMs: number | null; readonly toMs: number | null; readonly limit: number }

/** Rows of one root, evicted one after another. */
export interface StoredCascade { readonly which: number; readonly rootMs: number; readonly row: CascadeRow } // ms: when it was evicted; event time of its root

const editionsMax = 100 // of one root

/** The largest first. A row that is being written again without what was forgotten is there twice for a moment: it counts once. */
export async function storedCascades(store: Reader, { topic, platform, fromMs, toMs, limit }: StoredQuestion): Promise<StoredCascade[]> {
  const rows = await store.query<StoredCascadeRow>(
    `SELECT ${storedCascadeColumns} FROM
       (SELECT * EXCEPT (tree, hashes) FROM cascades WHERE (root, evictedAt) IN
          (SELECT root, evictedAt FROM cascades
           WHERE ({topic:String} = '' OR has(topics, {topic:String})) AND ({platform:String} = '' OR has(platforms.platform, {platform:String}))
             AND lastAt >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND firstAt < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
           ORDER BY size DESC LIMIT {found:UInt32})
        ORDER BY size DESC, root, evictedAt DESC, edition DESC LIMIT 1 BY root, evictedAt LIMIT {limit:UInt32})`,
    { topic: topic ?? '', platform: platform ?? '', from: fromMs ?? 0, to: toMs ?? 4_294_967_296_000, limit, found: limit + editionsMax })
  return rows.map(stored)
}

/** All rows of a root, newest first, at most a hundred. */
export async function storedOf(store: Reader, root: string): Promise<StoredCascade[]> {
  const rows = await store.query<StoredCascadeRow>(
    `SELECT ${storedCascadeColumns} FROM (SELECT * EXCEPT (tree, hashes) FROM cascades WHERE root = {root:String} ORDER BY evictedAt DESC, edition DESC LIMIT 1 BY evictedAt LIMIT ${editionsMax})`, { root })
  return rows.map(stored)
}

const stored = (row: StoredCascadeRow): StoredCascade => ({ which: row.which, rootMs: row.rootMs, row: storedRow(row) })

/** The bytes of a tree; null: there is none. */
export const storedTree = (store: Reader, root: string, which: number): Promise<Uint8Array | null> => bytesOf(store, 'tree', { root, which })

/** Hashes of the ids by node; 0, 0 where it was forgotten. Null: there is no such tree. */
export async function storedIds(store: Reader, root: string, which: number): Promise<CascadeIds | null> {
  const bytes = await bytesOf(store, 'hashes', { root, which })
  return bytes && decodeHashes(bytes)
}

async function bytesOf(store: Reader, column: 'tree' | 'hashes', { root, which }: { readonly root: string; readonly which: number }): Promise<Uint8Array | null> {
  const [row] = await store.query<{ bytes: string }>(
    `SELECT base64Encode(${column}) AS bytes FROM cascades WHERE root = {root:String} AND evictedAt = fromUnixTimestamp64Milli({which:Int64}, 'UTC') ORDER BY edition DESC LIMIT 1`, { root, which })
  return row ? Buffer.from(row.bytes, 'base64') : null
}

const candidatesMax = 100_000

export interface MentionOfNode { readonly id: string; readonly account: number; readonly name: string; readonly verified: number } // account: its hash, as nodes have it; name: the one shown; verified: 1, 0, −1 not known

/**
 * The stored mention of each node; null where none of that moment has its hash. The mentions of a node's millisecond are its candidates; what
 * 100,000 candidates do not hold stays null.
 */
export async function mentionsOfNodes(store: Reader, { ids, nodes }: { readonly ids: CascadeIds; readonly nodes: readonly { readonly node: number; readonly at: number }[] }): Promise<(MentionOfNode | null)[]> {
  const times = [...new Set(nodes.map(({ at }) => at))]
  const found = times.length === 0 ? [] : await store.query<{ id: string; platform: string; author: string; name: string; verified: number }>(
    `SELECT id, platform, author, authorName AS name, verified FROM mentions WHERE toStartOfMinute(ts) IN {minutes:Array(DateTime('UTC'))} AND toUnixTimestamp64Milli(ts) IN {times:Array(Int64)} LIMIT ${candidatesMax}`,
    { minutes: [...new Set(times.map((ms) => Math.floor(ms / 60_000) * 60))], times })
  const hash = new IdHash()
  const byHash = new Map(found.map((mention) => {
    hash.ofText(mention.id)
    return [keyOf(hash.low, hash.high), mention] as const
  }))
  return nodes.map(({ node }) => {
    const mention = byHash.get(keyOf(ids.idLow[node] ?? 0, ids.idHigh[node] ?? 0))
    return mention ? { id: mention.id, account: authorHashOf(mention.platform, mention.author), name: mention.name, verified: mention.verified } : null
  })
}

const keyOf = (low: number, high: number): string => `${low}-${high}`
