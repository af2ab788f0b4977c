// What the engine's main thread does for a mention of the throughput bench, on one core: the core's step while the cascades fill their room and once it is full, and
// what becomes of the cascades that leave it: a row each and its line.
import { parseRules } from '@groundswell/engine/src/core/2-enrich/rules-file.ts'
import type { EnrichedBatch, RawBatch } from '@groundswell/engine/src/core/batch.ts'
import { Engine } from '@groundswell/engine/src/core/engine.ts'
import type { Effect } from '@groundswell/engine/src/core/input.ts'
import { rowOfCascade } from '@groundswell/engine/src/io/clickhouse/cascade-rows.ts'
import { compileRules } from '@groundswell/engine/src/pipeline/compile-rules.ts'
import { generateTraffic, renew, trafficShape, type PreparedMessage } from './generate.ts'
import { quantile } from './results.ts'

const messagesPerBatch = 56 // about 1 MiB, as the loop cuts them
const poolMessages = 2000 // as the publisher of the throughput bench has them
const aheadBatches = 16 // enriched before they are timed
const begin = 1_700_000_000_000
const perBatch = messagesPerBatch * trafficShape.mentionsPerMessage

/** Microseconds a mention, of the core's CPU. */
interface Cost { readonly step: number; readonly rows: number; readonly lines: number; readonly stepMsMax: number }
export interface CoreCost { readonly filling: Cost; readonly full: Cost; readonly cascadesAThousand: number }

/** `npm run bench -- core`: so many mentions at `rate` a second of event time; half of them find the room full. */
export function measureCore({ mentions = 4_000_000, rate = 80_000 }: { readonly mentions?: number; readonly rate?: number } = {}): CoreCost {
  const traffic = new Batches(rate)
  const parsed = parseRules(traffic.rules)
  if (!parsed.ok) throw new Error(`the bench's own rules are refused: ${parsed.problems[0]?.message ?? ''}`)
  const engine = new Engine({ rules: parsed.rules, rulesSeq: 0, stream: 1, cascades: { nodesMax: mentions / 2, quietSeconds: 172_800 } })
  const filling: Round[] = []
  const full: Round[] = []
  let cascades = 0
  for (let done = 0; done < mentions; done += aheadBatches * perBatch) {
    const isFull = engine.spread.nodes === mentions / 2
    const round = roundOf(engine, traffic.next())
    if (isFull) cascades += round.cascades
    ;(isFull ? full : filling).push(round)
  }
  return { filling: costOf(filling), full: costOf(full), cascadesAThousand: Math.round((1000 * cascades) / (full.length * aheadBatches * perBatch)) }
}

interface Round { readonly step: number; readonly rows: number; readonly lines: number; readonly stepMsMax: number; readonly cascades: number }

function roundOf(engine: Engine, batches: readonly EnrichedBatch[]): Round {
  const effects: Effect[] = []
  let stepMsMax = 0
  const step = coreMs(() => {
    for (const batch of batches) {
      const began = performance.now()
      for (const effect of engine.step({ kind: 'batch', batch })) effects.push(effect)
      stepMsMax = Math.max(stepMsMax, performance.now() - began)
    }
  })
  const rows: unknown[] = []
  const rowMs = coreMs(() => { for (const effect of effects) if (effect.kind === 'cascade') rows.push(rowOfCascade(effect)) })
  let bytes = 0
  const lines = coreMs(() => { for (const row of rows) bytes += Buffer.from(`${JSON.stringify(row)}\n`).length })
  if (rows.length > 0 && bytes === 0) throw new Error('rows without bytes')
  const micros = (ms: number): number => (ms * 1000) / (batches.length * perBatch)
  return { step: micros(step), rows: micros(rowMs), lines: micros(lines), stepMsMax, cascades: rows.length }
}

/** Medians; the first fifth is warm-up. */
function costOf(rounds: readonly Round[]): Cost {
  const warm = rounds.slice(Math.floor(rounds.length / 5))
  const median = (of: (round: Round) => number): number => Number(quantile(warm.map(of), 0.5).toFixed(2))
  return { step: median(({ step }) => step), rows: median(({ rows }) => rows), lines: median(({ lines }) => lines), stepMsMax: Number(Math.max(...warm.map(({ stepMsMax }) => stepMsMax)).toFixed(1)) }
}

/** The traffic of the throughput bench, enriched. */
class Batches {
  readonly rules: string
  readonly #messages: readonly PreparedMessage[]
  readonly #enrich: ReturnType<typeof compileRules>
  readonly #messageMs: number
  #sent = 0

  constructor(rate: number) {
    const { messages, rules } = generateTraffic({ seed: 1, messages: poolMessages, escaped: false })
    this.#messages = messages
    this.rules = rules
    this.#enrich = compileRules(rules, 0)
    this.#messageMs = (1000 * trafficShape.mentionsPerMessage) / rate
  }

  next(): EnrichedBatch[] { return Array.from({ length: aheadBatches }, () => this.#enrich(this.#raw())) }

  #raw(): RawBatch {
    const first = this.#sent
    this.#sent += messagesPerBatch
    const times = Float64Array.from({ length: messagesPerBatch }, (_, i) => Math.floor(begin + (first + i) * this.#messageMs))
    const messages = Array.from(times, (time, i) => {
      const message = this.#messages[(first + i) % poolMessages]!
      renew(message, Math.floor((first + i) / poolMessages) + 1, time)
      return message
    })
    let end = 0
    return {
      bytes: new Uint8Array(Buffer.concat(messages.map(({ data }) => data))), ends: Uint32Array.from(messages, ({ data }) => (end += data.length)), stream: 1, skewCheck: true,
      seqs: Float64Array.from(messages, (_, i) => first + i + 1), times, platforms: messages.map(({ subject }) => subject.slice('mentions.'.length)),
    }
  }
}

/** Milliseconds of the core. */
function coreMs(work: () => void): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}
