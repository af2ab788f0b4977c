// What was told of the topics that a cascade is in, and what people did about them: for the marks on its time axis. A failure leaves what there is.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { ActionsApi } from './actions-api.ts'

const refreshMs = 30_000
const patienceMs = 30_000
const topicsMax = 4 // a cascade is in few
const alertsMax = 100, actionsMax = 200 // of each, the newest

export class TopicsActs {
  readonly #api: ActionsApi
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | null = null
  #topics = ''
  #alerts = $state.raw<readonly AlertRow[]>([])
  #actions = $state.raw<readonly ActionRow[]>([])

  constructor(api: ActionsApi) { this.#api = api }

  get alerts(): readonly AlertRow[] { return this.#alerts }
  get actions(): readonly ActionRow[] { return this.#actions }

  follow(topics: readonly string[]): void {
    const asked = topics.slice(0, topicsMax)
    if (asked.join('\n') === this.#topics) return
    this.#topics = asked.join('\n')
    if (this.#timer !== null) clearTimeout(this.#timer)
    void this.#ask(asked)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #ask(topics: readonly string[]): Promise<void> {
    const { signal: closed } = this.#closed
    const signal = AbortSignal.any([closed, AbortSignal.timeout(patienceMs)])
    const answers = await Promise.all(topics.map((topic) => Promise.all([this.#api.alerts({ topic, limit: alertsMax }, signal), this.#api.actions({ topic, limit: actionsMax }, signal)])))
    if (closed.aborted || topics.join('\n') !== this.#topics) return
    if (answers.every(([alerts]) => alerts.ok)) this.#alerts = answers.flatMap(([alerts]) => (alerts.ok ? alerts.value.alerts : []))
    if (answers.every(([, actions]) => actions.ok)) this.#actions = answers.flatMap(([, actions]) => (actions.ok ? actions.value.actions : []))
    this.#timer = setTimeout(() => void this.#ask(topics), refreshMs)
  }
}
