// `/api/topics/:id/baseline`: a topic's counts over time beside what was normal for it, how surprising they were, and what was told.
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { historyLimits, historySteps, topicHistorySchema, type TopicHistory } from '@groundswell/schemas/topic-history.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { z } from 'zod'
import { problemSchema, refusal } from './answer.ts'
import { eventTime, refuseBeyond } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { topicPathSchema, topicRowSchema, type TopicDetail } from './shapes.ts'

/** Too many ask at once: each answer is worked out anew. */
export class HistoryBusy extends Error {
  override readonly name = 'HistoryBusy'
}

/** Seconds; whole steps. */
export interface HistoryAsked { readonly rules: TopicRules; readonly from: number; readonly to: number; readonly stepSeconds: number; readonly clock: number | null }

export interface BaselineDeps {
  readonly clock: () => number | null
  readonly now: () => number
  /** Rejects with HistoryBusy. */
  readonly history: (asked: HistoryAsked) => Promise<Pick<TopicHistory, 'budget' | 'points' | 'alarms' | 'alarmsCut'>>
}

const stepSeconds = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600 } as const
const unitSeconds = { m: 60, h: 3600, d: 86_400 } as const

const baselineQuerySchema = z.strictObject({
  step: z.enum(historySteps, codedText('step-one-of', { values: historySteps.join(', ') })).default('5m').describe('Width of a point'),
  from: eventTime.optional().describe('Event time of the first point, rounded down to a step; absent: `span` before `to`'),
  to: eventTime.optional().describe('Event time that the points end before, rounded up to a step; absent: the event clock'),
  span: z.string().regex(/^[1-9]\d{0,4}[mhd]$/, codedText('span')).default('24h').describe('How long before `to` the points begin, where `from` is absent'),
})

export function baselineRoute(deps: BaselineDeps, topicOf: (id: string) => TopicDetail): Route {
  return {
    method: 'GET', path: '/api/topics/:id/baseline', role: 'wall', summary: 'What was normal for a topic, how surprising its counts were, and its alarms', params: topicPathSchema, query: baselineQuerySchema,
    answers: {
      200: { description: 'The history', shape: topicHistorySchema.extend({ now: topicRowSchema.nullable().describe('What the wall shows of it; null where it is not measured yet') }) },
      404: { description: 'No such topic', shape: problemSchema }, 503: { description: 'The store is away, or too many ask at once', shape: problemSchema },
    },
    handle: async (request) => {
      const { id } = parse(topicPathSchema, request.params, 'path')
      const query = parse(baselineQuerySchema, request.query, 'query')
      const { rules, now } = topicOf(id)
      const { from, to } = rangeOf(query, deps)
      const history = await answered(deps.history({ rules, from, to, stepSeconds: stepSeconds[query.step], clock: deps.clock() }))
      return { topic: id, name: rules.name, step: query.step, from: iso(from), to: iso(to), ...history, now }
    },
  }
}

function rangeOf({ step, from, to, span }: z.output<typeof baselineQuerySchema>, { clock, now }: BaselineDeps): { readonly from: number; readonly to: number } {
  const seconds = stepSeconds[step]
  const second = clock()
  const end = Math.ceil((to === undefined ? (second === null ? now() / 1000 : second + 1) : to / 1000) / seconds) * seconds
  const wished = Number(span.slice(0, -1)) * unitSeconds[span.slice(-1) as keyof typeof unitSeconds]
  const begin = Math.floor((from === undefined ? end - wished : from / 1000) / seconds) * seconds
  if (begin >= end) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from: iso(begin), to: iso(end) }), hint: said('earlier-from') })
  refuseBeyond({ from: begin * 1000, to: end * 1000 })
  const daysMax = step === '1h' ? historyLimits.hourDaysMax : historyLimits.minuteDaysMax
  if (end - begin <= daysMax * 86_400) return { from: begin, to: end }
  const hint = step === '1h' ? said('days-most', { max: daysMax }) : said('days-most-or-hours', { max: daysMax, hourMax: historyLimits.hourDaysMax })
  throw refusal(400, 'too-long', { detail: said('too-many-days', { from: iso(begin), to: iso(end), days: Math.ceil((end - begin) / 86_400), step }), hint })
}

async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof HistoryBusy) throw refusal(503, 'busy', { detail: said('histories-busy'), hint: said('again-soon') })
    throw error
  }
}

const iso = (second: number): string => new Date(second * 1000).toISOString()
