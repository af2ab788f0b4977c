// Likely parents of the mentions that name none, asked of the engine for the tree that is shown, as one reactive object with a lifetime.
import type { GraphTree } from '../graph/graph-tree.ts'
import type { LikelyEdges } from '../graph/overlay.ts'
import type { CascadeApi, CascadeFailure, CascadeQuestion } from './cascade-api.ts'

const patienceMs = 30_000

export interface Likely extends LikelyEdges { readonly underRoot: number; readonly cut: number }

export class LikelyParents {
  readonly #api: CascadeApi
  readonly #question: CascadeQuestion
  readonly #closed = new AbortController()
  #of: GraphTree | null = null
  #likely = $state.raw<Likely | null>(null)
  #failure = $state.raw<CascadeFailure | null>(null)

  constructor(api: CascadeApi, question: CascadeQuestion) {
    this.#api = api
    this.#question = question
  }

  /** Of the tree that was asked for last; null before, and where it could not be had. */
  get likely(): Likely | null { return this.#likely }
  get failure(): CascadeFailure | null { return this.#failure }

  /** null: they are not shown. One question a state of the tree. */
  follow(tree: GraphTree | null): void {
    if (tree === this.#of) return
    this.#of = tree
    this.#likely = null
    this.#failure = null
    if (tree !== null) void this.#ask(tree)
  }

  close(): void { this.#closed.abort() }

  async #ask(tree: GraphTree): Promise<void> {
    const answer = await this.#api.inferred(this.#question, AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]))
    if (this.#closed.signal.aborted || this.#of !== tree) return
    if (!answer.ok) {
      this.#failure = answer.why
      return
    }
    const { nodes, parents, probabilities, underRoot, cut } = answer.value
    const places = new Map<number, number>()
    // The engine's tree may have grown since this one was asked for.
    for (const [index, node] of nodes.entries()) if (node < tree.size && parents[index]! < tree.size) places.set(node, index)
    this.#likely = { parentOf: (node) => { const index = places.get(node); return index === undefined ? null : { parent: parents[index]!, probability: probabilities[index]! } }, nodes: [...places.keys()].sort((a, b) => probabilities[places.get(b)!]! - probabilities[places.get(a)!]!), underRoot, cut }
  }
}
