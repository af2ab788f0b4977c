// Backtests that were asked for at this desk, one after the other as the engine makes them, each kept for as long as the page is open.
import type { BacktestDone, RulesApi, RulesFailure } from '../live/rules-api.ts'
import { rest } from './rest.ts'
import { topicKey } from './topic-draft.ts'
import type { EngineSaid } from '../live/refusal.ts'

export type BacktestState =
  | { readonly state: 'waiting' } | { readonly state: 'running'; readonly share: number }
  | { readonly state: 'done'; readonly result: BacktestDone } | ({ readonly state: 'failed'; readonly why: RulesFailure } & EngineSaid)

export const backtestDays = 30
const keptMax = 50 // the oldest is forgotten
const againMs = 2_000 // while somebody else's is under way

export class BacktestBook {
  readonly #api: Pick<RulesApi, 'backtest'>
  readonly #closed = new AbortController()
  #kept = $state.raw<ReadonlyMap<string, BacktestState>>(new Map())
  #queue: { readonly key: string; readonly topic: unknown }[] = []
  #under: { readonly key: string; readonly stop: AbortController } | null = null

  constructor(api: Pick<RulesApi, 'backtest'>) { this.#api = api }

  /** Null: nobody has asked. */
  of(topic: unknown): BacktestState | null { return topic === null ? null : this.#kept.get(topicKey(topic)) ?? null }
  get isBusy(): boolean { return [...this.#kept.values()].some(({ state }) => state === 'waiting' || state === 'running') }

  /** Once a topic; one that failed is tried again. */
  ask(topic: unknown): void {
    const key = topicKey(topic)
    const known = this.#kept.get(key)
    if (known !== undefined && known.state !== 'failed') return
    this.#put(key, { state: 'waiting' })
    this.#queue.push({ key, topic })
    void this.#next()
  }

  /** Whatever waits or runs. */
  cancel(): void {
    const gone = new Set([...this.#queue.map(({ key }) => key), ...(this.#under === null ? [] : [this.#under.key])])
    this.#queue = []
    this.#under?.stop.abort()
    this.#kept = new Map([...this.#kept].filter(([key]) => !gone.has(key)))
  }

  close(): void {
    this.cancel()
    this.#closed.abort()
  }

  async #next(): Promise<void> {
    if (this.#under !== null || this.#closed.signal.aborted) return
    const next = this.#queue.shift()
    if (next === undefined) return
    const stop = new AbortController()
    this.#under = { key: next.key, stop }
    await this.#make(next, stop.signal)
    this.#under = null
    void this.#next()
  }

  async #make({ key, topic }: { readonly key: string; readonly topic: unknown }, signal: AbortSignal): Promise<void> {
    for (;;) {
      const answer = await this.#api.backtest({ topic, days: backtestDays }, { signal, onShare: (share) => { if (!signal.aborted) this.#put(key, { state: 'running', share }) } })
      if (signal.aborted) return
      if (answer.ok) return this.#put(key, { state: 'done', result: answer.value })
      if (answer.body['error'] !== 'backtest-running') return this.#put(key, { state: 'failed', why: answer.why, detail: answer.detail, said: answer.said })
      await rest(againMs, signal)
      if (signal.aborted) return
    }
  }

  #put(key: string, state: BacktestState): void {
    const kept = new Map(this.#kept)
    kept.set(key, state)
    for (const old of kept.keys()) if (kept.size > keptMax && !['waiting', 'running'].includes(kept.get(old)!.state)) kept.delete(old)
    this.#kept = kept
  }
}
