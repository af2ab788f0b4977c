// Where an engine begins: at the position that is stored for its stream, with the rules that were in force there, its windows filled from
// what is stored, and its thresholds and alerts as they were told. Without a position it begins at the first message, with the rules of the file.
import type { Command } from '@groundswell/schemas/command.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { pastCounts, positionOf, rulesAt } from '../io/clickhouse/reads.ts'
import { nothingRemembered, type Remembered } from '../core/remembered.ts'
import { commandsOf } from '../pipeline/fill.ts'
import type { Store } from '../ports.ts'
import { rememberedAt } from './remember.ts'

type Fill = Extract<Command, { kind: 'fill' }>

export interface Beginning {
  readonly position: number // the first message read is the one behind it
  readonly rulesSeq: number
  readonly rulesText: string
  readonly rules: Rules
  readonly clock: number | null // event clock, seconds
  readonly remembered: Remembered
  readonly fills: readonly Fill[] // to be applied before anything is read; empty for a first start
}

const noRules = 'topics: []\n'

/** `fileText`: the checked rules file, null where there is none. */
export async function beginningOf(store: Store, stream: number, fileText: string | null): Promise<Beginning> {
  const position = await positionOf(store, stream)
  const stored = position > 0 ? await rulesAt(store, stream, position) : null
  const { seq: rulesSeq, text: rulesText } = stored ?? { seq: 0, text: fileText ?? noRules }
  const parsed = parseRules(rulesText)
  if (!parsed.ok) throw new Error(`the stored rules of sequence ${rulesSeq} are no longer accepted by this version: ${parsed.problems[0]?.message ?? ''}`)
  const beginning = { position, rulesSeq, rulesText, rules: parsed.rules }
  const newest = position > 0 ? await newestSecond(store, stream, position) : null
  if (newest === null) return { ...beginning, clock: null, remembered: nothingRemembered, fills: [] }
  const topics = parsed.rules.topics.map((topic) => topic.id)
  const remembered = await rememberedAt(store, { stream, clock: newest, topics })
  const clock = remembered.events.reduce((second, event) => (event.second > newest ? Math.max(second, event.second + 1) : second), newest)
  const past = await pastCounts(store, topics, { stream, beforeSeq: position + 1, newestSecond: clock })
  return { ...beginning, clock, remembered, fills: commandsOf(past.map((p) => ({ id: p.id, seconds: [...p.seconds], minutes: [...p.minutes] })), rulesSeq) }
}

/**
 * The newest second of a counted mention up to the position, or null. Idle ticks may have moved the clock beyond it: as far as an event
 * tells of it, the clock goes on from there, and the next tick does the rest.
 */
async function newestSecond(store: Store, stream: number, position: number): Promise<number | null> {
  const [row] = await store.query<{ newest: number; rows: number }>(
    'SELECT toUnixTimestamp(max(ts)) AS newest, count() AS rows FROM mentions WHERE fate = 0 AND stream = {stream:UInt64} AND seq <= {position:UInt64}', { stream, position })
  return row && row.rows > 0 ? row.newest : null
}
