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
