// Who may ask: the token (header or cookie), the Host on loopback (against DNS rebinding), the Origin (against other pages).
// Pure over the request's headers, so that the API and the live feed decide the same way.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { Refusal } from './answer.ts'

export interface GuardOptions {
  readonly token: string | null
  readonly listen: string
  /** Further names under which browsers may come, as behind a reverse proxy. */
  readonly hosts: readonly string[]
}

export interface Guard {
  /** null: may come. Otherwise why not; `open` asks for no token (health). */
  refusal(headers: IncomingHttpHeaders, what?: { readonly open?: boolean }): Refusal | null
  /** Whether the request shows the token, or none is set. */
  knows(headers: IncomingHttpHeaders): boolean
  /** Set-Cookie for a token that came in the URL, or null where it is wrong; `secure` where the browser came over TLS. */
  cookieFor(token: string, what?: { readonly secure?: boolean }): string | null
}

const cookieName = 'groundswell'
const cookieSeconds = 400 * 86_400 // the most that browsers take: a wall runs unattended

export function createGuard({ token, listen, hosts }: GuardOptions): Guard {
  const loopback = isLoopbackName(listen)
  const named = new Set(hosts.map((host) => host.toLowerCase()))
  // The cookie is made from the token but does not contain it: whoever reads the cookie cannot use the API elsewhere by header.
  const cookie = token === null ? null : createHmac('sha256', token).update('groundswell cookie v1').digest('base64url')
  const knows = ({ authorization, cookie: cookies }: IncomingHttpHeaders): boolean => {
    if (token === null || cookie === null) return true
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (bearer !== undefined) return same(bearer, token)
    return cookiesNamed(cookies ?? '').some((value) => same(value, cookie))
  }
  const hostRefusal = (host: string | undefined): Refusal | null => {
    if (!loopback) return null
    const name = hostName(host)
    if (name !== null && (isLoopbackName(name) || named.has(name))) return null
    return new Refusal(421, { error: 'wrong-host', detail: `the Host header says ${quote(host)}`, hint: 'open http://127.0.0.1 or http://localhost, or name the host under `hosts` in groundswell.yml' })
  }
  const originRefusal = ({ origin, host }: IncomingHttpHeaders): Refusal | null => {
    if (origin === undefined) return null
    const from = URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null
    if (from !== null && (from === host?.toLowerCase() || named.has(hostName(from) ?? ''))) return null
    return new Refusal(403, { error: 'wrong-origin', detail: `the request comes from a page of ${quote(origin)}`, hint: 'only the wall itself may ask from a browser; behind a reverse proxy name its host under `hosts` in groundswell.yml' })
  }
  return {
    knows,
    refusal: (headers, { open = false } = {}) => hostRefusal(headers.host) ?? originRefusal(headers) ?? (open || knows(headers) ? null : unauthorised()),
    cookieFor: (given, { secure = false } = {}) => token !== null && same(given, token) ? `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieSeconds}${secure ? '; Secure' : ''}` : null,
  }
}

const unauthorised = (): Refusal => new Refusal(401, {
  error: 'token-needed', detail: 'the request shows no valid token',
  hint: 'send `Authorization: Bearer <token>`, or open /?token=<token> once in this browser',
}, { 'www-authenticate': 'Bearer realm="groundswell"' })

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
