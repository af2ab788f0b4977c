// The worker as promises: one answer a call.
import type { AsOf } from './as-of.ts'
import type { Asked, Told } from './graph-protocol.ts'
import type { Growth } from './growth.ts'
import type { GraphTree } from './graph-tree.ts'
import type { Layout, LayoutQuestion } from './layout.ts'

/** The bytes are no cascade. */
export class GraphUnreadable extends Error {
  override readonly name = 'GraphUnreadable'
}

type Waiting = { readonly take: (told: Told) => void; readonly refuse: (error: Error) => void }

export class GraphWorker {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, Waiting>() // as many as calls under way: the page has at most one of each kind
  #calls = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      const waiting = this.#waiting.get(data.call)
      this.#waiting.delete(data.call)
      if (data.kind === 'failed') waiting?.refuse(new GraphUnreadable(data.detail))
      else waiting?.take(data)
    })
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { refuse } of this.#waiting.values()) refuse(new GraphUnreadable(message))
      this.#waiting.clear()
    })
  }

  /** Takes the bytes away from the caller. Rejects with GraphUnreadable. */
  read(bytes: ArrayBuffer, layout: LayoutQuestion): Promise<{ readonly tree: GraphTree; readonly layout: Layout; readonly ms: number }> {
    return this.#ask((call) => ({ kind: 'read', call, bytes, layout }), [bytes], (told) => (told.kind === 'read' ? told : null))
  }

  layout(layout: LayoutQuestion): Promise<{ readonly layout: Layout; readonly ms: number }> {
    return this.#ask((call) => ({ kind: 'layout', call, layout }), [], (told) => (told.kind === 'layout' ? told : null))
  }

  /** The tree that was read last as it was at a moment (ms); null: as it is. */
  asOf(until: number | null): Promise<AsOf> {
    return this.#ask((call) => ({ kind: 'as-of', call, until }), [], (told) => (told.kind === 'as-of' ? told.asOf : null))
  }

  /** Takes the bytes away from the caller. Rejects with GraphUnreadable. */
  growth(bytes: ArrayBuffer): Promise<Growth> {
    return this.#ask((call) => ({ kind: 'growth', call, bytes }), [bytes], (told) => (told.kind === 'growth' ? told.growth : null))
  }

  close(): void { this.#worker.terminate() }

  #ask<T>(question: (call: number) => Asked, handOver: Transferable[], read: (told: Told) => T | null): Promise<T> {
    const call = ++this.#calls
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.set(call, { refuse: reject, take: (told) => {
      const answer = read(told)
      if (answer === null) reject(new GraphUnreadable(`the worker answered ${told.kind}`))
      else resolve(answer)
    } })
    this.#worker.postMessage(question(call), handOver)
    return promise
  }
}
