// Every route of the API, as a list: the server registers it, the OpenAPI document describes it.
import { said } from '@groundswell/schemas/problem.ts'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { statsSchema, type Stats } from '@groundswell/schemas/stats.ts'
import { z } from 'zod'
import { accessLogRoute, type AccessLogDeps } from './access-log.ts'
import { accessRoutes, type AccessDeps } from './access.ts'
import { problemSchema, Refusal, storeAway, refusal } from './answer.ts'
import { actionRoutes, type ActionDeps } from './actions.ts'
import { baselineRoute, type BaselineDeps } from './baseline.ts'
import { backupRoutes, type BackupDeps } from './backup.ts'
import { cascadeRoutes, type CascadeDeps } from './cascades.ts'
import { countdownRoute, type CountdownDeps } from './countdown.ts'
import { deadLetterRoutes, type DeadLetterDeps } from './dead-letters.ts'
import { doctorRoute, type DoctorDeps } from './doctor.ts'
import { bodyTooLong, intakeAnswerSchema, intakeLimits, intakeQuerySchema, platformDefault, takeIn, tooManyBodies, type Publish } from './intake.ts'
import { evidenceRoutes, type EvidenceDeps } from './evidence.ts'
import { refuseBeyond } from './event-time.ts'
import { openApi } from './openapi.ts'
import { replayRoutes, type ReplayDeps } from './replay.ts'
import { parse, type Route } from './route.ts'
import { rulesDeskRoutes, type RulesDeskDeps } from './rules-desk.ts'
import {
  apiLimits, healthAnswerSchema, seriesAnswerSchema, seriesQuerySchema, spikesAnswerSchema, spikesQuerySchema,
  topicPathSchema, topicsAnswerSchema, type Health, type SeriesPoint, type TopicDetail,
} from './shapes.ts'

/** What the API needs of the engine and the store. Times are ms since 1970; `to` is exclusive. */
export interface ApiDeps extends DeadLetterDeps, DoctorDeps, BackupDeps, BaselineDeps, CountdownDeps, CascadeDeps, EvidenceDeps, ReplayDeps, ActionDeps, AccessDeps, AccessLogDeps, RulesDeskDeps {
  readonly version: string
  readonly health: () => Health | Promise<Health>
  readonly stats: () => Stats | Promise<Stats>
  /** The event clock in seconds; null before the first mention. */
  readonly clock: () => number | null
  /** Every topic of the rules in force, in their order. */
  readonly topics: () => readonly TopicDetail[]
  /** One of them, without a look at the others; null: there is no such topic. */
  readonly topic: (id: string) => TopicDetail | null
  /** What the rules say of one; null: there is no such topic. */
  readonly rulesOf: (id: string) => TopicDetail['rules'] | null
  /** Ids of the first topics, at most `max`. */
  readonly someTopics: (max: number) => readonly string[]
  readonly series: (question: { readonly topic: string; readonly windowSeconds: number; readonly from: number; readonly to: number }) => Promise<readonly SeriesPoint[]>
  /** Newest first. */
  readonly spikes: (question: { readonly topic: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number }) => Promise<readonly SpikeEvent[]>
  readonly publish: Publish
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  readonly now: () => number
}

export function routesOf(deps: ApiDeps, knows: (headers: IncomingHttpHeaders) => boolean): readonly Route[] {
  const routes: Route[] = [health(deps, knows), stats(deps), topics(deps), series(deps), baselineRoute(deps, (id) => deps.topic(id) ?? unknown(deps, id)), countdownRoute(deps, (id) => unknown(deps, id)), spikes(deps), ...deadLetterRoutes(deps), doctorRoute(deps), ...backupRoutes(deps), ...cascadeRoutes(deps), ...evidenceRoutes(deps, (id) => deps.rulesOf(id) ?? unknown(deps, id)), ...replayRoutes(deps), ...actionRoutes(deps), ...accessRoutes(deps), accessLogRoute(deps), ...rulesDeskRoutes(deps), unmeasured(), mentions(deps), metrics(deps)]
  const describe: Route = {
    method: 'GET', path: '/api/openapi.json', summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', shape: z.looseObject({ openapi: z.string() }) } },
    handle: () => document,
  }
  routes.push(describe)
  const document = openApi(routes, deps.version)
  return routes
}

function health({ health }: ApiDeps, knows: Parameters<typeof routesOf>[1]): Route {
  return {
    method: 'GET', path: '/api/health', summary: 'Whether every part works', open: true,
    answers: { 200: { description: 'Everything works', shape: healthAnswerSchema }, 503: { description: 'A part does not', shape: healthAnswerSchema } },
    handle: async (request, reply) => {
      const { ok, parts } = await health()
      return reply.status(ok ? 200 : 503).header('cache-control', 'no-store').send(knows(request.headers) ? { ok, parts } : { ok })
    },
  }
}

function stats({ stats }: ApiDeps): Route {
  return { method: 'GET', path: '/api/stats', summary: 'The numbers that agree with a direct count', answers: { 200: { description: 'The numbers', shape: statsSchema }, 503: storeAway }, handle: () => stats() }
}

function topics({ topics, clock }: ApiDeps): Route {
  return {
    method: 'GET', path: '/api/topics', summary: 'The topics of the rules in force, and what is measured of each',
    answers: { 200: { description: 'The topics', shape: topicsAnswerSchema } },
    handle: () => ({ clock: isoOrNull(clock()), topics: topics() }),
  }
}

