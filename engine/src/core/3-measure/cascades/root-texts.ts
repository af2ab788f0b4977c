// The ids of roots as text in blocks of a pool: bytes in the first word, then the text in UTF-8. A number of up to 19 digits, as most ids are, takes three words:
// its digits and the first of 19, the next nine, the last nine. Where there is no room, a root has none.
import type { StateReader, StateWriter } from '../../state.ts'
import { BlockPool } from './block-pool.ts'
import { stride, word, type Nodes } from './nodes.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true }) // an id may begin with U+FEFF
const isNumber = 2 ** 31 // in the first word
const digitsMax = 19
const numberWords = 3

export interface IdText { readonly bytes: Uint8Array; readonly start: number; readonly end: number }

export class RootTexts {
  readonly #nodes: Nodes
  readonly #pool: BlockPool
  readonly #bytes: Uint8Array

  constructor(nodes: Nodes) {
    this.#nodes = nodes
    this.#pool = new BlockPool(nodes.max * 12 + 65_536)
    this.#bytes = new Uint8Array(this.#pool.words.buffer)
  }

  set(root: number, { bytes, start, end }: IdText): void {
    const { words } = this.#pool
    const asNumber = end - start <= digitsMax && isDecimal(bytes, start, end)
    const first = asNumber ? isNumber + (decimal(bytes, start, end - 18) << 8) + end - start : end - start
    const block = this.#pool.take(wordsOf(first))
    this.#nodes.words[root * stride + word.text] = block
    if (block === 0) return
    words[block] = first
    if (asNumber) {
      words[block + 1] = decimal(bytes, Math.max(start, end - 18), end - 9)
      words[block + 2] = decimal(bytes, Math.max(start, end - 9), end)
      return
    }
    for (let from = start, to = (block + 1) * 4; from < end; from++, to++) this.#bytes[to] = bytes[from]!
  }

  /** Looks where the text of a root lies (ahead.ts). */
  look(root: number): number { return this.#pool.words[this.#nodes.words[root * stride + word.text]!]! }

  /** Nothing of it is left, in a checkpoint neither. */
  drop(root: number): void {
    const block = this.#nodes.words[root * stride + word.text]!
    if (block === 0) return
    const words = wordsOf(this.#pool.words[block]!)
    this.#pool.words.fill(0, block, block + words)
    this.#pool.give(block, words)
    this.#nodes.words[root * stride + word.text] = 0
  }

  /** '': it was not kept. */
  of(root: number): string {
    const block = this.#nodes.words[root * stride + word.text]!
    if (block === 0) return ''
    const first = this.#pool.words[block]!
    if (first >= isNumber) {
      const digits = [(first >>> 8) & 15, ...this.#pool.words.subarray(block + 1, block + numberWords)].map((part) => String(part).padStart(9, '0')).join('')
      return digits.slice(-(first & 255))
    }
    return decoder.decode(this.#bytes.subarray((block + 1) * 4, (block + 1) * 4 + first))
  }

  save(out: StateWriter): void { this.#pool.save(out) }

  /** After the nodes. */
  load(from: StateReader): void {
    this.#pool.loadWords(from)
    this.#pool.load(from, (claim) => this.#each(from, claim))
  }

  #each(from: StateReader, claim: (block: number, words: number) => void): void {
    for (let node = 1; node <= this.#nodes.top; node++) {
      const block = this.#nodes.words[node * stride + word.text]!
      if (block === 0) continue
      const first = this.#pool.words[block]!
      const isSane = first < isNumber ? first <= this.#pool.top * 4 : (first & 255) <= digitsMax && (first & 255) > 0
      if (block >= this.#pool.top || !isSane) from.refuse(`the id of node ${node} lies outside`)
      claim(block, wordsOf(first))
    }
  }
}

/** `first`: the first word of a block. */
const wordsOf = (first: number): number => (first >= isNumber ? numberWords : 1 + ((first + 3) >>> 2))

function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false
  return end > start
}

/** 0 where there are no digits. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + bytes[at]! - 48
  return value
}
