// The rules file: what a room watches, and what counts as too much of it.
import { z } from 'zod'
import { durationPattern, durationSeconds } from './duration.ts'
import { grades } from './grade.ts'
import { joined, said, saidIssue, codedText, type Said } from './problem.ts'

export const rulesLimits = { topicsMax: 10_000, velocityRulesMax: 64, bytesMax: 900_000, queryMax: 512 << 10, nameMax: 200 } as const

const duration = z.string().regex(durationPattern, codedText('duration'))
  .refine((text) => !durationPattern.test(text) || durationSeconds(text) !== null, codedText('duration-reach'))
const count = z.int().min(1).max(1_000_000_000)
const grade = z.enum(grades).optional().describe('The least grade of this rule\'s spikes; the computed grade may raise it')

const velocityRuleSchema = z.strictObject({
  count: count.describe('Trips when at least this many distinct mentions are in the window; re-arms below 80 % of it'),
  within: duration.describe('The sliding window: 90s, 10m, 2h, at most 7d; above 2h it is counted in whole minutes, rounded up'),
  grade,
})
/** What a spread rule may measure of a cascade; exactly one in each rule. */
export const spreadMeasures = ['size', 'depth', 'reach', 'R', 'platforms', 'spreaderFollowers', 'coordinatedShare'] as const
export type SpreadMeasure = (typeof spreadMeasures)[number]

const spreadRuleSchema = z.strictObject({
  size: count.optional().describe('Trips when one cascade of the topic has at least this many mentions'),
  depth: z.int().min(1).max(10_000).optional().describe('… is at least this many generations deep'),
  reach: z.int().min(1).max(1e12).optional().describe('… has come to accounts with this many followers in all'),
  R: z.number().min(0.1).max(1000).optional().describe('… still grows: each mention draws this many, and its 95 % interval lies above 1'),
  platforms: z.int().min(2).max(32).optional().describe('… is on this many platforms'),
  spreaderFollowers: z.int().min(1).max(1e10).optional().describe('… was reposted by an account with this many followers'),
  coordinatedShare: z.number().min(0.01).max(1).optional().describe('… comes by this share from accounts that repeatedly share the same within a minute; from 20 mentions on'),
  within: duration.describe('… within this time after its root: 90s, 10m, 2h, at most 7d'),
  grade,
}).superRefine((rule, issues) => {
  const named = spreadMeasures.filter((measure) => rule[measure] !== undefined)
  const measures = spreadMeasures.join(', ')
  if (named.length !== 1) issues.addIssue(saidIssue(named.length === 0 ? said('spread-none', { measures }) : said('spread-several', { measures, named: joined(named) })))
})
export type SpreadRule = z.infer<typeof spreadRuleSchema>

/** What a rule measures, and what it has to be at least. */
export function measureOf(rule: SpreadRule): { readonly measure: SpreadMeasure; readonly threshold: number } {
  const measure = spreadMeasures.find((one) => rule[one] !== undefined) ?? 'size'
  return { measure, threshold: rule[measure] ?? Infinity }
}
const alarmBudget = z.string().regex(/^\d+ per \d+(s|m|h|d)$/, codedText('budget')).superRefine((text, issues) => {
  const problem = budgetProblem(text)
  if (problem !== null) issues.addIssue(saidIssue(problem))
})

/** What is wrong with an alarm budget that is written as one; null: nothing. */
function budgetProblem(text: string): Said | null {
  const [alarms = '', span = ''] = text.split(' per ')
  if (!durationPattern.test(span)) return null
  const seconds = durationSeconds(span)
  if (seconds === null) return said('budget-span')
  if (Number(alarms) === 0) return said('budget-none')
  return Number(alarms) > seconds / 60 ? said('budget-many') : null
}

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, codedText('id'))
  .describe('Names the topic in NATS subjects, the API and the store; unique, and never reused for something else')
const zh = z.string().min(1).max(rulesLimits.nameMax).describe('中文名称')
const en = z.string().min(1).max(rulesLimits.nameMax).describe('English name')
const query = z.string().min(1).max(rulesLimits.queryMax).describe('Which mentions belong to the topic, by their own text: terms, "phrases", comp*, a NEAR/5 b; NOT binds before AND (or a blank) before OR, '
  + 'all upper case; (…); platform: lang: kind: author: tag: verified:true followers>1000. Case, full width and traditional/simplified are folded')
const velocity = z.array(velocityRuleSchema).max(rulesLimits.velocityRulesMax).describe('Thresholds on how many mentions come in how short a time; each trips by itself')
const baseline = z.strictObject({ alarmBudget: alarmBudget.optional().describe('How many false alarms of this topic and its platforms together the room accepts, such as 2 per 8h: from "1 per 7d" to one a minute. "1 per 24h" where it is left out') })
  .describe('Alarms where mentions are not normal for this topic at this hour of the week, as it has learnt them; {} has a budget of "1 per 24h". Each topic has a budget of its own: check-rules adds them up. Without it nothing is told')
const spread = z.array(spreadRuleSchema).max(rulesLimits.velocityRulesMax).describe('Thresholds on how a single cascade of the topic spreads: how fast it grows, how deep, how far. A cascade belongs to the topics that its root matched')

/** A topic with all that it may leave out filled in, as the engine has it. */
export const topicRulesSchema = z.strictObject({
  id, name: z.strictObject({ zh, en }).describe('What the wall calls the topic'), query, velocity: velocity.optional(), baseline: baseline.optional(), spread: spread.optional(),
})
export type TopicRules = z.infer<typeof topicRulesSchema>

/** A topic as the file has it: a key whose value is left empty is not there. */
const writtenTopicSchema = z.strictObject({
  id,
  name: z.strictObject({ zh: zh.nullish().describe('中文名称'), en: en.nullish().describe('English name') }).nullish()
    .describe('What the wall calls the topic; with one language only both walls show that, without any they show the id'),
  query,
  velocity: velocity.nullish().describe(velocity.description!), baseline: baseline.nullish().describe(baseline.description!), spread: spread.nullish().describe(spread.description!),
}).transform((topic): TopicRules => ({
  id: topic.id,
  name: { zh: topic.name?.zh ?? topic.name?.en ?? topic.id, en: topic.name?.en ?? topic.name?.zh ?? topic.id },
  query: topic.query,
  ...(topic.velocity ? { velocity: topic.velocity } : {}), ...(topic.baseline ? { baseline: topic.baseline } : {}), ...(topic.spread ? { spread: topic.spread } : {}),
}))
export const rulesSchema = z.strictObject({ topics: z.array(writtenTopicSchema).max(rulesLimits.topicsMax).describe('What the room watches') })

export type Rules = z.infer<typeof rulesSchema>