function series(deps: ApiDeps): Route {
  return {
    method: 'GET', path: '/api/topics/:id/series', summary: 'Mentions of a topic by time', params: topicPathSchema, query: seriesQuerySchema,
    answers: { 200: { description: 'The points', shape: seriesAnswerSchema }, 404: { description: 'No such topic', shape: problemSchema }, 503: storeAway },
    handle: async (request) => {
      const { id } = parse(topicPathSchema, request.params, 'path')
      const query = parse(seriesQuerySchema, request.query, 'query')
      if (deps.rulesOf(id) === null) unknown(deps, id)
      const seconds = durationSeconds(query.window)!
      const step = seconds * 1000
      const to = Math.ceil((query.to ?? endOf(deps)) / step) * step
      const from = Math.floor((query.from ?? to - 120 * step) / step) * step
      if (from >= to) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from: iso(from), to: iso(to) }), hint: said('earlier-from') })
      refuseBeyond({ from, to })
      const points = (to - from) / step
      if (points > apiLimits.pointsMax) throw refusal(400, 'too-many-points', { detail: said('too-many-points', { points, window: query.window }), hint: said('points-most', { max: apiLimits.pointsMax }) })
      return { topic: id, window: query.window, from: iso(from), to: iso(to), points: await deps.series({ topic: id, windowSeconds: seconds, from, to }) }
    },
  }
}

function spikes(deps: ApiDeps): Route {
  return {
    method: 'GET', path: '/api/spikes', summary: 'Thresholds that tripped and cleared, and alarms of the baseline that began and ended, newest first', query: spikesQuerySchema,
    answers: { 200: { description: 'The events', shape: spikesAnswerSchema }, 503: storeAway },
    handle: async (request) => {
      const { topic = null, from = null, to = null, limit } = parse(spikesQuerySchema, request.query, 'query')
      return { spikes: await deps.spikes({ topic, from, to, limit }), limit }
    },
  }
}

/** A route of the contract whose engine is not built: it says so, and never answers with an empty list that reads as "none". */
function unmeasured(): Route {
  return {
    method: 'GET', path: '/api/incidents', summary: 'Incidents (not measured yet)',
    answers: { 501: { description: 'Not measured yet', shape: problemSchema } },
    handle: () => { throw new Refusal(501, { error: 'not-measured', detail: 'Incidents are not measured by this version', hint: 'their spikes and cascades are at /api/spikes and /api/cascades' }) },
  }
}

function mentions({ publish }: ApiDeps): Route {
  let bodies = 0 // each may hold several messages in memory
  return {
    method: 'POST', path: '/api/mentions', summary: 'Hands mentions to the input stream', query: intakeQuerySchema,
    body: { type: 'application/x-ndjson', description: `One mention a line, at most ${intakeLimits.bodyBytesMax} bytes in all. A line that is no mention becomes a dead letter and costs nothing else.` },
    answers: {
      202: { description: 'The stream has them', shape: intakeAnswerSchema },
      413: { description: 'The body is too long; what was accepted before is named', shape: z.looseObject(problemSchema.shape) },
      415: { description: 'The content type is another one', shape: problemSchema },
      503: { description: 'The stream cannot take them now, or too many hand in at once; what was accepted before is named', shape: z.looseObject(problemSchema.shape) },
    },
    handle: async (request, reply) => {
      const { platform = platformDefault } = parse(intakeQuerySchema, request.query, 'query')
      if (bodies >= intakeLimits.bodiesMax) {
        await drain(request.raw)
        throw tooManyBodies()
      }
      bodies += 1
      try {
        if (Number(request.headers['content-length'] ?? 0) > intakeLimits.bodyBytesMax) throw bodyTooLong()
        // A refusal half-way must not destroy the stream: the socket would go with it, and the answer too.
        return await reply.status(202).send(await takeIn(request.raw.iterator({ destroyOnReturn: false }), platform, publish))
      } catch (error) {
        await drain(request.raw)
        throw error
      } finally {
        bodies -= 1
      }
    },
  }
}

/** Many senders read the answer only after they have sent all: the rest of a refused body is read, within reason, and let go. */
async function drain(body: IncomingMessage): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Uint8Array).length
      if (bytes > 4 * intakeLimits.bodyBytesMax) return
    }
  } catch {
    // The sender is gone: there is nobody to answer.
  }
}

function metrics({ metrics }: ApiDeps): Route {
  return {
    method: 'GET', path: '/metrics', summary: 'Prometheus metrics', answers: { 200: { description: 'The exposition format', type: 'text/plain' } },
    handle: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  }
}

function unknown({ someTopics }: ApiDeps, id: string): never {
  const known = someTopics(11)
  const topics = known.slice(0, 10).join(', ')
  throw refusal(404, 'unknown-topic', { detail: said('no-topic', { topic: JSON.stringify(id) }), hint: topics === '' ? said('no-topics-yet') : said(known.length > 10 ? 'topics-are-more' : 'topics-are', { topics }) })
}

/** The event clock's second is not over, so the window that holds it is told too. */
const endOf = ({ clock, now }: ApiDeps): number => {
  const second = clock()
  return second === null ? now() : (second + 1) * 1000
}
const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (seconds: number | null): string | null => (seconds === null ? null : iso(seconds * 1000))
