// The same core on a recording, in this process: batches are enriched and applied one after the other, and the last second is closed.
import type { BacktestLine, SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { HourOfWeek } from './core/4-detect/reason.ts'
import { Engine } from './core/engine.ts'
import type { Effect } from './core/input.ts'
import type { Counters } from './core/tally.ts'
import { compileRules } from './pipeline/compile-rules.ts'
import { readRecordings } from './recording.ts'

export interface BacktestOptions {
  readonly rules: Rules
  readonly rulesText: string
  readonly files: readonly string[]
  readonly startedAt: number // ms; the ingest time of everything, so that what a live engine would call skewed is skewed here
  readonly hourOfWeek?: HourOfWeek // that of the room; absent: words say the hour in UTC
  readonly onFuture?: (firstMs: number) => void // told where the recording itself begins in the future and nothing is skewed
  /** Gets the events in their order; the recording waits for it. */
  readonly onEvents: (events: readonly BacktestLine[]) => Promise<void> | void
  readonly onRead?: (bytes: number) => void
}

/** As a room has it where its settings say nothing. */
const cascades = { nodesMax: 2_000_000, quietSeconds: 172_800 } as const

/** What the recording held, and how many events it gave. */
export interface BacktestSummary extends Counters {
  readonly spikes: number
  readonly clears: number
  readonly alarms: number // of the baseline that began
  readonly spread: number // spread rules that cascades reached
  readonly ignitions: number
  readonly coordinations: number
  readonly batches: number
}

/** Deterministic: the same files, rules and start give the same events, and the start matters to times ahead of it only. Throws RecordingUnreadable where a file cannot be read. */
export async function backtest(options: BacktestOptions): Promise<BacktestSummary> {
  const engine = new Engine({ rules: options.rules, rulesSeq: 0, stream: 0, cascades, ...(options.hourOfWeek ? { hourOfWeek: options.hourOfWeek } : {}) })
  const enrich = compileRules(options.rulesText, 0)
  const totals = { spike: 0, clear: 0, spread: 0, ignition: 0, coordination: 0, batches: 0 }
  const alarms = new Set<string>() // one that rises in grade is one
  const carryOut = async (effects: readonly Effect[]): Promise<void> => {
    const events = effects.flatMap((effect) => (effect.kind === 'event' ? [lineOf(effect.event)] : []))
    for (const event of events) {
      if (event.kind !== 'baseline') totals[event.kind] += event.kind === 'spread' && event.state === 'end' ? 0 : 1
      else alarms.add(`${event.topic}/${event.platform ?? ''}/${event.since}`)
    }
    if (events.length > 0) await options.onEvents(events)
  }
  const { startedAt: ingestedAt, onRead, onFuture } = options
  for await (const raw of readRecordings(options.files, { ingestedAt, ...(onRead ? { onRead } : {}), ...(onFuture ? { onFuture } : {}) })) {
    totals.batches++
    await carryOut(engine.step({ kind: 'batch', batch: enrich(raw) }))
  }
  await carryOut(engine.step({ kind: 'command', seq: totals.batches + 1, now: 0, command: { kind: 'end' } }))
  return { ...engine.counters, spikes: totals.spike, clears: totals.clear, alarms: alarms.size, spread: totals.spread, ignitions: totals.ignition, coordinations: totals.coordination, batches: totals.batches }
}

/** The event without its id, keys in the order of the contract. */
function lineOf(event: SpikeEvent): BacktestLine {
  const { id: _ofNats, ...line } = event
  return line
}
