// The cascades of recordings, exact: all mentions of the files stand in the core's own store at once, so nothing is evicted and nothing comes too late.
import type { CascadeShape } from '@groundswell/schemas/cascade.ts'
import { CascadeStore } from './core/3-measure/cascades/cascade-store.ts'
import type { CascadeTree } from './core/3-measure/cascades/cascade-tree.ts'
import { shapeOf } from './core/3-measure/cascades/measure-tree.ts'
import { readRows, RowFacts, type Columns, type RecordedRows, type RecordedRowsOptions } from './recorded-rows.ts'

/** What the recordings held. */
export interface RecordedSummary {
  readonly mentions: number
  readonly duplicates: number // further mentions of an id: the first one counts
  readonly deadLetters: number
  readonly reasons: Readonly<Record<string, number>> // RejectReason → how many
}

const decoder = new TextDecoder()

interface Ids { readonly idBytes: Uint8Array; readonly idEnds: Uint32Array }

/** Throws RecordingUnreadable where a file cannot be read, RecordingTooLarge where the files hold more than `mentionsMax` mentions. */
export async function readCascades(options: RecordedRowsOptions): Promise<RecordedCascades> {
  return new RecordedCascades(await readRows(options))
}

export class RecordedCascades {
  readonly summary: RecordedSummary
  readonly roots: Uint32Array // nodes of the store, by time, then id
  readonly #store: CascadeStore
  readonly #ids: Ids[] = [] // by batch
  readonly #firstRows: number[] = [] // of each batch
  /** By node, its place among the rows of all files, from 1 on: that of the mention that counts. */
  readonly rowOf: Uint32Array
  readonly #row = new RowFacts()
  readonly #beyond = new Map<number, number>() // root → followers that the store left out

  /** Takes the batches, which are given up one by one. */
  constructor({ batches, rows, deadLetters, reasons }: RecordedRows) {
    // A mention may wait for its parent and for its root.
    const store = this.#store = new CascadeStore({ nodesMax: Math.max(1, rows), waitsMax: Math.max(1, 2 * rows), quietSeconds: 0 })
    this.rowOf = new Uint32Array(rows + 1)
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
    return { ...this.#store.treeOf(root, (platform) => this.#row.platforms[platform]!), root: this.#idOf(root) }
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
    const { facts, id } = this.#row
    for (let row = 0; row < batch.rows; row++) {
      this.#row.fill(batch, row)
      const node = store.add(facts, id)
      if (this.rowOf[node] !== 0) continue
      this.rowOf[node] = firstRow + row + 1
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

  /** The store keeps the ids of most roots; these are those of all mentions. */
  #idOf(node: number): string {
    const row = this.rowOf[node]! - 1
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
