// One destination's queue: one alert at a time, in order, each tried until it is delivered, refused for good or too old. Lanes do not
// know each other, so a slow receiver holds up nobody else; and an alert that only the receiver's answer holds back is passed by the others.
import type { Log } from '../log/log.ts'
import type { Alert, Clock, Destination, Outcome } from './destination.ts'
import { backoffMs, refusedWaitsMs, retryLimits } from './retry.ts'

/** How an alert left a lane. `expired`, `dropped` and `refused` are losses; `disabled` is the receiver's wish. */
export type Ending = 'delivered' | 'expired' | 'dropped' | 'refused' | 'disabled'

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

interface Waiting {
  readonly alert: Alert
  nextAt: number // ms: not tried before
  answered: number // times in a row that the receiver answered it with a failure
  refused: number
}

/** So many failing answers to one alert, and the others pass it: it may be the alert, not the receiver. */
const answeredMax = 5

export class Lane {
  readonly destination: Destination
  readonly #options: LaneOptions
  readonly #closing = new AbortController()
  #queue: Waiting[] = []
  #pausedUntil = 0 // ms: the receiver as a whole is left alone until then
  #running: Promise<void> | null = null
  #wake: (() => void) | null = null
  #failures = 0
  #sending: Waiting | null = null
  #closed = false
  #disabled = false

  constructor(options: LaneOptions) {
    this.destination = options.destination
    this.#options = options
  }

  get disabled(): boolean { return this.#disabled }
  get waiting(): number { return this.#queue.length }
  get oldestAt(): number | null { return this.#queue[0]?.alert.at ?? null }
  /** Failures in a row. */
  get failures(): number { return this.#failures }

  push(alert: Alert): void {
    const { waitingMax, log, onEnded } = this.#options
    if (this.#disabled) return onEnded(alert, 'disabled')
    this.#queue.push({ alert, nextAt: 0, answered: 0, refused: 0 })
    if (this.#queue.length > waitingMax) {
      // The oldest gives way, since the newest says most about now; one that is on its way is left alone.
      const [oldest] = this.#queue.splice(this.#queue[0] === this.#sending ? 1 : 0, 1)
      log.error('an alert is given up: too many wait for this destination', { destination: this.destination.key, alert: oldest!.alert.event.id, waitingMax })
      onEnded(oldest!.alert, 'dropped')
    }
    this.#wake?.()
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
    const { clock } = this.#options
    await Promise.resolve() // else a run that has nothing to wait for would be over before push() has noted it
    while (this.#queue.length > 0 && !this.#closed) {
      this.#expire()
      const now = clock.now()
      const next = now < this.#pausedUntil ? undefined : this.#queue.find((waiting) => waiting.nextAt <= now)
      if (next) await this.#try(next)
      else if (this.#queue.length > 0) await this.#wait(Math.max(this.#pausedUntil, Math.min(...this.#queue.map(({ nextAt }) => nextAt))) - now)
    }
    this.#running = null
  }

  #expire(): void {
    const { clock, log, ageMaxMs } = this.#options
    for (const waiting of this.#queue.filter(({ alert }) => clock.now() - alert.at > ageMaxMs)) {
      log.error('an alert is given up: it could not be delivered in time', { destination: this.destination.key, alert: waiting.alert.event.id, hours: Math.round(ageMaxMs / 3_600_000) })
      this.#end(waiting, 'expired')
    }
  }

  async #try(waiting: Waiting): Promise<void> {
    const { log, onRetry } = this.#options
    this.#sending = waiting
    const outcome = await this.destination.send(waiting.alert, this.#closing.signal)
    this.#sending = null
    if (outcome.kind === 'gone') return this.#disable(outcome.detail)
    if (outcome.kind === 'refused') return this.#refuse(waiting, outcome.detail)
    if (outcome.kind === 'delivered') {
      if (this.#failures > 0) log.info('alerts are delivered again', { destination: this.destination.key, failures: this.#failures, waiting: this.#queue.length - 1 })
      this.#failures = 0
      return this.#end(waiting, 'delivered')
    }
    this.#failures += 1
    onRetry()
    this.#putOff(waiting, outcome)
  }

  /** While a receiver is down the first alert asks again, so that order is kept; one that it answers time and again, or for hours, steps aside. */
  #putOff(waiting: Waiting, { detail, afterMs = 0, answered = false }: Extract<Outcome, { kind: 'retry' }>): void {
    const { clock, random, log } = this.#options
    const backoff = backoffMs(this.#failures, random())
    const ms = Math.max(backoff, afterMs)
    waiting.answered = answered ? waiting.answered + 1 : 0
    const aside = afterMs > retryLimits.longestMs || waiting.answered > answeredMax
    this.#pausedUntil = clock.now() + (aside ? backoff : ms)
    // A millisecond after the pause, where nothing else is asked for: somebody else is the next to be tried.
    waiting.nextAt = clock.now() + (aside ? Math.max(ms, backoff + 1) : ms)
    // Once when it begins, then rarely: a receiver that is down for a day is one problem, not three hundred.
    if (this.#failures === 1 || this.#failures % 10 === 0) log.warn('an alert could not be delivered; it is tried again, and holds up no other destination. Look at the receiver', { destination: this.destination.key, detail, failures: this.#failures, waiting: this.#queue.length, seconds: Math.round(ms / 1000) })
  }

  /** The receiver is well and does not want this alert as it is: a few more tries over an hour, in case its owner mends it. */
  #refuse(waiting: Waiting, detail: string): void {
    const { clock, log, onRetry } = this.#options
    this.#failures += 1
    const waitMs = refusedWaitsMs[waiting.refused++]
    const told = { destination: this.destination.key, alert: waiting.alert.event.id, detail }
    if (waitMs === undefined) {
      log.error('an alert is given up: the receiver refuses it. See to its address, its secret and what it accepts', told)
      return this.#end(waiting, 'refused')
    }
    waiting.nextAt = clock.now() + waitMs
    onRetry()
    if (waiting.refused === 1) log.warn('a receiver refuses an alert; it is tried again over an hour, and others pass it', told)
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
    for (const { alert } of waiting) this.#options.onEnded(alert, 'disabled')
  }

  #end(waiting: Waiting, ending: Ending): void {
    const at = this.#queue.indexOf(waiting)
    if (at >= 0) this.#queue.splice(at, 1)
    this.#options.onEnded(waiting.alert, ending)
  }
}
