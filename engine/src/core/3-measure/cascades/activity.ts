// The roots of the store in the order in which their trees were last spoken of: a wheel with one list a second, and one for what lies further back.
//
//   wheel    second & mask → first ⇄ … ⇄ last      roots linked by next; prev of the first is the last
//   further  the lists that the wheel has run over, oldest first, then what came later still
//
// Placing, removing and asking for the quietest cost the same however many there are.
import type { StateReader, StateWriter } from '../../state.ts'
import { stride, word, type Nodes } from './nodes.ts'

const secondsMost = 2 ** 26 // two years

export class Activity {
  readonly #words: Uint32Array
  readonly #nodes: Nodes
  readonly #heads: Uint32Array // the last one is the list of what lies further back
  readonly #filled: Uint32Array // a bit a list of the wheel
  readonly #seconds: number
  #newest = -1 // second; −1: nothing was placed yet
  #oldest = 0 // no list of the wheel before this second holds any

  /** The wheel reaches over at least so many seconds. */
  constructor(nodes: Nodes, secondsMin: number) {
    this.#nodes = nodes
    this.#words = nodes.words
    this.#seconds = 1024
    while (this.#seconds < secondsMin) this.#seconds *= 2
    this.#heads = new Uint32Array(this.#seconds + 1)
    this.#filled = new Uint32Array(this.#seconds / 32)
  }

  /** Puts a root that is in no list behind those of its second. */
  place(root: number, second: number): void {
    if (second > this.#newest) this.#turn(second)
    const list = this.#listOf(second)
    const words = this.#words
    const head = this.#heads[list]!
    words[root * stride + word.next] = 0
    if (head === 0) {
      words[root * stride + word.prev] = root
      this.#heads[list] = root
      if (list < this.#seconds) {
        this.#filled[list >>> 5]! |= 1 << (list & 31)
        if (second < this.#oldest) this.#oldest = second
      }
      return
    }
    const tail = words[head * stride + word.prev]!
    words[tail * stride + word.next] = root
    words[root * stride + word.prev] = tail
    words[head * stride + word.prev] = root
  }

  /** `second`: the one that it was placed at. */
  remove(root: number, second: number): void {
    const list = this.#listOf(second)
    const words = this.#words
    const next = words[root * stride + word.next]!
    const prev = words[root * stride + word.prev]!
    const head = this.#heads[list]!
    if (root === head) {
      this.#heads[list] = next
      if (next !== 0) words[next * stride + word.prev] = prev
      else if (list < this.#seconds) this.#filled[list >>> 5]! &= ~(1 << (list & 31))
    } else {
      words[prev * stride + word.next] = next
      words[(next === 0 ? head : next) * stride + word.prev] = prev
    }
    words[root * stride + word.next] = 0
    words[root * stride + word.prev] = 0
  }

  /** The root that was quiet for longest; 0: there is none. */
  quietest(): number {
    const further = this.#heads[this.#seconds]!
    if (further !== 0 || this.#newest < 0) return further
    for (let second = this.#oldest; second <= this.#newest; second++) {
      const list = this.#listOf(second)
      if ((list & 31) === 0 && this.#filled[list >>> 5] === 0) second += 31
      else if (this.#heads[list] !== 0) {
        this.#oldest = second
        return this.#heads[list]!
      }
    }
    return 0
  }

  /** All roots, those spoken of last first. */
  * newestFirst(): Generator<number> {
    for (let second = this.#newest; second > this.#newest - this.#seconds && second >= 0; second--) yield* this.#backwards(this.#listOf(second))
    yield* this.#backwards(this.#seconds)
  }

  * #backwards(list: number): Generator<number> {
    const head = this.#heads[list]!
    if (head === 0) return
    for (let root = this.#words[head * stride + word.prev]!; ; root = this.#words[root * stride + word.prev]!) {
      yield root
      if (root === head) return
    }
  }

  #listOf(second: number): number { return second > this.#newest - this.#seconds ? second & (this.#seconds - 1) : this.#seconds }

  /** Makes a second the newest one: the lists that it needs go to what lies further back. */
  #turn(second: number): void {
    const first = Math.max(this.#newest - this.#seconds + 1, 0)
    const end = this.#newest < 0 ? 0 : Math.min(this.#newest, second - this.#seconds) + 1
    for (let old = first; old < end; old++) {
      const list = old & (this.#seconds - 1)
      if (this.#heads[list] !== 0) this.#append(list)
    }
    this.#newest = second
    this.#oldest = Math.max(this.#oldest, second - this.#seconds + 1, 0)
  }

  #append(list: number): void {
    const words = this.#words
    const head = this.#heads[list]!
    const further = this.#heads[this.#seconds]!
    this.#heads[list] = 0
    this.#filled[list >>> 5]! &= ~(1 << (list & 31))
    if (further === 0) {
      this.#heads[this.#seconds] = head
      return
    }
    const tail = words[further * stride + word.prev]!
    words[further * stride + word.prev] = words[head * stride + word.prev]!
    words[tail * stride + word.next] = head
    words[head * stride + word.prev] = tail
  }

  /** The links are saved with the nodes. */
  save(out: StateWriter): void {
    out.number(this.#newest)
    out.number(this.#seconds)
    const filled = this.#heads.reduce((sum, head) => sum + Number(head !== 0), 0)
    const lists = new Uint32Array(2 * filled) // number of a list, first root of it
    for (let list = 0, at = 0; list <= this.#seconds; list++) {
      if (this.#heads[list] === 0) continue
      lists[at++] = list
      lists[at++] = this.#heads[list]!
    }
    out.array(lists)
  }

  /** The roots in their order, read by their links, which are then free to be changed; `begin` starts again with none. */
  load(from: StateReader): { readonly roots: Uint32Array; readonly newest: number } {
    const newest = from.whole(-1, 2 ** 32 - 1)
    const seconds = from.whole(1024, secondsMost)
    if ((seconds & (seconds - 1)) !== 0) from.refuse(`a wheel of ${seconds} seconds`)
    const lists = from.words()
    const heads = new Uint32Array(seconds + 1)
    for (let at = 0; at + 1 < lists.length; at += 2) {
      if (lists[at]! > seconds || heads[lists[at]!] !== 0 || lists[at + 1] === 0) from.refuse(`list ${lists[at]} of ${seconds} is there twice, or empty`)
      heads[lists[at]!] = lists[at + 1]!
    }
    const roots = new Uint32Array(this.#nodes.live)
    const seen = new Uint8Array(this.#nodes.top + 1)
    let count = 0
    const follow = (first: number): void => {
      for (let root = first; root !== 0; root = this.#words[root * stride + word.next]!) {
        if (root > this.#nodes.top || seen[root] !== 0) from.refuse(`root ${root} is in two places`)
        if (count === roots.length) from.refuse('it has more roots than mentions')
        seen[root] = 1
        roots[count++] = root
      }
    }
    follow(heads[seconds]!)
    for (let second = Math.max(0, newest - seconds + 1); second <= newest; second++) follow(heads[second & (seconds - 1)]!)
    return { roots: roots.subarray(0, count), newest }
  }

  /** The second from which the wheel goes on, where it is empty. */
  begin(newest: number): void { if (newest >= 0) this.#turn(newest) }
}
