// What a threshold says when it trips and when it clears: the lines of `backtest`, and the payload of spikes.> and alerts.>.
import { z } from 'zod'
import { grades } from './grade.ts'

export const thresholdEventSchema = z.strictObject({
  kind: z.enum(['spike', 'clear']),
  topic: z.string(),
  rule: z.strictObject({ count: z.int(), within: z.string() }).describe('Repeats what the rules file says'),
  grade: z.enum(grades),
  at: z.string().describe('ISO-8601 UTC, whole seconds: the second that closed'),
  count: z.int().describe('Distinct mentions in the window that ends with that second'),
})
export type ThresholdEvent = z.infer<typeof thresholdEventSchema>

/** On NATS: the event plus a deterministic id, `<topic>/<count>/<within>/<at>/<kind>`. */
export const identifiedEventSchema = thresholdEventSchema.extend({ id: z.string() })
export type IdentifiedEvent = z.infer<typeof identifiedEventSchema>

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
export type AlertEvent = IdentifiedEvent | SilenceEvent
