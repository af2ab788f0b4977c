// What became of everything that came in, counted since the stream began (duplicates: since the engine started): the numbers of /api/stats and /metrics.
import { fates } from '@groundswell/schemas/mention-columns.ts'
import type { EnrichedBatch } from './batch.ts'

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

export class Tally {
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

  get counters(): Counters {
    const [valid, late, skewed, duplicates] = [...this.#fates] as [number, number, number, number]
    return {
      counted: valid - late - skewed - duplicates, duplicates, late, skewed, deadLetters: this.#deadLetters,
      unknownFields: this.#unknownFields, wrongTypes: this.#wrongTypes, platformDiffers: this.#platformDiffers, reasons: { ...this.#reasons },
    }
  }
}
