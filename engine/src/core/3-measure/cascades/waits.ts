// Who waits for which id that is not here: a mention for its parent, and for its root where that is another. At most `max` waits at a time;
// a wait that finds no room is dropped and counted, and its mention stays where it is when the id comes.
//
//   wait  node · low · high · next ┐ of the same id, doubly linked; the first one is in the index │ other wait of the node, kind
import type { StateReader, StateWriter } from '../../state.ts'
import { word, type Nodes } from './nodes.ts'

const stride = 8
const slotsFirst = 1024
const field = { node: 0, low: 1, high: 2, next: 3, prev: 4, other: 5, kind: 6 } as const
export const waitKinds = { parent: 0, root: 1 } as const

export class Waits {
  readonly #max: number
  readonly #nodes: Nodes
  readonly #words: Uint32Array<ArrayBuffer>
  #slots = new Uint32Array(slotsFirst) // first wait for an id; doubles at two thirds, so that it is in the cache where few wait
  #mask = slotsFirst - 1
  #ids = 0 // that are waited for
  #live = 0
  #top = 0
  #free = 0 // linked by next
  /** Mentions that wait. */
  mentions = 0
  dropped = 0

  constructor(nodes: Nodes, max: number) {
    this.#max = max
    this.#nodes = nodes
    this.#words = new Uint32Array((max + 1) * stride)
  }

