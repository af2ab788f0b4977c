// What the wall's replay asks of the engine over HTTP. A refusal is a value with a reason.
import type { WallAt, WallPictures, WallShown, WallTimes } from '@groundswell/schemas/replay.ts'
import { toldIn, type EngineSaid } from '../live/refusal.ts'

/** permission: the token may not · store: the engine cannot read it now · refused: it says why · away: nobody answered. */
export type ReplayFailure = 'permission' | 'store' | 'refused' | 'away'
export type ReplayAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: ReplayFailure } & EngineSaid

export class ReplayApi {
  readonly #page: URL
  readonly #fetch: typeof fetch

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
  }

  at(at: number, signal: AbortSignal): Promise<ReplayAnswer<WallAt>> { return this.#ask(`api/replay/wall?at=${Math.round(at)}`, signal) }
  shown(alert: string, signal: AbortSignal): Promise<ReplayAnswer<WallShown>> { return this.#ask(`api/replay/wall/shown?alert=${encodeURIComponent(alert)}`, signal) }
  pictures({ from, to, stepMs }: { readonly from: number; readonly to: number; readonly stepMs: number }, signal: AbortSignal): Promise<ReplayAnswer<WallPictures>> {
    return this.#ask(`api/replay/wall/pictures?from=${Math.round(from)}&to=${Math.round(to)}&step=${Math.round(stepMs)}`, signal)
  }
  times({ from, to }: { readonly from: number; readonly to: number }, signal: AbortSignal): Promise<ReplayAnswer<WallTimes>> {
    return this.#ask(`api/replay/wall/times?from=${Math.round(from)}&to=${Math.round(to)}`, signal)
  }

  async #ask<T>(path: string, signal: AbortSignal): Promise<ReplayAnswer<T>> {
    try {
      const response = await this.#fetch(new URL(path, this.#page), { signal, headers: { accept: 'application/json' }, credentials: 'same-origin' })
      const body: unknown = await response.json()
      if (response.ok) return { ok: true, value: body as T }
      return { ok: false, why: response.status === 401 || response.status === 403 ? 'permission' : response.status === 503 ? 'store' : 'refused', ...toldIn(body, response.status) }
    } catch (error) {
      return { ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}
