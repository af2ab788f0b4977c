// From the 64-bit hash of an id to its node: open addressing, at most two thirds full, without tombstones.
//
//   slot   node │ how far it is from its home, at most 15 │ first bits of the high half
//
// Both are there so that a search looks at no node but the one it is for, and a removal at none: each look at a node is a miss of the cache.
import { stride, word, type Nodes } from './nodes.ts'

const farBits = 4
const farMax = (1 << farBits) - 1

export class IdIndex {
  readonly #words: Uint32Array
  readonly #slots: Uint32Array
  readonly #mask: number
  readonly #nodeBits: number
  readonly #nodeMask: number
  readonly #tagShift: number // of the high half; 32: there is no room for a tag

  constructor(nodes: Nodes) {
    this.#words = nodes.words
    let slots = 16
    while (slots * 2 < nodes.max * 3) slots *= 2
    this.#slots = new Uint32Array(slots)
    this.#mask = slots - 1
    this.#nodeBits = 32 - Math.clz32(nodes.max)
    this.#nodeMask = 2 ** this.#nodeBits - 1
    this.#tagShift = Math.max(this.#nodeBits + farBits, 16)
  }

  /** 0: it is not here. */
  find(low: number, high: number): number {
    const words = this.#words
    const slots = this.#slots
    const mask = this.#mask
    const nodeBits = this.#nodeBits
    const tag = this.#tagOf(high)
    let far = 0
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const slot = slots[at]!
      if (slot === 0) return 0
      if (slot >>> nodeBits === (tag | far)) {
        const node = slot & this.#nodeMask
        if (words[node * stride + word.idLow] === low && words[node * stride + word.idHigh] === high) return node
      }
      if (far < farMax) far++
    }
  }

  /** Looks where ids belong, and at the nodes that lie there (ahead.ts). */
  look(low: Uint32Array, from: number, to: number): number {
    const words = this.#words
    const slots = this.#slots
    const mask = this.#mask
    const nodeMask = this.#nodeMask
    let sum = 0
    for (let row = from; row < to; row++) sum = (sum + words[(slots[low[row]! & mask]! & nodeMask) * stride]!) | 0
    return sum
  }

  lookAt(low: number): number { return this.#slots[low & this.#mask]! }

  /** Its id is not here yet. */
  add(node: number): void {
    const slots = this.#slots
    const mask = this.#mask
    const home = this.#words[node * stride + word.idLow]! & mask
    let at = home
    while (slots[at] !== 0) at = (at + 1) & mask
    const far = Math.min((at - home) & mask, farMax)
    slots[at] = ((this.#tagOf(this.#words[node * stride + word.idHigh]!) | far) << this.#nodeBits) | node
  }

  /** Moves back those behind it that are not where they belong (Knuth, TAOCP 3, 6.4, algorithm R). */
  remove(node: number): void {
    const slots = this.#slots
    const mask = this.#mask
    let gap = this.#words[node * stride + word.idLow]! & mask
    while ((slots[gap]! & this.#nodeMask) !== node) gap = (gap + 1) & mask
    for (let at = (gap + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const far = this.#farOf(at)
      const back = (at - gap) & mask
      if (far < back) continue // its home lies behind the gap
      const kept = slots[at]! & ~(farMax << this.#nodeBits)
      slots[gap] = kept | (Math.min(far - back, farMax) << this.#nodeBits)
      gap = at
    }
    slots[gap] = 0
  }

  #tagOf(high: number): number { return (high >>> this.#tagShift) << farBits }

  /** How far what lies in a slot is from its home. */
  #farOf(at: number): number {
    const slot = this.#slots[at]!
    const far = (slot >>> this.#nodeBits) & farMax
    return far < farMax ? far : (at - this.#words[(slot & this.#nodeMask) * stride + word.idLow]!) & this.#mask
  }
}
