// What happened to a topic's alerts, as one list: alerts and their ends, what people did, and what was measured besides, newest first. What somebody
// did to several alerts at once is told once.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'

/** Beyond, the oldest are left out; the page of the topic has them. */
export const entriesMax = 200

/** `at`: ms; of alerts and measurements event time, of actions the clock of the stream. */
export type TimelineEntry =
  | { readonly kind: 'alert' | 'cleared'; readonly id: string; readonly at: number; readonly alert: AlertRow }
  | { readonly kind: 'action'; readonly id: string; readonly at: number; readonly row: ActionRow; readonly alerts: number } // alerts: how many it was done to
  | { readonly kind: 'told'; readonly id: string; readonly at: number; readonly event: SpikeEvent }

export interface Happened { readonly alerts: readonly AlertRow[]; readonly actions: readonly ActionRow[]; readonly told: readonly SpikeEvent[] }

/** Actions and alerts come newest first. What was measured and became an alert is told once, as the alert. */
export function timelineOf({ alerts, actions, told }: Happened): readonly TimelineEntry[] {
  const ids = new Set(alerts.map(({ id }) => id))
  return [
    ...alerts.map((alert): TimelineEntry => ({ kind: 'alert', id: alert.id, at: Date.parse(alert.at), alert })),
    ...alerts.filter(({ clearedAt }) => clearedAt !== null).map((alert): TimelineEntry => ({ kind: 'cleared', id: `${alert.id} cleared`, at: Date.parse(alert.clearedAt!), alert })),
    ...together(actions).map(({ row, alerts }): TimelineEntry => ({ kind: 'action', id: `action ${row.id}`, at: row.at, row, alerts })),
    ...told.filter(({ id }) => !ids.has(id)).map((event): TimelineEntry => ({ kind: 'told', id: `told ${event.id}`, at: Date.parse(event.at), event })),
  ].sort((a, b) => b.at - a.at || rank(a) - rank(b)).slice(0, entriesMax)
}

/** A deed about a group is an action for each of its alerts: those that follow each other at once are one. */
function together(actions: readonly ActionRow[]): { readonly row: ActionRow; readonly alerts: number }[] {
  const told: { row: ActionRow; alerts: number; readonly seen: Set<string> }[] = []
  for (const row of actions) {
    const alert = 'alert' in row.action ? row.action.alert : null
    const same = alert === null ? undefined : told.find((one) => Math.abs(one.row.at - row.at) <= togetherMs && one.row.by === row.by && !one.seen.has(alert) && deedOf(one.row) === deedOf(row))
    if (same === undefined) told.push({ row, alerts: 1, seen: new Set(alert === null ? [] : [alert]) })
    else {
      same.alerts++
      same.seen.add(alert!)
    }
  }
  return told
}
const togetherMs = 5_000
const deedOf = ({ action }: ActionRow): string => JSON.stringify({ ...action, alert: '' })

/** Of one moment, what came last stands above. */
const rank = ({ kind }: TimelineEntry): number => ['cleared', 'action', 'alert', 'told'].indexOf(kind)
