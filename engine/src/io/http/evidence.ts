// `/api/topics/:id/…`: the mentions behind every figure of a topic, and how they divide; all by one filter (evidence-query.ts).
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { durationPattern, durationSeconds } from '@groundswell/schemas/duration.ts'
import {
  breakdownAnswerSchema, clustersAnswerSchema, evidenceLimits, evidenceMentionSchema, mentionsAnswerSchema, narrativesAnswerSchema, topicSpreadersAnswerSchema,
  type BreakdownAnswer, type ClustersAnswer, type EvidenceFilter, type EvidenceMention, type MentionsAnswer, type NarrativesAnswer, type TopicSpreadersAnswer,
} from '@groundswell/schemas/evidence.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { logLook, type AccessLogDeps } from './access-log.ts'
import { problemSchema, refusal } from './answer.ts'
import { evidenceQueryShape, filterOf } from './evidence-query.ts'
import { refuseBeyond } from './event-time.ts'
import { untilGone } from './gone.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo, topicPathSchema } from './shapes.ts'

const orders = ['newest', 'oldest', 'followers', 'engagement'] as const
export interface MentionsAsked { readonly order: (typeof orders)[number]; readonly offset: number; readonly limit: number; readonly names: boolean }
/** ms. */
export interface StepsAsked { readonly origin: number; readonly stepMs: number; readonly steps: number }

/** What is too much at once, or takes too long, rejects with a Refusal; when `until` is aborted nobody waits any more, and nothing works on it. */
export interface EvidenceReads {
  mentions(topic: string, filter: EvidenceFilter, asked: MentionsAsked, until: AbortSignal): Promise<Omit<MentionsAnswer, 'topic' | 'offset'>>
  breakdown(topic: string, filter: EvidenceFilter, steps: StepsAsked, until: AbortSignal): Promise<Pick<BreakdownAnswer, 'total' | 'platforms' | 'sentiment' | 'provinces' | 'kinds'>>
  narratives(topic: string, filter: EvidenceFilter, asked: { readonly query: string }, until: AbortSignal): Promise<Omit<NarrativesAnswer, 'topic'>>
  spreaders(topic: string, filter: EvidenceFilter, asked: { readonly limit: number; readonly names: boolean }, until: AbortSignal): Promise<Omit<TopicSpreadersAnswer, 'topic'>>
  clusters(topic: string, filter: EvidenceFilter, until: AbortSignal): Promise<Omit<ClustersAnswer, 'topic'>>
  /** Null: none is stored under this id. */
  mention(id: string, names: boolean, until: AbortSignal): Promise<EvidenceMention | null>
}

export interface EvidenceDeps extends Pick<AccessLogDeps, 'logAccess' | 'now'> {
  /** Absent: this engine has no evidence routes. */
  readonly evidence?: () => EvidenceReads
  readonly clock: () => number | null
}

const names = z.enum(['0', '1'], codedText('names')).default('0').describe('1: what accounts call themselves, to operators only; each such look is in the access log')
const offset = z.string().regex(/^\d{1,9}$/, codedText('offset')).transform(Number)
  .pipe(z.int().max(evidenceLimits.offsetMax, codedText('offset-most', { max: evidenceLimits.offsetMax }))).default(0)
const step = z.string().regex(durationPattern, codedText('step'))
  .refine((text) => !durationPattern.test(text) || durationSeconds(text) !== null, codedText('step-long')).optional().describe('Width of a column; absent: the least of 1m, 5m, 15m, 1h, 6h, 1d with at most 1,440 columns')
const mentionsQuery = z.strictObject({ ...evidenceQueryShape, order: z.enum(orders, codedText('order', { values: orders.join(', ') })).default('newest'), offset, limit: limitUpTo(evidenceLimits.pageMax), names })
const breakdownQuery = z.strictObject({ ...evidenceQueryShape, step })
const plainQuery = z.strictObject(evidenceQueryShape)
const spreadersQuery = z.strictObject({ ...evidenceQueryShape, limit: z.string().regex(/^\d+$/, codedText('limit')).transform(Number).pipe(z.int().min(1, codedText('limit-least')).max(evidenceLimits.accountsMax, codedText('limit-most', { max: evidenceLimits.accountsMax }))).default(20), names })
const mentionPath = z.strictObject({ id: z.string().min(1).max(256).describe('Id of the mention, percent-encoded') })
const mentionQuery = z.strictObject({ names })

const unknownTopic = { description: 'No such topic', shape: problemSchema } as const
const away = { description: 'The store is away, too much is asked at once, or the answer takes too long', shape: problemSchema } as const

const noNames = { description: 'Only operators see names', shape: problemSchema } as const

type Known = (id: string) => TopicRules
interface Asking extends EvidenceDeps { readonly evidence: () => EvidenceReads; readonly known: Known }

/** `known` throws a Refusal where there is no such topic. */
export function evidenceRoutes({ evidence, ...deps }: EvidenceDeps, known: Known): Route[] {
  if (evidence === undefined) return []
  const asking = { ...deps, evidence, known }
  return [mentions(asking), breakdown(asking), narratives(asking), spreaders(asking), clusters(asking), mention(asking)]
}

