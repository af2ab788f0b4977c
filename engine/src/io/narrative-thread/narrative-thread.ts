// A thread for what a topic's mentions say, so that the engine never waits for it: started when somebody asks, ended when nobody has for a minute.
import type { ClustersAnswer } from '@groundswell/schemas/evidence.ts'
import { AskedThread } from '../../asked-thread.ts'
import type { Narratives } from '../../narratives/tell-narratives.ts'

/** Chunks are whole lines of JSON (narratives/said-rows.ts); they are moved, not copied. */
export type NarrativeTask =
  | { readonly kind: 'narratives'; readonly now: readonly Uint8Array[]; readonly before: readonly Uint8Array[]; readonly query: string; readonly textsMax: number; readonly termsMax: number }
  | { readonly kind: 'moments'; readonly rows: readonly Uint8Array[]; readonly max: number }

export interface NarrativeAnswers {
  readonly narratives: Narratives
  readonly moments: Pick<ClustersAnswer, 'looked' | 'clusters'>
}

/** Too much is asked at once, or the answer takes too long. */
export class NarrativesBusy extends Error {
  override readonly name = 'NarrativesBusy'
}

export class NarrativeThread extends AskedThread<NarrativeTask, NarrativeAnswers> {
  constructor(worker: URL = new URL('../../narrative-worker.ts', import.meta.url)) {
    super(worker, { name: 'readOut', waitingMax: 8, idleMs: 60_000, answerMs: 30_000, heapMb: 1024, youngMb: 96, done: 'read', Busy: NarrativesBusy, buffersOf })
  }
}

const buffersOf = (task: NarrativeTask): ArrayBuffer[] => {
  const chunks = task.kind === 'narratives' ? [...task.now, ...task.before] : task.rows
  // A chunk may be a view of a buffer that others use: those are copied.
  return chunks.filter(({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength).map(({ buffer }) => buffer as ArrayBuffer)
}
