// Rows of 32-bit words found by a 64-bit key, in a fixed room: a bucket that is full gives up its row of least weight, of these the least recent.
//
//   keys   [ low high | low high | … ] × 8 a bucket, one cache line     0, 0: empty; a bucket fills from its first place on
//   words  [ last weight … ] × 8                                       what a row is; its owner reads and writes from word 2 on
import type { StateReader, StateWriter } from '../../state.ts'

const ways = 8
const multiplierLow = 0x9e3779b1 | 0
const multiplierHigh = 0x85ebca6b | 0

/** The first two words of each row. */
export const rowWord = { last: 0, weight: 1 } as const

export class RecentRows {
  /** Whether the row that `claim` answered begins anew. */
  isNew = false
  /** Rows that were given up for others. */
  givenUp = 0
  size = 0
  words = new Uint32Array(0)
  floats = new Float32Array(0) // the same memory
  #keys = new Int32Array(0)
  readonly #name: string
  readonly #max: number
  readonly #stride: number
  readonly #shift: number

  /** `max` rows, a power of two from 16 on, of `stride` words each. There is no memory until the first is claimed. */
  constructor(name: string, { max, stride }: { readonly max: number; readonly stride: number }) {
    if (max < 2 * ways || (max & (max - 1)) !== 0) throw new RangeError(`${max} rows of ${name}: give a power of two from ${2 * ways} on`)
    this.#name = name
    this.#max = max
    this.#stride = stride
    this.#shift = 32 - Math.log2(max / ways)
  }

  /** Where the words of the row begin; −1: there is none. The key is two unsigned or signed words, not both 0. */
  find(low: number, high: number): number {
    if (this.size === 0) return -1
    const place = this.#place(low | 0, high | 0)
    return place < 0 ? -1 : place * this.#stride
  }

  /** The same; where there is none a row of zeros but for `last`, in an empty place or in that of another. */
  claim(low: number, high: number, second: number): number {
    if (this.#keys.length === 0) this.#allocate()
    const lo = low | 0
    const hi = high | 0
    let place = this.#place(lo, hi)
    this.isNew = place < 0
    if (place >= 0) {
      const at = place * this.#stride
      if (second > this.words[at]!) this.words[at] = second
      return at
    }
    place = this.#room(this.#bucket(lo, hi))
    this.#keys[2 * place] = lo
    this.#keys[2 * place + 1] = hi
    const at = place * this.#stride
    this.words[at] = second
    return at
  }

  /** The key of the row that begins at `at`. */
  lowOf(at: number): number { return this.#keys[(2 * at) / this.#stride]! >>> 0 }
  highOf(at: number): number { return this.#keys[(2 * at) / this.#stride + 1]! >>> 0 }

  save(out: StateWriter): void {
    const row = 2 + this.#stride
    const all = new Uint32Array(this.size * row)
    let to = 0
    for (let place = 0; to < all.length; place++) {
      if (this.#isEmpty(place)) continue
      all[to] = this.#keys[2 * place]!
      all[to + 1] = this.#keys[2 * place + 1]!
      all.set(this.words.subarray(place * this.#stride, (place + 1) * this.#stride), to + 2)
      to += row
    }
    out.section(this.#name, 1, () => {
      out.number(this.#max)
      out.number(this.givenUp)
      out.array(all)
    })
  }

  /** Into one that is empty. `isSound`: whether a row can be one, by where its words begin. */
  load(from: StateReader, isSound: (words: Uint32Array, at: number) => boolean): void {
    from.section(this.#name, 1, () => {
      from.whole(this.#max, this.#max)
      this.givenUp = from.whole(0)
      const givenUp = this.givenUp
      const all = from.words()
      const row = 2 + this.#stride
      if (all.length % row !== 0 || all.length / row > this.#max) from.refuse(`${all.length} words are not up to ${this.#max} rows of ${row}`)
      for (let i = 0; i < all.length; i += row) {
        const [low, high] = [all[i]!, all[i + 1]!]
        if ((low === 0 && high === 0) || !isSound(all, i + 2)) from.refuse(`row ${i / row} is none`)
        const at = this.claim(low, high, all[i + 2]!)
        if (!this.isNew || this.givenUp > givenUp) from.refuse(`row ${i / row} is there twice, or has no room`)
        this.words.set(all.subarray(i + 2, i + row), at)
      }
    })
  }

  #isEmpty(place: number): boolean { return this.#keys[2 * place] === 0 && this.#keys[2 * place + 1] === 0 }

  #bucket(lo: number, hi: number): number {
    return (Math.imul(lo ^ Math.imul(hi, multiplierHigh), multiplierLow) >>> this.#shift) * ways
  }

  #place(lo: number, hi: number): number {
    const keys = this.#keys
    const from = this.#bucket(lo, hi)
    for (let place = from; place < from + ways; place++) {
      const low = keys[2 * place]!
      const high = keys[2 * place + 1]!
      if (low === lo && high === hi) return place
      if (low === 0 && high === 0) return -1
    }
    return -1
  }

  /** An empty place of the bucket, or that of the row that is missed least, emptied. */
  #room(from: number): number {
    const { words } = this
    let least = from
    for (let place = from; place < from + ways; place++) {
      if (this.#isEmpty(place)) {
        this.size++
        return place
      }
      const at = place * this.#stride
      const than = least * this.#stride
      const lighter = words[at + rowWord.weight]! - words[than + rowWord.weight]!
      if (lighter < 0 || (lighter === 0 && words[at]! < words[than]!)) least = place
    }
    this.givenUp++
    words.fill(0, least * this.#stride, (least + 1) * this.#stride)
    return least
  }

  #allocate(): void {
    this.#keys = new Int32Array(2 * this.#max)
    this.words = new Uint32Array(this.#max * this.#stride)
    this.floats = new Float32Array(this.words.buffer)
  }
}
