// One event is told once, when it is plain or stops rising: a score counts only where it goes well above what was told before, of which
// the memory fades.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Each with its reason. */
const remembering = {
  hours: 24, // what was told fades to a third in a day: tomorrow's crisis of half the size is news again
  louder: 1.5, // the same event is told again only when it is as much more surprising
  plain: 1.5, // what comes once in a month of days (10^1.5) is told at once: nobody waits for its top
  waitSeconds: 3600, // what goes on rising is told after an hour
} as const

/** For readers of single scores, who have no begin and end of an alarm. */
export class Novelty implements Stateful {
  #told = 0
  #at = -1 // second from which it fades
  #rising = 0 // score of an event that has not stopped rising; 0: there is none
  #since = -1 // second from which it rises

  /** The score of the event that is told now; else 0. Seconds ascend. */
  take(second: number, score: number): number {
    if (this.#rising === 0) {
      if (!this.#isNews(second, score)) return 0
      if (score >= remembering.plain) return this.#tell(second, score)
      this.#rising = score
      this.#since = second
      return 0
    }
    if (score <= this.#rising) return this.#tell(second, this.#rising)
    this.#rising = score
    return score >= remembering.plain || second - this.#since >= remembering.waitSeconds ? this.#tell(second, score) : 0
  }

  save(out: StateWriter): void { for (const one of [this.#told, this.#at, this.#rising, this.#since]) out.number(one) }

  load(from: StateReader): void {
    this.#told = from.finite(0)
    this.#at = from.whole(-1)
    this.#rising = from.finite(0)
    this.#since = from.whole(-1)
  }

  #tell(second: number, score: number): number {
    this.#told = score
    this.#at = second
    this.#rising = 0
    return score
  }

  #isNews(second: number, score: number): boolean {
    return score > this.#told * remembering.louder * Math.exp((this.#at - second) / (remembering.hours * 3600))
  }
}
