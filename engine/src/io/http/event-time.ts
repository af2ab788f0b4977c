// Times in questions. Event times are held by the store as whole seconds in 32 bits: others are refused by name, before it is asked.
import { z } from 'zod'
import { Refusal } from './answer.ts'

/** Whole ms since 1970 from integer ms or ISO-8601 with a zone. */
export const time = z.string().transform((text, context) => {
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  context.addIssue({ code: 'custom', message: 'a time is milliseconds since 1970 or ISO-8601 with a zone, such as 2026-01-31T08:00:00Z (write + as %2B)' })
  return z.NEVER
}).describe('Milliseconds since 1970, or ISO-8601 with a zone')

const newestMs = 4_294_967_295_000
const [oldest, newest] = ['1970-01-01T00:00:00Z', '2106-02-07T06:28:15Z']

/** Whole ms since 1970. */
export const eventTime = time.refine((ms) => ms >= 0 && ms <= newestMs, `an event time is one of ${oldest} to ${newest}`)

/** Where points are rounded or counted back to what the store cannot hold; ms. */
export function refuseBeyond({ from, to }: { readonly from: number; readonly to: number }): void {
  if (from < 0) throw new Refusal(400, { error: 'wrong-query', detail: `the points would begin at ${new Date(from).toISOString()}, before ${oldest}`, hint: 'give a later to' })
  if (to > newestMs) throw new Refusal(400, { error: 'wrong-query', detail: `the points would end at ${new Date(to).toISOString()}, after ${newest}`, hint: 'give an earlier to' })
}
