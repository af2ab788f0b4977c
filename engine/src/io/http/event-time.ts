// Times in questions. Event times are held by the store as whole seconds in 32 bits: others are refused by name, before it is asked.
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { z } from 'zod'
import { refusal } from './answer.ts'

const notATime = codedText('time')

/** Whole ms since 1970 from integer ms or ISO-8601 with a zone. */
export const time = z.string().transform((text, context) => {
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  context.addIssue({ code: 'custom', message: notATime })
  return z.NEVER
}).describe('Milliseconds since 1970, or ISO-8601 with a zone')

const newestMs = 4_294_967_295_000
const [oldest, newest] = ['1970-01-01T00:00:00Z', '2106-02-07T06:28:15Z']

/** Whole ms since 1970. */
export const eventTime = time.refine((ms) => ms >= 0 && ms <= newestMs, codedText('time-reach', { oldest, newest }))

/** Where points are rounded or counted back to what the store cannot hold; ms. */
export function refuseBeyond({ from, to }: { readonly from: number; readonly to: number }): void {
  if (from < 0) throw refusal(400, 'wrong-query', { detail: said('points-begin', { at: new Date(from).toISOString(), oldest }), hint: said('later-to') })
  if (to > newestMs) throw refusal(400, 'wrong-query', { detail: said('points-end', { at: new Date(to).toISOString(), newest }), hint: said('earlier-to') })
}
