// Stored mentions, read by the minute in which they were said, are put back into the order in which they came: the order in which they were counted.
//
// A counted mention was at most ten minutes behind the event clock. So whatever came before one of second s was said before s + 10 min: once all up to
// there has been read, nothing earlier can follow. Lines are as io/clickhouse/desk-mentions.ts reads them:
//
//   {"0":stream,"1":seq,"2":line,"3":second,"id":…}
import { clockLimits } from './core/3-measure/event-clock.ts'

/** Where more would have to be held, the earliest is let go: then a mention that came late may be counted in another order. */
export const arrivalLimits = { heldMax: 500_000, heldBytesMax: 256 << 20 } as const

interface Held { readonly stream: number; readonly seq: number; readonly line: number; readonly second: number; readonly bytes: Uint8Array }

export interface ArrivedLine { readonly bytes: Uint8Array; readonly second: number } // the mention alone, without its line feed

export class ArrivalOrder {
  readonly #heap: Held[] = [] // the earliest first
  #bytes = 0

  /** Whole lines, of minutes that never go back. */
  add(lines: Uint8Array): void {
    for (let start = 0; start < lines.length;) {
      let end = lines.indexOf(0x0a, start)
      if (end < 0) end = lines.length
      if (end > start) this.#push(heldOf(lines.subarray(start, end)))
      start = end + 1
    }
  }

  /** What can be let go, in its order, when all that was said before `second` has been added. */
  *before(second: number): Generator<ArrivedLine> {
    while (this.#heap.length > 0 && (this.#heap[0]!.second + clockLimits.lateSecondsMax < second || this.#heap.length > arrivalLimits.heldMax || this.#bytes > arrivalLimits.heldBytesMax)) yield this.#pop()
  }

  #push(held: Held): void {
    const heap = this.#heap
    this.#bytes += held.bytes.length
    let at = heap.push(held) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(held, heap[above]!)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = held
  }

  #pop(): Held {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    this.#bytes -= first.bytes.length
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++
      if (!isBefore(heap[below]!, last)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
    return first
  }
}

const isBefore = (a: Held, b: Held): boolean => (a.stream !== b.stream ? a.stream < b.stream : a.seq !== b.seq ? a.seq < b.seq : a.line < b.line)

/** A copy: what was read is larger than what is held of it. */
function heldOf(line: Uint8Array): Held {
  const at = { p: 0 }
  const [stream, seq, lineOf, second] = [number(line, at), number(line, at), number(line, at), number(line, at)]
  const bytes = new Uint8Array(line.length - at.p)
  bytes[0] = 0x7b
  bytes.set(line.subarray(at.p + 1), 1)
  return { stream, seq, line: lineOf, second, bytes }
}

/** Behind the next colon; `at` is then at the comma. */
function number(line: Uint8Array, at: { p: number }): number {
  let p = line.indexOf(0x3a, at.p) + 1
  let value = 0
  for (; line[p]! >= 0x30 && line[p]! <= 0x39; p++) value = 10 * value + line[p]! - 0x30
  at.p = p
  return value
}
