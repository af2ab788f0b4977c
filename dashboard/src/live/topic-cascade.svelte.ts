// The cascade that a takeover shows: the one that its alert is about, else the largest of its topic in memory, asked again while it is shown. The last
// answer stays while the next one is awaited or fails.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import type { GraphTree } from '../graph/graph-tree.ts'
import { GraphUnreadable, type GraphWorker } from '../graph/graph-worker.ts'
import type { Layout } from '../graph/layout.ts'
import type { CascadeAnswer, CascadeApi, CascadeFailure } from './cascade-api.ts'

const refreshMs = 20_000
const againMs = 5_000 // after a failure
const patienceMs = 30_000
const shape = { name: 'time-radial', scale: 'log' } as const

export interface ShownCascade { readonly row: CascadeRow; readonly tree: GraphTree; readonly layout: Layout }
/** none: the topic has no cascade in memory. */
export type CascadeState = { readonly kind: 'loading' } | { readonly kind: 'none' } | { readonly kind: 'failed'; readonly why: CascadeFailure } | ({ readonly kind: 'shown' } & ShownCascade)

export class TopicCascade {
  readonly #api: CascadeApi
  readonly #worker: GraphWorker
  readonly #asked: { readonly topic: string; readonly root: string | null }
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #tag: string | null = null
  #state = $state.raw<CascadeState>({ kind: 'loading' })

  constructor(api: CascadeApi, worker: GraphWorker, asked: { readonly topic: string; readonly root: string | null }) {
    this.#api = api
    this.#worker = worker
    this.#asked = asked
    void this.#ask()
  }

  get state(): CascadeState { return this.#state }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #ask(): Promise<void> {
    const next = await this.#askOnce()
    if (this.#closed.signal.aborted) return
    if (next.kind !== 'failed' || this.#state.kind !== 'shown') this.#state = next
    this.#timer = setTimeout(() => void this.#ask(), next.kind === 'failed' ? againMs : refreshMs)
  }

  async #askOnce(): Promise<CascadeState> {
    const found = await this.#row()
    if (!found.ok) return { kind: 'failed', why: found.why }
    const row = found.value
    if (row === null) return { kind: 'none' }
    const tree = await this.#api.tree({ root: row.root, which: null }, this.#signal())
    if (!tree.ok) return tree.why === 'unknown' ? { kind: 'none' } : { kind: 'failed', why: tree.why } // evicted between the two questions
    const { bytes, tag } = tree.value
    if (this.#state.kind === 'shown' && tag !== null && tag === this.#tag) return { ...this.#state, row }
    try {
      const read = await this.#worker.read(bytes, shape)
      this.#tag = tag
      return { kind: 'shown', row, tree: read.tree, layout: read.layout }
    } catch (error) {
      if (!(error instanceof GraphUnreadable)) throw error
      return { kind: 'failed', why: 'unreadable' }
    }
  }

  async #row(): Promise<CascadeAnswer<CascadeRow | null>> {
    const { topic, root } = this.#asked
    if (root !== null) {
      const answer = await this.#api.detail({ root, which: null }, this.#signal())
      if (answer.ok) return { ok: true, value: answer.value.cascade }
      if (answer.why !== 'unknown') return answer
    }
    return this.#api.largestOf(topic, this.#signal())
  }

  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }
}
