// The workers of the simulated world: they enrich with the product's own code, in this thread, in any order; a batch that holds a poison
// line kills its worker or hangs it, each time it is tried.
import { createEnricher } from '../../src/core/2-enrich/enrich.ts'
import { compileMatcher } from '../../src/core/2-enrich/matcher/compile.ts'
import { createLexiconScorer } from '../../src/core/2-enrich/sentiment.ts'
import type { EnrichedBatch, RawBatch } from '../../src/core/batch.ts'
import type { SharedRules } from '../../src/io/pool/pool.ts'
import { parsedRules } from './parsed-rules.ts'
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

export class SimPool {
  readonly workers = 3
  readonly #world: World
  readonly #life: Life

  constructor(world: World, life: Life) {
    this.#world = world
    this.#life = life
  }

  /** The buffers are the worker's from the call on: whoever looks at them afterwards finds nothing. */
  run(raw: RawBatch, rules: SharedRules): Promise<EnrichedBatch> {
    const own: RawBatch = { ...raw, bytes: raw.bytes.slice(), ends: raw.ends.slice(), seqs: raw.seqs.slice(), times: raw.times.slice() }
    for (const taken of [raw.bytes, raw.ends, raw.seqs, raw.times]) taken.fill(0)
    return this.#world.call(this.#life, { port: 'pool', name: `enrich ${own.seqs[0]}-${own.seqs.at(-1)}`, effect: () => enrich(own, rules), error: (reason) => new Error(reason) })
  }
}
