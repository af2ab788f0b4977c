// Alerts on their way out, as the carried-out effects need them, and what the metrics say of them.
import { join } from 'node:path'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { AlertEvent } from '@groundswell/schemas/spike.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import { openNotify } from '../io/notify/notify.ts'
import type { House } from './house.ts'
import { modeOf, type ModeFacts } from './mode.ts'

export interface Alerting {
  /** `muted`: for NATS alone. */
  readonly enqueue: (event: AlertEvent, row: AlertRow, muted?: boolean) => Promise<void>
  readonly sample: () => MetricsSample
  close(): Promise<void>
}

export async function openAlerts(house: ModeFacts & Pick<House, 'settings' | 'stream' | 'log' | 'metrics'>): Promise<Alerting> {
  const { settings, stream, log, metrics } = house
  const notify = await openNotify({
    folder: join(settings.data, 'outbox'), webhooks: settings.webhooks, log: log.child({ part: 'notify' }), mode: () => modeOf(house),
    announce: (subject, data, id) => stream.announce(subject, data, id),
    onDelivery: (destination, outcome) => metrics.alertDelivered(destination, outcome),
  })
  return {
    enqueue: (event, row, muted) => notify.enqueue(event, row, muted),
    sample: () => {
      const { deliveries, oldestAt, disabled } = notify.state()
      return { outboxDeliveries: deliveries, outboxOldestSeconds: oldestAt === null ? null : (Date.now() - oldestAt) / 1000, destinationsDisabled: disabled }
    },
    close: () => notify.close(),
  }
}
