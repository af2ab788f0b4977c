// The numbers of `/api/stats`: those of the engine, and the direct count of the store, or in one sentence why there is none now.
import type { Stats } from '@groundswell/schemas/stats.ts'
import { storedCount } from '../io/clickhouse/reads.ts'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import type { House } from './house.ts'
import { whileAway } from './screen-reads.ts'

const countMs = 3000 // whoever watches asks again soon; a store that hangs is not waited for

export async function statsOf({ store, engine, stream, inserter }: Pick<House, 'store' | 'engine' | 'stream' | 'inserter'>, ms: number = countMs): Promise<Stats> {
  const late = Promise.withResolvers<never>()
  const position = { stream: stream.created, seq: inserter.position } // before the store is asked: what is stored up to here is in its count
  const timer = setTimeout(() => late.reject(new StoreDown(`no answer within ${ms / 1000} s`)), ms)
  try {
    const stored = await Promise.race([storedCount(store), late.promise])
    const { counted, duplicates, late: lateOnes, skewed, deadLetters } = engine.counters
    return { stored, counted, duplicates, late: lateOnes, skewed, deadLetters, position }
  } catch (error) {
    throw whileAway(error, 'counted')
  } finally {
    clearTimeout(timer)
  }
}
