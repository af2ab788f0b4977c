// How many crises are open, by grade: one topic's crisis is one, at the highest grade it was alerted with, however often it rose.
import { grades, levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'

/** Worst grade first. */
export function openAlerts(alerts: readonly Pick<AlertRow, 'topic' | 'grade' | 'clearedAt'>[]): { readonly grade: Grade; readonly count: number }[] {
  const worst = new Map<string, Grade>()
  for (const { topic, grade, clearedAt } of alerts) {
    if (clearedAt === null && levelRank(grade) > levelRank(worst.get(topic) ?? 'normal')) worst.set(topic, grade)
  }
  return grades.toReversed().map((grade) => ({ grade, count: [...worst.values()].filter((one) => one === grade).length }))
}
