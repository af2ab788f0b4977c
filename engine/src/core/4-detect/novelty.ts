// One event is told once: a score counts only where it goes well above what was told before, of which the memory fades.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Each with its reason. */
const remembering = {
  hours: 24, // what was told fades to a third in a day: tomorrow's crisis of half the size is news again
  louder: 1.5, // the same event is told again only when it is as much more surprising
} as const

/** For readers of single scores, who have no begin and end of an alarm. */
export class Novelty implements Stateful {
  #told = 0
  #at = -1 // second from which it fades

  /** The score where it is news, else 0. Seconds ascend. */
  take(second: number, score: number): number {
    const remembered = this.#told * Math.exp((this.#at - second) / (remembering.hours * 3600))
    if (score <= remembered * remembering.louder) return 0
    this.#told = score
    this.#at = second
    return score
  }

  save(out: StateWriter): void {
    out.number(this.#told)
    out.number(this.#at)
  }

  load(from: StateReader): void {
    this.#told = from.finite(0)
    this.#at = from.whole(-1)
  }
}
