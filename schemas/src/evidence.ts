// What the page of a topic shows besides its counts: the mentions themselves, how they divide, what they say, who carries them.
// Every answer obeys one filter, so that a brush or a chip filters everywhere; all times of a filter are half open.
import { z } from 'zod'

export const evidenceLimits = { pageMax: 200, offsetMax: 1_000_000, stepsMax: 10_080, textsMax: 20, termsMax: 40, accountsMax: 50, clustersMax: 50, sampleMax: 50_000 } as const
export const sentiments = ['negative', 'neutral', 'positive', 'unknown'] as const // unknown: without words of its own
export type SentimentName = (typeof sentiments)[number]

/** Query parameters that all routes below take, all optional: `from`, `to` (of the axis), `by`, `asOf`, `platform`, `sentiment`, `kind`, `verified`, `geo`, `author`, `root`, `text`. */
export interface EvidenceFilter {
  readonly from: number // ms
  readonly to: number // ms, exclusive
  readonly by: 'event' | 'ingest' // the axis that from and to are on: when it was said, or when we knew
  readonly asOf: number | null // ms: only what had come in before it
  readonly platforms: readonly string[] // none: all
  readonly sentiments: readonly SentimentName[]
  readonly kinds: readonly string[]
  readonly verified: boolean | null
  readonly geo: string | null // ISO 3166-2
  readonly author: string | null // an account key as answered, never a name
  readonly root: string | null
  readonly text: string | null // contains it, folded as queries are
}

const ms = z.number()
/** GET /api/topics/:id/mentions?…&order=newest|oldest|followers|engagement&offset=&limit= */
export const evidenceMentionSchema = z.strictObject({
  id: z.string(), at: ms, ingestedAt: ms, platform: z.string(), kind: z.string(), text: z.string(), url: z.string().describe('Where it stands; empty unless names were asked for, as an address of a post often holds the number of its account'), geo: z.string(), root: z.string(), parent: z.string(),
  account: z.string().describe('Key of its account, the same in every answer; empty: none is known'),
  name: z.string().nullable().describe('What the account calls itself; null unless names were asked for by who may see them'),
  followers: z.number().nullable(), verified: z.boolean().nullable(), sentiment: z.number().nullable().describe('−1 to 1; null without words of its own'),
  likes: z.number().nullable(), reposts: z.number().nullable(), comments: z.number().nullable(),
})
export const mentionsAnswerSchema = z.strictObject({ topic: z.string(), total: z.int().describe('Of the filter, exact'), offset: z.int(), asOf: ms.describe('Ask the next page with it: the list stands still'), mentions: z.array(evidenceMentionSchema) })
export type EvidenceMention = z.infer<typeof evidenceMentionSchema>
export type MentionsAnswer = z.infer<typeof mentionsAnswerSchema>

/** GET /api/topics/:id/breakdown?…&step=1m: columns as long as `steps`. */
const column = z.array(z.int())
export const breakdownAnswerSchema = z.strictObject({
  topic: z.string(), from: ms, to: ms, stepMs: z.int().min(1000), steps: z.int(), total: z.int(),
  platforms: z.array(z.strictObject({ platform: z.string(), total: z.int(), counts: column })).describe('Most first'),
  sentiment: z.strictObject({ negative: column, neutral: column, positive: column, unknown: column }),
  provinces: z.array(z.strictObject({ geo: z.string(), count: z.int(), negative: z.int() })).describe('By code of ISO 3166, most first; the empty one: not known, or written in another way'),
  kinds: z.array(z.strictObject({ kind: z.string(), count: z.int() })),
})
export type BreakdownAnswer = z.infer<typeof breakdownAnswerSchema>

/** GET /api/topics/:id/narratives: of the filter against what came before it. */
export const narrativesAnswerSchema = z.strictObject({
  topic: z.string(), looked: z.int().describe('Mentions with words that were read'), total: z.int().describe('Of the filter: where more than `looked`, a sample that a hash of ids chose'),
  texts: z.array(z.strictObject({ text: z.string(), count: z.int(), accounts: z.int(), firstAt: ms, lastAt: ms, negative: z.int(), platforms: z.array(z.string()), example: z.string().describe('id of the mention that said it first') })).describe('Near-duplicates as one, most first'),
  terms: z.array(z.strictObject({ term: z.string(), count: z.int(), before: z.number().describe('What the time before would let expect'), score: z.number().describe('Signed root of the log-likelihood ratio'), negative: z.int() })).describe('Most surprising first'),
})
export type NarrativesAnswer = z.infer<typeof narrativesAnswerSchema>

/** GET /api/topics/:id/spreaders: accounts by how many direct reposts their mentions of the filter drew. */
export const topicSpreadersAnswerSchema = z.strictObject({
  topic: z.string(), accounts: z.int().describe('All that drew any'),
  spreaders: z.array(z.strictObject({ account: z.string(), name: z.string().nullable(), platform: z.string(), followers: z.number().nullable(), verified: z.boolean().nullable(), mentions: z.int().describe('Of the filter'), drawn: z.int().describe('Mentions of the filter, of others, whose parent is one of theirs'), share: z.number().describe('Of all mentions of the filter that name a parent'), firstAt: ms.describe('When the first of theirs that drew any was said'), halfMs: ms.nullable().describe('From the first of what they drew to half of it'), root: z.string().describe('Of the cascade in which one of theirs drew most') })),
})
export type TopicSpreadersAnswer = z.infer<typeof topicSpreadersAnswerSchema>

/** GET /api/topics/:id/clusters: seconds in which several accounts said the same words. */
export const clustersAnswerSchema = z.strictObject({ topic: z.string(), looked: z.int().describe('The newest mentions of the filter, of those with words enough to be compared'), cut: z.boolean().describe('Older ones were left out: there are too many, or of too many bytes'), clusters: z.array(z.strictObject({ at: ms, text: z.string(), count: z.int(), accounts: z.int(), platforms: z.array(z.string()) })) })
export type ClustersAnswer = z.infer<typeof clustersAnswerSchema>
