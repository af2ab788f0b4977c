// The exact duplicate filter: remembers the 64-bit hashes of the last `max` distinct ids, first in, first out.
//
//   order   seen-order.ts                                          which id is forgotten next; 8 bytes an id
//   shards  open addressing:     [ lo hi | 0 0 | lo hi | … ]  × n    which ids are there; 8 bytes a slot, at most 83 % full
//
// Everything is made as it is needed. Each shard doubles on its own and at its own load, so that no call ever moves more than one
// shard. An id is forgotten by shifting its followers back, so there are no tombstones. 50 M ids take about 0.95 GB.
import type { StateReader, StateWriter } from '../state.ts'
import { SeenOrder, type FullSegment, type SegmentOf } from './seen-order.ts'

const shardIds = 1 << 16 // how many ids a shard holds when all are there, about
const firstSlots = 16

export class SeenIds {
  readonly horizon: number // how many ids it remembers
  size = 0
  /** Ingest time (ms) of the ids that are added from now on; −1: not known. */
  time = -1
  readonly #order = new SeenOrder()
  readonly #shards: (Int32Array | undefined)[]
  readonly #fill: Int32Array // ids in each shard
  readonly #shift: number // of the high lane, to the shard
  #slots = 0

  constructor(max = 50_000_000) {
    if (!Number.isInteger(max) || max < 1) throw new RangeError(`SeenIds of ${max} ids: give a whole number of at least 1`)
    this.horizon = max
    const bits = Math.min(16, Math.max(1, Math.ceil(Math.log2(max / shardIds))))
    this.#shift = 32 - bits
    this.#shards = Array.from({ length: 1 << bits }, () => undefined)
    this.#fill = new Int32Array(1 << bits)
  }

