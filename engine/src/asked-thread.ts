// A thread for work that somebody asks for, so that the engine never waits for it: started when somebody asks, ended when nobody has for a while.
import { codedText } from '@groundswell/schemas/problem.ts'
import { Piscina } from 'piscina'

export interface ThreadOptions<Task> {
  readonly name: string // of the worker's function
  readonly waitingMax: number // who asks beyond it is refused
  readonly idleMs: number
  readonly answerMs: number // a thread that takes longer is ended
  readonly heapMb: number
  /** Of what is new: where much is read and most of it stays a while, a small one copies it again and again. Absent: Node's own. */
  readonly youngMb?: number
  readonly done: 'worked-out' | 'read' // what is done with a task, for the words of a refusal
  /** Too much is asked at once, or the answer takes too long. */
  readonly Busy: new (message: string, options?: ErrorOptions) => Error
  /** Buffers that are moved instead of copied; absent: none. */
  readonly buffersOf?: (task: Task) => ArrayBuffer[]
}

export class AskedThread<Task extends { readonly kind: string }, Answers extends { readonly [Kind in Task['kind']]: unknown }> {
  readonly #piscina: Piscina
  readonly #options: ThreadOptions<Task>
  #waiting = 0

  constructor(worker: URL, options: ThreadOptions<Task>) {
    this.#options = options
    this.#piscina = new Piscina({
      filename: worker.href, name: options.name, minThreads: 0, maxThreads: 1, idleTimeout: options.idleMs, recordTiming: false, atomics: 'async',
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb, ...(options.youngMb === undefined ? {} : { maxYoungGenerationSizeMb: options.youngMb }) },
    })
  }

  /** Rejects with Busy, or with what the work threw; when `until` is aborted at once, and a thread that is at it is ended. */
  async run<Kind extends Task['kind']>(task: Extract<Task, { readonly kind: Kind }>, until?: AbortSignal): Promise<Answers[Kind]> {
    const { waitingMax, answerMs, done, Busy, buffersOf } = this.#options
    if (this.#waiting >= waitingMax) throw new Busy(codedText('too-many-ask'))
    this.#waiting++
    const late = AbortSignal.timeout(answerMs)
    try {
      return await this.#piscina.run(task, { signal: until === undefined ? late : AbortSignal.any([late, until]), transferList: buffersOf?.(task) ?? [] }) as Answers[Kind]
    } catch (error) {
      if (late.aborted && !until?.aborted) throw new Busy(codedText(`not-${done}`, { seconds: answerMs / 1000 }), { cause: error })
      throw error
    } finally {
      this.#waiting--
    }
  }

  close(): Promise<void> { return this.#piscina.destroy() }
}
