// One slice wheel a key serves all its sliding windows: counts per slice (a second or a minute), and a running sum per window.
// Exact: sum(w) = mentions in the slices head − length(w) + 1 … head. Adding is O(1) however many windows there are, since what comes into
// the newest slice joins the sums when the slice is left; moving on is O(windows), and O(1) per slice that leaves a window.
//
//   keys    │ 3 │ 4 │ 9 │ 12 │ 13 │     only slices that hold something, ascending: a gap of years takes no room and no time
//   counts  │ 1 │ 7 │ 2 │  1 │  5 │
//                ▲       ▲
//       tail of the 10-slice window   tail of the 4-slice window, when the head is 13: sums 15 and 6
//
// One ring of slices for all windows is the idea of Scotty (TODS 2021) and µWheel (DEBS 2024); windows here all end at the
// head, so that a running sum per window takes the place of their aggregate tree.
// Bound: at most `retained` slices are kept (plus as many in the spare half of the arrays), 8 bytes each.
import type { StateReader, StateWriter } from '../state.ts'

export interface WheelPlan {
  readonly lengths: readonly number[] // slices in each window
  readonly retained: number // slices kept behind the head; at least the longest window
}

const capacityMin = 8

export class SliceWheel {
  #keys = new Uint32Array(capacityMin)
  #counts = new Uint32Array(capacityMin)
  #end = 0
  #lengths: readonly number[]
  #retained: number
  #tails: Int32Array
  #sums: Float64Array
  #open = 0 // of the newest slice, what is in no sum yet

  constructor(plan: WheelPlan) {
    this.#lengths = plan.lengths
    this.#retained = Math.max(plan.retained, ...plan.lengths)
    this.#tails = new Int32Array(plan.lengths.length)
    this.#sums = new Float64Array(plan.lengths.length)
  }

