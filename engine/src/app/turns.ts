// Reads that take long have turns, so that whoever looks closely never starves those who look at a wall.
import { codedText } from '@groundswell/schemas/problem.ts'

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

  /** In the order in which they asked. Rejects with TurnsTaken where there is no place to wait, and for who goes while he waits. */
  async run<Answer>(work: () => Promise<Answer>, until?: AbortSignal): Promise<Answer> {
    until?.throwIfAborted()
    if (this.#under < this.#atOnce) this.#under++
    else {
      if (this.#waiting.length >= this.#waitingMax) throw new TurnsTaken(codedText('turns-taken', { count: this.#waitingMax }))
      await this.#wait(until)
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next() // the turn is handed over
      else this.#under--
    }
  }

  #wait(until: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1)
      reject(until!.reason as Error)
    }
    const turn = (): void => {
      until?.removeEventListener('abort', leave)
      resolve()
    }
    this.#waiting.push(turn)
    until?.addEventListener('abort', leave, { once: true })
    return promise
  }
}
