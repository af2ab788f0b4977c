// All topics of the rules with what is measured of each (GET /api/topics), asked again and again, as one reactive object with a lifetime. The last
// answer stays while the next one is awaited or fails.
import type { TopicRow } from '@groundswell/schemas/live.ts'
import type { TopicLine } from '../room/topic-table.ts'
import { toldIn, type EngineSaid } from './refusal.ts'

/** token: the engine wants to see one · role: this token may not · refused: it says why · away: nobody answered. */
export type TopicsFailure = 'token' | 'role' | 'refused' | 'away'
export type TopicsRefusal = { readonly why: TopicsFailure } & EngineSaid

const refreshMs = { few: 10_000, many: 60_000 } as const // an answer of ten thousand topics is 10 MB
const fewMax = 500
const againMs = 5_000
const patienceMs = 60_000

interface Answer { readonly topics: readonly { readonly id: string; readonly rules: { readonly name: TopicLine['name'] }; readonly now: TopicRow | null }[] }

export class TopicsFeed {
  readonly #url: URL
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #lines = $state.raw<readonly TopicLine[] | null>(null)
  #failure = $state.raw<TopicsRefusal | null>(null)

  constructor(page: URL) {
    this.#url = new URL('api/topics', page)
    void this.#ask()
  }

  /** Null until the first answer. */
  get lines(): readonly TopicLine[] | null { return this.#lines }
  get failure(): TopicsRefusal | null { return this.#failure }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #ask(): Promise<void> {
    const failure = await this.#askOnce()
    if (this.#closed.signal.aborted) return
    this.#failure = failure
    const many = (this.#lines?.length ?? 0) > fewMax
    this.#timer = setTimeout(() => void this.#ask(), failure !== null ? againMs : refreshMs[many ? 'many' : 'few'])
  }

  async #askOnce(): Promise<TopicsRefusal | null> {
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]), credentials: 'same-origin', headers: { accept: 'application/json' } })
      if (!response.ok) {
        return { why: ({ 401: 'token', 403: 'role' } as const)[response.status] ?? 'refused', ...toldIn(await response.json().catch(() => null), response.status) }
      }
      const { topics } = await response.json() as Answer
      this.#lines = topics.map(({ id, rules: { name }, now }) => ({ id, name, now }))
      return null
    } catch (error) {
      return { why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}
