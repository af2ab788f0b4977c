// The mentions of the cascade store: 64 bytes each in one array, linked into trees. It keeps the links and the sizes of subtrees, and knows no rule.
//
//   words 0 1       2 3   4       5      6     7     8        9            10      11             12     13                       14      15
//         id low hi at f64 parent  first  next  prev  subtree  last or row  author  followers + 1  waits  platform │ sign + 1 │ flags topics  text
//                         └ of a ring's root: who it would be under         └ of a root: its newest second, or its row; of others: scratch. Its next and prev: of one second
//
// A node is a number from 1 on, 0 is none. A mention is one line of the cache: what is asked of a node costs one miss.
import type { StateReader, StateWriter } from '../../state.ts'

export interface NodeFacts {
  idLow: number
  idHigh: number
  parentLow: number // 0, 0: it names none
  parentHigh: number
  rootLow: number
  rootHigh: number
  at: number // event time, ms
  author: number // 32-bit hash; 0: not known
  followers: number // −1: not known. At most 2^32 − 2: more are kept as that.
  platform: number // the engine's number of the source, below 256
  sign: number // −1, 0, 1
  flags: number // nodeFlags.hasText | nodeFlags.verified
  topics: number // number of an interned set of topics; 0: none
}

export const stride = 16
export const word = { idLow: 0, idHigh: 1, at: 2, parent: 4, first: 5, next: 6, prev: 7, subtree: 8, last: 9, author: 10, followers: 11, wait: 12, kind: 13, topics: 14, text: 15 } as const

/** Bits of the kind beyond those of nodeFlags. */
export const kindFlags = { live: 8, row: 16, cut: 32, forgotten: 64 } as const
const flagsShift = 16
const followersMax = 2 ** 32 - 2
// Large arrays begin 16 bytes behind a line of the cache: this much further a node is one line.
const bytesBefore = 48

export class Nodes {
  readonly max: number
  readonly words: Uint32Array<ArrayBuffer>
  readonly #floats: Float64Array<ArrayBuffer>
  live = 0
  top = 0 // nodes 1 … top have been in use
  free = 0 // linked by next

  constructor(max: number) {
    this.max = max
    const buffer = new ArrayBuffer(bytesBefore + (max + 1) * stride * 4)
    this.words = new Uint32Array(buffer, bytesBefore)
    this.#floats = new Float64Array(buffer, bytesBefore)
  }

  get isFull(): boolean { return this.live === this.max }

  /** A root of its own that is in no list. Only where there is room. */
  create(facts: NodeFacts): number {
    const node = this.free === 0 ? ++this.top : this.free
    const { words } = this
    const at = node * stride
    if (this.free === node) this.free = words[at + word.next]!
    this.live++
    words[at + word.idLow] = facts.idLow
    words[at + word.idHigh] = facts.idHigh
    this.setAt(node, facts.at)
    words[at + word.parent] = 0
    words[at + word.first] = 0
    words[at + word.next] = 0
    words[at + word.prev] = 0
    words[at + word.subtree] = 1
    words[at + word.last] = 0
    words[at + word.author] = facts.author
    words[at + word.followers] = facts.followers < 0 ? 0 : Math.min(facts.followers, followersMax) + 1
    words[at + word.wait] = 0
    words[at + word.kind] = (facts.platform & 255) | ((facts.sign + 1) << 8) | ((facts.flags & 3) | kindFlags.live) << flagsShift
    words[at + word.topics] = facts.topics
    words[at + word.text] = 0
    return node
  }

  /** Nothing that names somebody is left of it. */
  release(node: number): void {
    const at = node * stride
    this.words[at + word.idLow] = this.words[at + word.idHigh] = this.words[at + word.author] = 0
    this.words[at + word.kind] = 0
    this.words[at + word.next] = this.free
    this.free = node
    this.live--
  }

  /** Whose it was is not known from here on. Its hash stays, by which children and copies of it find it: `isForgotten` says who must not be told it. */
  forget(node: number): void {
    this.set(node, word.author, 0)
    this.raise(node, kindFlags.forgotten)
  }

  isForgotten(node: number): boolean { return this.has(node, kindFlags.forgotten) }

  save(out: StateWriter): void {
    for (const value of [this.live, this.free]) out.number(value)
    out.array(this.words, stride, (this.top + 1) * stride)
  }