function mentions(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/topics/:id/mentions', summary: 'The mentions of a topic, a page at a time', params: topicPathSchema, query: mentionsQuery, role: 'viewer',
    answers: { 200: { description: 'The page', shape: mentionsAnswerSchema }, 403: noNames, 404: unknownTopic, 503: away },
    handle: async (request, reply) => {
      const { topic, query, filter } = askedOf(deps, request, mentionsQuery)
      const { order, offset: from, limit } = query
      const until = untilGone(reply)
      const { total, asOf, mentions: page } = await deps.evidence().mentions(topic, filter, { order, offset: from, limit, names: await isNamed(deps, request, query.names) }, until)
      return { topic, total, offset: from, asOf, mentions: page }
    },
  }
}

function breakdown(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/topics/:id/breakdown', summary: 'How the mentions of a topic divide: by time and platform, sentiment, province, kind', params: topicPathSchema, query: breakdownQuery, role: 'viewer',
    answers: { 200: { description: 'Columns', shape: breakdownAnswerSchema }, 404: unknownTopic, 503: away },
    handle: async (request, reply) => {
      const { topic, query, filter } = askedOf(deps, request, breakdownQuery)
      const steps = stepsOf(filter, query.step)
      return { topic, from: steps.origin, to: steps.origin + steps.steps * steps.stepMs, stepMs: steps.stepMs, steps: steps.steps, ...await deps.evidence().breakdown(topic, filter, steps, untilGone(reply)) }
    },
  }
}

function narratives(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/topics/:id/narratives', summary: 'What the mentions of a topic say, and which terms are new', params: topicPathSchema, query: plainQuery, role: 'viewer',
    answers: { 200: { description: 'Texts and terms', shape: narrativesAnswerSchema }, 404: unknownTopic, 503: away },
    handle: async (request, reply) => {
      const { topic, filter, rules } = askedOf(deps, request, plainQuery)
      return { topic, ...await deps.evidence().narratives(topic, filter, { query: rules.query }, untilGone(reply)) }
    },
  }
}

function spreaders(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/topics/:id/spreaders', summary: 'Accounts by how many direct reposts and answers their mentions drew', params: topicPathSchema, query: spreadersQuery, role: 'viewer',
    answers: { 200: { description: 'The accounts', shape: topicSpreadersAnswerSchema }, 403: noNames, 404: unknownTopic, 503: away },
    handle: async (request, reply) => {
      const { topic, query, filter } = askedOf(deps, request, spreadersQuery)
      return { topic, ...await deps.evidence().spreaders(topic, filter, { limit: query.limit, names: await isNamed(deps, request, query.names) }, untilGone(reply)) }
    },
  }
}

function clusters(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/topics/:id/clusters', summary: 'Seconds in which several accounts said the same words', params: topicPathSchema, query: plainQuery, role: 'viewer',
    answers: { 200: { description: 'The seconds, those of most accounts first', shape: clustersAnswerSchema }, 404: unknownTopic, 503: away },
    handle: async (request, reply) => {
      const { topic, filter } = askedOf(deps, request, plainQuery)
      return { topic, ...await deps.evidence().clusters(topic, filter, untilGone(reply)) }
    },
  }
}

function mention(deps: Asking): Route {
  return {
    method: 'GET', path: '/api/mentions/:id', summary: 'One stored mention', params: mentionPath, query: mentionQuery, role: 'viewer',
    answers: { 200: { description: 'The mention', shape: evidenceMentionSchema }, 403: noNames, 404: { description: 'None is stored under this id', shape: problemSchema }, 503: away },
    handle: async (request, reply) => {
      const { id } = parse(mentionPath, request.params, 'path')
      const query = parse(mentionQuery, request.query, 'query')
      const found = await deps.evidence().mention(id, await isNamed(deps, request, query.names), untilGone(reply))
      if (found === null) throw refusal(404, 'unknown-mention', { detail: said('no-mention', { id: JSON.stringify(id) }), hint: said('mention-gone') })
      return found
    },
  }
}

/** Throws where the caller may not see names, or the look cannot be logged. */
async function isNamed(deps: Asking, request: FastifyRequest, asked: '0' | '1'): Promise<boolean> {
  if (asked === '0') return false
  await logLook(request, deps)
  return true
}

function askedOf<Query extends z.ZodObject<typeof evidenceQueryShape>>({ known, clock, now }: Asking, request: FastifyRequest, shape: Query): { readonly topic: string; readonly rules: TopicRules; readonly query: z.output<Query>; readonly filter: EvidenceFilter } {
  const { id } = parse(topicPathSchema, request.params, 'path')
  const query = parse(shape, request.query, 'query')
  return { topic: id, rules: known(id), query, filter: filterOf(query, { clock: clock(), now: now() }) }
}

const defaultSteps = [60, 300, 900, 3600, 21_600, 86_400] as const // seconds
const defaultStepsMax = 1440

/** Columns begin at whole steps since 1970 and reach over the filter's span. */
function stepsOf({ from, to }: EvidenceFilter, asked: string | undefined): StepsAsked {
  const over = (seconds: number): StepsAsked => {
    const stepMs = seconds * 1000
    const origin = Math.floor(from / stepMs) * stepMs
    return { origin, stepMs, steps: Math.ceil((to - origin) / stepMs) }
  }
  const found = asked === undefined ? defaultSteps.map(over).find(({ steps }) => steps <= defaultStepsMax) ?? over(86_400) : over(durationSeconds(asked)!)
  if (found.steps > evidenceLimits.stepsMax) throw refusal(400, 'too-many-points', { detail: said('too-many-columns', { columns: found.steps, seconds: found.stepMs / 1000 }), hint: said('columns-most', { max: evidenceLimits.stepsMax }) })
  refuseBeyond({ from: found.origin, to: found.origin + found.steps * found.stepMs })
  return found
}
