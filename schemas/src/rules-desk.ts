// Writing rules at a desk: what a query matches now, what a topic would have told in the last month, and saving it as a logged command.
import { z } from 'zod'
import { saidSchema } from './problem.ts'

export const rulesDeskLimits = { previewLookedMax: 50_000, examplesMax: 50, backtestDaysMax: 30, backtestMentionsMax: 5_000_000 } as const
const ms = z.number()
const problem = z.strictObject({ line: z.int(), column: z.int(), message: z.string(), said: saidSchema })

/** GET /api/rules; PUT /api/rules {text, base} → 200 as GET, 400 with problems, 409 where `base` is not in force any more. */
export const rulesTextSchema = z.strictObject({ text: z.string(), seq: z.int().describe('Of the command that put them in force; `base` of a change'), by: z.string().nullable().describe('Who saved them at a desk; null: the file'), at: z.number().nullable().describe('ms: since when they are in force; null: it is not known'), file: z.string().nullable().describe('Name of the file that is written too, without its folder') })
export type RulesText = z.infer<typeof rulesTextSchema>
export type RulesProblemAt = z.infer<typeof problem>

/** POST /api/rules/preview {query}: the newest stored mentions, whatever topics they have. */
export const previewAnswerSchema = z.strictObject({
  looked: z.int(), matched: z.int(), from: ms.nullable(), to: ms.nullable(),
  explained: z.string().describe('How the query is read'),
  minutes: z.array(z.strictObject({ at: ms, count: z.int() })),
  examples: z.array(z.strictObject({ id: z.string(), at: ms, platform: z.string(), text: z.string(), spans: z.array(z.tuple([z.int(), z.int()])).describe('What its terms met, in UTF-16 units') })),
})
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>

/** POST /api/rules/backtest {topic: as in the rules file, days}: 200 with lines of NDJSON while it runs, the last is the result. */
export const backtestLineSchema = z.union([
  z.strictObject({ done: z.literal(false), share: z.number() }),
  z.strictObject({
    done: z.literal(true), from: ms, to: ms, looked: z.int(), matched: z.int(), cutTo: ms.nullable().describe('Only from here on was looked at: more is stored than a backtest reads'),
    alerts: z.int(), atNight: z.int().describe('From 22 to 7 on the room’s clock'), perWeek: z.number(),
    days: z.array(z.strictObject({ at: ms, count: z.int().describe('Mentions matched'), minor: z.int(), moderate: z.int(), severe: z.int() })),
    told: z.array(z.strictObject({ at: ms, grade: z.string(), kind: z.string(), words: z.strictObject({ zh: z.string(), en: z.string() }), endsAt: ms.nullable(), examples: z.array(z.strictObject({ id: z.string(), platform: z.string(), text: z.string() })) })),
  }),
])
export type BacktestLine = z.infer<typeof backtestLineSchema>
