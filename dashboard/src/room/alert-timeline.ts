// What happened to a topic's alerts, as one list: alerts and their ends, what people did, and what was measured besides, newest first.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'

/** Beyond, the oldest are left out; the page of the topic has them. */
export const entriesMax = 200

/** `at`: ms; of alerts and measurements event time, of actions the clock of the stream. */
export type TimelineEntry =
  | { readonly kind: 'alert' | 'cleared'; readonly id: string; readonly at: number; readonly alert: AlertRow }
  | { readonly kind: 'action'; readonly id: string; readonly at: number; readonly row: ActionRow }
  | { readonly kind: 'told'; readonly id: string; readonly at: number; readonly event: SpikeEvent }

export interface Happened { readonly alerts: readonly AlertRow[]; readonly actions: readonly ActionRow[]; readonly told: readonly SpikeEvent[] }

/** What was measured and became an alert is told once, as the alert. */
export function timelineOf({ alerts, actions, told }: Happened): readonly TimelineEntry[] {
  const ids = new Set(alerts.map(({ id }) => id))
  return [
    ...alerts.map((alert): TimelineEntry => ({ kind: 'alert', id: alert.id, at: Date.parse(alert.at), alert })),
    ...alerts.filter(({ clearedAt }) => clearedAt !== null).map((alert): TimelineEntry => ({ kind: 'cleared', id: `${alert.id} cleared`, at: Date.parse(alert.clearedAt!), alert })),
    ...actions.map((row): TimelineEntry => ({ kind: 'action', id: `action ${row.id}`, at: row.at, row })),
    ...told.filter(({ id }) => !ids.has(id)).map((event): TimelineEntry => ({ kind: 'told', id: `told ${event.id}`, at: Date.parse(event.at), event })),
  ].sort((a, b) => b.at - a.at || rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).slice(0, entriesMax)
}

/** Of one moment, what came last stands above. */
const rank = ({ kind }: TimelineEntry): number => ['cleared', 'action', 'alert', 'told'].indexOf(kind)
