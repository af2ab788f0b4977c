// Tells the times that a recording follows from stray ones, such as a mention of 2099 among those of a night in 2015, so that one wrong
// clock at a source can neither stall publishing nor decide how far a recording is shifted.
//
// A time more than six hours ahead is stray when more of the next 64 mentions go on where the recording was than follow it:
//
//   16:00 16:01 | 2099 | 16:02 16:02 …      stray: it is sent with the line before it
//   16:00 16:01 | 06:10 06:11 06:12 …       a quiet night: the recording goes on in the morning
//
// Where the recording ends soon behind it, it is stray when it is further ahead than the recording was long, and it is the very last or
// a year ahead.
import type { RecordedLine } from '../recording-lines.ts'

/** `at`: the line's time; NaN where it has none or a stray one: it goes with the line before. */
export interface PlacedLine { readonly line: RecordedLine; readonly at: number }

export const courseLimits = { aheadMsMax: 6 * 3_600_000, endMsMax: 365 * 86_400_000, mentionsAhead: 64, linesHeldMax: 65_536, bytesHeldMax: 64 << 20 } as const

/** Whether no more lines may be held back: whoever waits for a line that tells something goes on without it. */
export function isFull(held: readonly RecordedLine[]): boolean {
  if (held.length >= courseLimits.linesHeldMax) return true
  return held.reduce((sum, { bytes }) => sum + bytes.length, 0) >= courseLimits.bytesHeldMax
}

export class Course {
  #held: RecordedLine[] = [] // from one that cannot be placed yet on
  #first = Number.NaN
  #latest = -Infinity

  /** The lines that can be placed by now, in their order. A line waits only where its time leaps. */
  take(block: readonly RecordedLine[]): PlacedLine[] {
    const lines = this.#held.length > 0 ? [...this.#held, ...block] : block
    return this.#place(lines, isFull(lines))
  }

  /** What is held, when nothing more comes. */
  end(): PlacedLine[] {
    return this.#place(this.#held, true)
  }

  #place(lines: readonly RecordedLine[], all: boolean): PlacedLine[] {
    const placed: PlacedLine[] = []
    for (const [index, line] of lines.entries()) {
      const { ts } = line
      const stray = ts <= this.#latest + courseLimits.aheadMsMax || Number.isNaN(ts) ? false : this.#isStray(lines, index, all)
      if (stray === null) {
        this.#held = lines.slice(index)
        return placed
      }
      placed.push({ line, at: stray ? Number.NaN : ts })
      if (stray || !(ts > this.#latest)) continue
      this.#latest = ts
      if (Number.isNaN(this.#first)) this.#first = ts
    }
    this.#held = []
    return placed
  }

  /** null: more lines are needed to tell. */
  #isStray(lines: readonly RecordedLine[], index: number, all: boolean): boolean | null {
    const { ts } = lines[index]!
    let mentions = 0
    let follow = 0
    for (let i = index + 1; i < lines.length && mentions < courseLimits.mentionsAhead; i++) {
      const next = lines[i]!.ts
      if (Number.isNaN(next)) continue
      mentions++
      if (next >= ts - courseLimits.aheadMsMax) follow++
    }
    if (mentions < courseLimits.mentionsAhead && !all) return null
    if (mentions > follow) return mentions - follow > follow
    const ahead = ts - this.#latest
    const atEnd = mentions < courseLimits.mentionsAhead && this.#latest !== -Infinity
    return atEnd && ahead > this.#latest - this.#first && (mentions === 0 || ahead > courseLimits.endMsMax)
  }
}
