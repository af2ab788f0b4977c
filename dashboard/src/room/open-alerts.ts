// How many crises wait for somebody to take them, by grade: one topic's crisis is one, at the highest grade it was alerted with, however often it rose.
import { grades, levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { handlingOf } from './handling.ts'

/** Worst grade first. A silence takes nobody's place: what is silent waits too. */
export function openAlerts(alerts: readonly Pick<AlertRow, 'topic' | 'grade' | 'clearedAt' | 'handling'>[]): { readonly grade: Grade; readonly count: number }[] {
  const worst = new Map<string, Grade>()
  for (const alert of alerts) {
    if (alert.clearedAt === null && handlingOf(alert) === 'new' && levelRank(alert.grade) > levelRank(worst.get(alert.topic) ?? 'normal')) worst.set(alert.topic, alert.grade)
  }
  return grades.toReversed().map((grade) => ({ grade, count: [...worst.values()].filter((one) => one === grade).length }))
}
