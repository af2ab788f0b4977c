// Room for what has no fixed length: blocks of 32-bit words in one array, in sizes of 2^k and 1.5 · 2^k words, each size with a list of what is free.
// A block that does not fit any more is refused by 0; whoever asked goes without.
import type { StateReader, StateWriter } from '../../state.ts'

const sizes: readonly number[] = Array.from({ length: 60 }, (_, i) => (i & 1 ? 3 : 2) * 2 ** (i >> 1)) // 2, 3, 4, 6, 8, 12 …

export class BlockPool {
  readonly words: Uint32Array<ArrayBuffer>
  #top = 1 // word 0 is no block
  readonly #free = new Uint32Array(sizes.length)

  constructor(wordsMax: number) { this.words = new Uint32Array(wordsMax) }

  /** Words in use or waiting to be used again. */
  get top(): number { return this.#top }

  /** The first word of a block of at least so many words, which are not empty; 0: there is no room. */
  take(words: number): number {
    const size = sizeOf(words)
    const free = this.#free[size]!
    if (free !== 0) {
      this.#free[size] = this.words[free]!
      return free
    }
    const block = this.#top
    if (block + sizes[size]! > this.words.length) return 0
    this.#top += sizes[size]!
    return block
  }

  /** `words`: as many as were asked for. */
  give(block: number, words: number): void {
    const size = sizeOf(words)
    this.words[block] = this.#free[size]!
    this.#free[size] = block
  }

  save(out: StateWriter): void {
    out.array(this.words, 0, this.#top)
    out.array(this.#free)
  }

  /** `each` names the blocks in use, each with as many words as were asked for. Refused where they and the free ones are not all there is. */
  load(from: StateReader, each: (claim: (block: number, words: number) => void) => void): void {
    let used = 1
    const mark = new Uint8Array(this.#top)
    const claim = (block: number, words: number): void => {
      const end = block + sizes[sizeOf(words)]!
      if (block < 1 || end > this.#top) from.refuse(`block ${block} lies outside`)
      for (let at = block; at < end; at++) {
        if (mark[at] !== 0) from.refuse(`two blocks share word ${at}`)
        mark[at] = 1
      }
      used += end - block
    }
    each(claim)
    this.#free.forEach((first, size) => { for (let at = first; at !== 0; at = this.words[at]!) claim(at, sizes[size]!) })
    if (used !== this.#top) from.refuse(`${this.#top - used} words belong to no block`)
  }

  /** The words themselves, to be followed by `load`. */
  loadWords(from: StateReader): void {
    const words = from.words()
    const free = from.words()
    if (words.length < 1 || words.length > this.words.length) from.refuse(`${words.length} words do not fit into ${this.words.length}`)
    if (free.length !== sizes.length) from.refuse(`${free.length} sizes of blocks`)
    this.words.set(words)
    this.#top = words.length
    this.#free.set(free)
  }
}

function sizeOf(words: number): number {
  if (words <= 2) return 0
  const log = 31 - Math.clz32(words - 1) // 2^log < words ≤ 2^(log + 1)
  return words <= 1.5 * 2 ** log ? 2 * log - 1 : 2 * log
}
