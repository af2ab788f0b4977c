// How far the cascades of recordings will go, as it could be told when each was of one age: mentions are played in order of time into the core's own store, and what comes later is not there yet.
import type { CascadeForecast } from '@groundswell/schemas/cascade.ts'
import { CascadeStore } from './core/3-measure/cascades/cascade-store.ts'
import { forecastTree } from './core/4-detect/spread/size-forecast.ts'
import { RecordedCascades, type RecordedSummary } from './recorded-cascades.ts'
import { readRows, RowFacts, type Columns, type RecordedRows, type RecordedRowsOptions } from './recorded-rows.ts'

const decoder = new TextDecoder()

/** Throws RecordingUnreadable where a file cannot be read, RecordingTooLarge where the files hold too many mentions. */
export async function readForecasts(options: RecordedRowsOptions): Promise<RecordedForecasts> {
  return new RecordedForecasts(await readRows(options))
}

/**
 * Cascades are those that `cascades` prints. What is seen of one at an age are the mentions not later than that, and only those that the mentions until then placed under its root: one that
 * named an unknown parent, and no root, joins when the parent comes. So what comes later changes no line; it takes one away where it shows that the root had a parent.
 */
export class RecordedForecasts {
  readonly summary: RecordedSummary
  readonly cascades: number
  readonly #batches: readonly Columns[]
  readonly #firstRows: readonly number[] // of each batch
  readonly #roots: Uint32Array // rows, by time, then id
  readonly #inTime: Uint32Array // rows, without duplicates

  constructor(rows: RecordedRows) {
    this.#batches = rows.batches
    let before = 0
    this.#firstRows = rows.batches.map((batch) => (before += batch.rows) - batch.rows)
    const { summary, roots, rowOf } = new RecordedCascades({ ...rows, batches: [...rows.batches] })
    this.summary = summary
    this.cascades = roots.length
    this.#roots = roots.map((node) => rowOf[node]! - 1)
    this.#inTime = this.#sorted(rowOf.filter((row) => row > 0).map((row) => row - 1))
  }

  /** Of every cascade that was that old when the newest mention came. `ageSeconds`: 60 s to 7 d. */
  * at(ageSeconds: number): Generator<CascadeForecast> {
    const rows = this.#inTime
    if (rows.length === 0) return
    const newest = this.#atOf(rows.at(-1)!), row = new RowFacts()
    const store = new CascadeStore({ nodesMax: rows.length, waitsMax: 2 * rows.length, quietSeconds: 0 }) // a mention may wait for its parent and for its root
    let played = 0
    for (const root of this.#roots) {
      const until = this.#atOf(root) + ageSeconds * 1000
      if (until > newest) return
      for (; played < rows.length && this.#atOf(rows[played]!) <= until; played++) {
        const batch = this.#batchOf(rows[played]!)
        row.fill(this.#batches[batch]!, rows[played]! - this.#firstRows[batch]!)
        store.add(row.facts, row.id)
      }
      const batch = this.#batchOf(root), { idLow, idHigh } = this.#batches[batch]!, place = root - this.#firstRows[batch]!
      const tree = store.treeOf(store.find(idLow[place]!, idHigh[place]!), (platform) => row.platforms[platform]!)
      const { observed, predicted, low, high, superCritical } = forecastTree(tree, ageSeconds)
      yield { root: this.#idOf(root), observed, predicted, low, high, superCritical }
    }
  }

  #sorted(rows: Uint32Array): Uint32Array {
    rows.sort()
    const isSorted = rows.every((row, i) => i === 0 || this.#atOf(rows[i - 1]!) <= this.#atOf(row))
    return isSorted ? rows : rows.sort((a, b) => this.#atOf(a) - this.#atOf(b) || a - b)
  }

  #atOf(row: number): number {
    const batch = this.#batchOf(row)
    return this.#batches[batch]!.ats[row - this.#firstRows[batch]!]!
  }

  #idOf(row: number): string {
    const batch = this.#batchOf(row), { idBytes, idEnds } = this.#batches[batch]!, place = row - this.#firstRows[batch]!
    return decoder.decode(idBytes.subarray(place === 0 ? 0 : idEnds[place - 1]!, idEnds[place]!))
  }

  #batchOf(row: number): number {
    let low = 0
    for (let high = this.#firstRows.length; high - low > 1;) {
      const middle = (low + high) >> 1
      if (this.#firstRows[middle]! <= row) low = middle
      else high = middle
    }
    return low
  }
}