  /** Links are as they were read: whoever loads works them out anew. Kinds, times and the list of free nodes are checked. */
  load(from: StateReader): void {
    this.live = from.whole(0, this.max)
    this.free = from.whole(0, this.max)
    const words = from.words()
    if (words.length % stride !== 0 || words.length > this.max * stride) from.refuse(`${words.length / stride} nodes are too many for ${this.max}`)
    this.words.set(words, stride)
    this.top = words.length / stride
    const isFree = new Uint8Array(this.top + 1)
    let free = 0
    for (let node = this.free; node !== 0; node = this.get(node, word.next), free++) {
      if (node > this.top || isFree[node] === 1) from.refuse(`free node ${node} lies outside or is free twice`)
      isFree[node] = 1
    }
    for (let node = 1; node <= this.top; node++) {
      const kind = this.get(node, word.kind)
      if (isFree[node] === 1 ? kind !== 0 : ((kind >>> 8) & 255) > 2 || kind >>> 23 !== 0 || !this.has(node, kindFlags.live)) from.refuse(`node ${node} is of no kind`)
      if (isFree[node] === 0 && !Number.isFinite(this.at(node))) from.refuse(`node ${node} is of no time`)
      if (isFree[node] === 1) this.set(node, word.wait, 0)
    }
    if (free + this.live !== this.top) from.refuse(`${free} free nodes and ${this.live} others are not ${this.top}`)
  }

  at(node: number): number { return this.#floats[node * (stride / 2) + word.at / 2]! }
  setAt(node: number, at: number): void { this.#floats[node * (stride / 2) + word.at / 2] = at }
  get(node: number, field: number): number { return this.words[node * stride + field]! }
  set(node: number, field: number, value: number): void { this.words[node * stride + field] = value }
  author(node: number): number { return this.words[node * stride + word.author]! }
  followers(node: number): number { return this.words[node * stride + word.followers]! - 1 }
  platform(node: number): number { return this.words[node * stride + word.kind]! & 255 }
  sign(node: number): number { return ((this.words[node * stride + word.kind]! >>> 8) & 255) - 1 }
  flags(node: number): number { return this.words[node * stride + word.kind]! >>> flagsShift }
  has(node: number, flag: number): boolean { return (this.words[node * stride + word.kind]! & (flag << flagsShift)) !== 0 }
  raise(node: number, flag: number): void { this.words[node * stride + word.kind] = this.words[node * stride + word.kind]! | (flag << flagsShift) }
  lower(node: number, flag: number): void { this.words[node * stride + word.kind] = this.words[node * stride + word.kind]! & ~(flag << flagsShift) }
  subtree(node: number): number { return this.words[node * stride + word.subtree]! }

  /** Who it is under; 0: it is a root. */
  parent(node: number): number {
    const at = node * stride
    return (this.words[at + word.kind]! & (kindFlags.cut << flagsShift)) === 0 ? this.words[at + word.parent]! : 0
  }

  root(node: number): number {
    let at = node
    for (let above = this.parent(at); above !== 0; above = this.parent(at)) at = above
    return at
  }

  depth(node: number): number {
    let steps = 0
    for (let above = this.parent(node); above !== 0; above = this.parent(above)) steps++
    return steps
  }

  /** Whether `below` is the node or under it. */
  holds(node: number, below: number): boolean {
    let at = below
    while (at !== node && at !== 0) at = this.parent(at)
    return at === node
  }

  /** The earlier one of two mentions; of one time that with the smaller hash. */
  isEarlier(a: number, b: number): boolean {
    const early = this.at(a) - this.at(b) || this.get(a, word.idHigh) - this.get(b, word.idHigh) || this.get(a, word.idLow) - this.get(b, word.idLow)
    return early < 0
  }

  /** Puts a root, which is in no list, under another node as its first child. Sizes are as they were. */
  link(node: number, parent: number): void {
    const { words } = this
    const at = node * stride
    const first = words[parent * stride + word.first]!
    words[at + word.parent] = parent
    words[at + word.prev] = 0
    words[at + word.next] = first
    if (first !== 0) words[first * stride + word.prev] = node
    words[parent * stride + word.first] = node
  }

  /** Takes a node from under its parent: a root in no list. Sizes are as they were. */
  unlink(node: number): void {
    const { words } = this
    const at = node * stride
    const prev = words[at + word.prev]!
    const next = words[at + word.next]!
    if (prev === 0) words[words[at + word.parent]! * stride + word.first] = next
    else words[prev * stride + word.next] = next
    if (next !== 0) words[next * stride + word.prev] = prev
    words[at + word.parent] = 0
    words[at + word.next] = 0
    words[at + word.prev] = 0
  }

  /** The node after it in the walk of the tree under `top`, parents first; 0: the walk is over. `this.steps` says how many generations further down. */
  after(node: number, top: number): number {
    const { words } = this
    const first = words[node * stride + word.first]!
    this.steps = 1
    if (first !== 0) return first
    for (let at = node; at !== top; at = words[at * stride + word.parent]!) {
      this.steps--
      const next = words[at * stride + word.next]!
      if (next !== 0) return next
    }
    return 0
  }

  steps = 0
}
