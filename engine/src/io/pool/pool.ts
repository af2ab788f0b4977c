// The worker pool: RawBatch in, EnrichedBatch out, buffers transferred both ways. Order is the caller's business.
import { systemClock, type Clock } from '../../clock.ts'
import type { EnrichedBatch, RawBatch } from '../../core/batch.ts'
import { PoolClosed, Slot, type SlotOptions, type SlotTask } from './slot.ts'

/** Rules as every worker reads them: the text lies in shared memory once, and a worker compiles it when it first sees its seq. */
export interface SharedRules { readonly seq: number; readonly text: SharedArrayBuffer }

export interface EnrichPool {
  readonly workers: number
  readonly queued: number
  /**
   * Rejects with WorkerFailed, which holds the batch again, when a worker crashed, threw or took longer than `limitMs`; other batches do not
   * notice. The buffers of `raw` belong to the pool from here on.
   */
  run(raw: RawBatch, rules: SharedRules, limitMs?: number): Promise<EnrichedBatch>
  close(): Promise<void>
}

export interface PoolOptions extends Partial<SlotOptions> {
  readonly clock?: Clock
  readonly lookMs?: number // how often it is looked whether a worker hangs
}

/** A batch of 1 MiB takes a worker 60 ms: one that takes a hundred times as long is not slow, it hangs. */
const hangMs = 10_000
const heapMbMax = 1024
const lookMs = 250

export function shareRules(seq: number, text: string): SharedRules {
  const bytes = new TextEncoder().encode(text)
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  return { seq, text: shared }
}

/** How long a batch may take: `ms`, and in proportion where it is larger than 1 MiB. */
export function limitMsOf({ bytes }: Pick<RawBatch, 'bytes'>, ms: number): number {
  return ms * Math.max(1, bytes.byteLength / 2 ** 20)
}

export function openPool(workers: number, options: PoolOptions = {}): EnrichPool {
  return new Pool(workers, options)
}

interface Waiting { readonly task: SlotTask; readonly resolve: (batch: EnrichedBatch) => void; readonly reject: (error: unknown) => void }

class Pool implements EnrichPool {
  readonly workers: number
  readonly #slots: readonly Slot[]
  readonly #waiting: Waiting[] = [] // as many as the callers have under way
  readonly #clock: Clock
  readonly #lookMs: number
  readonly #closing = new AbortController()
  #watching = false

  constructor(workers: number, options: PoolOptions) {
    this.workers = workers
    this.#clock = options.clock ?? systemClock
    this.#lookMs = options.lookMs ?? lookMs
    const nothing = (): void => undefined
    const each = { worker: new URL('../../worker.ts', import.meta.url), heapMbMax, onReplaced: nothing, onIdleError: nothing, ...options }
    this.#slots = Array.from({ length: workers }, () => new Slot(each))
  }

  get queued(): number { return this.#waiting.length }

  run(raw: RawBatch, rules: SharedRules, limitMs = limitMsOf(raw, hangMs)): Promise<EnrichedBatch> {
    return new Promise((resolve, reject) => {
      if (this.#closing.signal.aborted) return reject(new PoolClosed())
      this.#waiting.push({ task: { raw, rulesSeq: rules.seq, rulesText: rules.text, limitMs }, resolve, reject })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const { reject } of this.#waiting.splice(0)) reject(new PoolClosed())
    await Promise.all(this.#slots.map((slot) => slot.close()))
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const free = this.#slots.filter((slot) => slot.isFree)
      const slot = free.find((one) => one.isUp) ?? free[0] // a thread that is still starting is the last choice
      if (slot === undefined) return
      const next = this.#waiting.shift()!
      void slot.run(next.task).then(next.resolve, next.reject).finally(() => this.#next())
      if (!this.#watching) void this.#watch()
    }
  }

  /** Looks at times whether a worker hangs, as long as one works: the batches themselves need no timer. */
  async #watch(): Promise<void> {
    this.#watching = true
    while (!this.#slots.every((slot) => slot.isFree)) {
      await this.#clock.sleep(this.#lookMs, this.#closing.signal)
      if (this.#closing.signal.aborted) return
      for (const slot of this.#slots) slot.passed(this.#lookMs)
    }
    this.#watching = false
  }
}
