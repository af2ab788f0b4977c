// What is said of a cascade: the tree of mentions under one root.
import { z } from 'zod'

/** Exact shape of a cascade: a line of `groundswell cascades`. */
export const cascadeShapeSchema = z.strictObject({
  root: z.string().describe('Id of the root'),
  size: z.int().describe('Mentions, the root included'),
  depth: z.int().describe('Generations below the root'),
  maxBreadth: z.int().describe('Most mentions in one generation'),
  leaves: z.int().describe('Mentions without children'),
  structuralVirality: z.number().describe('Mean distance over all pairs of mentions (Goel et al. 2015); 0 where there is one mention'),
  durationSeconds: z.number().describe('From the first mention to the last'),
  reach: z.number().describe('Sum of the followers that are known'),
})
export type CascadeShape = z.infer<typeof cascadeShapeSchema>

/** A line of `groundswell forecast`, and what the API says of the future. Sizes include the root; the interval holds the truth in 80 of 100 cases. */
export const cascadeForecastSchema = z.strictObject({
  root: z.string(),
  observed: z.int().describe('Mentions up to the age at which it is asked'),
  predicted: z.number().nullable().describe('Mentions seven days after the root: the size that is typically least far off, a little below the median; null where it is super-critical'),
  low: z.number().describe('One in ten ends below'),
  high: z.number().nullable().describe('One in ten ends above; null where it is super-critical'),
  superCritical: z.boolean().describe('It still grows so that no finite size can be told honestly'),
})
export type CascadeForecast = z.infer<typeof cascadeForecastSchema>

/** Effective reproduction number: reposts that one mention draws, with a 95 % interval. */
export const reproductionSchema = z.strictObject({ R: z.number(), low: z.number(), high: z.number(), stage: z.enum(['growing', 'steady', 'fading']) })
export type Reproduction = z.infer<typeof reproductionSchema>

export const spreaderSchema = z.strictObject({
  node: z.int().describe('Place in the tree, by time'),
  mention: z.string().nullable().describe('Id of the mention, where it is known'),
  account: z.string().describe('Pseudonym of the account; its name only where it is a public one'),
  at: z.string(), followers: z.number().nullable(), platform: z.string(),
  direct: z.int().describe('Mentions right under it'),
  subtree: z.int().describe('All mentions below it, itself included'),
  generation: z.int(),
  halfSeconds: z.number().nullable().describe('Until half of what it drew had come'),
  without: z.strictObject({ share: z.number(), low: z.number(), high: z.number() }).describe('Share of the cascade that would be missing without it, with an 80 % interval'),
})
export type Spreader = z.infer<typeof spreaderSchema>

export const platformSpreadSchema = z.strictObject({ platform: z.string(), mentions: z.int(), firstAt: z.string(), lagSeconds: z.number().describe('Behind the platform that was first') })

export const cascadeLimits = { rootWordsMax: 60 } as const

/** What the root of a cascade says, as lists name it. */
export const rootWordsSchema = z.strictObject({
  text: z.string().describe(`Its first ${cascadeLimits.rootWordsMax} characters`), cut: z.boolean().describe('It has more'), at: z.string(), platform: z.string(), kind: z.string(),
  account: z.string().describe('Key of its account, the same in every answer; empty: none is known'),
  of: z.string().nullable().describe('Id of what it repeats, which never came in, or came too long before; null: it is an original'),
})
export type RootWords = z.infer<typeof rootWordsSchema>

/** What the topics of cascades are called, by id; those that are in the rules no more are not there. */
export const topicNamesSchema = z.record(z.string(), z.strictObject({ zh: z.string(), en: z.string() }))
export type TopicNames = z.infer<typeof topicNamesSchema>

/** One cascade as lists show it. */
export const cascadeRowSchema = cascadeShapeSchema.extend({
  firstAt: z.string(), lastAt: z.string(), live: z.boolean().describe('Still in memory; else as it was when it was evicted'),
  authors: z.int().describe('Distinct accounts; exact up to 2,048'), followersKnownShare: z.number(), textShare: z.number().describe('Share of mentions with words of their own'),
  negative: z.int(), neutral: z.int(), positive: z.int(),
  unknownEdges: z.int().describe('Mentions that stand under the root because their parent is not known'),
  lastHour: z.int().describe('Mentions of the last hour'), topics: z.array(z.string()), platforms: z.array(platformSpreadSchema),
  reproduction: reproductionSchema.nullable(),
})
export type CascadeRow = z.infer<typeof cascadeRowSchema>
