// A thread for the rules editor: started when somebody writes rules, ended when nobody has for five minutes.
import { Piscina } from 'piscina'
import type { Preview, PreviewQuestion } from '../../query-preview.ts'
import type { RulesRead, TopicEdit } from '../../rules-edit.ts'

export type RulesTask =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'edit'; readonly text: string; readonly edit: TopicEdit }
  | { readonly kind: 'sample'; readonly id: number; readonly lines: readonly Uint8Array<ArrayBuffer>[] } // lines: own their buffers, which go along
  | { readonly kind: 'preview'; readonly question: PreviewQuestion; readonly sample: number }

/** Null: the text cannot be edited by a form; the sample is not there (any more). */
export interface RulesAnswers {
  readonly read: RulesRead
  readonly edit: RulesRead | null
  readonly sample: true
  readonly preview: Preview | null
}

/** Too much is asked at once, or the answer takes too long. */
export class RulesThreadBusy extends Error {
  override readonly name = 'RulesThreadBusy'
}

const limits = { waitingMax: 16, idleMs: 300_000, answerMs: 20_000, heapMb: 1024 } as const

export class RulesThread {
  readonly #piscina: Piscina
  #waiting = 0

  constructor(worker: URL = new URL('../../rules-worker.ts', import.meta.url)) {
    this.#piscina = new Piscina({
      filename: worker.href, name: 'workOn', minThreads: 0, maxThreads: 1, idleTimeout: limits.idleMs, recordTiming: false, atomics: 'async', resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    })
  }

  /** Rejects with RulesThreadBusy, or with what the work threw; a thread that takes over 20 s is ended. */
  async run<Kind extends RulesTask['kind']>(task: Extract<RulesTask, { readonly kind: Kind }>): Promise<RulesAnswers[Kind]> {
    if (this.#waiting >= limits.waitingMax) throw new RulesThreadBusy('too many ask at once')
    this.#waiting++
    const late = AbortSignal.timeout(limits.answerMs)
    try {
      return await this.#piscina.run(task, { signal: late, transferList: buffersOf(task) }) as RulesAnswers[Kind]
    } catch (error) {
      if (late.aborted) throw new RulesThreadBusy(`it was not worked out within ${limits.answerMs / 1000} s`, { cause: error })
      throw error
    } finally {
      this.#waiting--
    }
  }

  close(): Promise<void> { return this.#piscina.destroy() }
}

const buffersOf = (task: RulesTask): ArrayBuffer[] => (task.kind === 'sample' ? task.lines.map(({ buffer }) => buffer) : [])
