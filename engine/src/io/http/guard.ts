// Who may come, and as whom: the token (header or cookie), the Host on loopback (against DNS rebinding), the Origin (against other pages).
// Pure over the request's headers and the tokens that are valid now, so that the API and the live feed decide the same way.
import { said } from '@groundswell/schemas/problem.ts'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { Refusal, refusal } from './answer.ts'
import { theOperator, type Caller } from './caller.ts'

/** The tokens of people and devices, besides the room's own. */
export interface KnownTokens {
  /** Whose secret it is; null: nobody's, or nobody's any more. */
  ofSecret(secret: string): Caller | null
  ofCookie(cookie: string): Caller | null
  /** The cookie of a valid secret. */
  cookieFor(secret: string): string | null
  /** Whether a secret or a cookie was made for this engine, valid or not any more. */
  isOurs(text: string): boolean
}

export interface GuardOptions {
  readonly token: string | null
  readonly tokens: KnownTokens
  readonly listen: string
  /** Further names under which browsers may come, as behind a reverse proxy. */
  readonly hosts: readonly string[]
}

export interface Guard {
  /** Who asks, or why he may not. Where no token is set, whoever shows none is the operator; whoever shows one of ours is who it says, or nobody. */
  admit(headers: IncomingHttpHeaders): Caller | Refusal
  /** Whether the request shows a token, or none is needed. */
  knows(headers: IncomingHttpHeaders): boolean
  /** Set-Cookie for a token that came in the URL, or null where it is wrong; `secure` where the browser came over TLS. */
  cookieFor(token: string, what?: { readonly secure?: boolean }): string | null
  /** For a token of ours that is not valid. */
  wrongToken(): Refusal
}

const cookieName = 'groundswell'
const cookieSeconds = 400 * 86_400 // the most that browsers take: a wall runs unattended
/** Set-Cookie of a browser that lets go of a cookie which is not valid any more. */
export const noCookie = `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`

export function createGuard({ token, tokens, listen, hosts }: GuardOptions): Guard {
  const loopback = isLoopbackName(listen)
  const named = new Set(hosts.map((host) => host.toLowerCase()))
  // The cookie is made from the token but does not contain it: whoever reads the cookie cannot use the API elsewhere by header.
  const cookie = token === null ? null : createHmac('sha256', token).update('groundswell cookie v1').digest('base64url')
  const callerOf = ({ authorization, cookie: cookies }: IncomingHttpHeaders): Caller | Refusal => {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (bearer !== undefined) {
      if (token !== null && same(bearer, token)) return theOperator
      const holder = tokens.ofSecret(bearer)
      if (holder !== null) return holder
      if (tokens.isOurs(bearer)) return noLonger()
      if (token !== null) return unauthorised()
      // A token that is not of ours, such as a proxy passes on, says nothing here.
    }
    const shown = cookiesNamed(cookies ?? '')
    for (const value of shown) {
      if (cookie !== null && same(value, cookie)) return theOperator
      const holder = tokens.ofCookie(value)
      if (holder !== null) return holder
    }
    // A wall whose token was revoked must not become the operator for showing nothing that is valid.
    if (shown.some((value) => tokens.isOurs(value))) return noLonger()
    return token === null ? theOperator : unauthorised()
  }
  const hostRefusal = (host: string | undefined): Refusal | null => {
    if (!loopback) return null
    const name = hostName(host)
    if (name !== null && (isLoopbackName(name) || named.has(name))) return null
    return refusal(421, 'wrong-host', { detail: said('wrong-host', { host: quote(host) }), hint: said('name-the-host') })
  }
  const originRefusal = ({ origin, host }: IncomingHttpHeaders): Refusal | null => {
    if (origin === undefined) return null
    const from = URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null
    if (from !== null && (from === host?.toLowerCase() || named.has(hostName(from) ?? ''))) return null
    return refusal(403, 'wrong-origin', { detail: said('wrong-origin', { origin: quote(origin) }), hint: said('name-the-proxy') })
  }
  return {
    admit: (headers) => hostRefusal(headers.host) ?? originRefusal(headers) ?? callerOf(headers), wrongToken: noLonger,
    knows: (headers) => !(callerOf(headers) instanceof Refusal),
    cookieFor: (given, { secure = false } = {}) => {
      const value = token !== null && same(given, token) ? cookie : tokens.cookieFor(given)
      return value === null ? null : `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieSeconds}${secure ? '; Secure' : ''}`
    },
  }
}

const challenge = { 'www-authenticate': 'Bearer realm="groundswell"' }

const unauthorised = (): Refusal => refusal(401, 'token-needed', { detail: said('token-needed'), hint: said('send-token') }, challenge)

const noLonger = (): Refusal => refusal(401, 'token-revoked', { detail: said('token-revoked'), hint: said('new-token') }, challenge)

/** Compares digests, so that neither content nor length shows in the time it takes. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

const cookiesNamed = (header: string): string[] =>
  header.split(';').map((part) => part.trim()).filter((part) => part.startsWith(`${cookieName}=`)).map((part) => part.slice(cookieName.length + 1))

/** The host of a Host header without its port, lower case; null where it is none. */
function hostName(host: string | undefined): string | null {
  if (host === undefined || !URL.canParse(`http://${host}/`)) return null
  const { hostname, username, pathname } = new URL(`http://${host}/`)
  return username === '' && pathname === '/' ? hostname.replaceAll(/^\[|\]$/g, '') : null
}

const isLoopbackName = (name: string): boolean => name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
const quote = (text: string | undefined): string => text === undefined ? '(nothing)' : JSON.stringify(text.slice(0, 100))
