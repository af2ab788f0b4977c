// One destination's queue: in order, one alert at a time, the first one tried until it is delivered or too old. Lanes do not
// know each other, so a slow receiver holds up nobody else.
import type { Log } from '../log/log.ts'
import type { Alert, Clock, Destination } from './destination.ts'
import { backoffMs } from './retry.ts'

/** How an alert left a lane. `expired` and `dropped` are losses; `disabled` is the receiver's wish. */
export type Ending = 'delivered' | 'expired' | 'dropped' | 'disabled'

export interface LaneOptions {
  readonly destination: Destination
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly waitingMax: number
  readonly ageMaxMs: number
  readonly onEnded: (alert: Alert, ending: Ending) => void
  readonly onRetry: () => void
}

export class Lane {
  readonly destination: Destination
  readonly #options: LaneOptions
  readonly #closing = new AbortController()
  #queue: Alert[] = []
  #running: Promise<void> | null = null
  #wake: (() => void) | null = null
  #failures = 0
  #sending: Alert | null = null
  #closed = false
  #disabled = false

  constructor(options: LaneOptions) {
    this.destination = options.destination
    this.#options = options
  }

  get disabled(): boolean { return this.#disabled }
  get waiting(): number { return this.#queue.length }
  get oldestAt(): number | null { return this.#queue[0]?.at ?? null }
  /** Failures in a row of the alert that is first. */
  get failures(): number { return this.#failures }

  push(alert: Alert): void {
    const { waitingMax, log, onEnded } = this.#options
    if (this.#disabled) return onEnded(alert, 'disabled')
    this.#queue.push(alert)
    if (this.#queue.length > waitingMax) {
      // The oldest gives way, since the newest says most about now; one that is on its way is left alone.
      const [oldest] = this.#queue.splice(this.#queue[0] === this.#sending ? 1 : 0, 1)
      log.error('an alert is given up: too many wait for this destination', { destination: this.destination.key, alert: oldest!.event.id, waitingMax })
      onEnded(oldest!, 'dropped')
    }
    this.#running ??= this.#run()
  }

  /** Lets a send that is under way end within the grace, then aborts it; what waits stays in the journal. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    this.#wake?.()
    const cancel = this.#options.clock.after(graceMs, () => { this.#closing.abort(new Error('the engine stops')) })
    await this.#running
    cancel()
  }

  async #run(): Promise<void> {
    const { clock, log, ageMaxMs } = this.#options
    for (let alert = this.#queue[0]; alert && !this.#closed; alert = this.#queue[0]) {
      if (clock.now() - alert.at > ageMaxMs) {
        log.error('an alert is given up: it could not be delivered in time', { destination: this.destination.key, alert: alert.event.id, hours: Math.round(ageMaxMs / 3_600_000) })
        this.#end(alert, 'expired')
        continue
      }
      await this.#try(alert)
    }
    this.#running = null
  }

  async #try(alert: Alert): Promise<void> {
    const { random, log, onRetry } = this.#options
    const { key } = this.destination
    this.#sending = alert
    const outcome = await this.destination.send(alert, this.#closing.signal)
    this.#sending = null
    if (outcome.kind === 'delivered') {
      if (this.#failures > 0) log.info('alerts are delivered again', { destination: key, failures: this.#failures, waiting: this.#queue.length - 1 })
      return this.#end(alert, 'delivered')
    }
    if (outcome.kind === 'gone') return this.#disable(outcome.detail)
    this.#failures += 1
    onRetry()
    const ms = Math.max(backoffMs(this.#failures, random()), outcome.afterMs ?? 0)
    // Once when it begins, then rarely: a receiver that is down for a day is one problem, not three hundred.
    if (this.#failures === 1 || this.#failures % 10 === 0) log.warn('an alert could not be delivered; it is tried again', { destination: key, detail: outcome.detail, failures: this.#failures, waiting: this.#queue.length, seconds: Math.round(ms / 1000) })
    await this.#wait(ms)
  }

  #wait(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, () => { this.#wake = null; resolve() })
      this.#wake = () => { cancel(); this.#wake = null; resolve() }
    })
  }

  #disable(detail: string): void {
    this.#disabled = true
    const waiting = this.#queue
    this.#queue = []
    this.#options.log.warn('a webhook wants no more alerts (410): it gets none until the engine starts again', { destination: this.destination.key, detail, notDelivered: waiting.length })
    for (const alert of waiting) this.#options.onEnded(alert, 'disabled')
  }

  #end(alert: Alert, ending: Ending): void {
    this.#failures = 0
    const at = this.#queue.indexOf(alert)
    if (at >= 0) this.#queue.splice(at, 1)
    this.#options.onEnded(alert, ending)
  }
}
