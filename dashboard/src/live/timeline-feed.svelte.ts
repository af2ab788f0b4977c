// What happened to the alerts of one topic, asked again while its group is looked at, as one reactive object with a lifetime.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { ActionsApi } from './actions-api.ts'
import type { TopicApi } from './topic-api.ts'

const refreshMs = 15_000
const againMs = 5_000
const soonMs = 1_000 // where more happened meanwhile: in a flood of alerts that is always so
const alertsMax = 50
const toldMs = 24 * 3_600_000 // as far back as what was measured is asked for
const patienceMs = 30_000
const sourcePrefix = 'source:'

export class TimelineFeed {
  readonly #topic: string
  readonly #api: ActionsApi
  readonly #topics: TopicApi
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #asking = false
  #askAgain = false
  #actions = $state.raw<readonly ActionRow[] | null>(null)
  #alerts = $state.raw<readonly AlertRow[]>([])
  #told = $state.raw<readonly SpikeEvent[]>([])
  #failed = $state(false)
  readonly #clock: () => number

  /** `clock`: ms of the event clock, up to which what was measured is asked for. */
  constructor(topic: string, { api, topics, clock }: { readonly api: ActionsApi; readonly topics: TopicApi; readonly clock: () => number }) {
    this.#topic = topic
    this.#api = api
    this.#topics = topics
    this.#clock = clock
    void this.#ask()
  }

  /** Null until the first answer. */
  get actions(): readonly ActionRow[] | null { return this.#actions }
  get alerts(): readonly AlertRow[] { return this.#alerts }
  get told(): readonly SpikeEvent[] { return this.#told }
  /** Whether a part of the newest question has no answer. */
  get failed(): boolean { return this.#failed }

  /** Something was done: the log has more. */
  again(): void {
    if (this.#asking) this.#askAgain = true
    else void this.#ask()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #ask(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#asking = true
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)])
    const to = this.#clock()
    // Each is shown as it comes: what people did does not wait for what was measured.
    const [actions, alerts, told] = await Promise.all([
      this.#take(this.#api.actions({ topic: this.#topic }, signal), (value) => { this.#actions = value.actions }),
      this.#take(this.#api.alerts({ topic: this.#topic, limit: alertsMax }, signal), (value) => { this.#alerts = value.alerts }),
      this.#topic.startsWith(sourcePrefix) || this.#take(this.#topics.told({ id: this.#topic, from: iso(to - toldMs), to: iso(to + 1000) }, signal), (value) => { this.#told = value.events }),
    ])
    this.#asking = false
    if (this.#closed.signal.aborted) return
    this.#failed = !actions || !alerts || !told
    this.#timer = setTimeout(() => void this.#ask(), this.#askAgain ? soonMs : this.#failed ? againMs : refreshMs)
    this.#askAgain = false
  }

  async #take<T>(question: Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false }>, keep: (value: T) => void): Promise<boolean> {
    const answer = await question
    if (answer.ok && !this.#closed.signal.aborted) keep(answer.value)
    return answer.ok
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()
