// What a threshold says when it trips and when it clears: the lines of `backtest`, and the payload of spikes.> and alerts.>.
import { z } from 'zod'
import { grades } from './grade.ts'

/** The windows that the baseline watches at once: a flash shows in the first, a slow burn in the last. */
export const baselineWindows = ['1m', '5m', '15m', '1h', '2h', '24h'] as const

export const thresholdEventSchema = z.strictObject({
  kind: z.enum(['spike', 'clear']),
  topic: z.string(),
  rule: z.strictObject({ count: z.int(), within: z.string() }).describe('Repeats what the rules file says'),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the second that closed'),
  count: z.int().describe('Distinct mentions in the window that ends with that second'),
  reason: z.strictObject({ zh: z.string(), en: z.string() }).optional().describe('Of a clear that was found when the topic was counted anew by another query: what was counted'),
})
export type ThresholdEvent = z.infer<typeof thresholdEventSchema>

/** On NATS: the event plus a deterministic id, `<topic>/<count>/<within>/<at>/<kind>`. */
export const identifiedEventSchema = thresholdEventSchema.extend({ id: z.string() })
export type IdentifiedEvent = z.infer<typeof identifiedEventSchema>

/**
 * A topic left, or came back to, what is normal for it at this hour of the week: a line of `backtest`, and a payload of spikes.> and
 * alerts.>. Only topics with a `baseline` have such events.
 */
export const baselineEventSchema = z.strictObject({
  kind: z.literal('baseline'),
  topic: z.string(),
  state: z.enum(['begin', 'end']).describe('A begin comes once more, with the same `since`, where the grade rises'),
  rule: z.strictObject({ alarmBudget: z.string() }).describe('Repeats what the rules file says; "1 per 24h" where it says nothing'),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the last second of the minute that closed'),
  since: z.string().describe('ISO-8601 UTC: when the mentions left what is normal, as far as it can be told'),
  count: z.int().describe('Distinct mentions in the window that stands out most'),
  within: z.enum(baselineWindows).describe('That window, ending with `at`'),
  usual: z.number().describe('What such a window holds on average at this hour of the week'),
  high: z.number().describe('99 of 100 such windows hold at most this many when nothing is the matter'),
  falseAlarms: z.number().describe('Alarms like this or worse that the span of the budget brings when nothing is the matter; where a platform is named, on any platform of the topic'),
  platform: z.string().optional().describe('Where the topic as a whole is normal and one platform is not: which'),
  reason: z.strictObject({ zh: z.string(), en: z.string() }).describe('The evidence in words'),
})
export type BaselineEvent = z.infer<typeof baselineEventSchema>

/** On NATS: the id is `<topic>/baseline/<at>/<state>`, of a platform `<topic>/baseline/<platform>/<at>/<state>`. */
export const identifiedBaselineEventSchema = baselineEventSchema.extend({ id: z.string() })
export type IdentifiedBaselineEvent = z.infer<typeof identifiedBaselineEventSchema>

/** A cascade of the topic spreads as far as a rule says, or has come to rest: a line of `backtest`, and a payload of spikes.> and alerts.>. */
export const spreadEventSchema = z.strictObject({
  kind: z.literal('spread'),
  topic: z.string(),
  state: z.enum(['begin', 'end']),
  rule: z.record(z.string(), z.union([z.number(), z.string()])).describe('Repeats what the rules file says: the measure, and within'),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the second that closed'),
  root: z.string().describe('Id of the root of the cascade'),
  value: z.number().describe('What the rule measures, at that second'),
  size: z.int().describe('Mentions of the cascade, at that second'),
  reason: z.strictObject({ zh: z.string(), en: z.string() }).describe('The evidence in words'),
})
export type SpreadEvent = z.infer<typeof spreadEventSchema>

/** A cascade that was quiet draws mentions again, through one of them. */
export const ignitionEventSchema = z.strictObject({
  kind: z.literal('ignition'),
  topic: z.string(),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the second that closed'),
  root: z.string().describe('Id of the root of the cascade'),
  mention: z.string().describe('Id of the mention that ignited it'),
  since: z.string().describe('ISO-8601 UTC: when that mention came'),
  followers: z.int().nullable().describe('Of its account; null where they are not known'),
  quietSeconds: z.int().describe('How long nothing had come before'),
  gained: z.int().describe('Mentions below it until `at`'),
  size: z.int(),
  reason: z.strictObject({ zh: z.string(), en: z.string() }),
})
export type IgnitionEvent = z.infer<typeof ignitionEventSchema>

/** Accounts that repeatedly shared the same within a minute of each other. Evidence, never a verdict on anybody. */
export const coordinationEventSchema = z.strictObject({
  kind: z.literal('coordination'),
  topic: z.string(),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the second that closed'),
  since: z.string().describe('ISO-8601 UTC: their first share together'),
  accounts: z.int().describe('How many accounts are linked by repeated shares'),
  shares: z.int().describe('Pairs of shares within a minute'),
  objects: z.int().describe('Texts, links and roots that they shared'),
  capped: z.boolean().describe('Whether pairs were left out because an object was shared by too many at once'),
  reason: z.strictObject({ zh: z.string(), en: z.string() }),
})
export type CoordinationEvent = z.infer<typeof coordinationEventSchema>

/** Ids: `<topic>/spread/<measure>/<threshold>/<within>/<root>/<at>/<state>`, `<topic>/ignition/<root>/<at>`, `<topic>/coordination/<at>`; the root is percent-encoded. */
export const identifiedSpreadEventSchema = spreadEventSchema.extend({ id: z.string() })
export const identifiedIgnitionEventSchema = ignitionEventSchema.extend({ id: z.string() })
export const identifiedCoordinationEventSchema = coordinationEventSchema.extend({ id: z.string() })
export type IdentifiedSpreadEvent = z.infer<typeof identifiedSpreadEventSchema>
export type IdentifiedIgnitionEvent = z.infer<typeof identifiedIgnitionEventSchema>
export type IdentifiedCoordinationEvent = z.infer<typeof identifiedCoordinationEventSchema>

/** Whatever spikes.<topic> carries; `kind` tells them apart. */
export type SpikeEvent = AlarmEvent | IdentifiedIgnitionEvent | IdentifiedCoordinationEvent

/** Those of them that open and close episodes of alerts; the others are told and alert nobody by themselves. */
export type AlarmEvent = IdentifiedEvent | IdentifiedBaselineEvent | IdentifiedSpreadEvent

/** A line of `backtest`. */
export type BacktestLine = ThresholdEvent | BaselineEvent | SpreadEvent | IgnitionEvent | CoordinationEvent

/** Whether it begins or ends an alarm; null: it is none, and told once. */
export function alarmState(event: SpikeEvent): 'begin' | 'end' | null {
  if (event.kind === 'spike' || event.kind === 'clear') return event.kind === 'spike' ? 'begin' : 'end'
  return event.kind === 'baseline' || event.kind === 'spread' ? event.state : null
}

/** A source that went blind, or is seen again: on alerts.<grade> only. It resolves nothing. The id is `source:<source>/<at>/<kind>`. */
export const silenceEventSchema = z.strictObject({
  kind: z.enum(['blind', 'seen']),
  source: z.string().describe('The platform'),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds, by the time of the input stream'),
  silentSeconds: z.int().describe('How long nothing had come of it'),
  cadenceSeconds: z.number().describe('How often something came of it before'),
  id: z.string(),
})
export type SilenceEvent = z.infer<typeof silenceEventSchema>

/** Whatever alerts.<grade> and webhooks carry; `kind` tells them apart. */
export type AlertEvent = AlarmEvent | SilenceEvent
