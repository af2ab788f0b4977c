// pull → pool → in order → step → carry out → the position moves last.
import { systemClock, type Clock } from './clock.ts'
import type { Effect } from './core/input.ts'
import type { Engine } from './core/engine.ts'
import type { EnrichedBatch, RawBatch } from './core/batch.ts'
import type { SharedRules } from './io/pool/pool.ts'
import type { InputReader } from './ports.ts'
import type { Cutter, Work } from './pipeline/cut.ts'
import { cutLimits } from './pipeline/cut.ts'
import type { Gather, Inserter } from './pipeline/inserts.ts'
import { Queue } from './pipeline/queue.ts'
import { StreamRecreated } from './stream-errors.ts'

const drainMs = 10_000
const readBytesMax = 1 << 20

/** What carries effects out; each may add rows to the insert, promises that the position waits for, and actions for after it. `at`: of the input, ms given by the stream, the same however often it is read. */
export type CarryOut = (effect: Effect, gather: Gather, at: number) => void

/** What enriches: one batch for one, or several that follow each other where one had to be taken apart. */
export interface Enriching { readonly workers: number; run(raw: RawBatch, rules: SharedRules): Promise<readonly EnrichedBatch[]> }

export interface LoopOptions {
  readonly reader: InputReader
  readonly cutter: Cutter
  readonly pool: Enriching
  readonly engine: Engine
  readonly gather: Gather
  readonly inserter: Inserter
  readonly carryOut: CarryOut
  readonly onApplied: (applied: Applied) => void
  readonly onUnreadable: (seq: number, subject: string, reason: string) => void
  /** A canary has come to its place in the stream, with what the workers made of it. */
  readonly onCanary?: (work: Extract<Work, { kind: 'canary' }>, batches: readonly EnrichedBatch[], gather: Gather) => void
  /** An insert has ended with `seq`: what the core holds now is the state there. Called before anything else is applied. */
  readonly onInsertEnd?: (seq: number) => void
  readonly clock?: Clock
}

/** One applied piece of work; `at` is the stream time of its last message, ms. */
export interface Applied { readonly kind: Work['kind']; readonly seq: number; readonly at: number; readonly stepMs: number; readonly batch?: EnrichedBatch }

interface InFlight { readonly work: Work; readonly result: Promise<readonly EnrichedBatch[]> | null }

export class Loop {
  readonly #options: LoopOptions
  readonly #inFlight: Queue<InFlight>
  #applied = 0
  #isLast = false // nothing more will come of this stream
  #waitingFor: { readonly seq: number; readonly resolve: () => void }[] = []

  constructor(options: LoopOptions) {
    this.#options = options
    this.#inFlight = new Queue(2 * options.pool.workers + 1)
  }

  get applied(): number { return this.#applied }

  /**
   * Runs until close(), and until what was read is applied and what has ended is written. Rejects with the first failure: our own code's,
   * which must stop the process, or StreamRecreated. After a failure the store gets drainMs for what is queued: the rest is read again.
   */
  async run(): Promise<void> {
    const { inserter, clock = systemClock } = this.#options
    const parts = [this.#read(), this.#apply(), inserter.run()]
    const drained = new AbortController()
    const giveUpLater = async (): Promise<void> => {
      await clock.sleep(drainMs, drained.signal)
      if (!drained.signal.aborted) inserter.abort()
    }
    let giving: Promise<void> | undefined
    for (const part of parts) part.catch(() => { giving ??= giveUpLater() })
    // Nothing is written any more: what is still read and applied would only hide that the position stands.
    parts[2]!.catch(() => { inserter.abort(); return this.close() })
    const ends = await Promise.allSettled(parts)
    drained.abort()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  /** Resolves when the input with this sequence has been applied. */
  reached(seq: number): Promise<void> {
    if (this.#applied >= seq) return Promise.resolve()
    return new Promise((resolve) => { this.#waitingFor.push({ seq, resolve }) })
  }

  /** Stops reading; what was read is applied, and inserts that have ended are written. */
  async close(): Promise<void> {
    await this.#options.reader.close()
    this.#inFlight.close()
  }

  async #read(): Promise<void> {
    const { reader, cutter, pool } = this.#options
    const limits = { messagesMax: cutLimits.batchMessagesMax, bytesMax: readBytesMax }
    try {
      for (let messages = await reader.next(limits); messages.length > 0; messages = await reader.next(limits)) {
        for (const work of cutter.cut(messages)) {
          const result = work.kind === 'batch' || work.kind === 'canary' ? pool.run(work.raw, work.rules) : null
          result?.catch(() => undefined) // it is awaited, and its failure met, in #apply
          await this.#inFlight.push({ work, result })
        }
      }
    } catch (error) {
      // A stream that was deleted cannot give again what it gave: what has come of it is all that will, so it is written now.
      this.#isLast = error instanceof StreamRecreated
      throw error
    } finally {
      this.#inFlight.close()
    }
  }

  /** Workers race; taking their results in the order of the queue is the in-order gate. */
  async #apply(): Promise<void> {
    try {
      for (let next = await this.#inFlight.take(); next; next = await this.#inFlight.take()) {
        const batches = next.result ? await next.result : []
        const endsInsert = this.#step(next.work, batches)
        if (endsInsert) await this.#endInsert(next.work.seq)
        this.#applied = next.work.seq
        if (this.#waitingFor.length > 0) this.#wake()
      }
      if (this.#isLast && this.#applied > 0) await this.#endInsert(this.#applied)
    } catch (error) {
      await this.close()
      throw error
    } finally {
      this.#options.inserter.close()
    }
  }

  #step(work: Work, batches: readonly EnrichedBatch[]): boolean {
    const { onUnreadable, onCanary, gather } = this.#options
    if (work.kind === 'batch') for (const batch of batches) this.#applyBatch(work.seq, batch)
    else if (work.kind === 'canary') {
      onCanary?.(work, batches, gather)
      this.#carryOut([], { kind: work.kind, seq: work.seq, at: work.now, stepMs: 0 })
    } else if (work.kind === 'unreadable') {
      onUnreadable(work.seq, work.subject, work.reason)
      this.#carryOut([], { kind: work.kind, seq: work.seq, at: work.now, stepMs: 0 })
    } else {
      const began = performance.now()
      const effects = this.#options.engine.step(work)
      this.#carryOut(effects, { kind: work.kind, seq: work.seq, at: work.now, stepMs: performance.now() - began })
    }
    return (work.kind !== 'batch' && work.kind !== 'canary') || work.endsInsert
  }

  #applyBatch(seq: number, batch: EnrichedBatch): void {
    const began = performance.now()
    const effects = this.#options.engine.step({ kind: 'batch', batch })
    this.#options.gather.batch(batch)
    this.#carryOut(effects, { kind: 'batch', seq, at: batch.times.at(-1)!, stepMs: performance.now() - began, batch })
  }

  #carryOut(effects: readonly Effect[], applied: Applied): void {
    const { gather, carryOut, onApplied } = this.#options
    onApplied(applied)
    for (const effect of effects) carryOut(effect, gather, applied.at)
  }

  async #endInsert(seq: number): Promise<void> {
    const insert = this.#options.gather.end(seq)
    this.#options.onInsertEnd?.(seq)
    if (insert) await this.#options.inserter.push(insert)
    else this.#options.inserter.idle(seq)
  }

  #wake(): void {
    const due = this.#waitingFor.filter((w) => w.seq <= this.#applied)
    this.#waitingFor = this.#waitingFor.filter((w) => w.seq > this.#applied)
    for (const { resolve } of due) resolve()
  }
}
