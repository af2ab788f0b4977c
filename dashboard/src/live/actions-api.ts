// What the desk asks of the engine about alerts, and what it does about them: POST and GET /api/actions, GET /api/alerts. A refusal is a value with a reason.
import type { Action, ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { toldIn, type EngineSaid } from './refusal.ts'

/** token: the engine wants to see one · role: this token may not · gone: what it is about is not there any more · busy: stream or store does not take or tell it now · refused: it says why · away: nobody answered. */
export const actionFailures = ['token', 'role', 'gone', 'busy', 'refused', 'away'] as const
export type ActionFailure = (typeof actionFailures)[number]
export type ActionAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: ActionFailure } & EngineSaid

/** Alerts of any age with how far people are, newest first; `next` is `before` of the page behind it, null where there is none. */
export interface AlertsPage { readonly alerts: readonly AlertRow[]; readonly next: string | null }
export interface AlertsQuestion { readonly topic?: string; readonly before?: string | null; readonly limit?: number }
export interface ActionsQuestion { readonly topic?: string; readonly alert?: string; readonly limit?: number }

const patienceMs = 15_000

/** 32 hexadecimal digits; randomUUID is not there on a wall without TLS. */
export const newActionId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** `page` is the address of the wall: the API lies beside it, on the same origin, and the cookie of the token goes along. */
export class ActionsApi {
  readonly #page: URL
  readonly #fetch: typeof fetch

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
  }

  /** Ok once the stream has it; walls and desks show it with the frame behind it. Sent again with the same `id` (newActionId) it is not done again. */
  act(action: Action, id: string, signal?: AbortSignal): Promise<ActionAnswer<unknown>> {
    return this.#ask(`api/actions?id=${id}`, signal, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) })
  }

  /** Newest first. */
  actions({ topic, alert, limit = 200 }: ActionsQuestion, signal?: AbortSignal): Promise<ActionAnswer<{ readonly actions: readonly ActionRow[] }>> {
    const query = new URLSearchParams({ ...(topic === undefined ? {} : { topic }), ...(alert === undefined ? {} : { alert }), limit: String(limit) })
    return this.#ask(`api/actions?${query.toString()}`, signal)
  }

  /** One page; without `before` the newest. */
  alerts({ topic, before, limit = 100 }: AlertsQuestion, signal?: AbortSignal): Promise<ActionAnswer<AlertsPage>> {
    const query = new URLSearchParams({ ...(topic === undefined ? {} : { topic }), limit: String(limit), ...(before === undefined || before === null ? {} : { before }) })
    return this.#ask(`api/alerts?${query.toString()}`, signal)
  }

  async #ask<T>(path: string, signal: AbortSignal | undefined, how: RequestInit = {}): Promise<ActionAnswer<T>> {
    try {
      const patience = AbortSignal.timeout(patienceMs)
      const response = await this.#fetch(new URL(path, this.#page), { credentials: 'same-origin', ...how, signal: signal === undefined ? patience : AbortSignal.any([signal, patience]) })
      const body: unknown = await response.json().catch(() => null)
      if (response.ok) return { ok: true, value: body as T }
      return { ok: false, ...refusalOf(response.status, body) }
    } catch (error) {
      return { ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}

function refusalOf(status: number, body: unknown): { readonly why: ActionFailure } & EngineSaid {
  const why = ({ 401: 'token', 403: 'role', 404: 'gone', 503: 'busy' } as const)[status] ?? 'refused'
  return { why, ...toldIn(body, status) }
}
