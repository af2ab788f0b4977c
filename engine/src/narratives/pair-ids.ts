// Numbers for pairs of numbers, in the order in which they come: a hash table of typed arrays, for millions of pairs a second.
export class PairIds {
  size = 0
  #mask: number
  #slots: Int32Array // id + 1; 0: free
  #first: Int32Array
  #second: Int32Array

  constructor(room = 1 << 12) {
    this.#mask = room * 2 - 1
    this.#slots = new Int32Array(room * 2)
    this.#first = new Int32Array(room)
    this.#second = new Int32Array(room)
  }

  /** −1: it is not there. */
  get(first: number, second: number): number {
    for (let slot = hashOf(first, second) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = this.#slots[slot]! - 1
      if (id < 0 || (this.#first[id] === first && this.#second[id] === second)) return id
    }
  }

  add(first: number, second: number): number {
    let slot = hashOf(first, second) & this.#mask
    for (;; slot = (slot + 1) & this.#mask) {
      const id = this.#slots[slot]! - 1
      if (id < 0) break
      if (this.#first[id] === first && this.#second[id] === second) return id
    }
    const id = this.size++
    if (id === this.#first.length) {
      this.#grow()
      return this.#put(id, first, second)
    }
    this.#slots[slot] = id + 1
    this.#first[id] = first
    this.#second[id] = second
    return id
  }

  firstOf(id: number): number { return this.#first[id]! }
  secondOf(id: number): number { return this.#second[id]! }

  #put(id: number, first: number, second: number): number {
    this.#first[id] = first
    this.#second[id] = second
    let slot = hashOf(first, second) & this.#mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
    this.#slots[slot] = id + 1
    return id
  }

  #grow(): void {
    const [first, second] = [this.#first, this.#second]
    const room = first.length * 2
    this.#mask = room * 2 - 1
    this.#slots = new Int32Array(room * 2)
    this.#first = new Int32Array(room)
    this.#second = new Int32Array(room)
    for (let id = 0; id < first.length; id++) this.#put(id, first[id]!, second[id]!)
  }
}

function hashOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 0x7f4a7c15, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
