// Alerts as the desk knows them: the live list as it comes, and older ones from the engine, page by page, as one reactive object with a lifetime.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { isOpen } from '../room/handling.ts'
import type { ActionFailure, ActionsApi } from './actions-api.ts'
import { waitMs } from './again.ts'
import type { EngineSaid } from './refusal.ts'

/** Beyond, the oldest are forgotten here; the engine has them. */
export const alertsKeptMax = 3_000
const forgottenAtOnce = alertsKeptMax / 10 // in a flood: to look for the oldest with every frame is dear
const pageRows = 500
const refreshPagesMax = 4 // as far back as anything is open, as far as can be told: the oldest tenth of a page tells
const refreshMs = 15_000
const soonMs = 2_000 // where something was done that the live list does not show
const patienceMs = 30_000

export class AlertsFeed {
  readonly #api: ActionsApi
  readonly #closed = new AbortController()
  readonly #kept = new Map<string, AlertRow>()
  #live: ReadonlySet<string> = new Set()
  #seen: readonly AlertRow[] | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #rows = $state.raw<readonly AlertRow[]>([])
  #failure = $state.raw<({ readonly why: ActionFailure } & EngineSaid) | null>(null)
  #answered = $state(false)
  #next = $state.raw<string | null>(null)
  #asking = $state(false)
  #refreshing = false
  #tries = 0 // that failed, one after the other
  #refreshedAt = -Infinity

  constructor(api: ActionsApi) {
    this.#api = api
    void this.#refresh()
  }

  /** In no order, each once. */
  get rows(): readonly AlertRow[] { return this.#rows }
  /** Whether the engine told older ones at least once. */
  get answered(): boolean { return this.#answered }
  /** Why the newest question has no answer; null where it has. */
  get failure(): ({ readonly why: ActionFailure } & EngineSaid) | null { return this.#failure }
  /** Whether there are older ones that can be asked for. */
  get hasOlder(): boolean { return this.#next !== null && this.#kept.size < alertsKeptMax }
  get asking(): boolean { return this.#asking }

  alertOf(id: string): AlertRow | null { return this.#kept.get(id) ?? null }

  /** Called with every picture: what is live is newer than what was asked for. */
  look(alerts: readonly AlertRow[]): void {
    if (alerts === this.#seen) return
    this.#seen = alerts
    this.#live = new Set(alerts.map(({ id }) => id))
    this.#keep(alerts, forgottenAtOnce)
  }

  /** The page behind the oldest that was asked for. */
  async older(): Promise<void> {
    if (this.#asking || this.#next === null) return
    this.#asking = true
    const answer = await this.#api.alerts({ before: this.#next, limit: pageRows }, this.#signal())
    this.#asking = false
    if (this.#closed.signal.aborted) return
    this.#failure = answer.ok ? null : answer
    if (!answer.ok) return
    this.#next = answer.value.next
    this.#keep(answer.value.alerts)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  /** Asks anew now, at most every two seconds: what was done about an older alert is not in the live list. */
  again(now: number): void {
    if (this.#refreshing || now - this.#refreshedAt < soonMs) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    void this.#refresh()
  }

  async #refresh(): Promise<void> {
    this.#refreshing = true
    this.#refreshedAt = performance.now()
    const done = await this.#refreshPages()
    this.#refreshing = false
    this.#tries = done ? 0 : this.#tries + 1
    if (!this.#closed.signal.aborted) this.#timer = setTimeout(() => void this.#refresh(), done ? refreshMs : waitMs(this.#tries - 1))
  }

  /** Of one question: nothing is waited for without an end. */
  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }

  /** What is open may have ended, or been dealt with, since it was asked for. */
  async #refreshPages(): Promise<boolean> {
    let before: string | null = null
    for (let page = 0; page < refreshPagesMax; page++) {
      const answer = await this.#api.alerts({ before, limit: pageRows }, this.#signal())
      if (this.#closed.signal.aborted) return false
      this.#failure = answer.ok ? null : answer
      if (!answer.ok) return false
      const { alerts, next } = answer.value
      if (!this.#answered) this.#next = next
      this.#answered = true
      this.#keep(alerts.filter(({ id }) => !this.#live.has(id)))
      const oldest = alerts.at(-1)?.at ?? ''
      const goesOn = alerts.slice(-pageRows / 10).some(isOpen) || this.#rows.some((alert) => isOpen(alert) && alert.at < oldest)
      if (next === null || !goesOn) return true
      before = next
    }
    return true
  }

  #keep(alerts: readonly AlertRow[], more = 0): void {
    for (const alert of alerts) this.#kept.set(alert.id, alert)
    if (this.#kept.size > alertsKeptMax) {
      const oldest = [...this.#kept.values()].filter(({ id }) => !this.#live.has(id)).toSorted((a, b) => (a.at < b.at ? -1 : 1))
      for (const { id } of oldest.slice(0, this.#kept.size - alertsKeptMax + more)) this.#kept.delete(id)
    }
    this.#rows = [...this.#kept.values()]
  }
}
