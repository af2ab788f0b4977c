// One event is told once, when it stops rising: a score counts only where it goes well above what was told before, of which the memory fades.
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Each with its reason. */
const remembering = {
  hours: 24, // what was told fades to a third in a day: tomorrow's crisis of half the size is news again
  louder: 1.5, // the same event is told again only when it is as much more surprising
} as const

/** For readers of single scores, who have no begin and end of an alarm: the top of an event, once it is passed. */
export class Novelty implements Stateful {
  #told = 0
  #at = -1 // second from which it fades
  #rising = 0 // score of an event that has not stopped rising; 0: there is none

  /** The score of the event that just stopped rising, where it is news; else 0. Seconds ascend. */
  take(second: number, score: number): number {
    if (this.#rising === 0 ? this.#isNews(second, score) : score > this.#rising) {
      this.#rising = score
      return 0
    }
    const top = this.#rising
    if (top === 0) return 0
    this.#told = top
    this.#at = second
    this.#rising = 0
    return top
  }

  #isNews(second: number, score: number): boolean {
    return score > this.#told * remembering.louder * Math.exp((this.#at - second) / (remembering.hours * 3600))
  }

  save(out: StateWriter): void { for (const one of [this.#told, this.#at, this.#rising]) out.number(one) }
  load(from: StateReader): void {
    this.#told = from.finite(0)
    this.#at = from.whole(-1)
    this.#rising = from.finite(0)
  }
}