  add(node: number, kind: number, id: { readonly low: number; readonly high: number }): void {
    if (this.#live === this.#max) {
      this.dropped++
      return
    }
    const words = this.#words
    const wait = this.#free === 0 ? ++this.#top : this.#free
    const at = wait * stride
    if (this.#free === wait) this.#free = words[at + field.next]!
    this.#live++
    let slot = this.#slotOf(id.low, id.high)
    const next = this.#slots[slot]!
    if (next === 0 && ++this.#ids * 3 > this.#slots.length * 2) {
      this.#grow()
      slot = this.#slotOf(id.low, id.high)
    }
    words[at + field.node] = node
    words[at + field.low] = id.low
    words[at + field.high] = id.high
    words[at + field.next] = next
    words[at + field.prev] = 0
    words[at + field.other] = this.#nodes.get(node, word.wait)
    words[at + field.kind] = kind
    if (next !== 0) words[next * stride + field.prev] = wait
    this.#slots[slot] = wait
    if (this.#nodes.get(node, word.wait) === 0) this.mentions++
    this.#nodes.set(node, word.wait, wait)
  }

  /** A wait for the id; 0: nobody waits. */
  first(low: number, high: number): number { return this.#live === 0 ? 0 : this.#slots[this.#slotOf(low, high)]! }
  node(wait: number): number { return this.#words[wait * stride + field.node]! }
  kind(wait: number): number { return this.#words[wait * stride + field.kind]! }

  /** All waits of a node, or the one that is given. */
  clear(node: number, only = 0): void {
    const words = this.#words
    let before = 0
    let wait = this.#nodes.get(node, word.wait)
    if (wait === 0) return
    while (wait !== 0) {
      const other = words[wait * stride + field.other]!
      if (only === 0 || wait === only) {
        if (before === 0) this.#nodes.set(node, word.wait, other)
        else words[before * stride + field.other] = other
        this.#remove(wait)
      } else before = wait
      wait = other
    }
    if (this.#nodes.get(node, word.wait) === 0) this.mentions--
  }

  #remove(wait: number): void {
    const words = this.#words
    const at = wait * stride
    const next = words[at + field.next]!
    const prev = words[at + field.prev]!
    if (next !== 0) words[next * stride + field.prev] = prev
    if (prev !== 0) words[prev * stride + field.next] = next
    else if (next !== 0) this.#slots[this.#slotOf(words[at + field.low]!, words[at + field.high]!)] = next
    else {
      this.#closeGap(this.#slotOf(words[at + field.low]!, words[at + field.high]!))
      this.#ids--
    }
    words[at + field.node] = 0
    words[at + field.next] = this.#free
    this.#free = wait
    this.#live--
  }

  /** The slot with the waits for the id, or the empty one where they belong. */
  #slotOf(low: number, high: number): number {
    const words = this.#words
    for (let at = low & this.#mask; ; at = (at + 1) & this.#mask) {
      const wait = this.#slots[at]!
      if (wait === 0 || (words[wait * stride + field.low] === low && words[wait * stride + field.high] === high)) return at
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = this.#slots.length - 1
    for (const wait of old) if (wait !== 0) this.#slots[this.#slotOf(this.#words[wait * stride + field.low]!, this.#words[wait * stride + field.high]!)] = wait
  }

  #closeGap(slot: number): void {
    const slots = this.#slots
    const mask = this.#mask
    let gap = slot
    for (let at = (gap + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#words[slots[at]! * stride + field.low]! & mask
      if (((at - home) & mask) < ((at - gap) & mask)) continue
      slots[gap] = slots[at]!
      gap = at
    }
    slots[gap] = 0
  }

  save(out: StateWriter): void {
    for (const value of [this.#live, this.#free, this.mentions, this.dropped]) out.number(value)
    out.array(this.#words, 0, (this.#top + 1) * stride)
  }

  /** After the nodes: each knows the first of its waits. */
  load(from: StateReader): void {
    this.#live = from.whole(0, this.#max)
    this.#free = from.whole(0, this.#max)
    this.mentions = from.whole(0, this.#live)
    this.dropped = from.whole(0)
    const words = from.words()
    if (words.length % stride !== 0 || words.length < stride || words.length > this.#words.length) from.refuse(`${words.length} words of waits`)
    this.#words.set(words)
    this.#top = words.length / stride - 1
    this.#check(from)
    this.#index(from)
  }

  /** Every wait is free or one of a node that is here, and knows its neighbours. */
  #check(from: StateReader): void {
    const words = this.#words
    const top = this.#top
    const owned = new Uint8Array(top + 1)
    let live = 0
    let mentions = 0
    const claim = (wait: number): void => {
      if (wait > top || owned[wait] !== 0) from.refuse(`wait ${wait} is used twice`)
      owned[wait] = 1
    }
    for (let node = 1; node <= this.#nodes.top; node++) {
      let wait = this.#nodes.get(node, word.wait)
      if (wait !== 0) mentions++
      for (; wait !== 0; wait = words[wait * stride + field.other]!, live++) {
        claim(wait)
        if (words[wait * stride + field.node] !== node || words[wait * stride + field.kind]! > 1) from.refuse(`wait ${wait} is not that of node ${node}`)
      }
    }
    let free = 0
    for (let wait = this.#free; wait !== 0; wait = words[wait * stride + field.next]!, free++) claim(wait)
    if (live !== this.#live || mentions !== this.mentions || live + free !== top) from.refuse(`${live} waits of ${mentions} mentions and ${free} free ones are not ${top}`)
  }

  #index(from: StateReader): void {
    const words = this.#words
    let reached = 0
    for (let head = 1; head <= this.#top; head++) {
      if (words[head * stride + field.node] === 0 || words[head * stride + field.prev] !== 0) continue
      const low = words[head * stride + field.low]!
      const high = words[head * stride + field.high]!
      if (++this.#ids * 3 > this.#slots.length * 2) this.#grow()
      const slot = this.#slotOf(low, high)
      if (this.#slots[slot] !== 0) from.refuse(`wait ${head} is of an id that has others`)
      this.#slots[slot] = head
      let before = 0
      for (let wait = head; wait !== 0; before = wait, wait = words[wait * stride + field.next]!, reached++) {
        const at = wait * stride
        if (wait > this.#top || words[at + field.node] === 0 || words[at + field.prev] !== before || words[at + field.low] !== low || words[at + field.high] !== high) from.refuse(`wait ${wait} has other neighbours`)
      }
    }
    if (reached !== this.#live) from.refuse(`${this.#live - reached} waits are in no list`)
  }
}
