// A thread for what is worked out of whole cascades, so that the engine never waits for it: started when somebody asks, ended when nobody has for a minute.
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import type { CascadeEdge, InferredEdges } from '@groundswell/schemas/cascade-detail.ts'
import { AskedThread } from '../../asked-thread.ts'
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

/** Columns are copied. */
export class CascadeThread extends AskedThread<CascadeTask, CascadeAnswers> {
  constructor(worker: URL = new URL('../../cascade-worker.ts', import.meta.url)) {
    super(worker, { name: 'workOn', waitingMax: 16, idleMs: 60_000, answerMs: 30_000, heapMb: 1024, done: 'worked-out', Busy: CascadesBusy })
  }
}
