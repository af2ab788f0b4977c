// What the page of a topic asks of the engine over HTTP. Every question about mentions carries one filter, so that a brush or a chip filters everywhere.
// A refusal is a value with a reason.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { BreakdownAnswer, ClustersAnswer, EvidenceMention, MentionsAnswer, NarrativesAnswer, TopicSpreadersAnswer } from '@groundswell/schemas/evidence.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import { sayFilter, type HistoryStep, type Order, type TopicFilter } from '../room/topic-view.ts'
import { refusalOf, type EngineSaid, type Refusal } from './refusal.ts'
import { TopicApi, type CountdownAnswer } from './topic-api.ts'

/** topic: no such topic · mention: none is stored under its id · away: nobody answered. */
export type EvidenceFailure = Refusal | 'topic' | 'mention' | 'away'
export interface Refused extends EngineSaid { readonly ok: false; readonly why: EvidenceFailure }
export type EvidenceAnswer<T> = { readonly ok: true; readonly value: T } | Refused

/** Which mentions: `from` and `to` in ms on the axis `by`, half open. `asOf`: only what had come in before; null: all. */
export interface EvidenceQuestion {
  readonly id: string // of the topic
  readonly from: number
  readonly to: number
  readonly by: 'event' | 'ingest'
  readonly asOf: number | null
  readonly filter: TopicFilter
}
export interface BreakdownQuestion extends EvidenceQuestion { readonly step: HistoryStep }
export interface MentionsPage { readonly order: Order; readonly offset: number; readonly limit: number; readonly names: boolean }
export interface HistoryQuestion { readonly id: string; readonly step: HistoryStep; readonly span: string; readonly end: number | null }
export interface Told { readonly events: readonly SpikeEvent[]; readonly cut: boolean }
export interface Between { readonly id: string; readonly from: number; readonly to: number } // ms

const actionsMax = 500 // what people did: older ones are left out

/** `page` is the address of the wall: the API lies beside it, on the same origin, and the cookie of the token goes along. */
export class EvidenceApi {
  readonly #page: URL
  readonly #fetch: typeof fetch
  readonly #topics: TopicApi

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
    this.#topics = new TopicApi(page, ask)
  }

  /** The span that ends at `end`, or else with the event clock; whole steps. */
  history({ id, step, span, end }: HistoryQuestion, signal: AbortSignal): Promise<EvidenceAnswer<TopicHistoryAnswer>> {
    return this.#ask(`api/topics/${id}/baseline?step=${step}&span=${span}${end === null ? '' : `&to=${iso(end)}`}`, signal)
  }

  countdown(id: string, signal: AbortSignal): Promise<EvidenceAnswer<CountdownAnswer>> { return this.#topics.countdown(id, signal) }

  /** Whatever was told of the topic in that time, newest first; `cut`: older ones of it are left out. */
  told({ id, from, to }: Between, signal: AbortSignal): Promise<EvidenceAnswer<Told>> { return this.#topics.told({ id, from: iso(from), to: iso(to) }, signal) }

  /** What people did about the topic, newest first. */
  actions(id: string, signal: AbortSignal): Promise<EvidenceAnswer<{ readonly actions: readonly ActionRow[] }>> {
    return this.#ask(`api/actions?topic=${id}&limit=${actionsMax}`, signal)
  }

  breakdown(question: BreakdownQuestion, signal: AbortSignal): Promise<EvidenceAnswer<BreakdownAnswer>> {
    return this.#ask(`${pathOf(question, 'breakdown')}&step=${question.step}`, signal)
  }

  mentions(question: EvidenceQuestion, { order, offset, limit, names }: MentionsPage, signal: AbortSignal): Promise<EvidenceAnswer<MentionsAnswer>> {
    return this.#ask(`${pathOf(question, 'mentions')}&order=${order}&offset=${offset}&limit=${limit}${names ? '&names=1' : ''}`, signal)
  }

  /** One stored mention by its id. */
  mention({ id, names }: { readonly id: string; readonly names: boolean }, signal: AbortSignal): Promise<EvidenceAnswer<EvidenceMention>> {
    return this.#ask(`api/mentions/${encodeURIComponent(id)}${names ? '?names=1' : ''}`, signal)
  }

  narratives(question: EvidenceQuestion, signal: AbortSignal): Promise<EvidenceAnswer<NarrativesAnswer>> { return this.#ask(pathOf(question, 'narratives'), signal) }
  spreaders(question: EvidenceQuestion, signal: AbortSignal): Promise<EvidenceAnswer<TopicSpreadersAnswer>> { return this.#ask(pathOf(question, 'spreaders'), signal) }
  clusters(question: EvidenceQuestion, signal: AbortSignal): Promise<EvidenceAnswer<ClustersAnswer>> { return this.#ask(pathOf(question, 'clusters'), signal) }

  async #ask<T>(path: string, signal: AbortSignal): Promise<EvidenceAnswer<T>> {
    try {
      const response = await this.#fetch(new URL(path, this.#page), { signal, headers: { accept: 'application/json' }, credentials: 'same-origin' })
      if (response.ok) return { ok: true, value: await response.json() as T }
      return { ok: false, ...await refusalOf(response, { 'unknown-topic': 'topic', 'unknown-mention': 'mention' }) }
    } catch (error) {
      return { ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}

function pathOf({ id, from, to, by, asOf, filter }: EvidenceQuestion, what: string): string {
  const said = new URLSearchParams({ from: iso(from), to: iso(to) })
  if (by !== 'event') said.set('by', by)
  if (asOf !== null) said.set('asOf', iso(asOf))
  sayFilter(filter, (key, value) => { if (value !== null && value !== '') said.set(key, value) })
  if (filter.geo === '') said.set('geo', '')
  return `api/topics/${id}/${what}?${said.toString()}`
}

const iso = (ms: number): string => new Date(ms).toISOString()
