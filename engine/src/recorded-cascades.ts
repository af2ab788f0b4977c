// The cascades of recordings, exact: all mentions of the files stand in the core's own store at once, so nothing is evicted and nothing comes too late.
import type { CascadeShape } from '@groundswell/schemas/cascade.ts'
import { createEnricher } from './core/2-enrich/enrich.ts'
import { CascadeStore } from './core/3-measure/cascades/cascade-store.ts'
import type { CascadeTree } from './core/3-measure/cascades/cascade-tree.ts'
import { shapeOf } from './core/3-measure/cascades/measure-tree.ts'
import type { EnrichedBatch, SpreadColumns } from './core/batch.ts'
import { readRecordings } from './recording.ts'

export interface RecordedCascadesOptions {
  readonly files: readonly string[]
  readonly startedAt: number // ms
  readonly mentionsMax?: number
  readonly onRead?: (bytes: number) => void
}

/** What the recordings held. */
export interface RecordedSummary {
  readonly mentions: number
  readonly duplicates: number // further mentions of an id: the first one counts
  readonly deadLetters: number
  readonly reasons: Readonly<Record<string, number>> // RejectReason → how many
}

/** The files hold more than is kept at once. */
export class RecordingTooLarge extends Error {
  override readonly name = 'RecordingTooLarge'
}

/** At 250 to 400 bytes each, as measured, they take up to 13 GB. */
export const recordedMentionsMax = 2 ** 25
const platformsMax = 256 // a later one is called by the name of the last
const decoder = new TextDecoder()
/** Topics and sentiment are no matter of a tree. */
const enricherParts = { matcher: { topics: [], match: (_view: unknown, _out: unknown, at: number) => at }, scorer: { score: () => 0 }, rulesSeq: 0 } as const

interface Ids { readonly idBytes: Uint8Array; readonly idEnds: Uint32Array }
type Columns = Pick<EnrichedBatch, keyof SpreadColumns | 'rows' | 'idLow' | 'idHigh' | 'platformIds' | 'platforms'>

