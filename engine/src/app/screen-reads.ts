// Reads of the store for whoever waits at a screen. A busy store is waited for; one that leaves a ping unanswered is away, and who asked is
// told so in one sentence within seconds, instead of after the half minute that a read may take.
import { said } from '@groundswell/schemas/problem.ts'
import type { ClickhouseStore } from '../io/clickhouse/store.ts'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import { refusal } from '../io/http/answer.ts'

type Source = Pick<ClickhouseStore, 'query' | 'queryChunks' | 'ping'>

/** After `calmMs` without an answer the store is pinged, and again after as long; no query holds a ping up. */
const screenLimits = { calmMs: 1000, pingMs: 2000 } as const

export interface ScreenReads {
  /** The store, whose queries throw StoreDown as soon as it is known to be away. */
  readonly reader: Pick<Source, 'query' | 'queryChunks'>
  /** Throws a Refusal where the store is away: while `work` is under way, or as it says. */
  told<Answer>(work: Promise<Answer>): Promise<Answer>
}

export function screenReads(store: Source, { calmMs, pingMs }: { readonly calmMs: number; readonly pingMs: number } = screenLimits): ScreenReads {
  let under: Promise<void> | null = null
  let away: unknown = null // why, for a moment after a ping failed: who waits for a turn does not wait for a ping each
  async function ping(): Promise<void> {
    if (away !== null) throw away
    try {
      await (under ??= store.ping(pingMs).finally(() => { under = null }))
    } catch (error) {
      away ??= error
      setTimeout(() => { away = null }, calmMs).unref()
      throw error
    }
  }
  async function unlessAway<Answer>(work: Promise<Answer>): Promise<Answer> {
    const given = Promise.withResolvers<never>()
    const look = (): void => { void ping().catch(given.reject) }
    const timer = setInterval(look, calmMs)
    try {
      return await Promise.race([work, given.promise])
    } finally {
      clearInterval(timer)
    }
  }
  return {
    reader: {
      query: async <Row>(...asked: Parameters<Source['query']>) => {
        if (away !== null) throw away
        return unlessAway(store.query<Row>(...asked))
      },
      queryChunks: (...asked) => store.queryChunks(...asked),
    },
    told: (work) => unlessAway(work).catch((error: unknown) => { throw whileAway(error, 'read') }),
  }
}

/** The refusal where the store is away; any other error as it is. */
export function whileAway(error: unknown, done: 'read' | 'counted'): unknown {
  if (!(error instanceof StoreDown)) return error
  return refusal(503, 'store-down', { detail: said(`store-${done}`, { words: error.message }), hint: said('nothing-lost') })
}
