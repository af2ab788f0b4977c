// `/api/topics/:id/baseline`: a topic's counts over time, what was normal for it, how surprising it was, and the alarms that were told.
import { z } from 'zod'
import type { TopicRow } from './live.ts'
import { topicRulesSchema } from './rules.ts'
import { identifiedBaselineEventSchema, identifiedEventSchema } from './spike.ts'
import { stages } from './stage.ts'

/** The widths of a point. Points up to a quarter of an hour reach over seven days, those of an hour over 28. */
export const historySteps = ['1m', '5m', '15m', '1h'] as const
export const historyLimits = { minuteDaysMax: 7, hourDaysMax: 28, alarmsMax: 1000 } as const

export const historyPointSchema = z.strictObject({
  at: z.int().describe('Event time in seconds: the first second of the step'),
  count: z.int().nullable().describe('Distinct mentions in the step; null where nothing is known of it: a gap is not a zero'),
  usual: z.number().nullable().describe('What such a step holds on average when nothing is the matter; null while too little was known'),
  low: z.number().nullable().describe('1 of 100 such steps holds fewer'),
  high: z.number().nullable().describe('99 of 100 such steps hold at most this many'),
  score: z.number().nullable().describe('The most surprising look of the step, over all windows: −log10 of how often a look is as surprising when nothing is the matter; null while too little was known'),
  falsePerDay: z.number().nullable().describe('Alarms a day that a threshold at that score would bring when nothing is the matter: an alarm needs fewer than `budget.ownPerDay`'),
  stage: z.enum(stages).nullable().describe('At the end of the step'),
})
export type HistoryPoint = z.infer<typeof historyPointSchema>

export const toldAlarmSchema = z.union([identifiedEventSchema, identifiedBaselineEventSchema])
export type ToldAlarm = z.infer<typeof toldAlarmSchema>

export const topicHistorySchema = z.strictObject({
  topic: z.string(), name: topicRulesSchema.shape.name,
  step: z.enum(historySteps), from: z.iso.datetime(), to: z.iso.datetime(),
  budget: z.strictObject({ text: z.string().describe('As the rules say it'), perDay: z.number(), ownPerDay: z.number().describe('Of those, what the topic as a whole may tell now: one with two platforms or more keeps two thirds. A look needs fewer to begin an alarm') }).nullable().describe('How many false alarms are accepted; null where the topic has no `baseline`: it is measured and never alarms'),
  points: z.array(historyPointSchema).describe('Ascending, every step from `from` to `to` or the event clock; the last one may still be counted'),
  alarms: z.array(toldAlarmSchema).describe(`What was told in that span, newest first, at most ${historyLimits.alarmsMax}`),
  alarmsCut: z.boolean().describe('Whether older ones of that span are left out'),
})
export type TopicHistory = z.infer<typeof topicHistorySchema>
/** As the API answers: with what the wall shows of the topic now, null where it is not measured yet. */
export type TopicHistoryAnswer = TopicHistory & { readonly now: TopicRow | null }
