// What the pages of cascades ask of the engine over HTTP: lists, one cascade, its tree as bytes, ids of single mentions. A refusal is a value with a reason.
import type { CascadeRow, RootWords, TopicNames } from '@groundswell/schemas/cascade.ts'
import type { CascadeDetail, InferredEdges, StoryRoot, Which } from '@groundswell/schemas/cascade-detail.ts'
import { refusalOf, type EngineSaid, type Refusal } from './refusal.ts'

export const listOrders = ['size', 'speed', 'R'] as const
export type ListOrder = (typeof listOrders)[number]
export interface CascadeQuestion { readonly root: string; readonly which: number | null } // null: the one in memory, else the newest

/** unknown: no such cascade, in memory or stored · away: nobody answered · unreadable: the bytes are no cascade. */
export type CascadeFailure = Refusal | 'unknown' | 'away' | 'unreadable'
export type CascadeAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: CascadeFailure } & EngineSaid

/** `words` of the root of each cascade, in their order; null in place of one: it is not stored; null altogether: the store does not tell. An older engine says neither. */
export interface CascadeList { readonly cascades: readonly CascadeRow[]; readonly words?: readonly (RootWords | null)[] | null; readonly topicNames?: TopicNames }
export type NamedDetail = CascadeDetail & { readonly topicNames?: TopicNames }
export interface Story { readonly counted: number; readonly others: readonly StoryRoot[] }

/** `page` is the address of the wall: the API lies beside it, on the same origin, and the cookie of the token goes along. */
export class CascadeApi {
  readonly #page: URL
  readonly #fetch: typeof fetch

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
  }

  list(by: ListOrder, limit: number, signal: AbortSignal): Promise<CascadeAnswer<CascadeList>> {
    return this.#ask(`api/cascades?by=${by}&limit=${limit}&words=1`, signal, (response) => response.json())
  }

  /** Of those in memory; null: it has none. */
  async largestOf(topic: string, signal: AbortSignal): Promise<CascadeAnswer<CascadeRow | null>> {
    const answer = await this.#ask<{ readonly cascades: readonly CascadeRow[] }>(`api/cascades?by=size&topic=${encodeURIComponent(topic)}&limit=1`, signal, (response) => response.json())
    return answer.ok ? { ok: true, value: answer.value.cascades[0] ?? null } : answer
  }

  /** Other roots that said the same at about that time. */
  story(root: string, signal: AbortSignal): Promise<CascadeAnswer<Story>> {
    return this.#ask(pathOf({ root, which: null }, '/story'), signal, (response) => response.json())
  }

  detail(question: CascadeQuestion, signal: AbortSignal): Promise<CascadeAnswer<NamedDetail>> {
    return this.#ask(pathOf(question), signal, (response) => response.json())
  }

  /** `tag` is the same where the bytes are. */
  tree(question: CascadeQuestion, signal: AbortSignal): Promise<CascadeAnswer<{ readonly bytes: ArrayBuffer; readonly tag: string | null }>> {
    return this.#ask(pathOf(question, '/tree'), signal, async (response) => ({ bytes: await response.arrayBuffer(), tag: response.headers.get('etag') }))
  }

  inferred(question: CascadeQuestion, signal: AbortSignal): Promise<CascadeAnswer<InferredEdges>> {
    return this.#ask(pathOf(question, '/inferred'), signal, (response) => response.json())
  }

  /** Null: no stored mention has its hash. */
  id({ root, which }: { readonly root: string; readonly which: Which }, node: number, signal: AbortSignal): Promise<CascadeAnswer<string | null>> {
    return this.#ask(`api/cascades/${encodeURIComponent(root)}/ids?which=${which}&from=${node}&to=${node + 1}`, signal, async (response) => ((await response.json()) as { ids: (string | null)[] }).ids[0] ?? null)
  }

  async #ask<T>(path: string, signal: AbortSignal, read: (response: Response) => Promise<T>): Promise<CascadeAnswer<T>> {
    try {
      const response = await this.#fetch(new URL(path, this.#page), { signal, credentials: 'same-origin' })
      if (response.ok) return { ok: true, value: await read(response) }
      return { ok: false, ...await refusalOf(response, { 'unknown-cascade': 'unknown' }) }
    } catch (error) {
      return { ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error) }
    }
  }
}

const pathOf = ({ root, which }: CascadeQuestion, part = ''): string => `api/cascades/${encodeURIComponent(root)}${part}${which === null ? '' : `?which=${which}`}`
