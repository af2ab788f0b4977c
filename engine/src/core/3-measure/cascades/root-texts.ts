// The ids of roots as text, UTF-8 in blocks of a pool: bytes in the first word, then the text. Where there is no room, a root has none.
import type { StateReader, StateWriter } from '../../state.ts'
import { BlockPool } from './block-pool.ts'
import { stride, word, type Nodes } from './nodes.ts'

const decoder = new TextDecoder()

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
    const block = this.#pool.take(wordsOf(end - start))
    this.#nodes.words[root * stride + word.text] = block
    if (block === 0) return
    this.#pool.words[block] = end - start
    for (let from = start, to = (block + 1) * 4; from < end; from++, to++) this.#bytes[to] = bytes[from]!
  }

  drop(root: number): void {
    const block = this.#nodes.words[root * stride + word.text]!
    if (block === 0) return
    this.#pool.give(block, wordsOf(this.#pool.words[block]!))
    this.#nodes.words[root * stride + word.text] = 0
  }

  /** '': it was not kept. */
  of(root: number): string {
    const block = this.#nodes.words[root * stride + word.text]!
    return block === 0 ? '' : decoder.decode(this.#bytes.subarray((block + 1) * 4, (block + 1) * 4 + this.#pool.words[block]!))
  }

  save(out: StateWriter): void { this.#pool.save(out) }

  /** After the nodes. */
  load(from: StateReader): void {
    this.#pool.loadWords(from)
    this.#pool.load(from, this.#blocks(from))
  }

  * #blocks(from: StateReader): Generator<{ readonly block: number; readonly words: number }> {
    for (let node = 1; node <= this.#nodes.top; node++) {
      const block = this.#nodes.words[node * stride + word.text]!
      if (block === 0) continue
      if (block >= this.#pool.top || this.#pool.words[block]! > this.#pool.top * 4) from.refuse(`the id of node ${node} lies outside`)
      yield { block, words: wordsOf(this.#pool.words[block]!) }
    }
  }
}

const wordsOf = (bytes: number): number => 1 + ((bytes + 3) >>> 2)
