// `/api/topics/:id/…`: the mentions behind every figure of a topic, and how they divide; all by one filter (evidence-query.ts).
import { durationPattern, durationSeconds } from '@groundswell/schemas/duration.ts'
import { breakdownAnswerSchema, evidenceLimits, evidenceMentionSchema, mentionsAnswerSchema, type BreakdownAnswer, type EvidenceFilter, type EvidenceMention, type MentionsAnswer } from '@groundswell/schemas/evidence.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { problemSchema, Refusal } from './answer.ts'
import { evidenceQueryShape, filterOf } from './evidence-query.ts'
import { refuseBeyond } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo, topicPathSchema } from './shapes.ts'

const orders = ['newest', 'oldest', 'followers', 'engagement'] as const
export interface MentionsAsked { readonly order: (typeof orders)[number]; readonly offset: number; readonly limit: number; readonly names: boolean }
/** ms. */
export interface StepsAsked { readonly origin: number; readonly stepMs: number; readonly steps: number }

/** What is too much at once, or takes too long, rejects with a Refusal. */
export interface EvidenceReads {
  mentions(topic: string, filter: EvidenceFilter, asked: MentionsAsked): Promise<Omit<MentionsAnswer, 'topic' | 'offset'>>
  breakdown(topic: string, filter: EvidenceFilter, steps: StepsAsked): Promise<Pick<BreakdownAnswer, 'total' | 'platforms' | 'sentiment' | 'provinces' | 'kinds'>>
  /** Null: none is stored under this id. */
  mention(id: string, names: boolean): Promise<EvidenceMention | null>
}

export interface EvidenceDeps {
  /** Absent: this engine has no evidence routes. */
  readonly evidence?: () => EvidenceReads
  /** Whether who asks may see what accounts call themselves; he who may has been written down when it resolves. */
  readonly mayName?: (request: FastifyRequest, what: string) => Promise<boolean>
  readonly clock: () => number | null
  readonly now: () => number
}

const names = z.enum(['0', '1'], 'names is 1 or 0').default('0').describe('1: what accounts call themselves, to operators; each such look is written down')
const offset = z.string().regex(/^\d{1,9}$/, 'an offset is a whole number from 0').transform(Number)
  .pipe(z.int().max(evidenceLimits.offsetMax, `an offset is at most ${evidenceLimits.offsetMax}: narrow the filter`)).default(0)
const step = z.string().regex(durationPattern, 'a step is a whole number and s, m, h or d, such as 1m')
  .refine((text) => !durationPattern.test(text) || durationSeconds(text) !== null, 'a step is at most 7d').optional().describe('Width of a column; absent: the least of 1m, 5m, 15m, 1h, 6h, 1d with at most 1,440 columns')
const mentionsQuery = z.strictObject({ ...evidenceQueryShape, order: z.enum(orders, `an order is one of ${orders.join(', ')}`).default('newest'), offset, limit: limitUpTo(evidenceLimits.pageMax), names })
const breakdownQuery = z.strictObject({ ...evidenceQueryShape, step })
const mentionPath = z.strictObject({ id: z.string().min(1).max(256).describe('Id of the mention, percent-encoded') })
const mentionQuery = z.strictObject({ names })

const unknownTopic = { description: 'No such topic', shape: problemSchema } as const
const away = { description: 'The store is away, too much is asked at once, or the answer takes too long', shape: problemSchema } as const

/** `known` throws a Refusal where there is no such topic. */
export function evidenceRoutes(deps: EvidenceDeps, known: (id: string) => void): Route[] {
  const { evidence } = deps
  return evidence === undefined ? [] : [mentions(deps, evidence, known), breakdown(deps, evidence, known), mention(deps, evidence)]
}

function mentions(deps: EvidenceDeps, evidence: () => EvidenceReads, known: (id: string) => void): Route {
  return {
    method: 'GET', path: '/api/topics/:id/mentions', summary: 'The mentions of a topic, a page at a time', params: topicPathSchema, query: mentionsQuery, role: 'viewer',
    answers: { 200: { description: 'The page', shape: mentionsAnswerSchema }, 404: unknownTopic, 503: away },
    handle: async (request) => {
      const topic = topicOf(request, known)
      const query = parse(mentionsQuery, request.query, 'query')
      const filter = filterOf(query, { clock: deps.clock(), now: deps.now() })
      const named = query.names === '1' && await isNamed(deps, request)
      const { total, asOf, mentions: page } = await evidence().mentions(topic, filter, { order: query.order, offset: query.offset, limit: query.limit, names: named })
      return { topic, total, offset: query.offset, asOf, mentions: page }
    },
  }
}

function breakdown(deps: EvidenceDeps, evidence: () => EvidenceReads, known: (id: string) => void): Route {
  return {
    method: 'GET', path: '/api/topics/:id/breakdown', summary: 'How the mentions of a topic divide: by time and platform, sentiment, province, kind', params: topicPathSchema, query: breakdownQuery, role: 'viewer',
    answers: { 200: { description: 'Columns', shape: breakdownAnswerSchema }, 404: unknownTopic, 503: away },
    handle: async (request) => {
      const topic = topicOf(request, known)
      const query = parse(breakdownQuery, request.query, 'query')
      const filter = filterOf(query, { clock: deps.clock(), now: deps.now() })
      const steps = stepsOf(filter, query.step)
      return { topic, from: steps.origin, to: steps.origin + steps.steps * steps.stepMs, stepMs: steps.stepMs, steps: steps.steps, ...await evidence().breakdown(topic, filter, steps) }
    },
  }
}

function mention(deps: EvidenceDeps, evidence: () => EvidenceReads): Route {
  return {
    method: 'GET', path: '/api/mentions/:id', summary: 'One stored mention', params: mentionPath, query: mentionQuery, role: 'viewer',
    answers: { 200: { description: 'The mention', shape: evidenceMentionSchema }, 404: { description: 'None is stored under this id', shape: problemSchema }, 503: away },
    handle: async (request) => {
      const { id } = parse(mentionPath, request.params, 'path')
      const query = parse(mentionQuery, request.query, 'query')
      const found = await evidence().mention(id, query.names === '1' && await isNamed(deps, request))
      if (found === null) throw new Refusal(404, { error: 'unknown-mention', detail: `no mention ${JSON.stringify(id)} is stored`, hint: 'it may not have come in yet, be older than the retention, or have been forgotten' })
      return found
    },
  }
}

const isNamed = async ({ mayName }: EvidenceDeps, request: FastifyRequest): Promise<boolean> => await mayName?.(request, request.url) ?? false

function topicOf(request: FastifyRequest, known: (id: string) => void): string {
  const { id } = parse(topicPathSchema, request.params, 'path')
  known(id)
  return id
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
  if (found.steps > evidenceLimits.stepsMax) throw new Refusal(400, { error: 'too-many-points', detail: `${found.steps} columns of ${found.stepMs / 1000} s`, hint: `at most ${evidenceLimits.stepsMax}: take a wider step or a shorter time` })
  refuseBeyond({ from: found.origin, to: found.origin + found.steps * found.stepMs })
  return found
}
