// What the API says of one cascade beyond its row in lists.
import { z } from 'zod'
import { cascadeForecastSchema, cascadeRowSchema, spreaderSchema } from './cascade.ts'

export const cascadeDetailLimits = { stepsMax: 200, generationsMax: 1000, spreadersMax: 20, idsMax: 500, edgesMax: 2000, storyMax: 100, inferredMax: 20_000 } as const

/** Which of several cascades under one root: the one in memory, or the one evicted at that moment (ingest time, ms). */
export const whichSchema = z.union([z.literal('live'), z.int()])
export type Which = z.infer<typeof whichSchema>

export const cascadeDetailSchema = z.strictObject({
  cascade: cascadeRowSchema,
  which: whichSchema.describe('`live`: in memory; else when it was evicted, ms'),
  all: z.array(z.strictObject({ which: whichSchema, size: z.int(), firstAt: z.string(), lastAt: z.string() })).describe('All cascades under this root, the newest first'),
  steps: z.array(z.strictObject({ at: z.string(), size: z.int(), depth: z.int(), maxBreadth: z.int() })).describe('How it grew: what had come by each moment, evenly from the first mention to the last'),
  breadth: z.array(z.int()).describe(`Mentions by generation, the root's first; of at most ${cascadeDetailLimits.generationsMax}`),
  spreaders: z.array(spreaderSchema).describe('Accounts by the share that would be missing without them'),
  leads: z.array(z.strictObject({ platform: z.string(), at: z.string() })).describe('Since when a platform had more mentions than any other; the latest changes'),
  leadChanges: z.int(),
  forecast: cascadeForecastSchema.extend({ outOfRange: z.boolean().describe('Nothing like it was learnt from: no more than a guess') }).nullable().describe('null: nothing can be said, or it is over'),
  edges: z.strictObject({
    observed: z.int().describe('Mentions that named a parent that is here'),
    unknown: z.int().describe('The root stands in for their parent'),
    inferred: z.int().describe('Mentions for which a likely parent is estimated: the unknown ones, or all where the platform gives every mention to the root'),
    underRoot: z.number().nullable().describe('Of those, how many repeat the root itself, by the sum of the probabilities; null where none is inferred'),
  }),
})
export type CascadeDetail = z.infer<typeof cascadeDetailSchema>

/** Another root of the same story: a mention that begins a cascade of its own with the same words, or the same link, within 48 h. Cascades are never merged for it. */
export const storyRootSchema = z.strictObject({
  root: z.string(), at: z.string(), platform: z.string(),
  same: z.enum(['text', 'link', 'both']),
  size: z.int().nullable().describe('Mentions of its cascade; null: it is neither in memory nor stored as one, so it drew nothing'),
})
export type StoryRoot = z.infer<typeof storyRootSchema>

/** One mention of a cascade. Nodes are numbered by time, the root is 0. */
export const cascadeEdgeSchema = z.strictObject({
  node: z.int(), parent: z.int().nullable().describe('null: the root'),
  edge: z.enum(['root', 'observed', 'unknown']).describe('unknown: the root stands in for the parent'),
  at: z.string(), platform: z.string(), followers: z.number().nullable(), sentiment: z.enum(['negative', 'neutral', 'positive']),
  text: z.boolean().describe('It has words of its own'), verified: z.boolean(),
})
export type CascadeEdge = z.infer<typeof cascadeEdgeSchema>

/** Likely parents of mentions that name none that is here, in columns of one length, by node: an estimate beside the tree. A mention that most likely repeats the root is left out. */
export const inferredParentsSchema = z.strictObject({
  inferred: z.int().describe('Mentions for which a parent is estimated'), underRoot: z.int().describe('Of those, how many most likely repeat the root itself'),
  cut: z.int().describe(`Of the others, the least probable above ${cascadeDetailLimits.inferredMax}: not listed`),
  nodes: z.array(z.int()), parents: z.array(z.int()), probabilities: z.array(z.number()).describe('0 to 1: that it is this parent'),
})
export type InferredEdges = z.infer<typeof inferredParentsSchema>
