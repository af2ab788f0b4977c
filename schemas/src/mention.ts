// The mention as publishers send it: the published shape, its limits and its vocabulary. The hot path reads the same
// fields with a byte scanner (engine/src/core/1-decode); this schema is what documents and JSON Schema are made from.
import { z } from 'zod'

export const mentionKinds = ['post', 'repost', 'comment', 'reply', 'article', 'video'] as const
export type MentionKind = (typeof mentionKinds)[number]

/**
 * Limits of one mention, the same wherever one comes in. A longer line cannot travel in a NATS message of 1 MiB: `publish` and POST refuse
 * it, the engine keeps it as a dead letter. Times are `tsMin` ≤ ts < `tsEnd`; from `tsCountedEnd` on they are stored and never counted.
 */
export const mentionLimits = {
  idBytesMax: 256,
  lineBytesMax: 1_048_064, // 1 MiB − 512 for the headers of the message
  tsMin: 946_684_800_000, // 2000-01-01
  tsEnd: 10_413_792_000_000, // 2300-01-01: what ClickHouse's DateTime64(3) holds ends there
  tsCountedEnd: 4_294_967_295_000, // 2106-02-07T06:28:15Z: windows count seconds in 32 bits
  tsSecondsBelow: 100_000_000_000, // smaller numbers are taken for seconds
} as const

/** Flat JSON. `id`, `ts` and `text` are required, `text` may be empty, null is absent, unknown fields are kept in `extra`. */
export const mentionSchema = z.looseObject({
  id: z.string().min(1).describe('Globally unique, e.g. weibo:4345…; at most 256 bytes of UTF-8'),
  ts: z.union([z.int(), z.iso.datetime({ offset: true })]).describe('Event time: integer milliseconds since 1970, or ISO-8601 with a zone; from 2000 to 2299'),
  text: z.string().describe('The mention\'s own words; may be empty'),
  platform: z.string().regex(/^[a-z0-9_-]+$/).nullish().describe('Where it was said; missing: the token of the subject it came on'),
  author: z.string().nullish(),
  authorName: z.string().nullish(),
  followers: z.number().nonnegative().nullish(),
  verified: z.boolean().nullish(),
  kind: z.enum(mentionKinds).nullish(),
  parent: z.string().nullish().describe('id of the mention this one answers or reshares'),
  root: z.string().nullish().describe('id of the first mention of its cascade'),
  lang: z.string().nullish(),
  url: z.string().nullish(),
  geo: z.string().nullish().describe('ISO-3166-2'),
  tags: z.array(z.string()).nullish(),
  likes: z.number().nonnegative().nullish(),
  reposts: z.number().nonnegative().nullish(),
  comments: z.number().nonnegative().nullish(),
  sentiment: z.number().min(-1).max(1).nullish().describe('−1…1, where the source scored it'),
})
export type Mention = z.infer<typeof mentionSchema>

/** Why a line became a dead letter. Each but the last names one thing a publisher can mend. */
export const rejectReasons = [
  'not-json', 'not-an-object', 'invalid-utf8', 'too-long',
  'id-missing', 'id-not-a-string', 'id-empty', 'id-too-long',
  'ts-missing', 'ts-in-seconds', 'ts-before-2000', 'ts-without-zone', 'ts-not-a-time',
  'text-missing', 'text-not-a-string', 'platform-missing',
  'poison', // it crashes or hangs whatever worker takes it
] as const
export type RejectReason = (typeof rejectReasons)[number]
