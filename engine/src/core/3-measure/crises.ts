// The minutes in which a topic was in a crisis: those with a second after which any of its rules was tripped. Its normal is measured
// without them. Exact over the retained minutes.
//
//   minutes   ·  ·  ■  ■  ·  ■  ·  ·  ■  ■ now      [from, to] spans, ascending, never touching; the last one still runs
//
// Bound: spans do not touch, so at most one for every two retained minutes.
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { windowLimits } from './window-plan.ts'

export type Span = readonly [from: number, to: number] // minutes since 1970, both included

/** As far back as `normal` ever reads: 24 h before the last ten minutes. */
export const crisisMinutesRetained = windowLimits.pastMinutes + windowLimits.paceSeconds / 60 + 1

export class Crises implements Stateful {
  #spans: Span[] = []
  #tripped = 0
  #since = -1 // minute in which the running crisis began

  /** A rule tripped when `second` closed. Seconds never go back. */
  trip(second: number): void {
    if (this.#tripped++ === 0) this.#since = minuteOf(second)
  }

  /** A rule re-armed when `second` closed: the second before was the last that it was tripped. */
  clear(second: number): void {
    if (this.#tripped > 0 && --this.#tripped === 0) this.#end(minuteOf(second - 1))
  }

  /** From the running second on, `tripped` rules are tripped: rules came or went. */
  retain(tripped: number, second: number): void {
    if (this.#tripped === 0 && tripped > 0) this.#since = minuteOf(second)
    if (this.#tripped > 0 && tripped === 0) this.#end(minuteOf(second - 1))
    this.#tripped = tripped
  }

  /** How many rules are tripped now. */
  get tripped(): number { return this.#tripped }

  save(out: StateWriter): void {
    out.number(this.#tripped)
    out.number(this.#since)
    out.number(this.#spans.length)
    for (const [from, to] of this.#spans) {
      out.number(from)
      out.number(to)
    }
  }

  load(from: StateReader): void {
    this.#tripped = from.whole(0)
    this.#since = from.whole(-1)
    this.#spans = []
    let free = 0
    for (let left = from.count(16); left > 0; left--) {
      const first = from.whole(free)
      const last = from.whole(first)
      this.#spans.push([first, last])
      free = last + 2
    }
  }

  /** The parts of crises between two minutes, both included; one that still runs has no end. */
  between(from: number, to: number): Span[] {
    const spans: readonly Span[] = this.#tripped > 0 ? joined(this.#spans, [this.#since, Infinity]) : this.#spans
    return spans.filter((span) => span[0] <= to && span[1] >= from).map((span) => [Math.max(span[0], from), Math.min(span[1], to)])
  }

  #end(minute: number): void {
    if (minute >= this.#since) this.#spans = joined(this.#spans, [this.#since, minute]).filter((span) => span[1] > minute - crisisMinutesRetained)
  }
}

function joined(spans: readonly Span[], next: Span): Span[] {
  const last = spans.at(-1)
  return last && next[0] <= last[1] + 1 ? [...spans.slice(0, -1), [last[0], Math.max(last[1], next[1])]] : [...spans, next]
}

const minuteOf = (second: number): number => Math.floor(second / 60)
