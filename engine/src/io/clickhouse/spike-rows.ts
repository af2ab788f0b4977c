// Spikes as the store has them: events of thresholds, of the baseline and of spread in the same table, each kind with columns of its own.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { measureOf, type SpreadRule } from '@groundswell/schemas/rules.ts'
import { baselineWindows, type IdentifiedBaselineEvent, type IdentifiedCoordinationEvent, type IdentifiedIgnitionEvent, type IdentifiedSpreadEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'

type Row = Readonly<Record<string, unknown>>

/** The row of an event. */
export function rowOfSpike(event: SpikeEvent): Row {
  switch (event.kind) {
    case 'baseline': {
      const { rule: { alarmBudget }, within, ...columns } = event
      return { ...columns, alarmBudget, rule: { count: Math.floor(event.high), within } }
    }
    case 'spread': {
      const { measure, threshold } = measureOf(event.rule as SpreadRule)
      return { ...event, rule: { count: Math.ceil(threshold), within: event.rule['within'] }, measure, threshold, count: event.size }
    }
    case 'ignition': return { ...event, followers: event.followers ?? -1, count: event.gained }
    case 'coordination': return { ...event, capped: event.capped ? 1 : 0, count: event.shares }
    default: return { ...event }
  }
}

const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ')`

/** The columns from which `spikeOfRow` makes the event; `at` and `since` are ISO-8601. */
export const spikeColumns = `kind, topic, rule, grade, ${iso('at')} AS at, count, id, state, alarmBudget, ${iso('since')} AS since, usual, high, falseAlarms, platform, reason,
  measure, threshold, root, value, size, mention, followers, quietSeconds, gained, accounts, shares, objects, capped`

/** As `spikeColumns` are read; those of other kinds are empty. */
export interface SpikeRow extends Omit<IdentifiedBaselineEvent, 'kind' | 'rule' | 'within' | 'platform'>, Pick<IdentifiedSpreadEvent, 'root' | 'value' | 'size'>,
  Pick<IdentifiedIgnitionEvent, 'mention' | 'quietSeconds' | 'gained'>, Pick<IdentifiedCoordinationEvent, 'accounts' | 'shares' | 'objects'> {
  readonly kind: SpikeEvent['kind']
  readonly rule: { readonly count: number; readonly within: string }
  readonly alarmBudget: string
  readonly platform: string
  readonly measure: string
  readonly threshold: number
  readonly followers: number
  readonly capped: number
}

/** The event, keys in the order of the contract. */
export function spikeOfRow(row: SpikeRow): SpikeEvent {
  const { kind, topic, rule, grade, at, count, id, state, since, root, size, reason } = row
  switch (kind) {
    case 'baseline': {
      const { alarmBudget, usual, high, falseAlarms, platform } = row
      const within = baselineWindows.find((window) => window === rule.within) ?? '1m'
      return { kind, topic, state, rule: { alarmBudget }, grade, at, since, count, within, usual, high, falseAlarms, ...(platform === '' ? {} : { platform }), reason, id }
    }
    case 'spread': return { kind, topic, state, rule: { [row.measure]: row.threshold, within: rule.within }, grade, at, root, value: row.value, size, reason, id }
    case 'ignition': {
      const { mention, followers, quietSeconds, gained } = row
      return { kind, topic, grade, at, root, mention, since, followers: followers < 0 ? null : followers, quietSeconds, gained, size, reason, id }
    }
    case 'coordination': {
      const { accounts, shares, objects, capped } = row
      return { kind, topic, grade, at, since, accounts, shares, objects, capped: capped !== 0, reason, id }
    }
    default: return { kind, topic, rule, grade, at, count, ...(reason?.en ? { reason } : {}), id }
  }
}

/** The row of an alert; the platform of a blind source is in its topic. */
export function rowOfAlert({ source: _inTopic, ...row }: AlertRow): Omit<AlertRow, 'source'> { return row }

/** As it is read: without evidence or spread where there is none. */
export function alertOfRow({ evidence, spread, ...row }: AlertRow): AlertRow {
  return { ...row, ...(evidence?.reason.en ? { evidence } : {}), ...(spread?.root ? { spread } : {}) }
}