  get retained(): number { return this.#retained }
  /** Slices held in memory now, for metrics and tests. */
  get capacity(): number { return this.#keys.length }

  /** Adds `count` to slice `key`; `head` is the running slice, and key ≤ head. */
  add(key: number, head: number, count = 1): void {
    if (key !== head) return this.#addBehind(key, head, count)
    const last = this.#end - 1
    if (last >= 0 && this.#keys[last] === head) this.#counts[last]! += count
    else this.#append(head, count)
    this.#open += count
  }

  /** Mentions in window `w` when it ends with slice `head`. Heads may only grow. */
  sumAt(w: number, head: number): number {
    const oldest = head - this.#lengths[w]!
    let tail = this.#tails[w]!
    if (tail < this.#end && this.#keys[tail]! <= oldest) {
      this.#join()
      let sum = this.#sums[w]!
      do sum -= this.#counts[tail++]!
      while (tail < this.#end && this.#keys[tail]! <= oldest)
      this.#tails[w] = tail
      this.#sums[w] = sum
    }
    return this.#sums[w]! + this.#open
  }

  /** The next head at which window `w` loses a slice if nothing is added; Infinity where it is empty. */
  nextFall(w: number): number {
    const tail = this.#tails[w]!
    return tail < this.#end ? this.#keys[tail]! + this.#lengths[w]! : Infinity
  }

  /** Mentions in the slices from … to, both included, as far as they are retained. */
  sumBetween(from: number, to: number): number {
    let sum = 0
    for (let i = this.#firstFrom(from); i < this.#end && this.#keys[i]! <= to; i++) sum += this.#counts[i]!
    return sum
  }

  /** Writes the counts of `out.length` slices that end with `head` into `out`, oldest first. */
  copyLast(head: number, out: number[]): void {
    const from = head - out.length + 1
    out.fill(0)
    for (let i = this.#firstFrom(from); i < this.#end && this.#keys[i]! <= head; i++) out[this.#keys[i]! - from] = this.#counts[i]!
  }

  /** Puts other windows over the same slices. A longer retention starts from what is kept now. */
  replan(plan: WheelPlan, head: number): void {
    this.#lengths = plan.lengths
    this.#retained = Math.max(plan.retained, ...plan.lengths)
    this.#tails = new Int32Array(plan.lengths.length)
    this.#sums = new Float64Array(plan.lengths.length).fill(this.sumBetween(0, Infinity))
    this.#open = 0
    this.#catchUp(head)
  }

  save(out: StateWriter): void {
    this.#join()
    out.number(this.capacity)
    out.array(this.#keys, 0, this.#end)
    out.array(this.#counts, 0, this.#end)
    out.array(this.#tails)
    out.array(this.#sums)
  }

  /** Into a wheel with the plan of the one that was saved; `head` is the running slice. */
  load(from: StateReader, head: number): void {
    const capacity = from.whole(capacityMin)
    const keys = from.words()
    const counts = from.words()
    const tails = from.ints()
    const sums = from.floats()
    const end = keys.length
    if (counts.length !== end) from.refuse(`there are ${end} slices and ${counts.length} counts`)
    if (!isCapacity(capacity) || capacity < end || capacity > Math.max(capacityMin, 4 * end)) from.refuse(`a capacity of ${capacity} is not one of ${end} slices`)
    for (let i = 1; i < end; i++) if (keys[i]! <= keys[i - 1]!) from.refuse(`slice ${keys[i]} follows slice ${keys[i - 1]}`)
    if (end > 0 && keys[end - 1]! > head) from.refuse(`slice ${keys[end - 1]} is ahead of the running slice ${head}`)
    if (tails.length !== this.#lengths.length || sums.length !== tails.length) from.refuse(`there are ${tails.length} tails and ${sums.length} sums for ${this.#lengths.length} windows`)
    tails.forEach((tail, w) => {
      if (tail < 0 || tail > end) from.refuse(`a window begins at slice ${tail} of ${end}`)
      let sum = 0
      for (let i = tail; i < end; i++) sum += counts[i]!
      if (sum !== sums[w]) from.refuse(`a window holds ${sums[w]} where its slices hold ${sum}`)
    })
    this.#keys = moved(keys, capacity)
    this.#counts = moved(counts, capacity)
    this.#end = end
    this.#tails = tails
    this.#sums = sums
    this.#open = 0
  }

  /** A mention of an earlier slice: it joins its own slice, and the windows that still reach back to it. */
  #addBehind(key: number, head: number, count: number): void {
    this.#join()
    this.#catchUp(head)
    if (key <= head - this.#retained) return
    let at = this.#firstFrom(key)
    const isNew = at === this.#end || this.#keys[at] !== key
    if (isNew) at = this.#insert(at, key, head)
    this.#counts[at]! += count
    for (let w = 0; w < this.#lengths.length; w++) {
      if (key > head - this.#lengths[w]!) this.#sums[w]! += count
      else if (isNew) this.#tails[w]!++ // the new slice lies before the window: its tail has moved up by one
    }
  }

  #insert(at: number, key: number, head: number): number {
    if (this.#end === this.#keys.length) {
      const fromEnd = this.#end - at
      this.#makeRoom(head)
      at = this.#end - fromEnd
    }
    this.#keys.copyWithin(at + 1, at, this.#end)
    this.#counts.copyWithin(at + 1, at, this.#end)
    this.#keys[at] = key
    this.#counts[at] = 0
    this.#end++
    return at
  }

  #append(head: number, count: number): void {
    this.#join()
    if (this.#end === this.#keys.length) this.#makeRoom(head)
    this.#keys[this.#end] = head
    this.#counts[this.#end++] = count
  }

  /** The newest slice joins the sums: no window has left it behind, or that window would have joined it first. */
  #join(): void {
    if (this.#open === 0) return
    const sums = this.#sums
    for (let w = 0; w < sums.length; w++) sums[w]! += this.#open
    this.#open = 0
  }

  #catchUp(head: number): void {
    for (let w = 0; w < this.#lengths.length; w++) this.sumAt(w, head)
  }

  /** Drops what no window and no reader needs, and leaves at least half of the arrays free: amortised O(1), and small again after a rush. */
  #makeRoom(head: number): void {
    this.#catchUp(head)
    const from = this.#firstFrom(Math.max(0, head - this.#retained + 1))
    const live = this.#end - from
    let capacity = capacityMin
    while (capacity < 2 * live) capacity *= 2
    if (capacity === this.#keys.length) {
      this.#keys.copyWithin(0, from, this.#end)
      this.#counts.copyWithin(0, from, this.#end)
    } else {
      this.#keys = moved(this.#keys.subarray(from, this.#end), capacity)
      this.#counts = moved(this.#counts.subarray(from, this.#end), capacity)
    }
    for (let w = 0; w < this.#tails.length; w++) this.#tails[w]! -= from
    this.#end = live
  }

  /** Index of the first slice with key ≥ `key`. */
  #firstFrom(key: number): number {
    let low = 0
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function moved(live: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const array = new Uint32Array(capacity)
  array.set(live)
  return array
}

const isCapacity = (slices: number): boolean => slices <= 1 << 30 && (slices & (slices - 1)) === 0
