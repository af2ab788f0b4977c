// The outbox: an alert is on the disk before enqueue() resolves, goes to every destination that wants it, and is remembered
// when done, so that enqueueing it again, as after a restart, is harmless. Delivery is at least once, with the same id.
import { join } from 'node:path'
import type { Log } from '../log/log.ts'
import type { Alert, Clock, Destination } from './destination.ts'
import { Journal } from './journal.ts'
import { Lane, type Ending } from './lane.ts'

export const outboxLimits = { waitingMax: 10_000, knownMax: 20_000, ageMaxMs: 3 * 86_400_000, graceMs: 3000, rewriteAfter: 5000 } as const
export type OutboxLimits = { readonly [Key in keyof typeof outboxLimits]: number }

export interface OutboxOptions {
  readonly folder: string
  readonly destinations: readonly Destination[]
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly limits?: Partial<OutboxLimits>
  readonly onDelivery?: (kind: Destination['kind'], outcome: Ending | 'retried') => void
}

export interface OutboxState {
  readonly deliveries: number // alerts that wait, counted once a destination
  readonly oldestAt: number | null // ms
  readonly disabled: number
  readonly destinations: readonly { readonly key: string; readonly waiting: number; readonly failures: number; readonly disabled: boolean }[]
}

type Entry =
  | { readonly k: 'put'; readonly alert: Alert; readonly to: readonly string[] }
  | { readonly k: 'done'; readonly id: string; readonly to: string }
  | { readonly k: 'known'; readonly id: string } // written when the journal is rewritten: done for every destination

interface Pending { readonly alert: Alert; readonly left: Set<string>; readonly durable: Promise<void> }

export class Outbox {
  readonly #options: OutboxOptions
  readonly #limits: OutboxLimits
  readonly #journal: Journal<Entry>
  readonly #lanes = new Map<string, Lane>()
  readonly #pending = new Map<string, Pending>() // by alert id, in order of arrival
  readonly #known = new Set<string>() // done for every destination; the oldest are forgotten at knownMax
  #entries = 0 // in the journal since it was rewritten
  #rewriting = false

