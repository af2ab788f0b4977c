// Likely parents of the mentions that name none, asked of the engine for the tree that is shown, as one reactive object with a lifetime.
import type { InferredEdges } from '@groundswell/schemas/cascade-detail.ts'
import type { GraphTree } from '../graph/graph-tree.ts'
import type { LikelyEdges } from '../graph/overlay.ts'
import { Asked } from './asked.svelte.ts'
import type { CascadeApi, CascadeFailure, CascadeQuestion } from './cascade-api.ts'

export interface Likely extends LikelyEdges { readonly underRoot: number; readonly cut: number }

export class LikelyParents {
  readonly #asked: Asked<number, InferredEdges, CascadeFailure> // the question is which state of the tree they are asked for
  #states = 0
  #tree = $state.raw<GraphTree | null>(null)
  #of: GraphTree | null = null // read where nothing is to follow it

  constructor(api: CascadeApi, question: CascadeQuestion) {
    this.#asked = new Asked((_state, signal) => api.inferred(question, signal))
  }

  /** Of the tree that was asked for last; null before, and where it could not be had: it is asked for again. */
  readonly likely: Likely | null = $derived.by(() => {
    const { current } = this.#asked
    return current === null || this.#tree === null ? null : likelyIn(this.#tree, current)
  })
  get failure(): CascadeFailure | null { return this.#tree === null ? null : this.#asked.failure?.why ?? null }

  /** null: they are not shown. One question a state of the tree. */
  follow(tree: GraphTree | null): void {
    if (tree === this.#of) return
    this.#of = tree
    this.#tree = tree
    this.#asked.put(tree === null ? null : ++this.#states)
  }

  close(): void { this.#asked.close() }
}

/** The engine's tree may have grown since this one was asked for. */
function likelyIn(tree: GraphTree, { nodes, parents, probabilities, underRoot, cut }: InferredEdges): Likely {
  const places = new Map<number, number>()
  for (const [index, node] of nodes.entries()) if (node < tree.size && parents[index]! < tree.size) places.set(node, index)
  return {
    parentOf: (node) => { const index = places.get(node); return index === undefined ? null : { parent: parents[index]!, probability: probabilities[index]! } },
    nodes: [...places.keys()].sort((a, b) => probabilities[places.get(b)!]! - probabilities[places.get(a)!]!), underRoot, cut,
  }
}
