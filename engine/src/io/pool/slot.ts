// One worker thread and what it works on. A thread that dies or takes too long is replaced, and its batch is handed back whole.
import { Piscina } from 'piscina'
import type { EnrichedBatch, RawBatch } from '../../core/batch.ts'

export type WhyFailed = 'crashed' | 'hung'

/** A worker died, threw or was ended because it took too long. `raw` is the batch again, which the worker had taken. */
export class WorkerFailed extends Error {
  readonly why: WhyFailed
  readonly raw: RawBatch
  constructor(why: WhyFailed, raw: RawBatch, cause?: unknown) {
    super(`a worker ${why}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.why = why
    this.raw = raw
  }
}

/** The pool was closed: nothing is known of the batch. */
export class PoolClosed extends Error {
  constructor() { super('the worker pool is closed') }
}

/** What a worker gets. It sets `began` to 1 when its rules are ready and the batch's own time begins. */
export interface EnrichTask { readonly raw: RawBatch; readonly rulesSeq: number; readonly rulesText: SharedArrayBuffer; readonly began: Int32Array }

export interface SlotTask extends Omit<EnrichTask, 'began'> { readonly limitMs: number }

export interface SlotOptions {
  readonly worker: URL // the file of the worker
  readonly heapMbMax: number
  readonly onReplaced: (why: WhyFailed) => void
  /** A worker failed while it had nothing to do. */
  readonly onIdleError: (error: Error) => void
}

interface Running { readonly began: Int32Array; readonly limitMs: number; isBegun: boolean; passedMs: number; hung: boolean }

/** Starting, and compiling the largest rules, take seconds on a machine that is busy. */
const startMsMax = 60_000
const startsMax = 3

/** A Piscina of its own for each thread: a Piscina does not replace a thread that dies while it starts, and then lets its tasks wait for ever. */
export class Slot {
  readonly #options: SlotOptions
  readonly #ending = new Set<Promise<unknown>>()
  #piscina: Piscina<EnrichTask, EnrichedBatch>
  #kept: Uint8Array = new Uint8Array(0) // the messages that the worker has taken
  #running: Running | null = null
  #taken = false
  #up = false
  #closed = false

  constructor(options: SlotOptions) {
    this.#options = options
    this.#piscina = this.#open()
  }

  get isFree(): boolean { return !this.#taken }
  /** False while a thread that follows another is still starting. */
  get isUp(): boolean { return this.#up }

  /** One task at a time. Rejects with WorkerFailed, or with PoolClosed. A worker that dies before it has looked at its batch says nothing of it: the next one takes it. */
  async run(task: SlotTask): Promise<EnrichedBatch> {
    this.#taken = true
    try {
      for (let { raw } = task, starts = 1; ; starts++) {
        const running: Running = { began: new Int32Array(new SharedArrayBuffer(4)), limitMs: task.limitMs, isBegun: false, passedMs: 0, hung: false }
        try {
          return await this.#once({ ...task, raw }, running)
        } catch (error) {
          if (!(error instanceof WorkerFailed) || starts === startsMax || Atomics.load(running.began, 0) === 1) throw error
          raw = error.raw
        }
      }
    } finally {
      this.#taken = false
    }
  }

  async #once({ raw, rulesSeq, rulesText }: SlotTask, running: Running): Promise<EnrichedBatch> {
    const again = this.#keep(raw)
    this.#running = running
    try {
      if (this.#piscina.threads.length === 0) this.#renew()
      const transferList = [raw.bytes.buffer, raw.ends.buffer, raw.seqs.buffer, raw.times.buffer] as ArrayBuffer[]
      return await this.#piscina.run({ raw, rulesSeq, rulesText, began: running.began }, { transferList })
    } catch (error) {
      if (this.#closed) throw new PoolClosed()
      throw new WorkerFailed(running.hung ? 'hung' : 'crashed', again(), error)
    } finally {
      this.#running = null
    }
  }

  /** Tells that time has passed: ends the worker whose batch has had its time. Counted and not measured, so that a machine that slept ends nobody. */
  passed(ms: number): void {
    const running = this.#running
    if (running === null) return
    running.passedMs += ms
    if (!running.isBegun && Atomics.load(running.began, 0) === 1) {
      running.isBegun = true
      running.passedMs = 0
    }
    if (running.passedMs <= (running.isBegun ? running.limitMs : startMsMax)) return
    running.hung = true
    this.#renew()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#end(this.#piscina)
    await Promise.all(this.#ending)
  }

  /** Copies what is transferred into memory that is used again and again: a fifth of the cost of a new copy for each batch. */
  #keep(raw: RawBatch): () => RawBatch {
    const { length } = raw.bytes
    if (this.#kept.length < length) this.#kept = new Uint8Array(length)
    this.#kept.set(raw.bytes)
    const small = { ends: raw.ends.slice(), seqs: raw.seqs.slice(), times: raw.times.slice() }
    return () => ({ ...raw, ...small, bytes: this.#kept.slice(0, length) })
  }

  #open(): Piscina<EnrichTask, EnrichedBatch> {
    const piscina = new Piscina<EnrichTask, EnrichedBatch>({
      filename: this.#options.worker.href,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
      // A worker must never sleep in Atomics.wait while its transferred answer is still to be delivered.
      atomics: 'async',
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMbMax },
    })
    piscina.on('workerCreate', () => { if (piscina === this.#piscina) this.#up = true })
    piscina.on('workerDestroy', () => {
      if (this.#closed) return
      if (piscina === this.#piscina) this.#up = false
      this.#options.onReplaced(this.#running?.hung ? 'hung' : 'crashed')
      // Piscina has decided by then whether it starts another: where not, what waits for one must not wait on.
      queueMicrotask(() => { if (piscina.threads.length === 0) this.#end(piscina) })
    })
    piscina.on('error', this.#options.onIdleError)
    return piscina
  }

  #renew(): void {
    const old = this.#piscina
    this.#up = false
    this.#piscina = this.#open()
    this.#end(old)
  }

  #end(piscina: Piscina): void {
    const ended = piscina.destroy()
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
  }
}
