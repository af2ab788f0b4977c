// What the store holds of thresholds and alerts at the engine's position: a restarted engine goes on from it, so that a crisis that was
// told is not told again.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'

/** A stored event; `second` is its `at` in seconds since 1970, `since` that of an event of the baseline. */
export interface RememberedEvent { readonly event: SpikeEvent; readonly second: number; readonly since?: number }

/** In any order. Nothing of it may come from inputs behind the position: they are read again. */
export interface Remembered {
  readonly events: readonly RememberedEvent[] // of each topic × rule × kind at least the last, and of each topic × state of the baseline
  readonly alerts: readonly AlertRow[] // as they were stored: only the last alert of an episode says when it cleared. Of each topic at least the three newest
  readonly anew?: readonly string[] // topics whose query changed lately: they are counted anew, and wait for that
}

type Slice = readonly [at: number, count: number] // second or minute since 1970, ascending

/** Times of arrival are those of stored mentions, in ms: of a message that held nothing new none is known. */
export interface RecalledSource {
  readonly platform: string
  readonly newestAt: number
  readonly minutes: readonly Slice[] // its mentions of the last hour
  readonly arrivals: readonly number[] // the newest, ascending: its cadence
  readonly firstAt: number // the oldest of the hours that were looked at
  readonly longestMs: number // the longest silence within these hours
}

/** What the wall shows besides topics, as the store has it at the position: so that a restart does not read as calm. */
export interface Recalled {
  readonly since: number // second of the first counted mention: nothing is known from before it
  readonly tally: { readonly counted: number; readonly late: number; readonly skewed: number; readonly deadLetters: number }
  readonly seconds: readonly Slice[] // counted mentions of the last minute
  readonly minutes: readonly Slice[] // and of the last hour
  readonly sources: readonly RecalledSource[]
  readonly newest: readonly { readonly topic: string; readonly at: number }[] // ingest time (ms) of each topic's newest mention
}

export const nothingRemembered: Remembered = { events: [], alerts: [] }
