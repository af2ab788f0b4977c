// What `groundswell doctor` cannot see from outside: told by the engine itself at GET /api/doctor.
import type { Inside } from '../doctor/running.ts'
import { lookAtTables } from '../doctor/tables.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import type { House } from './house.ts'

export async function insideOf(house: Pick<House, 'version' | 'stream' | 'inserter' | 'store'>, problems: House['problems']['list'], sample: MetricsSample): Promise<Inside> {
  const looked = await lookAtTables(house.store).then((tables) => ({ tables, tablesError: null }), (error: Error) => ({ tables: null, tablesError: error.message }))
  const { destinationsDisabled = null, sourcesBlind = null, canarySeconds = null, canaryAgeSeconds = null } = sample
  return {
    version: house.version, pid: process.pid, position: { stream: house.stream.created, seq: house.inserter.position }, problems, ...looked,
    destinationsDisabled, sourcesBlind, canarySeconds, canaryAgeSeconds,
  }
}
