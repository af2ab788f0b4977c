// Where an engine begins: at the position that is stored for its stream, with the rules that were in force there, its windows filled from
// what is stored, and its thresholds and alerts as they were told. Without a position it begins at the first message, with the rules of the file.
import type { Command } from '@groundswell/schemas/command.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { firstMinutesHour, hoursFrom, pastCounts, rulesDuring, type PastOptions } from '../io/clickhouse/past.ts'
import { positionOf, rulesAt } from '../io/clickhouse/reads.ts'
import type { Log } from '../io/log/log.ts'
import { nothingRemembered, type Remembered } from '../core/remembered.ts'
import { shareRules } from '../io/pool/pool.ts'
import type { Enriching } from '../loop.ts'
import { commandsOf, fillTopics } from '../pipeline/fill.ts'
import type { Store, StoredRule } from '../ports.ts'
import { countedSpans, knownSince, matchedAgain } from './known-past.ts'
import { rememberedAt } from './remember.ts'

type Fill = Extract<Command, { kind: 'fill' }>

export interface Opening {
  readonly position: number // the first message read is the one behind it
  readonly rulesSeq: number
  readonly rulesText: string
  readonly rules: Rules
  readonly clock: number | null // event clock, seconds
  readonly remembered: Remembered
  readonly past: Past | null // null for a first start
}

/** What fills the windows: a query by query, never all of it in memory. */
export interface Past {
  /** Topics that were the same for all of it, as they were matched: to be applied before anything is read. Bounded by the store's speed in counting. */
  steady(): AsyncIterable<Fill>
  readonly changed: readonly string[]
  /** Topics that came or changed within the seven days: their texts are matched again, which may take minutes. They go on *filling* until then. */
  rematched(): AsyncIterable<Fill>
}

const noRules = 'topics: []\n'

export interface Begun {
  readonly store: Store
  readonly pool: Pick<Enriching, 'run'>
  readonly stream: number
  readonly fileText: string | null // the checked rules file, null where there is none
  readonly log: Pick<Log, 'warn'>
}

/** Short whatever is stored: the past is read when it is asked for. */
export async function openBeginning({ store, pool, stream, fileText, log }: Begun): Promise<Opening> {
  const position = await positionOf(store, stream)
  // Kept as the rules of sequence 0, so that a file that is changed while the engine is off is known as a change.
  if (position === 0) await store.insertRows('rules', `${stream}:rules:0:${Date.now()}`, [{ stream, seq: 0, text: fileText ?? noRules }])
  const stored = position > 0 ? await rulesAt(store, stream, position) : null
  const { seq: rulesSeq, text: rulesText } = stored ?? { seq: 0, text: fileText ?? noRules }
  const parsed = parseRules(rulesText)
  if (!parsed.ok) throw new Error(`the stored rules of sequence ${rulesSeq} are no longer accepted by this version: ${parsed.problems[0]?.message ?? ''}`)
  const beginning = { position, rulesSeq, rulesText, rules: parsed.rules }
  const newest = position > 0 ? await newestSecond(store, stream, position) : null
  if (newest === null) return { ...beginning, clock: null, remembered: nothingRemembered, past: null }
  const topics = parsed.rules.topics.map((topic) => topic.id)
  const remembered = await rememberedAt(store, { stream, clock: newest, topics })
  const clock = remembered.events.reduce((second, event) => (event.second > newest ? Math.max(second, event.second + 1) : second), newest)
  const past = await pastOf({ store, pool, log, rules: parsed.rules, rulesSeq, rulesText }, { stream, beforeSeq: position + 1, newestSecond: clock })
  return { ...beginning, clock, remembered: { ...remembered, anew: past.changed }, past }
}

interface InForce extends Pick<Begun, 'store' | 'pool' | 'log'>, Pick<Opening, 'rules' | 'rulesSeq' | 'rulesText'> {}

async function pastOf({ store, pool, log, rules, rulesSeq, rulesText }: InForce, from: PastOptions): Promise<Past> {
  // Thousands of topics take a second to parse: each text once.
  const queries = new Map([[rulesText, queriesOf(rules)]])
  const isSteady = steadyDuring(await rulesDuring(store, from), queries)
  const isSteadyLong = steadyDuring(await rulesDuring(store, from, hoursFrom(from.newestSecond)), queries)
  const rulesTopics = rules.topics.map(({ id }) => id)
  const answers = from.beforeSeq - 1 // the position: a fill command from before the restart counted less than these
  const steady = rules.topics.filter(isSteady).map(({ id }) => id)
  const steadyLong = new Set(rules.topics.filter(isSteadyLong).map(({ id }) => id))
  const changed = rules.topics.filter((topic) => !isSteady(topic)).map(({ id }) => id)
  return {
    changed,
    steady: async function* () {
      if (steady.length === 0) return
      const known = await countedSpans(store, from)
      const knownOfWeek = knownSince(known, firstMinutesHour(from.newestSecond) * 3600)
      for await (const topic of pastCounts(store, steady, from)) yield* commandsOf([topic], { rulesSeq: answers, known: steadyLong.has(topic.id) ? known : knownOfWeek })
    },
    rematched: async function* () {
      if (changed.length === 0) return
      const { known, past } = await matchedAgain(store, from, log)
      yield* fillTopics({ answers, pool, rules: shareRules(rulesSeq, rulesText), topics: changed, rulesTopics, clock: from.newestSecond, past, known, stream: from.stream })
    },
  }
}

/** By id. */
type Queries = ReadonlyMap<string, string>
const queriesOf = ({ topics }: Rules): Queries => new Map(topics.map(({ id, query }) => [id, query]))

/** Whether a topic had the same query in all of these rules; `known` is added to, by text. */
function steadyDuring(stored: readonly StoredRule[], known: Map<string, Queries>): (topic: Rules['topics'][number]) => boolean {
  for (const { text } of stored) {
    if (known.has(text)) continue
    const parsed = parseRules(text)
    known.set(text, parsed.ok ? queriesOf(parsed.rules) : new Map())
  }
  return ({ id, query }) => stored.every(({ text }) => known.get(text)!.get(id) === query)
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
