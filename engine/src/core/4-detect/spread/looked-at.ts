// Which cascades rules by R and coordinated share were asked of, how large each was then, and when.
import type { StateReader, Stateful, StateWriter } from '../../state.ts'

interface Look { readonly size: number; readonly second: number }

export class LookedAt implements Stateful {
  readonly #max: number
  readonly #grownBy: number
  readonly #looks = new Map<number, Look>() // by root, the latest last

  /** Of more than `max` the one that was looked at longest ago is forgotten, and has grown. */
  constructor(max: number, grownBy: number) {
    this.#max = max
    this.#grownBy = grownBy
  }

  /** Whether it has grown since; a smaller one lost a part, or has the place of one that was evicted. */
  hasGrown(root: number, size: number): boolean {
    const before = this.#looks.get(root)?.size ?? 1
    return size < before || size >= this.#grownBy * before
  }

  /** Whether it was looked at, the last time before this second. */
  isBefore(root: number, second: number): boolean { return (this.#looks.get(root)?.second ?? Infinity) < second }

  /** `size` null: it stays what it was. */
  note(root: number, size: number | null, second: number): void {
    const before = this.#looks.get(root)
    this.#looks.delete(root)
    if (this.#looks.size === this.#max) this.#looks.delete(this.#looks.keys().next().value!)
    this.#looks.set(root, { size: size ?? before?.size ?? 1, second })
  }

  save(out: StateWriter): void {
    out.section('looked at', 1, () => out.array(Float64Array.from([...this.#looks].flatMap(([root, { size, second }]) => [root, size, second]))))
  }

  load(from: StateReader): void {
    from.section('looked at', 1, () => {
      const all = from.floats()
      if (all.length % 3 !== 0 || all.length > 3 * this.#max) from.refuse(`${all.length} numbers of cascades that grow`)
      for (let i = 0; i < all.length; i += 3) this.#looks.set(all[i]!, { size: all[i + 1]!, second: all[i + 2]! })
    })
  }
}
