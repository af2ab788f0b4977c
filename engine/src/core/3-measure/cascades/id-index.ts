// From the 64-bit hash of an id to its node: open addressing over the nodes, at most two thirds full, without tombstones.
import { stride, word, type Nodes } from './nodes.ts'

export class IdIndex {
  readonly #words: Uint32Array
  readonly #slots: Uint32Array
  readonly #mask: number

  constructor(nodes: Nodes) {
    this.#words = nodes.words
    let slots = 16
    while (slots * 2 < nodes.max * 3) slots *= 2
    this.#slots = new Uint32Array(slots)
    this.#mask = slots - 1
  }

  /** 0: it is not here. */
  find(low: number, high: number): number {
    const words = this.#words
    for (let at = low & this.#mask; ; at = (at + 1) & this.#mask) {
      const node = this.#slots[at]!
      if (node === 0) return 0
      if (words[node * stride + word.idLow] === low && words[node * stride + word.idHigh] === high) return node
    }
  }

  /** Its id is not here yet. */
  add(node: number): void {
    let at = this.#words[node * stride + word.idLow]! & this.#mask
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask
    this.#slots[at] = node
  }

  /** Moves back those behind it that are not where they belong (Knuth, TAOCP 3, 6.4, algorithm R). */
  remove(node: number): void {
    const slots = this.#slots
    const mask = this.#mask
    let gap = this.#words[node * stride + word.idLow]! & mask
    while (slots[gap] !== node) gap = (gap + 1) & mask
    for (let at = (gap + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#words[slots[at]! * stride + word.idLow]! & mask
      if (((at - home) & mask) < ((at - gap) & mask)) continue // its home lies behind the gap
      slots[gap] = slots[at]!
      gap = at
    }
    slots[gap] = 0
  }
}
