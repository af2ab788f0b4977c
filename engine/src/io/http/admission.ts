// What happens before a route is asked: who it is, whether his role may, and the token that came in the URL becomes a cookie.
import { said } from '@groundswell/schemas/problem.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { roleRank, type Role } from '@groundswell/schemas/access.ts'
import { Refusal, refusal } from './answer.ts'
import { setCaller, type Caller } from './caller.ts'
import { noCookie, type Guard } from './guard.ts'
import type { Route } from './route.ts'

/** The least role that may ask: what a route says, else viewer to read and operator for all else. */
export const roleFor = ({ role, method }: Pick<Route, 'role' | 'method'>): Role => role ?? (method === 'GET' ? 'viewer' : 'operator')

/** null: may ask. */
export function roleRefusal({ name, role }: Caller, needed: Role, asked: string): Refusal | null {
  if (roleRank(role) >= roleRank(needed)) return null
  return refusal(403, 'not-permitted', { detail: said('needs-role', { asked, needed, who: JSON.stringify(name), role }), hint: said('ask-with-role'), more: { needs: needed, role } })
}

export interface Admission { readonly guard: Guard; readonly isOurs: (token: string) => boolean; readonly tokenSet: boolean }

/** To be added before the routes are. */
export function admit(app: FastifyInstance, routes: readonly Route[], { guard, isOurs, tokenSet }: Admission): void {
  const opened = new Set(routes.filter((route) => route.open === true).map((route) => route.path))
  const needed = new Map(routes.map((route) => [`${route.method} ${route.path}`, roleFor(route)]))
  app.addHook('onRequest', async (request, reply) => {
    const path = request.routeOptions.url ?? ''
    const come = guard.admit(request.headers)
    const refusal = come instanceof Refusal ? come : null
    const wrongPlace = refusal !== null && refusal.status !== 401
    const given = wrongPlace ? null : tokenOfUrl(request)
    const cookie = given === null ? null : guard.cookieFor(given.token, { secure: isForwardedTls(request) })
    if (given !== null && given.token === '' && refusal?.body.error === 'token-revoked') return reply.header('set-cookie', noCookie).header('cache-control', 'no-store').redirect(given.rest, 303)
    // Where no token is needed a wrong one says nothing, unless it was one of ours: that device is to learn it.
    if (refusal !== null && cookie === null && (wrongPlace || !(opened.has(path) || mayFinish(request, refusal)))) throw refusal
    if (given !== null && cookie === null && isOurs(given.token)) throw guard.wrongToken()
    if (given !== null && (tokenSet || cookie !== null)) {
      // The token leaves the address bar, the history and every later log at once, also where the cookie is there already.
      if (cookie !== null) void reply.header('set-cookie', cookie)
      return reply.header('cache-control', 'no-store').redirect(given.rest, 303)
    }
    refuseDoubleSlash(request)
    if (come instanceof Refusal) return undefined // of a route that is open
    setCaller(request, come)
    const least = needed.get(`${request.method === 'HEAD' ? 'GET' : request.method} ${path}`)
    const no = least === undefined || opened.has(path) ? null : roleRefusal(come, least, `${request.method} ${path}`)
    if (no !== null) throw no
    return undefined
  })
}

/** A screen whose token was revoked says so in words, and may need a font for them. */
const mayFinish = ({ method, url }: FastifyRequest, { body }: Refusal): boolean => body.error === 'token-revoked' && method === 'GET' && url.startsWith('/assets/')

/** What a proxy says of the browser's own connection. Whoever makes this up makes only his own cookie stricter. */
const isForwardedTls = ({ headers }: FastifyRequest): boolean => String(headers['x-forwarded-proto'] ?? '').split(',')[0]!.trim().toLowerCase() === 'https'

/** `/?token=…`: the token and the URL without it; only on pages, never on the API. */
function tokenOfUrl(request: FastifyRequest): { readonly token: string; readonly rest: string } | null {
  // `//`, for one, reads as a host that is missing.
  if (!URL.canParse(request.url, 'http://wall')) throw new Refusal(400, { error: 'wrong-request', detail: `${JSON.stringify(request.url.slice(0, 200))} is no path`, hint: 'see /api/openapi.json' })
  const url = new URL(request.url, 'http://wall')
  const token = url.searchParams.get('token')
  if (token === null || request.method !== 'GET' || url.pathname.startsWith('/api/')) return null
  url.searchParams.delete('token')
  // One leading slash: //host would lead to another site.
  return { token, rest: `/${url.pathname.replace(/^\/+/, '')}${url.search}` }
}

/** The wall's files would answer `//api/…` as forbidden; what was meant is the path with one slash. */
function refuseDoubleSlash({ method, url }: FastifyRequest): void {
  if (!url.startsWith('//')) return
  const path = url.split('?')[0]!.slice(0, 200)
  throw new Refusal(404, { error: 'not-found', detail: `there is no ${method} ${path}`, hint: `ask for ${path.replace(/^\/+/, '/')}` })
}
