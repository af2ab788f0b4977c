// A thread for what is worked out of whole cascades, so that the engine never waits for it: started when somebody asks, ended when nobody has for a minute.
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import type { CascadeEdge, InferredEdges } from '@groundswell/schemas/cascade-detail.ts'
import { Piscina } from 'piscina'
import type { CascadeStudy } from '../../cascade-study.ts'
import type { CascadeTree } from '../../core/3-measure/cascades/cascade-tree.ts'

/** A tree, or one as bytes. */
export type TreeSource = CascadeTree | Uint8Array

export type CascadeTask =
  | { readonly kind: 'study'; readonly of: TreeSource; readonly now: number | null }
  | { readonly kind: 'reproduction'; readonly of: readonly CascadeTree[]; readonly now: number }
  | { readonly kind: 'bytes'; readonly of: CascadeTree }
  | { readonly kind: 'edges'; readonly of: TreeSource; readonly from: number; readonly to: number }
  | { readonly kind: 'inferred'; readonly of: TreeSource }
  | { readonly kind: 'times'; readonly of: TreeSource; readonly from: number; readonly to: number } // ms of the nodes

export interface CascadeAnswers {
  readonly study: CascadeStudy
  readonly reproduction: readonly (Reproduction | null)[]
  readonly bytes: Uint8Array
  readonly edges: { readonly size: number; readonly edges: readonly CascadeEdge[] }
  readonly inferred: InferredEdges
  readonly times: { readonly size: number; readonly at: readonly number[] }
}

/** Too much is asked at once, or the answer takes too long. */
export class CascadesBusy extends Error {
  override readonly name = 'CascadesBusy'
}

const limits = { waitingMax: 16, idleMs: 60_000, answerMs: 30_000, heapMb: 1024 } as const

export class CascadeThread {
  readonly #piscina: Piscina
  #waiting = 0

  constructor(worker: URL = new URL('../../cascade-worker.ts', import.meta.url)) {
    this.#piscina = new Piscina({
      filename: worker.href, name: 'workOn', minThreads: 0, maxThreads: 1, idleTimeout: limits.idleMs, recordTiming: false, atomics: 'async', resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    })
  }

  /** Columns are copied. Rejects with CascadesBusy, or with what the work threw; a thread that takes over 30 s is ended. */
  async run<Kind extends CascadeTask['kind']>(task: Extract<CascadeTask, { readonly kind: Kind }>): Promise<CascadeAnswers[Kind]> {
    if (this.#waiting >= limits.waitingMax) throw new CascadesBusy('too many ask at once')
    this.#waiting++
    const late = AbortSignal.timeout(limits.answerMs)
    try {
      return await this.#piscina.run(task, { signal: late }) as CascadeAnswers[Kind]
    } catch (error) {
      if (late.aborted) throw new CascadesBusy(`it was not worked out within ${limits.answerMs / 1000} s`, { cause: error })
      throw error
    } finally {
      this.#waiting--
    }
  }

  close(): Promise<void> { return this.#piscina.destroy() }
}
