// Alerts on their way out: NATS `alerts.<grade>` and the webhooks of the settings, through one durable outbox.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { AlertRow, Mode } from '@groundswell/schemas/live.ts'
import type { AlertEvent } from '@groundswell/schemas/spike.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { Log } from '../log/log.ts'
import { systemClock, type Clock, type Destination } from './destination.ts'
import { Outbox, type OutboxLimits, type OutboxOptions, type OutboxState } from './outbox.ts'
import { createWebhook } from './webhook.ts'

export interface NotifyOptions {
  /** `<data>/outbox`. */
  readonly folder: string
  readonly webhooks: readonly { readonly url: string; readonly secret: string; readonly grades: readonly Grade[] }[]
  /** InputStream.announce; what it throws is tried again. */
  readonly announce: (subject: string, data: Uint8Array, messageId: string) => Promise<void>
  readonly mode: () => Mode
  readonly log: Log
  readonly clock?: Clock
  readonly random?: () => number
  readonly limits?: Partial<OutboxLimits>
  readonly onDelivery?: NonNullable<OutboxOptions['onDelivery']>
}

export interface Notify {
  /** Resolves when the alert is on the disk and will be delivered, where it is muted to NATS alone; doing it again with the same event id is harmless. */
  enqueue(event: AlertEvent, row: Pick<AlertRow, 'name'>, muted?: boolean): Promise<void>
  state(): OutboxState
  close(): Promise<void>
}

export async function openNotify({ webhooks, announce, mode, clock = systemClock, random = Math.random, ...rest }: NotifyOptions): Promise<Notify> {
  const destinations = [natsDestination(announce), ...webhooks.map((webhook) => createWebhook({ ...webhook, clock }))]
  const outbox = await Outbox.open({ ...rest, destinations, clock, random })
  return {
    enqueue: (event, { name }, muted = false) => outbox.enqueue({ event, name, mode: mode(), at: clock.now() }, muted ? ['nats'] : ['nats', 'webhook']),
    state: () => outbox.state(),
    close: () => outbox.close(),
  }
}

/** The payload is the event as the contract has it; the id is the message's too, so that the stream drops a repetition. */
function natsDestination(announce: NotifyOptions['announce']): Destination {
  return {
    key: 'nats', kind: 'nats', admits: () => true,
    send: async ({ event }, signal) => {
      const stopped = Promise.withResolvers<never>()
      const stop = () => { stopped.reject(signal.reason) }
      signal.addEventListener('abort', stop)
      try {
        // A stop does not wait for a server that is gone.
        await Promise.race([announce(subjects.alert(event.grade), Buffer.from(JSON.stringify(event)), event.id), stopped.promise])
        return { kind: 'delivered' }
      } catch (error) {
        return { kind: 'retry', detail: error instanceof Error ? error.message : String(error) }
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
