// The shapes of the API's answers and questions, as zod: checked on the way in, published as OpenAPI.
import { durationPattern, durationSeconds } from '@groundswell/schemas/duration.ts'
import { grades } from '@groundswell/schemas/grade.ts'
import type { CountdownFigure, TopicRow, UsualFigure } from '@groundswell/schemas/live.ts'
import { codedText } from '@groundswell/schemas/problem.ts'
import { topicRulesSchema } from '@groundswell/schemas/rules.ts'
import { identifiedBaselineEventSchema, identifiedCoordinationEventSchema, identifiedEventSchema, identifiedIgnitionEventSchema, identifiedSpreadEventSchema } from '@groundswell/schemas/spike.ts'
import { stages } from '@groundswell/schemas/stage.ts'
import { z } from 'zod'
import { eventTime } from './event-time.ts'

export const apiLimits = { pointsMax: 10_080, spikesMax: 1000, deadLettersMax: 1000, replayMax: 10_000 } as const

const window = z.string().regex(durationPattern, codedText('window'))
  .refine((text) => !durationPattern.test(text) || (durationSeconds(text) ?? 1) % 60 === 0, codedText('window-minutes'))
  .refine((text) => !durationPattern.test(text) || durationSeconds(text) !== null, codedText('window-long'))

export const topicPathSchema = z.strictObject({ id: topicRulesSchema.shape.id.describe('Topic of the rules') })

export const seriesQuerySchema = z.strictObject({
  window: window.default('1m').describe('Width of a point: a whole number of minutes'),
  from: eventTime.optional().describe('Event time of the first point, rounded down to a window; absent: 120 points before `to`'),
  to: eventTime.optional().describe('Event time that the points end before, rounded up to a window; absent: the event clock'),
})
export const seriesPointSchema = z.strictObject({
  at: z.iso.datetime().describe('Start of the point, event time'),
  count: z.int().describe('Distinct mentions stored for the topic in this window'),
})
export const seriesAnswerSchema = z.strictObject({
  topic: z.string(), window: z.string(), from: z.iso.datetime(), to: z.iso.datetime(),
  points: z.array(seriesPointSchema).describe('Ascending; windows without a mention have no point'),
})
export type SeriesPoint = z.infer<typeof seriesPointSchema>

export const limitUpTo = (max: number) => z.string().regex(/^\d+$/, codedText('limit')).transform(Number)
  .pipe(z.int().min(1, codedText('limit-least')).max(max, codedText('limit-most', { max }))).default(100).describe(`1 to ${max}; absent: 100`)

export const spikesQuerySchema = z.strictObject({
  topic: topicRulesSchema.shape.id.optional(),
  from: eventTime.optional(), to: eventTime.optional(),
  limit: limitUpTo(apiLimits.spikesMax),
})
export const spikesAnswerSchema = z.strictObject({ spikes: z.array(z.union([identifiedEventSchema, identifiedBaselineEventSchema, identifiedSpreadEventSchema, identifiedIgnitionEventSchema, identifiedCoordinationEventSchema]))
    .describe('Trips and clears, what the baseline found, and what cascades told: spread rules, ignitions, accounts that act together; newest first'), limit: z.int() })

export const usualFigureSchema = z.strictObject({
  count: z.number().describe('Mentions on average when nothing is the matter, at this hour of the week'),
  high: z.number().describe('99 of 100 such windows hold at most this many'),
}) satisfies z.ZodType<UsualFigure>

const seconds = z.number().nullable()
export const countdownFigureSchema = z.strictObject({
  count: z.int(), within: z.string(), horizonSeconds: z.number(),
  probability: z.number().describe('0 to 1: that the rule trips within the horizon'),
  eta: seconds.describe('Event time in seconds: as likely before as after; null where it is more likely not to trip within the horizon'),
  low: seconds.describe('10 % are earlier; null beyond the horizon'), high: seconds.describe('10 % are later; null beyond the horizon'),
}) satisfies z.ZodType<CountdownFigure>

export const topicRowSchema = z.strictObject({
  id: z.string(), name: z.strictObject({ zh: z.string(), en: z.string() }),
  level: z.enum(['normal', ...grades]), taken: z.literal(true).optional().describe('Somebody has its gravest open alert, or a silence covers its level'), count: z.int(), window: z.string(), threshold: z.int().nullable(), perMinute: z.number(),
  ratio: z.number().nullable(), usual: usualFigureSchema.nullable(), stage: z.enum(stages).nullable(), acceleration: z.number().nullable(),
  countdown: countdownFigureSchema.nullable(), filling: z.boolean(), newestAt: z.number().nullable(),
  platforms: z.array(z.tuple([z.string(), z.number()])), negativeShare: z.number().nullable(), spark: z.array(z.number()),
}) satisfies z.ZodType<unknown, { [Key in keyof TopicRow]: unknown }>

export const topicDetailSchema = z.strictObject({
  id: z.string(),
  rules: topicRulesSchema.describe('What the rules file says'),
  now: topicRowSchema.nullable().describe('What the wall shows of it; null where it is not measured yet'),
})
export const topicsAnswerSchema = z.strictObject({
  clock: z.iso.datetime().nullable().describe('The event clock; null before the first mention'),
  topics: z.array(topicDetailSchema),
})
/** A topic as the shell hands it over. */
export interface TopicDetail { readonly id: string; readonly rules: z.infer<typeof topicRulesSchema>; readonly now: TopicRow | null }

const partSchema = z.strictObject({ ok: z.boolean(), detail: z.string().describe('For a person; holds no secret') })
export const healthAnswerSchema = z.strictObject({
  ok: z.boolean(),
  parts: z.strictObject({ nats: partSchema, store: partSchema, engine: partSchema }).optional().describe('Only for who shows the token, where one is set'),
})
export type Health = Required<z.infer<typeof healthAnswerSchema>>
