// Counts of the last 60 minutes in lanes (a platform, a sign of sentiment), at minute slices: for the wall, not for thresholds.
// Bound: 64 slots of 4 bytes a lane. A late mention joins its own minute; a minute that has left the hour is gone with the next addition:
// reading moves nothing.
import type { StateReader, StateWriter } from '../state.ts'

const slots = 64 // a power of two over the 60 minutes of the hour
const hour = 60

export class HourLanes {
  #slices: Uint32Array
  #sums: Float64Array
  #head = 0

  constructor(lanes: number) {
    this.#slices = new Uint32Array(lanes * slots)
    this.#sums = new Float64Array(lanes)
  }

  /** Adds `count` to `lane` in `minute`; `head` is the running minute. Lanes grow on demand. */
  add(lane: number, minute: number, head: number, count = 1): void {
    if (head > this.#head) this.#moveTo(head)
    if (minute <= this.#head - hour) return
    if (lane >= this.#sums.length) this.#grow(lane + 1)
    this.#slices[lane * slots + (minute & (slots - 1))]! += count
    this.#sums[lane]! += count
  }

  /** Mentions of `lane` in the hour that ends with minute `head`. */
  sum(lane: number, head: number): number {
    const all = this.#sums[lane] ?? 0
    return head <= this.#head || all === 0 ? all : this.sumBetween(lane, head - hour + 1, head)
  }

  /** Mentions of `lane` in the minutes from … to, both included, as far as they are of the hour that ends with the newest addition. */
  sumBetween(lane: number, from: number, to: number): number {
    if (lane >= this.#sums.length) return 0
    if (to >= this.#head && from <= this.#head - hour + 1) return this.#sums[lane]!
    let sum = 0
    for (let minute = Math.max(from, this.#head - hour + 1, 0), last = Math.min(to, this.#head); minute <= last; minute++) sum += this.#slices[lane * slots + (minute & (slots - 1))]!
    return sum
  }

  get lanes(): number { return this.#sums.length }
  /** The oldest minute that is kept. */
  get oldest(): number { return this.#head - hour + 1 }

  save(out: StateWriter): void {
    out.number(this.#head)
    out.array(this.#slices)
    out.array(this.#sums)
  }

  /** `head` is the running minute. */
  load(from: StateReader, head: number): void {
    this.#head = from.whole(0, Math.max(0, head))
    this.#slices = from.words()
    this.#sums = from.floats()
    if (this.#slices.length !== this.#sums.length * slots) from.refuse(`there are ${this.#slices.length} minutes for ${this.#sums.length} lanes`)
    this.#sums.forEach((sum, lane) => {
      let held = 0
      for (let at = lane * slots; at < (lane + 1) * slots; at++) held += this.#slices[at]!
      if (held !== sum) from.refuse(`lane ${lane} holds ${sum} where its minutes hold ${held}`)
    })
  }

  #moveTo(head: number): void {
    if (head - this.#head >= hour) {
      this.#slices.fill(0)
      this.#sums.fill(0)
    } else {
      for (let left = this.#head - hour + 1; left <= head - hour; left++) this.#drop(left & (slots - 1))
    }
    this.#head = head
  }

  #drop(slot: number): void {
    for (let lane = 0, at = slot; lane < this.#sums.length; lane++, at += slots) {
      this.#sums[lane]! -= this.#slices[at]!
      this.#slices[at] = 0
    }
  }

  #grow(lanes: number): void {
    const slices = new Uint32Array(lanes * slots)
    slices.set(this.#slices)
    this.#slices = slices
    const sums = new Float64Array(lanes)
    sums.set(this.#sums)
    this.#sums = sums
  }
}
