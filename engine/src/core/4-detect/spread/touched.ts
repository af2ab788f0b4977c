// Which cascades got mentions since the last look, each once, with the time of its earliest mention among them; in the order in which they first got one.
import type { Stateful, StateReader, StateWriter } from '../../state.ts'

export class Touched implements Stateful {
  readonly #max: number
  readonly #slots = new Map<number, number>()
  #earliest = new Float64Array(64)
  #lastRoot = 0
  #lastSlot = 0

  /** Of more than `max` the further ones are left out. */
  constructor(max: number) { this.#max = max }

  get size(): number { return this.#slots.size }

  add(root: number, at: number): void {
    const slot = root === this.#lastRoot ? this.#lastSlot : this.#slotOf(root)
    if (slot < 0) return
    this.#lastRoot = root
    this.#lastSlot = slot
    if (at < this.#earliest[slot]!) this.#earliest[slot] = at
  }

  forEach(look: (root: number, earliest: number) => void): void {
    for (const [root, slot] of this.#slots) look(root, this.#earliest[slot]!)
  }

  clear(): void {
    if (this.#slots.size > 0) this.#slots.clear()
    this.#lastRoot = 0
  }

  save(out: StateWriter): void {
    out.array(Uint32Array.from(this.#slots.keys()))
    out.array(this.#earliest, 0, this.#slots.size)
  }

  load(from: StateReader): void {
    const roots = from.words()
    const earliest = from.floats()
    if (roots.length !== earliest.length || roots.length > this.#max || new Set(roots).size !== roots.length) from.refuse(`${roots.length} cascades with ${earliest.length} times`)
    roots.forEach((root, i) => this.add(root, earliest[i]!))
  }

  #slotOf(root: number): number {
    const known = this.#slots.get(root)
    if (known !== undefined) return known
    const slot = this.#slots.size
    if (slot === this.#max) return -1
    this.#slots.set(root, slot)
    if (slot === this.#earliest.length) {
      const larger = new Float64Array(2 * slot)
      larger.set(this.#earliest)
      this.#earliest = larger
    }
    this.#earliest[slot] = Infinity
    return slot
  }
}
