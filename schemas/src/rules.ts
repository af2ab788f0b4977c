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
const grade = z.enum(grades).optional().describe('The least grade of this rule\'s spikes; the computed grade may raise it')

const velocityRuleSchema = z.strictObject({
  count: count.describe('Trips when at least this many distinct mentions are in the window; re-arms below 80 % of it'),
  within: window.describe('The sliding window: 90s, 10m, 2h, at most 7d; whole minutes above 2h'),
  grade,
})
const spreadRuleSchema = z.strictObject({
  size: count.describe('Trips when one cascade of the topic has at least this many mentions'),
  within: duration.describe('… within this time after its root: 90s, 10m, 2h, at most 7d'),
  grade,
})
const alarmBudget = z.string().regex(/^\d+ per \d+(s|m|h|d)$/, 'an alarm budget reads like "2 per 8h"')

export const topicRulesSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'an id is 1 to 64 of a-z 0-9 _ - and begins with a letter or digit')
    .describe('Names the topic in NATS subjects, the API and the store; unique, and never reused for something else'),
  name: z.strictObject({ zh: z.string().min(1).max(40).describe('中文名称'), en: z.string().min(1).max(80).describe('English name') }).describe('What the wall calls the topic'),
  query: z.string().min(1).max(16_384).describe('Which mentions belong to the topic, by their own text: terms, "phrases", comp*, a NEAR/5 b; NOT binds before AND (or a blank) before OR, '
    + 'all upper case; (…); platform: lang: kind: author: tag: verified:true followers>1000. Case, full width and traditional/simplified are folded'),
  velocity: z.array(velocityRuleSchema).max(rulesLimits.velocityRulesMax).optional().describe('Thresholds on how many mentions come in how short a time; each trips by itself'),
  baseline: z.strictObject({ alarmBudget: alarmBudget.optional().describe('How many false alarms the room accepts, such as 2 per 8h') }).optional()
    .describe('Alarms on what is not normal for this topic at this hour'),
  spread: z.array(spreadRuleSchema).max(rulesLimits.velocityRulesMax).optional().describe('Thresholds on how fast one cascade grows'),
})
export const rulesSchema = z.strictObject({ topics: z.array(topicRulesSchema).max(rulesLimits.topicsMax).describe('What the room watches') })

export type TopicRules = z.infer<typeof topicRulesSchema>
export type Rules = z.infer<typeof rulesSchema>
