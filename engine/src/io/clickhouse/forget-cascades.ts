// Takes what is forgotten out of stored cascades. The shape of a tree names nobody and stays; a node loses the hash of its id, so that no mention
// can be found for it, and a root that is forgotten its id: the cascade is named `forgotten:` and the begin of the SHA-256 that the record holds.
//
// Which nodes are an author's is told by the stored mentions: of accounts, stored trees know only which nodes share one. A row that changes is
// written again with the next edition, then the old one is deleted; whoever is cut short in between finds the old one again.
import { decodeHashes, decodeTree, encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { CascadeUnreadable } from '@groundswell/schemas/varints.ts'
import { IdHash } from '../../core/1-decode/hash.ts'
import { forgottenName } from '../../core/3-measure/cascades/forgotten-name.ts'
import type { Clock } from '../../clock.ts'
import { hashesWithoutAccounts } from './cascade-rows.ts'
import { hideRows, rewriteParts } from './delete-rows.ts'
import type { Migratable } from './migrate.ts'

export interface ForgottenInCascades { readonly mention?: string; readonly author?: string; readonly token: string; readonly clock: Clock } // one of both

/** A mention of which only the id is known has been at any time. */
interface Named { readonly id: string; readonly at: number | null }

const pageRows = 10_000
const atOnce = 250 // ClickHouse looks for at most 255 needles in one go
const rowsAtOnce = 20

/** Waits until the bytes are gone; answers how many rows were changed. A row whose bytes cannot be read goes as a whole. */
export async function forgetInCascades(store: Migratable, { mention, author, token, clock }: ForgottenInCascades): Promise<number> {
  let changed = 0
  for await (const named of mention === undefined ? mentionsOf(store, author ?? '') : [[{ id: mention, at: null }]]) changed += await forgetNamed(store, named, { token, clock })
  await rewriteParts(store, 'cascades', clock)
  return changed
}

/** In order of time, so that those who are looked for together were near each other. */
async function* mentionsOf(store: Migratable, author: string): AsyncGenerator<Named[]> {
  let last = { id: '', at: -(2 ** 52) }
  for (;;) {
    const rows = await store.query<{ id: string; at: number }>(
      `SELECT id, toUnixTimestamp64Milli(ts) AS at FROM mentions WHERE author = {author:String} AND (toUnixTimestamp64Milli(ts), id) > ({at:Int64}, {id:String}) ORDER BY at, id LIMIT ${pageRows}`, { author, ...last }, 'patient')
    for (let i = 0; i < rows.length; i += atOnce) yield rows.slice(i, i + atOnce)
    if (rows.length < pageRows) return
    last = rows.at(-1)!
  }
}

interface Found { readonly root: string; readonly which: number; readonly edition: number }

async function forgetNamed(store: Migratable, named: readonly Named[], how: { readonly token: string; readonly clock: Clock }): Promise<number> {
  const hash = new IdHash()
  const hashes = named.map(({ id }) => {
    hash.ofText(id)
    return { low: hash.low, key: `${hash.low}-${hash.high}` }
  })
  const keys = new Set(hashes.map(({ key }) => key))
  const ids = new Set(named.map(({ id }) => id))
  const times = named.flatMap(({ at }) => (at === null ? [] : [at]))
  const found = await store.query<Found>(
    `SELECT root, toUnixTimestamp64Milli(evictedAt) AS which, edition FROM cascades
     WHERE lastAt >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND firstAt <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
       AND (root IN {ids:Array(String)} OR multiSearchAny(hashes, arrayMap(one -> unhex(one), {needles:Array(String)})))
     ORDER BY root, which, edition`,
    { from: times[0] ?? 0, to: times.at(-1) ?? 4_294_967_295_000, ids: [...ids], needles: hashes.map(({ low }) => needleOf(low)) }, 'patient')
  let changed = 0
  for (let i = 0; i < found.length; i += rowsAtOnce) changed += await rewrite(store, found.slice(i, i + rowsAtOnce), { ...how, ids, keys })
  return changed
}

/** As the low half stands among the hashes. */
function needleOf(low: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(low)
  return bytes.toString('hex')
}

interface Forgetting { readonly ids: ReadonlySet<string>; readonly keys: ReadonlySet<string>; readonly token: string; readonly clock: Clock }

async function rewrite(store: Migratable, found: readonly Found[], { ids, keys, token, clock }: Forgetting): Promise<number> {
  const old: Found[] = []
  for (const one of found) {
    const [row] = await store.query<Stored>(
      `SELECT * EXCEPT (tree, hashes), base64Encode(tree) AS treeBase64, base64Encode(hashes) AS hashesBase64 FROM cascades
       WHERE root = {root:String} AND evictedAt = fromUnixTimestamp64Milli({which:Int64}, 'UTC') AND edition = {edition:UInt32} LIMIT 1`, { ...one }, 'patient')
    const without = row ? withoutThem(row, { ids, keys }) : 'as it was'
    if (without === 'as it was') continue
    old.push(one)
    if (without !== null) await store.insertRows('cascades', `${token}:cascades:${without.root}:${one.which}:${without.edition}`, [{ ...without }])
  }
  if (old.length === 0) return 0
  return hideRows(store, 'cascades', {
    where: 'root IN {roots:Array(String)} AND has(arrayZip({roots:Array(String)}, {whens:Array(Int64)}, {editions:Array(UInt32)}), (root, toUnixTimestamp64Milli(evictedAt), edition))',
    params: { roots: old.map(({ root }) => root), whens: old.map(({ which }) => which), editions: old.map(({ edition }) => edition) }, clock,
  })
}

interface Stored extends Readonly<Record<string, unknown>> { readonly root: string; readonly edition: number; readonly treeBase64: string; readonly hashesBase64: string }

/** Null: it cannot be read, and goes. */
function withoutThem(row: Stored, { ids, keys }: Pick<Forgetting, 'ids' | 'keys'>): Stored | 'as it was' | null {
  try {
    const { idLow, idHigh } = decodeHashes(Buffer.from(row.hashesBase64, 'base64'))
    let forgotten = 0
    for (let node = 0; node < idLow.length; node++) {
      if (!keys.has(`${idLow[node]}-${idHigh[node]}`)) continue
      idLow[node] = idHigh[node] = 0
      forgotten++
    }
    const isRoot = ids.has(row.root)
    if (forgotten === 0 && !isRoot) return 'as it was'
    const next = { ...row, edition: row.edition + 1, hashesBase64: base64(hashesWithoutAccounts({ idLow, idHigh })) }
    if (!isRoot) return next
    const root = forgottenName(row.root)
    return { ...next, root, treeBase64: base64(encodeTree({ ...decodeTree(Buffer.from(row.treeBase64, 'base64')), root })) }
  } catch (error) {
    if (error instanceof CascadeUnreadable) return null
    throw error
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
