// Spikes as the store has them: a threshold's event and one of the baseline in the same table, each with columns of its own.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { baselineWindows, type IdentifiedBaselineEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'

type Row = Readonly<Record<string, unknown>>

/** The row of an event. */
export function rowOfSpike(event: SpikeEvent): Row {
  if (event.kind !== 'baseline') return { ...event }
  const { rule: { alarmBudget }, within, ...columns } = event
  return { ...columns, alarmBudget, rule: { count: Math.ceil(event.high), within } }
}

const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ')`

/** The columns from which `spikeOfRow` makes the event; `at` and `since` are ISO-8601. */
export const spikeColumns = `kind, topic, rule, grade, ${iso('at')} AS at, count, id, state, alarmBudget, ${iso('since')} AS since, usual, high, falseAlarms, platform, reason`

/** As `spikeColumns` are read; where the event is none of the baseline those of it are empty. */
export interface SpikeRow extends Omit<IdentifiedBaselineEvent, 'kind' | 'rule' | 'within' | 'platform'> {
  readonly kind: SpikeEvent['kind']
  readonly rule: { readonly count: number; readonly within: string }
  readonly alarmBudget: string
  readonly platform: string
}

/** The event, keys in the order of the contract. */
export function spikeOfRow({ kind, topic, rule, grade, at, count, id, ...row }: SpikeRow): SpikeEvent {
  if (kind !== 'baseline') return { kind, topic, rule, grade, at, count, id }
  const { state, alarmBudget, since, usual, high, falseAlarms, platform, reason } = row
  const within = baselineWindows.find((window) => window === rule.within) ?? '1m'
  return { kind, topic, state, rule: { alarmBudget }, grade, at, since, count, within, usual, high, falseAlarms, ...(platform === '' ? {} : { platform }), reason, id }
}

/** The row of an alert; the platform of a blind source is in its topic. */
export function rowOfAlert({ source: _inTopic, ...row }: AlertRow): Omit<AlertRow, 'source'> { return row }

/** As it is read: without evidence where there is none. */
export function alertOfRow({ evidence, ...row }: AlertRow): AlertRow { return evidence?.reason.en ? { ...row, evidence } : row }
