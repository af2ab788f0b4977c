// Where the terms of NEAR stand in the mention under way; the only terms whose places are kept.
import type { NearLeaf } from './program.ts'

export class Occurrences {
  readonly #nears: readonly NearLeaf[]
  readonly #slotOf: Int32Array // of each term, −1: not wanted
  readonly #starts: Int32Array[] // of each slot, in tokens; grow to the longest mention's need and stay
  readonly #ends: Int32Array[] // … the last token (inclusive), ascending
  readonly #counts: Int32Array

  constructor(nears: readonly NearLeaf[], termsTotal: number) {
    this.#nears = nears
    this.#slotOf = new Int32Array(termsTotal).fill(-1)
    let slots = 0
    for (const term of nears.flatMap(({ left, right }) => [left, right])) {
      if (this.#slotOf[term] === -1) this.#slotOf[term] = slots++
    }
    this.#starts = Array.from({ length: slots }, () => new Int32Array(8))
    this.#ends = Array.from({ length: slots }, () => new Int32Array(8))
    this.#counts = new Int32Array(slots)
  }

  begin(): void {
    if (this.#counts.length > 0) this.#counts.fill(0)
  }

  wanted(term: number): boolean {
    return this.#slotOf[term] !== -1
  }

  /** Called in order of ends. */
  add(term: number, start: number, end: number): void {
    const slot = this.#slotOf[term]!
    const count = this.#counts[slot]!
    if (count === this.#starts[slot]!.length) {
      this.#starts[slot] = doubled(this.#starts[slot]!)
      this.#ends[slot] = doubled(this.#ends[slot]!)
    }
    this.#starts[slot]![count] = start
    this.#ends[slot]![count] = end
    this.#counts[slot] = count + 1
  }

  near(leaf: number): boolean {
    const { left, right, distance } = this.#nears[leaf]!
    const a = this.#slotOf[left]!
    const b = this.#slotOf[right]!
    return this.#follows(a, b, distance) || this.#follows(b, a, distance)
  }

  /** Whether some occurrence of `second` begins at most `distance` tokens after one of `first` ends. */
  #follows(first: number, second: number, distance: number): boolean {
    const ends = this.#ends[first]!
    const starts = this.#starts[second]!
    for (let at = 0; at < this.#counts[second]!; at += 1) {
      const start = starts[at]!
      let low = 0
      let high = this.#counts[first]!
      while (low < high) {
        const middle = (low + high) >> 1
        if (ends[middle]! < start) low = middle + 1
        else high = middle
      }
      if (low > 0 && start - ends[low - 1]! - 1 <= distance) return true
    }
    return false
  }
}

function doubled(numbers: Int32Array): Int32Array {
  const longer = new Int32Array(numbers.length * 2)
  longer.set(numbers)
  return longer
}
