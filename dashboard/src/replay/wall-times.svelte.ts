// When pictures were kept in the span that is shown, what was notable, and where none were: asked anew for another span, and now and then while it is fresh.
import type { WallTimes } from '@groundswell/schemas/replay.ts'
import { untrack } from 'svelte'
import type { ReplayApi, ReplayFailure } from './wall-api.ts'
import type { EngineSaid } from '../live/refusal.ts'

const refreshMs = 30_000
const againMs = 5_000
const patienceMs = 30_000

export class WallTimesFeed {
  readonly #api: ReplayApi
  #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #times = $state.raw<WallTimes | null>(null)
  #failure = $state.raw<({ readonly why: ReplayFailure } & EngineSaid) | null>(null)

  /** Made where effects may be: it follows the span. */
  constructor(api: ReplayApi, span: () => readonly [from: number, to: number]) {
    this.#api = api
    $effect(() => {
      const [from, to] = span()
      untrack(() => this.#begin(from, to))
    })
  }

  /** Of the span that was asked for last, as soon as it is answered; those before it meanwhile. */
  get times(): WallTimes | null { return this.#times }
  get failure(): ({ readonly why: ReplayFailure } & EngineSaid) | null { return this.#failure }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  #begin(from: number, to: number): void {
    this.close()
    this.#closed = new AbortController()
    void this.#ask(from, to, this.#closed.signal)
  }

  async #ask(from: number, to: number, closed: AbortSignal): Promise<void> {
    const answer = await this.#api.times({ from, to }, AbortSignal.any([closed, AbortSignal.timeout(patienceMs)]))
    if (closed.aborted) return
    this.#failure = answer.ok ? null : answer
    if (answer.ok) this.#times = answer.value
    this.#timer = setTimeout(() => void this.#ask(from, to, closed), answer.ok ? refreshMs : againMs)
  }
}
