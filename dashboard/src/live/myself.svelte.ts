// Who sits here, as the engine knows him (GET /api/me), as one reactive object: asked when a page wants to know, at most once a minute.
import type { Me } from '@groundswell/schemas/access.ts'

const againMs = 60_000
const soonMs = 5_000 // after a question that nobody answered
const patienceMs = 10_000

/** unknown: not answered yet, or nobody answered · none: this engine does not tell (404) · refused: the engine wants a token, or another one. */
export type Acquaintance = 'unknown' | 'known' | 'none' | 'refused'

export class Myself {
  readonly #url: URL
  readonly #fetch: typeof fetch
  #me = $state.raw<Me | null>(null)
  #state = $state<Acquaintance>('unknown')
  #askAt = -Infinity
  #doubts = 0
  #asking: Promise<void> | null = null

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#url = new URL('api/me', page)
    this.#fetch = ask
  }

  /** The last answer; null until there is one. */
  get me(): Me | null { return this.#me }
  get state(): Acquaintance { return this.#state }
  /** Whether actions may be offered: true until it is known that he may not; the engine decides in any case. */
  get mayAct(): boolean { return this.#state !== 'refused' && (this.#me === null || this.#me.role === 'operator') }

  /** Asks, where the last answer is a minute old. `at`: ms of a clock that never steps back. */
  ask(at = performance.now()): Promise<void> {
    if (this.#asking === null && at >= this.#askAt) this.#asking = this.#ask(at).finally(() => { this.#asking = null })
    return this.#asking ?? Promise.resolve()
  }

  /** What was answered may be over: the next question is not put off. */
  doubt(): void {
    this.#doubts++
    this.#askAt = -Infinity
  }

  async #ask(at: number): Promise<void> {
    this.#askAt = at + soonMs
    const doubts = this.#doubts
    try {
      const response = await this.#fetch(this.#url, { signal: AbortSignal.timeout(patienceMs), credentials: 'same-origin', headers: { accept: 'application/json' } })
      this.#state = response.ok ? 'known' : response.status === 404 ? 'none' : response.status === 401 || response.status === 403 ? 'refused' : this.#state
      if (this.#state === 'refused') this.#me = null
      if (response.ok) this.#me = await response.json() as Me
      else await response.arrayBuffer() // what nobody reads is under way until it is given up
      this.#askAt = doubts === this.#doubts ? at + againMs : -Infinity
    } catch {
      // Nobody answered: the last answer holds, and the link in the head says that the engine is away.
    }
  }
}
