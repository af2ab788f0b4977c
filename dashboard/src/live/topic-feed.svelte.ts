// The history of one topic, asked again as often as its span changes, as one reactive object with a lifetime. The last answer stays while
// the next one is awaited or fails; `failure` says so.
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import { spans } from '../room/address.ts'
import type { Failure, ThresholdNow, TopicApi, TopicQuestion } from './topic-api.ts'
import type { EngineSaid } from './refusal.ts'

const tickMs = 1_000
const againMs = 5_000 // after a failure
const patienceMs = 30_000
const countdownMs = 10_000

export class TopicFeed {
  readonly #api: TopicApi
  readonly #question: TopicQuestion
  readonly #ticker: ReturnType<typeof setInterval>
  readonly #closed = new AbortController()
  #history = $state.raw<TopicHistoryAnswer | null>(null)
  #thresholds = $state.raw<readonly ThresholdNow[] | null>(null)
  #failure = $state.raw<({ readonly why: Failure } & EngineSaid) | null>(null)
  #asking = false
  #askAt = 0
  #askingCountdown = false
  #askCountdownAt = 0

  constructor(api: TopicApi, question: TopicQuestion) {
    this.#api = api
    this.#question = question
    this.#ticker = setInterval(() => this.#tick(performance.now()), tickMs)
    this.#tick(performance.now())
  }

  /** Null until the first answer. */
  get history(): TopicHistoryAnswer | null { return this.#history }
  /** Every rule of the topic as it stands; null while it is not known. */
  get thresholds(): readonly ThresholdNow[] | null { return this.#thresholds }
  /** Why the newest question has no answer; null where it has. */
  get failure(): ({ readonly why: Failure } & EngineSaid) | null { return this.#failure }

  close(): void {
    clearInterval(this.#ticker)
    this.#closed.abort()
  }

  #tick(at: number): void {
    if (!this.#asking && at >= this.#askAt) void this.#askHistory()
    if (!this.#askingCountdown && at >= this.#askCountdownAt) void this.#askCountdown()
  }

  async #askHistory(): Promise<void> {
    this.#asking = true
    const answer = await this.#api.history(this.#question, this.#signal())
    this.#asking = false
    this.#askAt = performance.now() + (answer.ok ? spans[this.#question.span].refreshMs : againMs)
    if (this.#closed.signal.aborted) return
    this.#failure = answer.ok ? null : answer
    if (answer.ok) this.#history = answer.value
  }

  async #askCountdown(): Promise<void> {
    this.#askingCountdown = true
    const answer = await this.#api.countdown(this.#question.id, this.#signal())
    this.#askingCountdown = false
    this.#askCountdownAt = performance.now() + countdownMs
    if (!this.#closed.signal.aborted) this.#thresholds = answer.ok ? answer.value.thresholds : null
  }

  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }
}
