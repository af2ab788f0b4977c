// The numbers of `/api/stats`: those of the engine, and the direct count of the store, or in one sentence why there is none now.
import type { Stats } from '@groundswell/schemas/stats.ts'
import { storedCount } from '../io/clickhouse/reads.ts'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import { Refusal } from '../io/http/answer.ts'
import type { House } from './house.ts'

const countMs = 3000 // whoever watches asks again soon; a store that hangs is not waited for

export async function statsOf({ store, engine, stream, inserter }: Pick<House, 'store' | 'engine' | 'stream' | 'inserter'>, ms: number = countMs): Promise<Stats> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new StoreDown(`no answer within ${ms / 1000} s`)), ms)
  try {
    const stored = await Promise.race([storedCount(store), late.promise])
    const { counted, duplicates, late: lateOnes, skewed, deadLetters } = engine.counters
    return { stored, counted, duplicates, late: lateOnes, skewed, deadLetters, position: { stream: stream.created, seq: inserter.position } }
  } catch (error) {
    if (!(error instanceof StoreDown)) throw error
    throw new Refusal(503, { error: 'store-down', detail: `ClickHouse cannot be counted now: ${error.message}`, hint: 'mentions wait in the stream and nothing is lost; look at /api/health, and ask again' })
  } finally {
    clearTimeout(timer)
  }
}
