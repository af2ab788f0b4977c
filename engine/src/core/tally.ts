// What became of everything that came in, counted since the stream began (duplicates: since the last start without a checkpoint): the numbers of /api/stats and /metrics.
import { fates } from '@groundswell/schemas/mention-columns.ts'
import { rejectReasons, type RejectReason } from '@groundswell/schemas/mention.ts'
import type { EnrichedBatch } from './batch.ts'
import type { Stateful, StateReader, StateWriter } from './state.ts'

export interface Counters {
  readonly counted: number
  readonly duplicates: number
  readonly late: number
  readonly skewed: number
  readonly deadLetters: number
  readonly unknownFields: number
  readonly wrongTypes: number
  readonly platformDiffers: number
  readonly reasons: Readonly<Record<string, number>> // dead letters by RejectReason
}

export class Tally implements Stateful {
  readonly #fates = new Float64Array(4) // by fate; [counted] holds all valid mentions
  readonly #reasons: Record<string, number> = {} // as many as there are RejectReasons
  #deadLetters = 0
  #unknownFields = 0
  #wrongTypes = 0
  #platformDiffers = 0

  /** What had become of mentions before a restart; of duplicates nothing is stored. */
  recall({ counted, late, skewed, deadLetters }: Pick<Counters, 'counted' | 'late' | 'skewed' | 'deadLetters'>): void {
    this.#fates[fates.counted]! += counted + late + skewed
    this.#fates[fates.late]! += late
    this.#fates[fates.skewed]! += skewed
    this.#deadLetters += deadLetters
  }

  addFate(fate: number): void { this.#fates[fate]!++ }

  addBatch(batch: EnrichedBatch): void {
    this.#fates[fates.counted]! += batch.rows
    this.#unknownFields += batch.unknownFields
    this.#wrongTypes += batch.wrongTypes
    this.#platformDiffers += batch.platformDiffers
    if (batch.rejected.count === 0) return
    this.#deadLetters += batch.rejected.count
    for (const [reason, count] of Object.entries(batch.rejected.reasons)) this.#reasons[reason] = (this.#reasons[reason] ?? 0) + count
  }

  save(out: StateWriter): void {
    out.array(this.#fates)
    for (const number of [this.#deadLetters, this.#unknownFields, this.#wrongTypes, this.#platformDiffers]) out.number(number)
    const reasons = Object.entries(this.#reasons)
    out.number(reasons.length)
    for (const [reason, count] of reasons) {
      out.text(reason)
      out.number(count)
    }
  }

  load(from: StateReader): void {
    const kept = from.floats()
    if (kept.length !== this.#fates.length || !kept.every((count) => Number.isSafeInteger(count) && count >= 0)) from.refuse(`its ${kept.length} counts by fate are not counts`)
    this.#fates.set(kept)
    this.#deadLetters = from.whole(0)
    this.#unknownFields = from.whole(0)
    this.#wrongTypes = from.whole(0)
    this.#platformDiffers = from.whole(0)
    for (let left = from.whole(0, rejectReasons.length); left > 0; left--) {
      const reason = from.text()
      if (!rejectReasons.includes(reason as RejectReason) || Object.hasOwn(this.#reasons, reason)) from.refuse(`${JSON.stringify(reason)} is no reason, or there twice`)
      this.#reasons[reason] = from.whole(0)
    }
  }

  get counters(): Counters {
    const [valid, late, skewed, duplicates] = [...this.#fates] as [number, number, number, number]
    return {
      counted: valid - late - skewed - duplicates, duplicates, late, skewed, deadLetters: this.#deadLetters,
      unknownFields: this.#unknownFields, wrongTypes: this.#wrongTypes, platformDiffers: this.#platformDiffers, reasons: { ...this.#reasons },
    }
  }
}
