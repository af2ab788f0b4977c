// The spread rules of a topic as they are looked at, and what makes a rule the same as one of rules before: measure, threshold and span.
import type { Grade } from '@groundswell/schemas/grade.ts'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { measureOf, type SpreadMeasure, type TopicRules } from '@groundswell/schemas/rules.ts'

export interface PlannedRule {
  readonly place: number // in the topic's list
  readonly measure: SpreadMeasure
  readonly threshold: number
  readonly within: string
  readonly withinMs: number
  readonly grade: Grade
  readonly key: string // measure/threshold/seconds
}

export interface PlannedTopic {
  readonly rules: TopicRules
  readonly spread: readonly PlannedRule[]
}

/** null: the topic says nothing of spread. Of two equal rules the first counts. */
export function planTopic(rules: TopicRules): PlannedTopic | null {
  if (!rules.spread) return null
  const keys = new Set<string>()
  const planned = rules.spread.map((rule, place): PlannedRule => {
    const { measure, threshold } = measureOf(rule)
    const seconds = durationSeconds(rule.within) ?? 0
    return { place, measure, threshold, within: rule.within, withinMs: seconds * 1000, grade: rule.grade ?? 'minor', key: `${measure}/${threshold}/${seconds}` }
  })
  return { rules, spread: planned.filter(({ key }) => !keys.has(key) && keys.add(key)) }
}

/** Is worked out of the whole tree, when a minute closes. */
export const isSlow = ({ measure }: PlannedRule): boolean => measure === 'R' || measure === 'coordinatedShare'
