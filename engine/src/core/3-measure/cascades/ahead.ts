// Looks ahead at what the next mentions and evictions of the cascade store will need, and changes nothing: so that it is in the cache when its turn comes.
//
// A look into a store of millions is a miss of the cache, and the core waits for it where the next step depends on it. In a loop over many mentions nothing depends
// on anything, and it waits for many at once. The sums are kept, or the compiler drops the loops.
import type { IdIndex } from './id-index.ts'
import { stride, word, type Nodes } from './nodes.ts'
import type { RootTexts } from './root-texts.ts'

/** Hashes of ids by row; 0, 0: none. */
export interface NamedIds {
  readonly idLow: Uint32Array
  readonly parentLow: Uint32Array
  readonly rootLow: Uint32Array
}

const rootsAhead = 32
const nodesAhead = 4 // of each tree

export class Ahead {
  readonly #nodes: Nodes
  readonly #index: IdIndex
  readonly #texts: RootTexts
  readonly #roots = new Uint32Array(rootsAhead)
  readonly #next = new Uint32Array(rootsAhead)
  #known = 0 // evictions until the next look
  looked = 0 // says nothing

  constructor({ nodes, index, texts }: { readonly nodes: Nodes; readonly index: IdIndex; readonly texts: RootTexts }) {
    this.#nodes = nodes
    this.#index = index
    this.#texts = texts
  }

  /** Mentions of rows from … to are about to be added. */
  mentions({ idLow, parentLow, rootLow }: NamedIds, from: number, to: number): void {
    const index = this.#index
    this.looked = (index.look(idLow, from, to) + index.look(parentLow, from, to) + index.look(rootLow, from, to)) | 0
  }

  /** A root is about to be evicted, and those behind it in its list are next. */
  eviction(root: number): void {
    if (this.#known > 0) this.#known--
    else this.#known = this.#trees(root) - 1
  }

  #trees(first: number): number {
    const { words } = this.#nodes
    const roots = this.#roots
    let count = 0
    let sum = 0
    for (let root = first; root !== 0 && count < rootsAhead; root = words[root * stride + word.next]!) {
      roots[count++] = root
      sum += words[words[root * stride + word.first]! * stride]!
    }
    for (let i = 0; i < count; i++) sum += this.#texts.look(roots[i]!)
    this.looked = (sum + this.#below(count)) | 0
    return count
  }

  /** The first nodes of each tree, a generation of looks after the other: where a node leads to is known once it is here. */
  #below(count: number): number {
    const nodes = this.#nodes
    const { words } = nodes
    const roots = this.#roots
    const next = this.#next
    let sum = 0
    for (let step = 0; step < nodesAhead; step++) {
      for (let i = 0; i < count; i++) {
        const node = step === 0 ? roots[i]! : next[i]!
        if (node === 0) continue
        sum += this.#index.lookAt(words[node * stride + word.idLow]!)
        const after = nodes.after(node, roots[i]!)
        next[i] = after
        sum += words[after * stride]!
      }
    }
    return sum
  }
}