/** Throws RecordingUnreadable where a file cannot be read, RecordingTooLarge where the files hold more than `mentionsMax` mentions. */
export async function readCascades({ files, startedAt, mentionsMax = recordedMentionsMax, onRead }: RecordedCascadesOptions): Promise<RecordedCascades> {
  const enrich = createEnricher(enricherParts)
  const batches: Columns[] = []
  const reasons: Record<string, number> = {}
  let rows = 0
  let deadLetters = 0
  for await (const raw of readRecordings(files, { ingestedAt: startedAt, ...(onRead ? { onRead } : {}) })) {
    const { native: _rows, rejected, ...columns } = enrich(raw)
    rows += columns.rows
    if (rows > mentionsMax) throw new RecordingTooLarge(`the files hold more than ${mentionsMax.toLocaleString('en')} mentions, which is as many as are kept at once: give fewer files`)
    deadLetters += rejected.count
    for (const [reason, count] of Object.entries(rejected.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
    batches.push(columns)
  }
  return new RecordedCascades(batches, { rows, deadLetters, reasons })
}

export class RecordedCascades {
  readonly summary: RecordedSummary
  readonly roots: Uint32Array // nodes of the store, by time, then id
  readonly #store: CascadeStore
  readonly #ids: Ids[] = [] // by batch
  readonly #firstRows: number[] = [] // of each batch
  readonly #rowOf: Uint32Array // place in all files, from 1 on, by node; 0: none
  readonly #platforms: string[] = []
  readonly #beyond = new Map<number, number>() // root → followers that the store left out

  /** Takes the batches, which are given up one by one. */
  constructor(batches: Columns[], { rows, deadLetters, reasons }: { readonly rows: number; readonly deadLetters: number; readonly reasons: Readonly<Record<string, number>> }) {
    // A mention may wait for its parent and for its root, and the store lets as many wait as it has nodes.
    const store = this.#store = new CascadeStore({ nodesMax: Math.max(1, 2 * rows), quietSeconds: 0 })
    this.#rowOf = new Uint32Array(rows + 1)
    const beyond: [node: number, followers: number][] = []
    let row = 0
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      this.#add(batch, row, beyond)
      this.#ids.push({ idBytes: batch.idBytes, idEnds: batch.idEnds })
      this.#firstRows.push(row)
      row += batch.rows
    }
    for (const [node, followers] of beyond) this.#beyond.set(store.rootOf(node), (this.#beyond.get(store.rootOf(node)) ?? 0) + followers)
    const { nodes, waitsDropped, evictedNodes } = store.counters
    if (waitsDropped + evictedNodes > 0) throw new Error(`${waitsDropped} waits and ${evictedNodes} mentions found no room in a store that was made for all`)
    this.summary = { mentions: nodes, duplicates: rows - nodes, deadLetters, reasons }
    this.roots = this.#inOrder(Uint32Array.from(store.roots(1)))
  }

  /** A tree as columns; signs are 0. */
  treeOf(root: number): CascadeTree {
    return { ...this.#store.treeOf(root, (platform) => this.#platforms[platform]!), root: this.#idOf(root) }
  }

  /** Of every cascade, singletons included. */
  * shapes(): Generator<CascadeShape> {
    const store = this.#store
    for (const root of this.roots) {
      const beyond = this.#beyond.get(root) ?? 0
      if (store.subtreeOf(root) === 1) {
        yield { root: this.#idOf(root), size: 1, depth: 0, maxBreadth: 1, leaves: 1, structuralVirality: 0, durationSeconds: 0, reach: Math.max(0, store.followersOf(root)) + beyond }
        continue
      }
      const shape = shapeOf(this.treeOf(root))
      yield beyond === 0 ? shape : { ...shape, reach: shape.reach + beyond }
    }
  }

  #add(batch: Columns, firstRow: number, beyond: [node: number, followers: number][]): void {
    const store = this.#store
    const platforms = batch.platforms.map((name) => this.#platformOf(name))
    const facts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: 0, platform: 0, sign: 0, flags: 0, topics: 0 }
    const id = { bytes: batch.idBytes, start: 0, end: 0 }
    for (let row = 0; row < batch.rows; row++) {
      facts.idLow = batch.idLow[row]!
      facts.idHigh = batch.idHigh[row]!
      facts.parentLow = batch.parentLow[row]!
      facts.parentHigh = batch.parentHigh[row]!
      facts.rootLow = batch.rootLow[row]!
      facts.rootHigh = batch.rootHigh[row]!
      facts.at = batch.ats[row]!
      facts.author = batch.authors[row]!
      facts.followers = batch.followers[row]!
      facts.platform = platforms[batch.platformIds[row]!]!
      facts.flags = batch.flags[row]!
      id.start = id.end
      id.end = batch.idEnds[row]!
      const node = store.add(facts, id)
      if (this.#rowOf[node] !== 0) continue
      this.#rowOf[node] = firstRow + row + 1
      const left = facts.followers - store.followersOf(node) // billions are more than it has room for
      if (left > 0) beyond.push([node, left])
    }
  }

  /** By time; ids are only looked at where two are of one time. */
  #inOrder(roots: Uint32Array): Uint32Array {
    const store = this.#store
    roots.sort((a, b) => store.atOf(a) - store.atOf(b))
    for (let from = 0, to = 0; from < roots.length; from = to) {
      while (to < roots.length && store.atOf(roots[to]!) === store.atOf(roots[from]!)) to++
      if (to - from === 1) continue
      const named = Array.from(roots.subarray(from, to), (node) => ({ node, id: this.#idOf(node) })).sort((a, b) => (a.id < b.id ? -1 : 1))
      roots.set(named.map(({ node }) => node), from)
    }
    return roots
  }

  #platformOf(name: string): number {
    const known = this.#platforms.indexOf(name)
    if (known >= 0 || this.#platforms.length === platformsMax) return known >= 0 ? known : platformsMax - 1
    return this.#platforms.push(name) - 1
  }

  /** The store keeps the ids of most roots; these are those of all mentions. */
  #idOf(node: number): string {
    const row = this.#rowOf[node]! - 1
    let low = 0
    for (let high = this.#firstRows.length; high - low > 1;) {
      const middle = (low + high) >> 1
      if (this.#firstRows[middle]! <= row) low = middle
      else high = middle
    }
    const { idBytes, idEnds } = this.#ids[low]!
    const place = row - this.#firstRows[low]!
    return decoder.decode(idBytes.subarray(place === 0 ? 0 : idEnds[place - 1]!, idEnds[place]!))
  }
}
