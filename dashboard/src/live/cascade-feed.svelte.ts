// One cascade as its page shows it: what is said of it, its tree and its layout, asked again while it grows. The last answer stays while the next one
// is awaited or fails; `failure` says so.
import { sameNode, type GraphTree } from '../graph/graph-tree.ts'
import { GraphUnreadable, type GraphWorker } from '../graph/graph-worker.ts'
import type { Layout, LayoutQuestion } from '../graph/layout.ts'
import type { CascadeApi, CascadeFailure, CascadeQuestion, NamedDetail } from './cascade-api.ts'
import type { EngineSaid } from './refusal.ts'

const refreshMs = 15_000
const againMs = 5_000 // after a failure
const patienceMs = 30_000

export interface Failure extends EngineSaid { readonly why: CascadeFailure }

export class CascadeFeed {
  readonly #api: CascadeApi
  readonly #worker: GraphWorker
  readonly #question: CascadeQuestion
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #asked: LayoutQuestion
  #tag: string | null = null
  #detail = $state.raw<NamedDetail | null>(null)
  #tree = $state.raw<GraphTree | null>(null)
  #layout = $state.raw<Layout | null>(null)
  #failure = $state.raw<Failure | null>(null)
  /** Called before another state of the tree is shown, with where a node of the one before is now; null: it is gone. */
  onMoved: (place: (node: number) => number | null) => void = () => undefined

  constructor(api: CascadeApi, worker: GraphWorker, { question, layout }: { readonly question: CascadeQuestion; readonly layout: LayoutQuestion }) {
    this.#api = api
    this.#worker = worker
    this.#question = question
    this.#asked = layout
    void this.#ask()
  }

  get detail(): NamedDetail | null { return this.#detail }
  get tree(): GraphTree | null { return this.#tree }
  /** Of the tree; the one before while another is worked out. */
  get layout(): Layout | null { return this.#layout }
  get failure(): Failure | null { return this.#failure }

  async lay(layout: LayoutQuestion): Promise<void> {
    this.#asked = layout
    if (this.#tree === null) return
    const told = await this.#worker.layout(layout)
    // Another may have been asked since, and the tree may have grown: the newest answer that fits both is shown.
    if (told.layout.x.length === this.#tree.size && same(this.#asked, layout)) this.#layout = told.layout
  }

  /** The id of a mention, in words of the API where it has none. */
  async idOf(node: number): Promise<string | null> {
    if (node === 0) return this.#question.root
    const answer = await this.#api.id({ root: this.#question.root, which: this.#detail?.which ?? 'live' }, node, this.#signal())
    return answer.ok ? answer.value : null
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #ask(): Promise<void> {
    const failure = await this.#askOnce()
    if (this.#closed.signal.aborted) return
    this.#failure = failure
    const grows = this.#detail === null || this.#detail.which === 'live'
    if (failure !== null || grows) this.#timer = setTimeout(() => void this.#ask(), failure === null ? refreshMs : againMs)
  }

  async #askOnce(): Promise<Failure | null> {
    const [detail, tree] = await Promise.all([this.#api.detail(this.#question, this.#signal()), this.#api.tree(this.#question, this.#signal())])
    if (this.#closed.signal.aborted) return null
    if (detail.ok) this.#detail = detail.value
    if (!tree.ok) return tree
    if (this.#tree === null || tree.value.tag === null || tree.value.tag !== this.#tag) {
      const failed = await this.#read(tree.value.bytes)
      if (failed !== null) return failed
      this.#tag = tree.value.tag
    }
    return detail.ok ? null : detail
  }

  async #read(bytes: ArrayBuffer): Promise<Failure | null> {
    try {
      const { tree, layout } = await this.#worker.read(bytes, this.#asked)
      if (this.#closed.signal.aborted) return null
      const before = this.#tree
      if (before !== null) this.onMoved((node) => sameNode(tree, before, node))
      this.#tree = tree
      this.#layout = layout
      if (!same(this.#asked, layout)) await this.lay(this.#asked)
      return null
    } catch (error) {
      if (!(error instanceof GraphUnreadable)) throw error
      return { why: 'unreadable', detail: error.message }
    }
  }

  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }
}

const same = (a: LayoutQuestion, b: LayoutQuestion): boolean => a.name === b.name && a.scale === b.scale
