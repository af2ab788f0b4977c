// What every panel of a topic's page asks with: one filter, the same parameters everywhere (schemas/evidence.ts).
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { sentiments, type EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { mentionKinds } from '@groundswell/schemas/mention.ts'
import { z } from 'zod'
import { tokensOf } from '../../core/2-enrich/query/tokens.ts'
import { refusal } from './answer.ts'
import { eventTime } from './event-time.ts'

export const evidenceQueryLimits = { valuesMax: 20, textMax: 100 } as const
const defaultSpanMs = 86_400_000

const several = <Value extends string>(value: z.ZodType<Value, string>, what: 'platforms' | 'sentiments' | 'kinds') => z.string().transform((text) => text.split(',').map((each) => each.trim()))
  .pipe(z.array(value).min(1).max(evidenceQueryLimits.valuesMax, codedText(`${what}-most`, { max: evidenceQueryLimits.valuesMax }))).optional().describe(`One or several ${what}, with commas between; absent: all`)

export const evidenceQueryShape = {
  from: eventTime.optional().describe('Of the axis, included; absent: a day before `to`'),
  to: eventTime.optional().describe('Of the axis, excluded; absent: behind the event clock, or now where the axis is of arrival'),
  by: z.enum(['event', 'ingest'], codedText('axis')).default('event').describe('The axis: when it was said, or when it came in'),
  asOf: eventTime.optional().describe('Only what had come in before it'),
  platform: several(z.string().regex(/^[a-z0-9_-]{1,64}$/, codedText('platform')), 'platforms'),
  sentiment: several(z.enum(sentiments, codedText('sentiment', { values: sentiments.join(', ') })), 'sentiments'),
  kind: several(z.enum(mentionKinds, codedText('mention-kind', { values: mentionKinds.join(', ') })), 'kinds'),
  verified: z.enum(['true', 'false'], codedText('verified')).transform((text) => text === 'true').optional(),
  geo: z.string().max(16).optional().describe('ISO 3166-2; empty: where it is not known'),
  author: z.string().regex(/^[0-9a-f]{16}$/, codedText('author')).optional(),
  root: z.string().min(1).max(256).optional().describe('Id of the first mention of a cascade: it, and what names it as root or parent'),
  text: z.string().max(4 * evidenceQueryLimits.textMax).refine((text) => [...text].length <= evidenceQueryLimits.textMax, codedText('text-most', { max: evidenceQueryLimits.textMax }))
    .refine((text) => tokensOf(text).length > 0, codedText('text-nothing')).optional().describe('Contains it, folded as queries are: whole words, any case, width and script of Chinese'),
}

type Asked = z.output<z.ZodObject<typeof evidenceQueryShape>>

/** Fills in what is absent. Throws a Refusal where the span is empty. `clock`: the event clock in seconds. */
export function filterOf(asked: Asked, { clock, now }: { readonly clock: number | null; readonly now: number }): EvidenceFilter {
  const to = asked.to ?? (asked.by === 'ingest' || clock === null ? now : (clock + 1) * 1000)
  const from = asked.from ?? Math.max(0, to - defaultSpanMs)
  if (from >= to) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from: new Date(from).toISOString(), to: new Date(to).toISOString() }), hint: said('earlier-from') })
  return {
    from, to, by: asked.by, asOf: asked.asOf ?? null, platforms: asked.platform ?? [], sentiments: asked.sentiment ?? [], kinds: asked.kind ?? [],
    verified: asked.verified ?? null, geo: asked.geo ?? null, author: asked.author ?? null, root: asked.root ?? null, text: asked.text ?? null,
  }
}
