// Stretches of event time of which nothing is known, because nothing came from anybody: a jump of the clock over more than two hours is a
// gap in the recording or the feed, and not calm. Kept until every topic has learnt what lies before them.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

export const gapLimits = { gapsMax: 64, calmSecondsMax: 7200 } as const

/** First and last slice of which something is not known. */
type Gap = readonly [from: number, to: number]

export class Gaps implements Stateful {
  readonly #sliceSeconds: number
  #gaps: Gap[] = [] // ascending; they may touch

  constructor(sliceSeconds: number) { this.#sliceSeconds = sliceSeconds }

  /** Whether the next one makes one of the two oldest: what lies between them is then missing too, for whoever has not learnt it. */
  get full(): boolean { return this.#gaps.length >= gapLimits.gapsMax }

  /** The clock jumps from one second to another (−1: it begins), and the seconds between are no calm. */
  add(from: number, to: number): void {
    if (this.full) this.#gaps.splice(0, 2, [this.#gaps[0]![0], this.#gaps[1]![1]])
    this.#gaps.push([Math.floor((from + 1) / this.#sliceSeconds), Math.floor((to - 1) / this.#sliceSeconds)])
  }

  /** Everybody has learnt the slices before this one. */
  learnt(before: number): void { this.#gaps = this.#gaps.filter(([, to]) => to >= before) }

  /** The first slice from `slice` on that is in no gap. */
  after(slice: number): number {
    let first = slice
    for (const [from, to] of this.#gaps) if (first >= from && first <= to) first = to + 1
    return first
  }

  /** The first slice from `slice` on that is in a gap; Infinity: none is. */
  next(slice: number): number {
    for (const [from, to] of this.#gaps) if (to >= slice) return Math.max(from, slice)
    return Infinity
  }

  save(out: StateWriter): void {
    out.number(this.#gaps.length)
    for (const gap of this.#gaps) for (const slice of gap) out.number(slice)
  }

  load(from: StateReader): void {
    const length = from.whole(0, gapLimits.gapsMax)
    this.#gaps = []
    for (let least = 0; this.#gaps.length < length;) {
      const first = from.whole(least)
      least = from.whole(first)
      this.#gaps.push([first, least])
    }
  }
}
