// What the rules editor asks of the engine over HTTP: the rules in force, a text checked and edited, a query tried, a topic tested on the past, and saving.
// A refusal is a value with a reason.
import type { BacktestLine, PreviewAnswer, RulesProblemAt, RulesText } from '@groundswell/schemas/rules-desk.ts'
import { toldIn, type EngineSaid } from './refusal.ts'

export type RulesFailure = 'token' | 'role' | 'wrong' | 'changed' | 'busy' | 'refused' | 'away'
/** What is asked again by itself: of the others nothing would be another answer. */
export const passing: ReadonlySet<RulesFailure> = new Set(['away', 'busy'])
export interface RulesRefusal extends EngineSaid { readonly ok: false; readonly why: RulesFailure; readonly body: Readonly<Record<string, unknown>> }
/** token: the engine wants to see one · role: he may not · wrong: what was sent is, `body` says where · changed: others are in force · busy: later · away: nobody answered. */
export type RulesAnswer<T> = { readonly ok: true; readonly value: T } | RulesRefusal

export interface PlacedProblem extends RulesProblemAt { readonly path: string } // path: topics.0.query
export interface RulesChecked { readonly text: string; readonly topics: readonly unknown[] | null; readonly problems: readonly PlacedProblem[]; readonly notes: readonly PlacedProblem[] }
export interface NamedTopic { readonly id: string; readonly zh: string; readonly en: string }
export type TopicPart = 'name' | 'query' | 'velocity' | 'baseline' | 'spread'
interface Changed<Topic> { readonly count: number; readonly topics: readonly Topic[] } // topics: the first of them
/** What is different from the version before; `rest`: the text alone. */
export interface RulesChanges { readonly added: Changed<NamedTopic>; readonly removed: Changed<NamedTopic>; readonly changed: Changed<NamedTopic & { readonly parts: readonly TopicPart[] }>; readonly rest: boolean }
export interface TopicChange { readonly at: number | null; readonly topic: unknown }
export interface SavedRules { readonly stream: number; readonly seq: number; readonly by: string | null; readonly at: number; readonly size: number }
export type BacktestDone = Extract<BacktestLine, { done: true }>

const patienceMs = 30_000
const savingMs = 60_000 // the engine waits for its stream, asks it again, and waits until the rules are in force

export class RulesApi {
  readonly #page: URL
  readonly #fetch: typeof fetch

  constructor(page: URL, ask: typeof fetch = (...args) => fetch(...args)) {
    this.#page = page
    this.#fetch = ask
  }

  inForce(signal?: AbortSignal): Promise<RulesAnswer<RulesText>> { return this.#ask('GET', 'api/rules', { signal }) }
  save(asked: { readonly text: string; readonly base: number }): Promise<RulesAnswer<RulesText>> { return this.#ask('PUT', 'api/rules', { body: asked, ms: savingMs }) }
  history(signal?: AbortSignal): Promise<RulesAnswer<{ readonly rules: readonly SavedRules[] }>> { return this.#ask('GET', 'api/rules/history', { signal }) }
  textOf({ seq, stream }: Pick<SavedRules, 'seq' | 'stream'>, signal?: AbortSignal): Promise<RulesAnswer<{ readonly text: string }>> { return this.#ask('GET', `api/rules/history?seq=${seq}&stream=${stream}`, { signal }) }
  changesOf({ seq, stream }: Pick<SavedRules, 'seq' | 'stream'>, signal?: AbortSignal): Promise<RulesAnswer<{ readonly changes: RulesChanges | null }>> { return this.#ask('GET', `api/rules/history?seq=${seq}&stream=${stream}&changes=1`, { signal }) }
  check(text: string, edit: TopicChange | null, signal?: AbortSignal): Promise<RulesAnswer<RulesChecked>> { return this.#ask('POST', 'api/rules/edit', { body: { text, edit }, signal }) }
  preview(asked: { readonly query: string; readonly lang: 'zh' | 'en'; readonly limit: number }, signal: AbortSignal): Promise<RulesAnswer<PreviewAnswer>> { return this.#ask('POST', 'api/rules/preview', { body: asked, signal }) }

  /** For as long as it takes; `onShare` is told how far it is, 0 to 1. Aborting ends it in the engine too. */
  async backtest(asked: { readonly topic: unknown; readonly days: number }, { signal, onShare }: { readonly signal: AbortSignal; readonly onShare: (share: number) => void }): Promise<RulesAnswer<BacktestDone>> {
    try {
      const response = await this.#send('POST', 'api/rules/backtest', { body: asked, signal })
      if (!response.ok || response.body === null) return refusal(response.status, await response.json().catch(() => null))
      let result: BacktestDone | null = null
      for await (const line of linesOf(response.body)) {
        if (line.done) result = line
        else onShare(line.share)
      }
      return result === null ? cut : { ok: true, value: result }
    } catch (error) {
      return away(error)
    }
  }

  async #ask<T>(method: string, path: string, { body, signal, ms = patienceMs }: { readonly body?: unknown; readonly signal?: AbortSignal | undefined; readonly ms?: number }): Promise<RulesAnswer<T>> {
    const patience = AbortSignal.timeout(ms)
    try {
      const response = await this.#send(method, path, { body, signal: signal === undefined ? patience : AbortSignal.any([signal, patience]) })
      const answer: unknown = await response.json().catch(() => null)
      return response.ok ? { ok: true, value: answer as T } : refusal(response.status, answer)
    } catch (error) {
      return away(error)
    }
  }

  #send(method: string, path: string, { body, signal }: { readonly body: unknown; readonly signal: AbortSignal }): Promise<Response> {
    const written = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return this.#fetch(new URL(path, this.#page), { method, credentials: 'same-origin', signal, ...written })
  }
}

const cut: RulesRefusal = { ok: false, why: 'away', detail: 'the answer ended before the result', body: {} }
const away = (error: unknown): RulesRefusal => ({ ok: false, why: 'away', detail: error instanceof Error ? error.message : String(error), body: {} })

function refusal(status: number, answer: unknown): RulesRefusal {
  const body = (answer ?? {}) as Readonly<Record<string, unknown>>
  const why = ({ 400: 'wrong', 401: 'token', 403: 'role', 409: 'changed', 422: 'wrong', 429: 'busy', 503: 'busy' } as const)[status] ?? 'refused'
  return { ok: false, why, ...toldIn(answer, status), body }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<BacktestLine> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    rest += value ?? ''
    const lines = rest.split('\n')
    rest = done ? '' : lines.pop()!
    for (const line of lines) if (line !== '') yield JSON.parse(line) as BacktestLine
    if (done) return
  }
}
