// Reads that take long have turns, so that whoever looks closely never starves those who look at a wall.

/** Too many wait. */
export class TurnsTaken extends Error {
  override readonly name = 'TurnsTaken'
}

export class Turns {
  readonly #atOnce: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #under = 0

  constructor({ atOnce, waitingMax }: { readonly atOnce: number; readonly waitingMax: number }) {
    this.#atOnce = atOnce
    this.#waitingMax = waitingMax
  }

  /** In the order in which they asked. Rejects with TurnsTaken where there is no place to wait. */
  async run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#under < this.#atOnce) this.#under++
    else {
      if (this.#waiting.length >= this.#waitingMax) throw new TurnsTaken(`${this.#waiting.length} wait for their turn`)
      await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next() // the turn is handed over
      else this.#under--
    }
  }
}
