// Work that is done one after the other, each with what the one before has made, and what begins after a wait: one such waits at a time, the newest.
export class Turns {
  #busy = $state(false)
  #work: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | null = null

  /** Something is done, or about to be. What waits only to be tried again is not. */
  get busy(): boolean { return this.#busy }
  get isWaiting(): boolean { return this.#timer !== null }
  /** When all is done that has begun. */
  get done(): Promise<void> { return this.#work }

  run(work: () => Promise<void>): Promise<void> {
    this.#busy = true
    this.#work = this.#work.then(work).finally(() => { this.#busy = this.#timer !== null })
    return this.#work
  }

  /** Counts as busy from now on. */
  soon(ms: number, work: () => Promise<void>): void {
    this.#busy = true
    this.after(ms, work)
  }

  after(ms: number, work: () => Promise<void>): void {
    this.stop()
    this.#timer = setTimeout(() => {
      this.#timer = null
      void work()
    }, ms)
  }

  /** What waits does not begin; answers whether something did wait. */
  stop(): boolean {
    if (this.#timer === null) return false
    clearTimeout(this.#timer)
    this.#timer = null
    return true
  }
}
