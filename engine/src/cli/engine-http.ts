// The running engine as the tools see it: its HTTP API at the address and with the token of the settings.
import type { ProblemBody } from '../io/http/answer.ts'
import type { Settings } from '../io/settings/settings.ts'

/** No engine answers there: the message says what to do. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway'
}

/** The engine answered no, in its own words. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused'
  readonly status: number
  readonly body: Partial<ProblemBody> & Readonly<Record<string, unknown>>
  constructor(status: number, body: EngineRefused['body']) {
    super(`the engine answers ${status}: ${body.detail ?? body.error ?? 'without a reason'}${body.hint === undefined ? '' : ` – ${body.hint}`}`)
    this.status = status
    this.body = body
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export interface EngineHttp {
  readonly url: string
  /** Throws EngineAway where nobody answers within the time, EngineRefused where the answer is no. */
  get<Answer>(path: string, parameters?: Parameters, withinMs?: number): Promise<Answer>
  post<Answer>(path: string, parameters?: Parameters, withinMs?: number): Promise<Answer>
  postJson<Answer>(path: string, body: unknown, withinMs?: number): Promise<Answer>
  delete<Answer>(path: string, parameters?: Parameters, withinMs?: number): Promise<Answer>
}

const answerMs = 60_000
interface Asking { readonly method: 'GET' | 'POST' | 'DELETE'; readonly parameters?: Parameters | undefined; readonly withinMs?: number | undefined; readonly json?: unknown }

export function engineAt({ http, listen, token }: Pick<Settings, 'http' | 'listen' | 'token'>): EngineHttp {
  const host = listen === '0.0.0.0' ? '127.0.0.1' : listen === '::' ? '::1' : listen // where it listens to everybody it is met here
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${http}`
  const ask = async <Answer>(path: string, { parameters = {}, withinMs = answerMs, method, json }: Asking): Promise<Answer> => {
    if (http === 0) throw new EngineAway('the settings leave the port of the API open (http: 0): name the one that the engine wrote to its log with --http PORT')
    const search = new URLSearchParams(Object.entries(parameters).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
    const response = await fetch(`${url}${path}${search.size > 0 ? `?${search}` : ''}`, {
      method, headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(json !== undefined && { 'content-type': 'application/json' }) }, signal: AbortSignal.timeout(withinMs),
      ...(json !== undefined && { body: JSON.stringify(json) }),
    }).catch((error: Error) => { throw new EngineAway(`no engine answers at ${url} (${(error.cause as Error | undefined)?.message ?? error.message}): start it first (groundswell start), or name its port with --http PORT`, { cause: error }) })
    const body = await response.json().catch(() => ({})) as Answer & EngineRefused['body']
    // A part that does not work is still an answer.
    if (!response.ok && !(path === '/api/health' && response.status === 503)) throw new EngineRefused(response.status, body)
    return body
  }
  const asking = (method: Asking['method']) => <Answer>(path: string, parameters?: Parameters, withinMs?: number): Promise<Answer> => ask<Answer>(path, { method, parameters, withinMs })
  return { url, get: asking('GET'), post: asking('POST'), delete: asking('DELETE'), postJson: (path, json, withinMs) => ask(path, { method: 'POST', json, withinMs }) }
}