  /** Bytes of the order and of the shards. */
  get bytes(): number { return this.#order.bytes + this.#slots * 8 + this.#fill.length * 4 }

  /** When the oldest remembered id came, as ingest time (ms), early by at most 65,535 ids; null where none is there or it is not known. */
  get horizonAt(): number | null { return this.#order.oldestTime }

  /** True: the id is new and remembered from now on, and the oldest is forgotten where there are `horizon` already. */
  add(low: number, high: number): boolean {
    const lo = low === 0 && high === 0 ? 1 : low | 0 // 0, 0 is an empty slot
    const hi = high | 0
    const which = hi >>> this.#shift
    const shard = this.#shards[which] ?? this.#resize(which, firstSlots)
    const slot = slotOf(shard, lo, hi)
    if (shard[slot] !== 0 || shard[slot + 1] !== 0) return false
    if (this.size === this.horizon) {
      this.#forgetOldest()
      this.#put(which, lo, hi) // the slot may have moved
    } else {
      this.size++
      shard[slot] = lo
      shard[slot + 1] = hi
      this.#grown(which)
    }
    this.#order.push(lo, hi, this.time)
    return true
  }

  /**
   * Looks where the ids of rows from … to belong, and changes nothing: `add` finds these places in the cache. Asked one by one, each would be waited for; in a
   * loop in which nothing depends on what was found, the core waits for many at once.
   */
  look(low: Uint32Array, high: Uint32Array, { from, to }: { readonly from: number; readonly to: number }): void {
    const shards = this.#shards
    const shift = this.#shift
    let sum = 0
    for (let row = from; row < to; row++) {
      const shard = shards[high[row]! >>> shift]
      if (shard !== undefined) sum = (sum + shard[(low[row]! << 1) & (shard.length - 1)]!) | 0
    }
    this.looked = sum
  }
  looked = 0 // says nothing: it is kept, or the compiler drops the loop

  /** Full segments with a number of at least `from` that hold remembered ids: they never change again. */
  full(from: number): readonly FullSegment[] { return this.#order.fullFrom(from) }

  /** Numbers first ≤ n < end of the full segments that a save made now refers to. */
  needed(): { readonly first: number; readonly end: number } { return this.#order.full() }

  /** All but the full segments, which are kept once and for all by whoever saves. */
  save(out: StateWriter): void { this.#order.save(out) }

  /** Into one that knows no id yet. It may remember fewer than the one that was saved: then it is the newest. */
  load(from: StateReader, segmentOf: SegmentOf): void {
    this.#order.load(from, segmentOf, this.horizon)
    this.size = this.#order.size
    for (const { words, from: begin, to } of this.#order.runs()) {
      for (let at = begin; at < to; at += 2) {
        if (words[at] === 0 && words[at + 1] === 0) from.refuse(`word ${at} of a segment of ids is empty`)
        this.#fill[words[at + 1]! >>> this.#shift]!++
      }
    }
    this.#fill.forEach((fill, which) => {
      if (fill > 0) this.#resize(which, slotsFor(fill, which))
    })
    for (const { words, from: begin, to } of this.#order.runs()) putAll(this.#shards, this.#shift, words.subarray(begin, to))
  }

  #put(which: number, lo: number, hi: number): void {
    const shard = this.#shards[which]!
    const slot = slotOf(shard, lo, hi)
    shard[slot] = lo
    shard[slot + 1] = hi
    this.#grown(which)
  }

  #grown(which: number): void {
    const slots = this.#shards[which]!.length >>> 1
    if (isTight(++this.#fill[which]!, slots, which)) this.#resize(which, 2 * slots)
  }

  #resize(which: number, slots: number): Int32Array {
    const old = this.#shards[which]
    const shard = new Int32Array(2 * slots)
    this.#slots += slots - (old ? old.length >>> 1 : 0)
    if (old) {
      for (let at = 0; at < old.length; at += 2) {
        const lo = old[at]!
        const hi = old[at + 1]!
        if (lo === 0 && hi === 0) continue
        const slot = slotOf(shard, lo, hi)
        shard[slot] = lo
        shard[slot + 1] = hi
      }
    }
    this.#shards[which] = shard
    return shard
  }

  #forgetOldest(): void {
    const lo = this.#order.oldestLow
    const hi = this.#order.oldestHigh
    const which = hi >>> this.#shift
    const shard = this.#shards[which]!
    closeGap(shard, slotOf(shard, lo, hi))
    this.#fill[which]!--
    this.#order.forgetOldest()
  }
}

/** Shards double at 78 to 83 % of their slots, so that they do not all do so at once. */
const isTight = (fill: number, slots: number, which: number): boolean => fill * 64 > slots * (50 + (which & 3))

function slotsFor(fill: number, which: number): number {
  let slots = firstSlots
  while (isTight(fill, slots, which)) slots *= 2
  return slots
}

/** Ids that are not there yet, into shards that have room for them. */
function putAll(shards: readonly (Int32Array | undefined)[], shift: number, ids: Int32Array): void {
  for (let at = 0; at < ids.length; at += 2) {
    const lo = ids[at]!
    const hi = ids[at + 1]!
    const shard = shards[hi >>> shift]!
    const slot = slotOf(shard, lo, hi)
    shard[slot] = lo
    shard[slot + 1] = hi
  }
}

/** Index of the slot that holds the id, or of the empty one where it belongs. */
function slotOf(shard: Int32Array, lo: number, hi: number): number {
  const mask = shard.length - 1
  let at = (lo << 1) & mask
  for (;;) {
    const there = shard[at]!
    const thereHigh = shard[at + 1]!
    if ((there === lo && thereHigh === hi) || (there === 0 && thereHigh === 0)) return at
    at = (at + 2) & mask
  }
}

/** Empties a slot and moves back those behind it that are not where they belong (Knuth, TAOCP 3, 6.4, algorithm R). */
function closeGap(shard: Int32Array, slot: number): void {
  const mask = shard.length - 1
  let gap = slot
  for (let at = (gap + 2) & mask; shard[at] !== 0 || shard[at + 1] !== 0; at = (at + 2) & mask) {
    const home = (shard[at]! << 1) & mask
    if (((at - home) & mask) < ((at - gap) & mask)) continue // its home lies behind the gap
    shard[gap] = shard[at]!
    shard[gap + 1] = shard[at + 1]!
    gap = at
  }
  shard[gap] = 0
  shard[gap + 1] = 0
}
