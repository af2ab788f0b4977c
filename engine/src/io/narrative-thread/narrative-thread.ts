// A thread for what a topic's mentions say, so that the engine never waits for it: started when somebody asks, ended when nobody has for a minute.
import type { ClustersAnswer } from '@groundswell/schemas/evidence.ts'
import { Piscina } from 'piscina'
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

const limits = { waitingMax: 8, idleMs: 60_000, answerMs: 30_000, heapMb: 1024 } as const

export class NarrativeThread {
  readonly #piscina: Piscina
  #waiting = 0

  constructor(worker: URL = new URL('../../narrative-worker.ts', import.meta.url)) {
    this.#piscina = new Piscina({
      filename: worker.href, name: 'readOut', minThreads: 0, maxThreads: 1, idleTimeout: limits.idleMs, recordTiming: false, atomics: 'async', resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    })
  }

  /** Rejects with NarrativesBusy, or with what the work threw; a thread that takes over 30 s is ended. */
  async run<Kind extends NarrativeTask['kind']>(task: Extract<NarrativeTask, { readonly kind: Kind }>): Promise<NarrativeAnswers[Kind]> {
    if (this.#waiting >= limits.waitingMax) throw new NarrativesBusy('too many ask at once')
    this.#waiting++
    const late = AbortSignal.timeout(limits.answerMs)
    try {
      return await this.#piscina.run(task, { signal: late, transferList: buffersOf(task) }) as NarrativeAnswers[Kind]
    } catch (error) {
      if (late.aborted) throw new NarrativesBusy(`it was not read within ${limits.answerMs / 1000} s`, { cause: error })
      throw error
    } finally {
      this.#waiting--
    }
  }

  close(): Promise<void> { return this.#piscina.destroy() }
}

const buffersOf = (task: NarrativeTask): ArrayBuffer[] => {
  const chunks = task.kind === 'narratives' ? [...task.now, ...task.before] : task.rows
  // A chunk may be a view of a buffer that others use: those are copied.
  return chunks.filter(({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength).map(({ buffer }) => buffer as ArrayBuffer)
}
