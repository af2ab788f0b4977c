// The HTTP side of the engine: the API of routes.ts, /metrics and the wall's files, behind one guard. Errors are JSON.
import { said } from '@groundswell/schemas/problem.ts'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Log } from '../log/log.ts'
import { admit } from './admission.ts'
import { Refusal, type ProblemBody, refusal } from './answer.ts'
import { serveDashboard } from './dashboard.ts'
import { createGuard } from './guard.ts'
import { intakeLimits } from './intake.ts'
import { sendRefusedPage, wantsPage } from './refused-page.ts'
import { parse, type Route } from './route.ts'
import { routesOf, type ApiDeps } from './routes.ts'
import { wrongMethod } from './wrong-method.ts'

export interface HttpOptions extends ApiDeps {
  readonly token: string | null // the room's own
  readonly listen: string
  readonly hosts: readonly string[]
  /** Folder of the built dashboard; where it is missing, `/` says how to build it. */
  readonly dashboard: string
  readonly log: Log
  readonly onRequest?: (request: { readonly method: string; readonly route: string; readonly status: number; readonly seconds: number }) => void
}

export interface Http {
  /** The live feed attaches here, before listen(). */
  readonly server: Server
  /** Why a request of the live feed may not come, or null: the same guard as the API's. */
  readonly refusal: (request: IncomingMessage) => string | null
  /** Why a client may not have the feed any more, in words for who sits there: its token was revoked. */
  readonly lost: (request: IncomingMessage) => string | null
  /** Throws ListenError where the port cannot be had; 0 takes a free one. */
  listen(port: number): Promise<{ readonly port: number; readonly url: string }>
  close(): Promise<void>
}

export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export async function createHttp(options: HttpOptions): Promise<Http> {
  const guard = createGuard(options)
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: intakeLimits.bodyBytesMax, routerOptions: { maxParamLength: 2400 }, requestTimeout: 120_000, exposeHeadRoutes: true, frameworkErrors: answerUnread })
  secure(app)
  answerErrors(app, options.log)
  meter(app, options)
  // The body stays a stream: handlers read it as it comes in.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-ndjson', (_request, _payload, done) => { done(null) })
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: jsonBytesMax }, async (_request: FastifyRequest, text: string | Buffer) => jsonOf(String(text)))
  const routes = routesOf(options, guard.knows)
  admit(app, routes, { guard, isOurs: (token) => options.tokens.isOurs(token), tokenSet: options.token !== null })
  for (const route of routes) {
    app.route({ method: route.method, url: route.path, handler: async (request, reply) => {
      if (route.path.startsWith('/api/')) void reply.header('cache-control', 'no-store')
      if (route.method !== 'GET' && route.json === undefined && isJsonType(request.headers['content-type'])) throw wrongType(request)
      if (takesNoQuery(route)) parse(noQuery, request.query, 'query')
      return route.handle(request, reply)
    } })
  }
  await serveDashboard(app, options.dashboard, wrongMethod(routes))
  await app.ready()
  return {
    server: app.server,
    refusal: ({ headers }) => {
      const come = guard.admit(headers)
      return come instanceof Refusal && come.body.error !== lost ? wordsOf(come) : null
    },
    lost: ({ headers }) => {
      const come = guard.admit(headers)
      return come instanceof Refusal && come.body.error === lost ? wordsOf(come) : null
    },
    listen: (port) => listen(app, options.listen, port),
    close: () => app.close(),
  }
}

const jsonBytesMax = 2 * 1024 ** 2
const lost = 'token-revoked'
const wordsOf = ({ body }: Refusal): string => `${body.detail}: ${body.hint}`

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal(400, 'wrong-body', { detail: said('no-json', { words: (error as Error).message }), hint: said('see-openapi') })
  }
}

const noQuery = z.strictObject({})

/** A parameter that nobody reads is refused by name, as where there are others. Probes may bring their own, and what is not measured yet has none. */
const takesNoQuery = ({ query, path, open, answers }: Route): boolean => query === undefined && path.startsWith('/api/') && open !== true && !(501 in answers)

function secure(app: FastifyInstance): void {
  const headers = {
    'content-security-policy': "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
  }
  app.addHook('onRequest', async (_request, reply) => { void reply.headers(headers) })
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    if (error instanceof Refusal && error.status === 401 && wantsPage(request)) return sendRefusedPage(reply, error)
    if (error instanceof Refusal) return reply.status(error.status).headers(error.headers).send(error.body)
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return reply.status(415).send(wrongType(request).body)
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return reply.status(413).send(tooLong(request))
    const status = error.statusCode ?? 500
    if (status < 500) return reply.status(status).send({ error: 'wrong-request', detail: error.message, hint: 'see /api/openapi.json' })
    log.error('a request failed', { route: request.routeOptions.url, error })
    return reply.status(500).send(refusal(500, 'failed', { detail: said('failed'), hint: said('log-says-why') }).body)
  })
}

/** What never becomes a request of ours. */
function answerUnread(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.status(400).send({ error: 'wrong-request', detail: `the address ${JSON.stringify(request.url.slice(0, 200))} cannot be decoded`, hint: 'write what is no letter or digit as % and two digits, of UTF-8' })
}

function tooLong({ headers }: FastifyRequest): ProblemBody {
  const isJson = isJsonType(headers['content-type'])
  return refusal(413, 'body-too-long', { detail: said('body-long', { max: isJson ? jsonBytesMax : intakeLimits.bodyBytesMax }), hint: said(isJson ? 'send-less' : 'send-several') }).body
}

const isJsonType = (type: string | undefined): boolean => /^application\/json\b/i.test(type ?? '')

function wrongType({ headers, routeOptions }: FastifyRequest): Refusal {
  const hint = routeOptions.url === '/api/mentions' ? 'send application/x-ndjson, one mention a line' : 'see /api/openapi.json'
  return new Refusal(415, { error: 'wrong-content-type', detail: `the content type is ${JSON.stringify(headers['content-type'] ?? '(none)')}`, hint })
}

function meter(app: FastifyInstance, { onRequest }: HttpOptions): void {
  if (!onRequest) return
  app.addHook('onResponse', async (request, reply) => {
    onRequest({ method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
  })
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<{ readonly port: number; readonly url: string }> {
  try {
    await app.listen({ port, host })
  } catch (error) {
    throw new ListenError(whyNot(error as NodeJS.ErrnoException, host, port), { cause: error })
  }
  const taken = (app.server.address() as AddressInfo).port
  return { port: taken, url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}` }
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  const choose = 'choose another with --http PORT (or GROUNDSWELL_HTTP)'
  if (error.code === 'EADDRINUSE') return `port ${port} on ${host} is in use: ${choose}, or end what holds it`
  if (error.code === 'EACCES') return `port ${port} on ${host} needs more rights: ${choose}, above 1023`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `this machine has no address ${host}: choose another with --listen ADDR (or GROUNDSWELL_LISTEN)`
  return `cannot listen on ${host} port ${port}: ${error.message}`
}
