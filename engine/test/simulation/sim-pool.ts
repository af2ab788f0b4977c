// The workers of the simulated world: they enrich with the product's own code, in this thread, in any order; a batch that holds a poison
// line kills its worker or hangs it, each time it is tried.
import { createEnricher } from '../../src/core/2-enrich/enrich.ts'
import { compileMatcher } from '../../src/core/2-enrich/matcher/compile.ts'
import { createLexiconScorer } from '../../src/core/2-enrich/sentiment.ts'
import type { EnrichedBatch, RawBatch } from '../../src/core/batch.ts'
import type { EnrichPool, SharedRules } from '../../src/io/pool/pool.ts'
import { WorkerFailed, type WhyFailed } from '../../src/io/pool/slot.ts'
import { parsedRules } from './parsed-rules.ts'
import { poisonIn } from './poison.ts'
import type { Life, World } from './world.ts'

// Compiling costs more than a whole seed, and thresholds are no part of it: by what the topics ask for, by text for those seen before.
const byQueries = new Map<string, (raw: RawBatch) => EnrichedBatch>()
const byText = new Map<string, (raw: RawBatch) => EnrichedBatch>()
const textsMax = 1000
const scorer = createLexiconScorer()

/** What a worker of the product does with a batch. */
export function enrich(raw: RawBatch, rules: SharedRules): EnrichedBatch {
  const text = new TextDecoder().decode(new Uint8Array(rules.text).slice())
  return { ...enricherOf(text)(raw), rulesSeq: rules.seq, work: { bytes: raw.bytes.length, seconds: 0 } }
}

function enricherOf(text: string): (raw: RawBatch) => EnrichedBatch {
  const known = byText.get(text)
  if (known) return known
  const rules = parsedRules(text)
  const queries = JSON.stringify(rules.topics.map(({ id, query }) => [id, query]))
  const enricher = byQueries.get(queries) ?? createEnricher({ matcher: compileMatcher(rules), scorer, rulesSeq: 0 })
  byQueries.set(queries, enricher)
  if (byText.size >= textsMax) byText.clear()
  byText.set(text, enricher)
  return enricher
}

export class SimPool implements Pick<EnrichPool, 'workers' | 'run'> {
  readonly workers = 3
  readonly #world: World
  readonly #life: Life
  readonly #chanceFailures: number
  readonly #failed = new Set<string>() // batches that failed by chance: once each, for twice is a line's fault

  constructor(world: World, life: Life, chanceFailures: number) {
    this.#world = world
    this.#life = life
    this.#chanceFailures = chanceFailures
  }

  /** The buffers are the worker's from the call on: whoever looks at them afterwards finds nothing. */
  async run(raw: RawBatch, rules: SharedRules, limitMs = 10_000): Promise<EnrichedBatch> {
    const own = copyOf(raw)
    for (const taken of [raw.bytes, raw.ends, raw.seqs, raw.times]) taken.fill(0)
    const poison = poisonIn(own)[0]
    if (poison?.why === 'hung') await this.#world.clockOf(this.#life).sleep(limitMs)
    return this.#world.call(this.#life, {
      port: 'pool', name: `enrich ${own.seqs[0]}-${own.seqs.at(-1)}`, error: (reason) => new Error(reason),
      effect: () => {
        if (poison) throw this.#fails(own, poison.why, 'workers that met a poison line')
        if (this.#failsByChance(own)) throw this.#fails(own, 'crashed', 'workers that failed by chance')
        return enrich(own, rules)
      },
    })
  }

  #fails(raw: RawBatch, why: WhyFailed, what: string): WorkerFailed {
    this.#world.count(what)
    return new WorkerFailed(why, copyOf(raw), new Error('simulated'))
  }

  #failsByChance({ seqs, bytes }: RawBatch): boolean {
    const key = `${seqs[0]}-${seqs.at(-1)}-${bytes.length}`
    if (this.#world.calm || this.#failed.has(key) || this.#world.chance.unit() >= this.#chanceFailures) return false
    this.#failed.add(key)
    return true
  }
}

function copyOf(raw: RawBatch): RawBatch {
  return { ...raw, bytes: raw.bytes.slice(), ends: raw.ends.slice(), seqs: raw.seqs.slice(), times: raw.times.slice() }
}
