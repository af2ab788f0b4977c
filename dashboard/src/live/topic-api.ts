// What the page of a topic asks of the engine over HTTP: its history, and the countdown of each of its rules. A refusal is a value with a reason.
import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import { spans, type Span } from '../room/address.ts'
import { refusalOf, type Refusal, type EngineSaid } from './refusal.ts'

export interface TopicQuestion { readonly id: string; readonly span: Span }
const toldMax = 1000 // as many as the engine answers with
export interface CountdownAnswer { readonly thresholds: readonly ThresholdNow[] }
/** A rule of the topic now; `countdown` is null where it has tripped and where too little is known. */
export interface ThresholdNow { readonly count: number; readonly within: string; readonly held: number; readonly tripped: boolean; readonly countdown: CountdownFigure | null }

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Failure } & EngineSaid
/** topic: no such topic · away: nobody answered. */
export type Failure = Refusal | 'topic' | 'away'

/** `page` is the address of the wall: the API lies beside it, on the same origin, and the cookie of the token goes along. */
export class TopicApi {
  readonly #page: URL
  readonly #fetch: typeof fetch

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
  }

  /** The span that ends with the event clock, whole steps. */
  history({ id, span }: TopicQuestion, signal: AbortSignal): Promise<Answer<TopicHistoryAnswer>> {
    const { step } = spans[span]
    return this.#ask(`api/topics/${id}/baseline?step=${step}&span=${span}`, signal)
  }

  /** Whatever was told of the topic in that time, newest first; `cut`: older ones of it are left out. */
  async told({ id, from, to }: { readonly id: string; readonly from: string; readonly to: string }, signal: AbortSignal): Promise<Answer<{ readonly events: readonly SpikeEvent[]; readonly cut: boolean }>> {
    const answer = await this.#ask<{ readonly spikes: readonly SpikeEvent[] }>(`api/spikes?topic=${id}&from=${from}&to=${to}&limit=${toldMax}`, signal)
    return answer.ok ? { ok: true, value: { events: answer.value.spikes, cut: answer.value.spikes.length >= toldMax } } : answer
  }

  countdown(id: string, signal: AbortSignal): Promise<Answer<CountdownAnswer>> {
    return this.#ask(`api/topics/${id}/countdown`, signal)
  }

  async #ask<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
    try {
      const response = await this.#fetch(new URL(path, this.#page), { signal, headers: { accept: 'application/json' }, credentials: 'same-origin' })
      if (response.ok) return { ok: true, value: await response.json() as T }
      return { ok: false, ...await refusalOf(response, { 'unknown-topic': 'topic' }) }
    } catch (error) {
      return { ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}
