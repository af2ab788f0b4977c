// What the next rows of a batch are about to ask of structures of millions is fetched into the cache together: asked one by one, each would be waited for.
import type { SeenIds } from './1-decode/seen-ids.ts'
import type { CascadeStore } from './3-measure/cascades/cascade-store.ts'
import type { EnrichedBatch } from './batch.ts'

const rowsAhead = 128 // about 40 KiB of what they need

export class LookAhead {
  readonly #ids: SeenIds
  readonly #store: CascadeStore
  #to = 0 // rows of the batch before it are in the cache

  constructor(ids: SeenIds, store: CascadeStore) {
    this.#ids = ids
    this.#store = store
  }

  /** A row is about to be applied; the first of a batch is 0. Changes nothing that anybody can see. */
  row(batch: EnrichedBatch, row: number): void {
    if (row !== 0 && row < this.#to) return
    this.#to = Math.min(row + rowsAhead, batch.rows)
    this.#ids.look(batch.idLow, batch.idHigh, { from: row, to: this.#to })
    this.#store.ahead.mentions(batch, row, this.#to)
  }
}