  private constructor(options: OutboxOptions) {
    this.#options = options
    this.#limits = { ...outboxLimits, ...options.limits }
    this.#journal = new Journal(join(options.folder, 'alerts.ndjson'))
    for (const destination of options.destinations) {
      this.#lanes.set(destination.key, new Lane({
        destination, clock: options.clock, random: options.random, log: options.log, waitingMax: this.#limits.waitingMax, ageMaxMs: this.#limits.ageMaxMs,
        onEnded: (alert, ending) => {
          options.onDelivery?.(destination.kind, ending)
          this.#done(alert.event.id, destination.key)
        },
        onRetry: () => options.onDelivery?.(destination.kind, 'retried'),
      }))
    }
  }

  /** Reads what an earlier run left behind and goes on delivering it. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options)
    outbox.#restore(await outbox.#journal.read())
    await outbox.#tellDamage()
    await outbox.#rewrite()
    for (const { alert, left } of outbox.#pending.values()) {
      for (const key of left) outbox.#lanes.get(key)!.push(alert)
    }
    return outbox
  }

  /** `kinds`: which destinations it is for. Resolves when the alert is on the disk; rejects where it cannot be written, and then nothing of it is kept. */
  enqueue(alert: Alert, kinds: readonly Destination['kind'][] = ['nats', 'webhook']): Promise<void> {
    const { id, grade } = alert.event
    if (this.#known.has(id)) return Promise.resolve()
    const pending = this.#pending.get(id)
    if (pending) return pending.durable
    const to = [...this.#lanes.values()].filter((lane) => !lane.disabled && kinds.includes(lane.destination.kind) && lane.destination.admits(grade)).map((lane) => lane.destination.key)
    if (to.length === 0) return Promise.resolve()
    const durable = this.#put(alert, to)
    this.#pending.set(id, { alert, left: new Set(to), durable })
    return durable
  }

  state(): OutboxState {
    const lanes = [...this.#lanes.values()]
    const oldest = lanes.flatMap((lane) => lane.oldestAt ?? [])
    return {
      deliveries: lanes.reduce((sum, lane) => sum + lane.waiting, 0),
      oldestAt: oldest.length > 0 ? Math.min(...oldest) : null,
      disabled: lanes.filter((lane) => lane.disabled).length,
      destinations: lanes.map(({ destination, waiting, failures, disabled }) => ({ key: destination.key, waiting, failures, disabled })),
    }
  }

  /** What waits is delivered by the next run. */
  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close(this.#limits.graceMs)))
    await this.#journal.close()
  }

  async #put(alert: Alert, to: readonly string[]): Promise<void> {
    this.#entries += 1
    try {
      await this.#journal.append({ k: 'put', alert, to })
    } catch (error) {
      this.#pending.delete(alert.event.id)
      throw error
    }
    // Appends resolve in order, so lanes are filled in order too.
    for (const key of to) this.#lanes.get(key)!.push(alert)
  }

  #done(id: string, key: string): void {
    const pending = this.#pending.get(id)
    if (!pending?.left.delete(key)) return
    if (pending.left.size === 0) this.#remember(id)
    this.#entries += 1
    this.#journal.append({ k: 'done', id, to: key }).catch((error: unknown) => {
      this.#options.log.warn('a delivery could not be noted; after a restart it is delivered again, with the same id', { alert: id, destination: key, error })
    })
    if (this.#entries > this.#limits.rewriteAfter + this.#pending.size && !this.#rewriting) {
      this.#rewriting = true
      this.#rewrite().catch((error: unknown) => {
        this.#options.log.warn('the journal of alerts could not be rewritten; it grows until it can', { error })
      }).finally(() => { this.#rewriting = false })
    }
  }

  #remember(id: string): void {
    this.#pending.delete(id)
    this.#known.add(id)
    if (this.#known.size > this.#limits.knownMax) this.#known.delete(this.#known.values().next().value!)
  }

  /** Before the journal is rewritten, and what could not be read with it. */
  async #tellDamage(): Promise<void> {
    const { unreadable: lines } = this.#journal
    if (lines === 0) return
    const damaged = await this.#journal.keepDamaged()
    this.#options.log.error(`${lines} lines of the journal of alerts cannot be read: an alert may not have been sent. The file is kept as ${damaged}: see in it which, tell the room by hand, and look at the disk (smartctl, dmesg)`, { lines })
  }

  #rewrite(): Promise<void> {
    return this.#journal.rewrite(() => {
      const entries: Entry[] = [...[...this.#known].map((id) => ({ k: 'known' as const, id })), ...[...this.#pending.values()].map(({ alert, left }) => ({ k: 'put' as const, alert, to: [...left] }))]
      this.#entries = 0
      return entries
    })
  }

  #restore(entries: readonly Entry[]): void {
    const gone = new Map<string, number>()
    for (const entry of entries) {
      if (entry.k === 'known') this.#remember(entry.id)
      else if (entry.k === 'done') this.#restoreDone(entry.id, entry.to)
      else if (!this.#known.has(entry.alert.event.id) && !this.#pending.has(entry.alert.event.id)) {
        this.#pending.set(entry.alert.event.id, { alert: entry.alert, left: new Set(entry.to), durable: Promise.resolve() })
      }
    }
    for (const [id, { left }] of this.#pending) {
      for (const key of left) {
        if (this.#lanes.has(key)) continue
        gone.set(key, (gone.get(key) ?? 0) + 1)
        this.#restoreDone(id, key)
      }
    }
    for (const [destination, alerts] of gone) this.#options.log.warn('alerts waited for a destination that the settings no longer name; they are not sent', { destination, alerts })
  }

  #restoreDone(id: string, key: string): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    pending.left.delete(key)
    if (pending.left.size === 0) this.#remember(id)
  }
}
