// Texts that say nearly the same, as groups: exact ones by their tokens, near ones by the share of character triples that two have in common (Jaccard),
// found with MinHash in bands (Broder, SEQUENCES 1997; Leskovec, Rajaraman & Ullman, chapter 3). A text joins the group of the leader that it is most
// like, never by way of a third: the more often said one leads.
import { finish } from '../core/1-decode/hash.ts'
import { PairIds } from './pair-ids.ts'

export const duplicateLimits = { likeMin: 0.6, bands: 24, rowsABand: 2, leadersABucketMax: 64, comparedMax: 48, triplesMax: 400 } as const

/** Each group is numbers of texts, its leader first. `texts` come in the order in which they may lead. */
export function groupsOf(texts: readonly string[]): number[][] {
  const leaders = new Leaders(texts.length)
  const groups: number[][] = []
  for (const [text, said] of texts.entries()) {
    const group = leaders.joinOrLead(readTriples(said))
    if (group < groups.length) groups[group]!.push(text)
    else groups.push([text])
  }
  return groups
}

/** The leaders so far, by bands and with what they say: all in typed arrays, for a text meets hundreds of them. */
class Leaders {
  readonly #buckets = new PairIds(1 << 16) // of a band's number
  #first: Int32Array = new Int32Array(1 << 16).fill(-1) // of each bucket its newest link; a link is a leader's number by band
  #held: Uint8Array = new Uint8Array(1 << 16)
  #next: Int32Array = new Int32Array(1 << 16)
  readonly #triples: Int32Array[] = [] // of each leader, as numbers of different triples
  readonly #numbers = new PairIds(1 << 16) // of triples
  #marked: Int32Array = new Int32Array(1 << 16) // by triple: the turn in which the text that is looked at has it
  #turn = 0
  readonly #shared: Uint8Array // bands that a leader shares with the text that is looked at
  readonly #met: Int32Array
  #metCount = 0

  constructor(max: number) {
    this.#shared = new Uint8Array(max)
    this.#met = new Int32Array(max)
  }

