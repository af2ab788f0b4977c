// What is delivered, where to, and how it went: the words that the outbox and its senders share.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Bilingual, Mode } from '@groundswell/schemas/live.ts'
import type { AlertEvent } from '@groundswell/schemas/spike.ts'

/** One alert; its id is the event's, so that a receiver can tell a repetition. */
export interface Alert {
  readonly event: AlertEvent
  readonly name: Bilingual
  readonly mode: Mode // a drill is marked as one wherever it arrives
  readonly at: number // ms: when it was put into the outbox
}

export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number; readonly answered?: boolean } // afterMs: what the receiver asked for; answered: it is there, and said no for now
  | { readonly kind: 'refused'; readonly detail: string } // the receiver does not take this alert; others perhaps
  | { readonly kind: 'gone'; readonly detail: string } // the receiver wants no more, ever

export interface Destination {
  /** Stable across restarts and settings' order; holds no secret, since it is written to disk and log. */
  readonly key: string
  readonly kind: 'nats' | 'webhook'
  admits(grade: Grade): boolean
  /** Never throws. An abort is a retry. */
  send(alert: Alert, signal: AbortSignal): Promise<Outcome>
}

/** Time as the outbox sees it; tests drive it by hand. */
export interface Clock {
  now(): number
  /** Calls `run` after `ms`, unless the answer is called before. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => { clearTimeout(timer) }
  },
}
