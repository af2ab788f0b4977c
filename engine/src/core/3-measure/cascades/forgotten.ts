// The mentions of the store that were forgotten: nodes without account and id, for as long as their trees are here. What is kept of them is their hash, which finds
// the place for children and copies that still come and is told to nobody, and of roots a name that is no id.
import { forgottenName } from './forgotten-name.ts'
import { stride, word, type Nodes } from './nodes.ts'
import type { Placement } from './placement.ts'
import type { RootTexts } from './root-texts.ts'
import type { TreeRows } from './tree-rows.ts'

const encoder = new TextEncoder()

export class Forgotten {
  readonly nodes = new Set<number>() // at most all of the store
  readonly #nodes: Nodes
  readonly #rows: TreeRows
  readonly #texts: RootTexts
  readonly #placement: Placement

  constructor({ nodes, rows, texts, placement }: { readonly nodes: Nodes; readonly rows: TreeRows; readonly texts: RootTexts; readonly placement: Placement }) {
    this.#nodes = nodes
    this.#rows = rows
    this.#texts = texts
    this.#placement = placement
  }

  /** Once more is as once. */
  add(node: number): void {
    if (this.#nodes.isForgotten(node)) return
    const id = this.#texts.of(node)
    this.#nodes.forget(node)
    this.nodes.add(node)
    if (id !== '') {
      this.#texts.drop(node)
      const bytes = encoder.encode(forgottenName(id))
      this.#texts.set(node, { bytes, start: 0, end: bytes.length })
    }
    const row = this.#placement.rowOf(this.#nodes.root(node))
    if (row !== 0) this.#rows.spoil(row) // it counted the account
  }

  addAccounts(hashes: ArrayLike<number>): void {
    const { words, top } = this.#nodes
    const of = Uint32Array.from({ length: 256 }, (_, platform) => hashes[platform] ?? 0)
    for (let node = 1; node <= top; node++) {
      const author = words[node * stride + word.author]!
      if (author !== 0 && author === of[words[node * stride + word.kind]! & 255]) this.add(node) // who has left has none
    }
  }

  /** Null: the root was not forgotten. Where nothing is known of its id but the hash, the name is made of that. */
  nameOf(root: number): string | null {
    if (!this.#nodes.isForgotten(root)) return null
    return this.#texts.of(root) || forgottenName(`${this.#nodes.get(root, word.idHigh)}-${this.#nodes.get(root, word.idLow)}`)
  }

  /** The node leaves the store. */
  release(node: number): void { if (this.nodes.size > 0) this.nodes.delete(node) }
  load(node: number): void { if (this.#nodes.isForgotten(node)) this.nodes.add(node) }
}
