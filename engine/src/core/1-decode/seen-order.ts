// In which order ids came: numbered from 0 on, in segments of 65,536 that never change once they are full. A full segment can therefore be
// kept once and for all, by whoever keeps it; one whose ids are all forgotten is dropped.
//
//   │ forgotten … │ · · · lo hi lo hi │ lo hi … full │ lo hi lo hi  open      │
//     dropped             ▲ oldest                              ▲ next
//
// Bound: the ids remembered, 8 bytes each, and less than two segments beside them.
import type { StateReader, StateWriter } from '../state.ts'

export const segmentIds = 1 << 16
const words = 2 * segmentIds // in a segment: low and high lanes in turn
const numberMax = 2 ** 36 // of a segment: ids are numbered up to 2⁵²

interface Segment { readonly words: Int32Array; readonly time: number } // time: ingest time (ms) of its first id; −1: not known

/** Ids number × 65,536 and following, low and high lanes in turn; never changed again. */
export interface FullSegment { readonly number: number; readonly words: Int32Array }

/** Where a load gets its full segments from; throws StateUnreadable where there is none. */
export type SegmentOf = (number: number) => Int32Array

export class SeenOrder {
  #segments: Segment[] = [] // the last one is open unless it is full
  #first = 0 // number of the first segment
  #oldestAt = 0 // word of the oldest id in the first segment
  #open: Int32Array = new Int32Array(0)
  #nextAt = 0 // word of the next new id in the open segment

  get size(): number { return this.#segments.length === 0 ? 0 : ((this.#segments.length - 1) * words + this.#nextAt - this.#oldestAt) / 2 }
  get bytes(): number { return this.#segments.length * words * 4 }
  /** Lanes of the oldest id, where there is one. */
  get oldestLow(): number { return this.#segments[0]!.words[this.#oldestAt]! }
  get oldestHigh(): number { return this.#segments[0]!.words[this.#oldestAt + 1]! }
  /** When the oldest ids came, as ingest time (ms): that of the first in their segment. Null where there are none, or it is not known. */
  get oldestTime(): number | null {
    const time = this.#segments[0]?.time ?? -1
    return time < 0 ? null : time
  }

  /** The next id; `time` is its ingest time in ms. */
  push(low: number, high: number, time: number): void {
    if (this.#nextAt === this.#open.length) this.#begin(time)
    const at = this.#nextAt
    this.#open[at] = low
    this.#open[at + 1] = high
    this.#nextAt = at + 2
  }

  forgetOldest(): void {
    this.#oldestAt += 2
    if (this.#oldestAt < words) return
    this.#segments.shift()
    this.#first++
    this.#oldestAt = 0
  }

  /** Numbers first ≤ n < end of the full segments that hold remembered ids. */
  full(): { readonly first: number; readonly end: number } {
    const segments = this.#segments.length
    return { first: this.#first, end: this.#first + (segments > 0 && this.#nextAt < words ? segments - 1 : segments) }
  }

  /** The full segments with a number of at least `from`. */
  fullFrom(from: number): FullSegment[] {
    const { first, end } = this.full()
    const segments: FullSegment[] = []
    for (let number = Math.max(first, from); number < end; number++) segments.push({ number, words: this.#segments[number - first]!.words })
    return segments
  }

  /** The remembered ids, oldest first, a run of words at a time. */
  * runs(): Generator<{ readonly words: Int32Array; readonly from: number; readonly to: number }> {
    const last = this.#segments.length - 1
    for (const [i, segment] of this.#segments.entries()) yield { words: segment.words, from: i === 0 ? this.#oldestAt : 0, to: i === last ? this.#nextAt : words }
  }

  /** All but the words of full segments. */
  save(out: StateWriter): void {
    const { first, end } = this.full()
    out.number(this.#first)
    out.number(this.#oldestAt / 2)
    out.array(Float64Array.from(this.#segments, ({ time }) => time))
    out.array(this.#open, 0, this.#segments.length > end - first ? this.#nextAt : 0)
  }

  /** At most the newest `max` ids; the segments of others are not asked for. */
  load(from: StateReader, segmentOf: SegmentOf, max: number): void {
    const first = from.whole(0, numberMax)
    const oldest = from.whole(0, segmentIds - 1)
    const times = from.floats()
    const open = from.ints()
    if (open.length % 2 === 1 || open.length >= words) from.refuse(`${open.length} words are no open segment`)
    if (!times.every((time) => time >= -1 && time < Infinity)) from.refuse('a segment began at no time')
    const fullCount = times.length - (open.length > 0 ? 1 : 0)
    const size = fullCount * segmentIds + open.length / 2 - oldest
    if (fullCount < 0 || (times.length === 0 ? oldest > 0 : size < 1)) from.refuse(`${times.length} segments with ${open.length} open words begin at id ${oldest}`)
    const oldestKept = oldest + Math.max(0, size - max)
    const dropped = Math.floor(oldestKept / segmentIds)
    this.#first = first + dropped
    this.#oldestAt = 2 * (oldestKept - dropped * segmentIds)
    this.#segments = []
    for (let i = dropped; i < fullCount; i++) this.#segments.push({ words: checked(segmentOf(first + i), { from, number: first + i }), time: times[i]! })
    if (open.length > 0) {
      this.#begin(times.at(-1)!)
      this.#open.set(open)
      this.#nextAt = open.length
    } else if (fullCount > 0) {
      this.#open = this.#segments.at(-1)!.words // full: the next id begins another
      this.#nextAt = words
    }
  }

  #begin(time: number): void {
    this.#open = new Int32Array(words)
    this.#nextAt = 0
    this.#segments.push({ words: this.#open, time })
  }
}

function checked(segment: Int32Array, { from, number }: { readonly from: StateReader; readonly number: number }): Int32Array {
  return segment.length === words ? segment : from.refuse(`segment ${number} of the ids holds ${segment.length} words instead of ${words}`)
}
