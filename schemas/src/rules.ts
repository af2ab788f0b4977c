// The rules file: what a room watches, and what counts as too much of it.
import { z } from 'zod'
import { durationPattern, durationSeconds } from './duration.ts'
import { grades } from './grade.ts'

export const rulesLimits = { topicsMax: 10_000, velocityRulesMax: 16, bytesMax: 900_000 } as const

const duration = z.string().regex(durationPattern, 'a duration is a whole number and s, m, h or d, such as 10m')
  .refine((text) => !durationPattern.test(text) || durationSeconds(text) !== null, 'a duration is at least 1s and at most 7d')
/** A window over two hours is kept in whole minutes, so it must be a whole number of them. */
const window = duration.refine((text) => (durationSeconds(text) ?? 0) <= 7200 || (durationSeconds(text) ?? 0) % 60 === 0, 'a window over 2h is a whole number of minutes')
const count = z.int().min(1).max(1_000_000_000)

export const topicRulesSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'an id is 1 to 64 of a-z 0-9 _ - and begins with a letter or digit'),
  name: z.strictObject({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) }),
  query: z.string().min(1).max(16_384),
  velocity: z.array(z.strictObject({ count, within: window, grade: z.enum(grades).optional() })).max(rulesLimits.velocityRulesMax).optional(),
  baseline: z.strictObject({ alarmBudget: z.string().regex(/^\d+ per \d+(s|m|h|d)$/, 'an alarm budget reads like "2 per 8h"').optional() }).optional(),
  spread: z.array(z.strictObject({ size: count, within: duration, grade: z.enum(grades).optional() })).max(rulesLimits.velocityRulesMax).optional(),
})
export const rulesSchema = z.strictObject({ topics: z.array(topicRulesSchema).max(rulesLimits.topicsMax) })

export type TopicRules = z.infer<typeof topicRulesSchema>
export type Rules = z.infer<typeof rulesSchema>
