// A spread rule that a cascade reached as a row in the list of alerts: shown by its reason, and by its cascade.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { measureOf, type SpreadRule } from '@groundswell/schemas/rules.ts'
import type { IdentifiedSpreadEvent } from '@groundswell/schemas/spike.ts'

export function rowOfSpread({ id, topic, grade, at, rule, root, value, size, reason }: IdentifiedSpreadEvent, { name, clearedAt }: Pick<AlertRow, 'name' | 'clearedAt'>): AlertRow {
  const { within } = rule as SpreadRule
  const { measure, threshold } = measureOf(rule as SpreadRule)
  return { id, topic, name, grade, rule: { count: Math.ceil(threshold), within }, at, count: Math.max(0, Math.floor(value)), clearedAt, spread: { root, measure, threshold, value, size, reason } }
}
