// When a line of a recording is due: N seconds of event time pass in a second of ours, from the first line on.

export class Pace {
  #speed: number
  #startedAt: number // ms of ours when the first line went
  #first = Number.NaN
  #latest = -Infinity

  /** speed: Infinity is as fast as it is taken. */
  constructor(speed: number, startedAt: number) {
    this.#speed = speed
    this.#startedAt = startedAt
  }

  /** Ms of ours at which a line with this event time is due. A line without a time, or older than one before it, is due with that one. */
  dueAt(ts: number): number {
    if (this.#speed === Infinity) return this.#startedAt
    if (Number.isNaN(this.#first)) {
      if (Number.isNaN(ts)) return this.#startedAt
      this.#first = ts
    }
    if (ts > this.#latest) this.#latest = ts
    return this.#startedAt + (this.#latest - this.#first) / this.#speed
  }
}
