// The worker pool: RawBatch in, EnrichedBatch out, buffers transferred both ways. Order is the caller's business.
import { Piscina } from 'piscina'
import type { EnrichedBatch, RawBatch } from '../../core/batch.ts'

/** Rules as every worker reads them: the text lies in shared memory once, and a worker compiles it when it first sees its seq. */
export interface SharedRules { readonly seq: number; readonly text: SharedArrayBuffer }

export interface EnrichTask { readonly raw: RawBatch; readonly rulesSeq: number; readonly rulesText: SharedArrayBuffer }

export interface EnrichPool {
  readonly workers: number
  readonly queued: number
  /** Rejects only when a worker died or our own code threw. The buffers of `raw` belong to the worker from here on. */
  run(raw: RawBatch, rules: SharedRules): Promise<EnrichedBatch>
  close(): Promise<void>
}

export function shareRules(seq: number, text: string): SharedRules {
  const bytes = new TextEncoder().encode(text)
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  return { seq, text: shared }
}

export function openPool(workers: number): EnrichPool {
  const pool = new Piscina<EnrichTask, EnrichedBatch>({
    filename: new URL('../../worker.ts', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    // A worker must never sleep in Atomics.wait while its transferred answer is still to be delivered.
    atomics: 'async',
  })
  return {
    workers,
    get queued() { return pool.queueSize },
    run: (raw, rules) => pool.run({ raw, rulesSeq: rules.seq, rulesText: rules.text },
      { transferList: [raw.bytes.buffer, raw.ends.buffer, raw.seqs.buffer, raw.times.buffer] as ArrayBuffer[] }),
    close: () => pool.destroy(),
  }
}
