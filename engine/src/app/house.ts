// What the parts of a running engine share, once it is open.
import type { Mode, Problem } from '@groundswell/schemas/live.ts'
import type { Forgotten } from '@groundswell/schemas/subjects.ts'
import type { Engine } from '../core/engine.ts'
import type { ClickhouseStore } from '../io/clickhouse/store.ts'
import type { Log } from '../io/log/log.ts'
import type { Metrics } from '../io/metrics/metrics.ts'
import type { EnrichPool } from '../io/pool/pool.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { Enriching } from '../loop.ts'
import type { Checkpointer } from '../pipeline/checkpointer.ts'
import type { Canaries } from '../pipeline/canary.ts'
import type { Inserter } from '../pipeline/inserts.ts'
import type { Problems } from '../pipeline/problems.ts'
import type { RulesInForce } from '../pipeline/rules-in-force.ts'
import type { InputStream } from '../ports.ts'

export interface House {
  readonly settings: Settings
  readonly mode: Exclude<Mode, 'replay'>
  readonly version: string
  readonly log: Log
  readonly metrics: Metrics
  readonly problems: Problems
  readonly startNotes: () => readonly Problem[] // what the room must know of this start, for an hour
  readonly stream: InputStream
  readonly store: ClickhouseStore
  readonly engine: Engine
  readonly rules: RulesInForce
  readonly pool: EnrichPool
  readonly enriching: Enriching // of mentions from the stream
  readonly matching: Enriching // of stored mentions, for fills
  readonly inserter: Inserter
  readonly checkpointer: Checkpointer | null // null: none are made
  readonly figures: Figures
  readonly canaries: Canaries
}

/** What the shell itself counts. */
export interface Figures {
  storedRows: number // rows of the mentions table, as far as this engine knows
  inputAt: number // stream time of the newest applied input, ms; 0 before the first
  forgotten: Forgotten | null
  mentionsAt: number // stream time of the newest applied mentions, ms; 0 before the first
}

/** Opened parts, closed in reverse. */
export type Closers = (() => Promise<void>)[]
