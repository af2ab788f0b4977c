// When the input stream is looked at for trimming: at most every five seconds, at once when it is over three quarters full, and always once
// more for the newest position that was told. The last of these matters: a full stream takes nothing in, so no later call may ever come.
export interface TrimmerOptions {
  /** Trims up to that sequence, as far as room or age ask for it. */
  readonly look: (upToSeq: number) => Promise<void>
  /** Whether the stream is over three quarters full. */
  readonly pressed: () => Promise<boolean>
  readonly now: () => number // ms, monotonic
  /** Calls `run` after `ms`, unless the answer is called before. */
  readonly after: (ms: number, run: () => void) => () => void
}

export const trimPauseMs = 5000

export class Trimmer {
  readonly #options: TrimmerOptions
  #upToSeq = 0
  #asked = 0 // calls so far; a look answers all that came before it
  #answered = 0
  #lookedAt = -Infinity
  #running: Promise<void> | null = null
  #cancel: (() => void) | null = null
  #closed = false

  constructor(options: TrimmerOptions) { this.#options = options }

  /** Resolves when it is done or put off. Rejects where the server does not answer, and tries again by itself. */
  trim(upToSeq: number): Promise<void> {
    this.#upToSeq = Math.max(this.#upToSeq, upToSeq)
    if (this.#upToSeq === 0 || this.#closed) return Promise.resolve()
    this.#asked++
    this.#running ??= this.#run().finally(() => { this.#running = null })
    return this.#running
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
  }

  async #run(): Promise<void> {
    const { look, pressed, now } = this.#options
    try {
      while (this.#asked > this.#answered && !this.#closed) {
        const asked = this.#asked
        if (now() - this.#lookedAt < trimPauseMs && !await pressed()) {
          if (asked === this.#asked) return
          continue
        }
        this.#lookedAt = now()
        await look(this.#upToSeq)
        this.#answered = asked
      }
    } finally {
      if (this.#asked > this.#answered) this.#later()
    }
  }

  #later(): void {
    if (this.#cancel || this.#closed) return
    this.#cancel = this.#options.after(Math.max(250, this.#lookedAt + trimPauseMs - this.#options.now()), () => {
      this.#cancel = null
      this.#running ??= this.#run().catch(() => this.#later()).finally(() => { this.#running = null })
    })
  }
}
