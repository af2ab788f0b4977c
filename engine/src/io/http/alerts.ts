// `/api/alerts`: alerts of any age, and how far people are with each.
import { said } from '@groundswell/schemas/problem.ts'
import { handlingStates, personSchema } from '@groundswell/schemas/action.ts'
import { grades } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { spreadMeasures } from '@groundswell/schemas/rules.ts'
import { z } from 'zod'
import { problemSchema, storeAway, refusal } from './answer.ts'
import { eventTime } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo } from './shapes.ts'

/** `before`: only alerts that are listed behind this one. */
export interface AlertsAsked { readonly topic: string | null; readonly from: number | null; readonly to: number | null; readonly before: string | null; readonly limit: number } // ms; `to` is exclusive

export interface AlertDesk {
  /** Newest first; null: there is no alert `before`. */
  alerts(asked: AlertsAsked): Promise<readonly AlertRow[] | null>
}

const listMax = 500
const querySchema = z.strictObject({
  topic: z.string().min(1).max(512).optional().describe('A topic of the rules, now or then, or `source:<platform>`'),
  from: eventTime.optional(), to: eventTime.optional(),
  before: z.string().min(1).max(1024).optional().describe('`next` of the page before'),
  limit: limitUpTo(listMax),
})
const bilingual = z.strictObject({ zh: z.string(), en: z.string() })
const handlingSchema = z.strictObject({ state: z.enum(handlingStates), by: personSchema, at: z.int(), assignee: personSchema.nullable(), notes: z.int() }).describe('Absent: nobody touched it')
const alertSchema = z.strictObject({
  id: z.string(), topic: z.string(), name: bilingual, grade: z.enum(grades), rule: z.strictObject({ count: z.int(), within: z.string() }), at: z.string(), count: z.int(), clearedAt: z.string().nullable(),
  evidence: z.strictObject({ reason: bilingual, usual: z.number(), falseAlarms: z.number() }).optional(),
  spread: z.strictObject({ root: z.string(), measure: z.enum(spreadMeasures), threshold: z.number(), value: z.number(), size: z.int(), reason: bilingual }).optional(),
  handling: handlingSchema.optional(), source: z.string().optional(),
})

export function alertsRoute(desk: AlertDesk): Route {
  return {
    method: 'GET', path: '/api/alerts', summary: 'Alerts and how far people are with them, newest first', query: querySchema,
    answers: {
      200: { description: 'A page of them', shape: z.strictObject({ alerts: z.array(alertSchema), limit: z.int(), next: z.string().nullable().describe('`before` of the next page; null: there is none') }) },
      404: { description: 'There is no alert `before`', shape: problemSchema }, 503: storeAway,
    },
    handle: async (request) => {
      const { topic = null, from = null, to = null, before = null, limit } = parse(querySchema, request.query, 'query')
      const found = await desk.alerts({ topic, from, to, before, limit: limit + 1 })
      if (found === null) throw refusal(404, 'unknown-alert', { detail: said('no-alert', { alert: JSON.stringify(before) }), hint: said('alerts-next') })
      const page = found.slice(0, limit)
      return { alerts: page, limit, next: found.length > limit ? page.at(-1)!.id : null }
    },
  }
}
