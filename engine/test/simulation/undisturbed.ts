// What an engine that nothing ever happened to makes of the same stream history: every insert with its bytes, every effect with the
// insert that it belongs to, and the engine itself.
import { deadLetterColumns, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { Engine } from '../../src/core/engine.ts'
import type { EngineOptions } from '../../src/core/engine-options.ts'
import type { RawBatch } from '../../src/core/batch.ts'
import type { Effect, Input } from '../../src/core/input.ts'
import { mergedNative } from '../../src/io/clickhouse/native-merge.ts'
import { shareRules } from '../../src/io/pool/pool.ts'
import { createCarryOut } from '../../src/pipeline/carry-out.ts'
import { Cutter } from '../../src/pipeline/cut.ts'
import { Gather } from '../../src/pipeline/inserts.ts'
import type { StreamMessage } from '../../src/ports.ts'
import { parsedRules } from './parsed-rules.ts'
import { poisonIn } from './poison.ts'
import { enrich } from './sim-pool.ts'

export interface Expected {
  readonly engine: Engine
  readonly inserts: ReadonlyMap<string, Buffer> // token → bytes: mentions, dead letters, spikes, alerts, rules
  readonly effects: readonly { readonly effect: Effect; readonly last: number }[] // last: the end of its insert
  readonly rulesText: string // in force at the end
}

export type CoreOptions = Pick<EngineOptions, 'cooldownSeconds' | 'silence'> & { readonly seenMax: number }
export interface HistoryOptions extends CoreOptions {
  readonly rules: string
  readonly stream: number
  readonly insertWeightMax?: number
  readonly endsAt?: number // an insert ends here, whatever its weight is
  readonly engine?: Engine // that goes on; the default is a new one
}

export function fold(history: readonly StreamMessage[], { rules, stream, insertWeightMax, endsAt, engine: goesOn, ...core }: HistoryOptions): Expected {
  const engine = goesOn ?? new Engine({ rules: parsedRules(rules), rulesSeq: 0, stream, ...core })
  const cutter = new Cutter({ stream, rules: shareRules(0, rules), ...(endsAt === undefined ? {} : { stored: endsAt }), ...(insertWeightMax === undefined ? {} : { insertWeightMax }) })
  const gather = new Gather(1)
  const inserts = new Map<string, Buffer>()
  const effects: { effect: Effect; last: number }[] = []
  const carryOut = createCarryOut({
    stream: { created: stream, announce: nothing }, enqueue: nothing, fill: () => () => undefined, forget: () => nothing, signal: new AbortController().signal,
    onEvent: () => undefined, onRules: () => undefined, onRefused: () => undefined, onAnnounceFailed: () => undefined,
  })
  let pending: Effect[] = []
  let rulesText = rules
  const step = (input: Input): void => {
    for (const effect of engine.step(input)) {
      carryOut(effect, gather, input.kind === 'batch' ? input.batch.times.at(-1)! : input.now)
      if (effect.kind === 'rules') rulesText = effect.text
      pending.push(effect)
    }
  }
  for (const work of cutter.cut(history)) {
    if (work.kind === 'batch') {
      const batch = enrich(leftOut(work.raw), work.rules)
      step({ kind: 'batch', batch })
      gather.batch(batch)
    } else if (work.kind === 'tick' || work.kind === 'command') step(work)
    else if (work.kind === 'canary') gather.row('canaries', { id: work.canary.id, seq: work.seq })
    if ((work.kind === 'batch' || work.kind === 'canary') && !work.endsInsert) continue
    for (const effect of pending) effects.push({ effect, last: work.seq })
    pending = []
    const insert = gather.end(work.seq)
    if (!insert) continue
    const token = (table: string): string => `${stream}:${table}:${insert.first}-${insert.last}`
    if (insert.mentions.length > 0) inserts.set(token('mentions'), Buffer.concat([...mergedNative(mentionColumns, insert.mentions)]))
    if (insert.deadLetters.length > 0) inserts.set(token('dead_letters'), Buffer.concat([...mergedNative(deadLetterColumns, insert.deadLetters)]))
    for (const [table, rows] of insert.tables) inserts.set(token(table), Buffer.from(JSON.stringify(rows)))
  }
  for (const effect of pending) effects.push({ effect, last: Infinity })
  return { engine, inserts, effects, rulesText }
}

/** As `survive` finds it out, with every poison line left out. */
function leftOut(raw: RawBatch): RawBatch {
  const poison = poisonIn(raw)
  return poison.length === 0 ? raw : { ...raw, poison }
}

async function nothing(): Promise<void> { /* there is no world to carry it out in */ }
