// A mention that crashes or hangs whatever worker takes it becomes a dead letter, and everything else goes on as if its line had been blank.
//
//   a batch fails twice ─▶ its messages in 16 parts ─▶ the part that fails in 16 … ─▶ one message ─▶ its lines in 16 parts … ─▶ one line
//
// Parts of messages that come through are answered as they are; a message in which lines are poison is run again with those lines blank.
import type { EnrichedBatch, PoisonLine, RawBatch } from '../core/batch.ts'
import { limitMsOf, type EnrichPool, type SharedRules } from '../io/pool/pool.ts'
import { WorkerFailed } from '../io/pool/slot.ts'
import type { Enriching } from '../loop.ts'
import { linesOf, linesOnly, messagesOnly, partsOf, type Line } from './poison-parts.ts'

/**
 * A part that hangs costs its limit, one that comes through almost nothing: many parts at once find a line among 4,096 in three rounds. The
 * first run has the pool's own, longer limit. `inARowMax`: lines that fail one after another with none between them that comes through are
 * no bad lines, but a bug of ours.
 */
export const poisonLimits = { parts: 16, pieceMs: 2000, inARowMax: 32, probes: 3 } as const

/** A mention that is left out: its place in the stream, and how its line begins. */
export interface LeftOut { readonly seq: number; readonly line: number; readonly why: PoisonLine['why']; readonly shown: string }

export interface SurviveOptions {
  /** A batch failed once and is run again. */
  readonly onFailed: (failed: WorkerFailed) => void
  /** What became of a batch that had failed: what had to be left out, nothing where it failed by chance. */
  readonly onSurvived: (leftOut: readonly LeftOut[]) => void
}

/** Rejects as the pool does when it is closed, and with a plain error where workers fail whatever they are given. */
export function survive(pool: Pick<EnrichPool, 'workers' | 'run'>, options: SurviveOptions): Enriching {
  const survivor = new Survivor(pool, options)
  return { workers: pool.workers, run: (raw, rules) => survivor.run(raw, rules) }
}

type Attempt = { readonly ok: true; readonly batch: EnrichedBatch } | { readonly ok: false; readonly failed: WorkerFailed }

class Survivor {
  readonly #pool: Pick<EnrichPool, 'run'>
  readonly #options: SurviveOptions
  #inARow = 0

  constructor(pool: Pick<EnrichPool, 'run'>, options: SurviveOptions) {
    this.#pool = pool
    this.#options = options
  }

  async run(raw: RawBatch, rules: SharedRules): Promise<readonly EnrichedBatch[]> {
    const first = await this.#attempt(raw, rules, undefined)
    if (first.ok) return [first.batch]
    this.#options.onFailed(first.failed)
    const again = first.failed.raw
    const second = await this.#attempt(again, rules, limitMsOf(again, poisonLimits.pieceMs))
    const leftOut: LeftOut[] = []
    let batches: readonly EnrichedBatch[]
    if (second.ok) batches = [second.batch]
    else {
      await this.#probe(second.failed.raw, rules)
      batches = await this.#inParts(second.failed.raw, rules, leftOut)
    }
    this.#options.onSurvived(leftOut)
    return batches
  }

  async #attempt(raw: RawBatch, rules: SharedRules, limitMs: number | undefined): Promise<Attempt> {
    try {
      const batch = await this.#pool.run(raw, rules, limitMs)
      if (batch.rows > 0) this.#inARow = 0
      return { ok: true, batch }
    } catch (error) {
      if (error instanceof WorkerFailed) return { ok: false, failed: error }
      throw error
    }
  }

  /** A piece of a batch; `times` times where it must not be chance. */
  async #piece(raw: RawBatch, rules: SharedRules, times = 1): Promise<Attempt> {
    let attempt = await this.#attempt(raw, rules, limitMsOf(raw, poisonLimits.pieceMs))
    for (let n = 1; n < times && !attempt.ok; n++) attempt = await this.#attempt(attempt.failed.raw, rules, limitMsOf(attempt.failed.raw, poisonLimits.pieceMs))
    return attempt
  }

  /** A plain mention that must come through, before any other is blamed. */
  async #probe({ stream, times }: RawBatch, rules: SharedRules): Promise<void> {
    const inARow = this.#inARow
    const bytes = new TextEncoder().encode(JSON.stringify({ id: 'probe', ts: Math.max(times[0] ?? 0, 1e12), text: 'probe' }))
    const probe = await this.#piece({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(0), times: Float64Array.of(times[0] ?? 0), platforms: ['probe'], stream, skewCheck: false }, rules, poisonLimits.probes)
    this.#inARow = inARow
    if (!probe.ok) throw new Error('workers fail whatever they are given: look at the memory of this machine and at the rules, then start again', { cause: probe.failed })
  }

  async #inParts(raw: RawBatch, rules: SharedRules, leftOut: LeftOut[]): Promise<EnrichedBatch[]> {
    const { length } = raw.ends
    if (length === 1) return [await this.#message(raw, rules, leftOut)]
    const batches: EnrichedBatch[] = []
    for (const [from, to] of partsOf(length, poisonLimits.parts)) {
      const attempt = await this.#piece(messagesOnly(raw, from, to), rules)
      if (attempt.ok) batches.push(attempt.batch)
      else batches.push(...await this.#inParts(attempt.failed.raw, rules, leftOut))
    }
    return batches
  }

  /** A message that fails as a whole though each of its lines comes through is left out as a whole. */
  async #message(raw: RawBatch, rules: SharedRules, leftOut: LeftOut[]): Promise<EnrichedBatch> {
    const lines = linesOf(raw)
    const poison = await this.#poisonIn(raw, lines, rules)
    let attempt = await this.#piece({ ...messagesOnly(raw, 0, 1), poison }, rules, 2)
    if (!attempt.ok) {
      const { why } = attempt.failed
      poison.splice(0, poison.length, ...lines.map((line) => ({ ...line, message: 0, why })))
      this.#count(attempt.failed)
      attempt = await this.#piece({ ...messagesOnly(raw, 0, 1), poison }, rules, 2)
      if (!attempt.ok) throw new Error(`message ${raw.seqs[0]!} fails even with all its lines left out`, { cause: attempt.failed })
    }
    for (const { line, start, end, why } of poison) leftOut.push({ seq: raw.seqs[0]!, line, why, shown: shownOf(raw.bytes.subarray(start, end)) })
    return attempt.batch
  }

  async #poisonIn(raw: RawBatch, lines: readonly Line[], rules: SharedRules): Promise<PoisonLine[]> {
    const poison: PoisonLine[] = []
    for (const [from, to] of partsOf(lines.length, poisonLimits.parts)) {
      const isOne = to - from === 1
      const attempt = await this.#piece(linesOnly(raw, lines[from]!, lines[to - 1]!), rules, isOne ? 2 : 1)
      if (attempt.ok) continue
      if (isOne) {
        this.#count(attempt.failed)
        poison.push({ ...lines[from]!, message: 0, why: attempt.failed.why })
      } else poison.push(...await this.#poisonIn(raw, lines.slice(from, to), rules))
    }
    return poison
  }

  #count(failed: WorkerFailed): void {
    this.#inARow++
    if (this.#inARow > poisonLimits.inARowMax) throw new Error(`workers failed on ${this.#inARow} mentions one after another: this is no bad input, report it; nothing is lost, the stream keeps them`, { cause: failed })
  }
}

/** The beginning of a line for the log, on one line and in whole characters. */
function shownOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 120)).replace(/\ufffd+$/, '').replaceAll(/[\0-\x1f\x7f]/g, ' ')
}