  /** The number of the leader that the text of these triples is most like; where it is like none it leads, and is the next. */
  joinOrLead(triples: Uint32Array): number {
    const numbers = this.#mark(triples)
    const bands = bandsOf(triples.subarray(0, numbers.length))
    this.#meet(bands)
    const best = this.#likest(numbers.length)
    for (let i = 0; i < this.#metCount; i++) this.#shared[this.#met[i]!] = 0
    return best >= 0 ? best : this.#lead(numbers.slice(), bands)
  }

  /** Numbers of the different ones, until the next call; these are moved to the front of `triples`. */
  #mark(triples: Uint32Array): Int32Array {
    this.#turn++
    let different = 0
    for (const triple of triples) {
      const number = this.#numbers.add(triple | 0, 0)
      while (number >= this.#marked.length) this.#marked = grown(this.#marked)
      if (this.#marked[number] === this.#turn) continue
      this.#marked[number] = this.#turn
      triples[different] = triple
      ownNumbers[different++] = number
    }
    return ownNumbers.subarray(0, different)
  }

  #meet(bands: Int32Array): void {
    this.#metCount = 0
    for (const band of bands) {
      const bucket = this.#buckets.get(band, 0)
      if (bucket < 0) continue
      for (let link = this.#first[bucket]!; link >= 0; link = this.#next[link]!) {
        const leader = link >> bandBits
        if (this.#shared[leader]!++ === 0) this.#met[this.#metCount++] = leader
      }
    }
  }

  /** Of those that share the most bands, the earlier ones first; −1: none is like it. */
  #likest(length: number): number {
    const least = this.#leastShared()
    let best = -1, most: number = duplicateLimits.likeMin, left: number = duplicateLimits.comparedMax
    const compare = (leader: number): void => {
      left--
      const others = this.#triples[leader]!
      if (Math.min(length, others.length) < most * Math.max(length, others.length)) return // they cannot have as much in common
      let both = 0
      for (let i = 0; i < others.length; i++) if (this.#marked[others[i]!] === this.#turn) both++
      const like = both / (length + others.length - both)
      if (like > most || (like === most && (best < 0 || leader < best))) [best, most] = [leader, like]
    }
    let even = 0 // leaders that share just so many, moved to the front
    for (let i = 0; i < this.#metCount; i++) {
      const leader = this.#met[i]!, shared = this.#shared[leader]!
      if (shared > least) compare(leader)
      else if (shared === least) [this.#met[i], this.#met[even++]] = [this.#met[even]!, leader]
    }
    const last = this.#met.subarray(0, even)
    if (even > left) last.sort()
    for (const leader of last.subarray(0, left)) compare(leader)
    return best
  }

  /** Of so many shared bands and more there are enough to compare. */
  #leastShared(): number {
    held.fill(0)
    for (let i = 0; i < this.#metCount; i++) held[this.#shared[this.#met[i]!]!]!++
    let least: number = duplicateLimits.bands, all = held[least]!
    while (least > 1 && all < duplicateLimits.comparedMax) all += held[--least]!
    return least
  }

  #lead(numbers: Int32Array, bands: Int32Array): number {
    const leader = this.#triples.push(numbers) - 1
    for (const [at, band] of bands.entries()) {
      const bucket = this.#buckets.add(band, 0), link = (leader << bandBits) + at
      while (bucket >= this.#first.length) [this.#first, this.#held] = [grown(this.#first, -1), grown(this.#held)]
      while (link >= this.#next.length) this.#next = grown(this.#next)
      if (this.#held[bucket]! >= duplicateLimits.leadersABucketMax) continue // a bucket of many is of what all say: the earlier ones were said more often
      this.#held[bucket]!++
      this.#next[link] = this.#first[bucket]!
      this.#first[bucket] = link
    }
    return leader
  }
}

const bandBits = 5 // of a link: its band
const ownNumbers = new Int32Array(duplicateLimits.triplesMax)
const held = new Uint32Array(duplicateLimits.bands + 1)

function grown<Column extends Int32Array | Uint8Array>(column: Column, filledWith = 0): Column {
  const larger = (column instanceof Int32Array ? new Int32Array(column.length * 2) : new Uint8Array(column.length * 2)) as Column
  larger.fill(filledWith, column.length)
  larger.set(column)
  return larger
}

/** Hashes of the runs of three characters, all of them, until the next call; a text of fewer is one run. */
function readTriples(text: string): Uint32Array {
  let count = 0, second = -1, third = -1 // the two before
  for (let i = 0; i < text.length && count < duplicateLimits.triplesMax; i++) {
    const first = text.codePointAt(i)!
    if (first > 0xffff) i++
    if (third >= 0) scratch[count++] = hashOf(third, second, first)
    third = second
    second = first
  }
  if (count === 0) scratch[count++] = hashOf(third, second, -1)
  return scratch.subarray(0, count)
}

const scratch = new Uint32Array(duplicateLimits.triplesMax)
const hashOf = (a: number, b: number, c: number): number => finish(Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)) >>> 0

const hashes = duplicateLimits.bands * duplicateLimits.rowsABand
const factors = Uint32Array.from({ length: hashes }, (_, i) => finish(Math.imul(i + 1, 0x9e3779b1)) | 1)
const shifts = Uint32Array.from({ length: hashes }, (_, i) => finish(Math.imul(i + 1, 0x85ebca6b)))
const least = new Uint32Array(hashes)

const bandNumbers = new Int32Array(duplicateLimits.bands)

/** A number for each band, until the next call: two texts of the same in one are compared. */
function bandsOf(triples: Uint32Array): Int32Array {
  for (let i = 0; i < hashes; i++) {
    const shift = shifts[i]!, factor = factors[i]!
    let lowest = 0xffffffff
    for (let at = 0; at < triples.length; at++) {
      let hash = Math.imul(triples[at]! ^ shift, factor)
      hash = (hash ^ (hash >>> 15)) >>> 0
      if (hash < lowest) lowest = hash
    }
    least[i] = lowest
  }
  for (let band = 0; band < duplicateLimits.bands; band++) {
    let hash = band
    for (let row = 0; row < duplicateLimits.rowsABand; row++) hash = finish(Math.imul(hash, 0x9e3779b1) ^ least[band * duplicateLimits.rowsABand + row]!)
    bandNumbers[band] = hash
  }
  return bandNumbers
}
