// Real Weibo mentions (../shared/data/weibo-cascades) through decoder, matcher, core and store: what the evidence of a topic adds up to is what its series,
// its pages and its columns say, for whatever span. No text is printed or kept.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { parseRules } from '../src/core/2-enrich/rules-file.ts'
import { Engine } from '../src/core/engine.ts'
import { accountKeys } from '../src/io/access/account-key.ts'
import { breakdownOf } from '../src/io/clickhouse/evidence-breakdown.ts'
import { cellsOf } from '../src/io/clickhouse/evidence-cells.ts'
import { pageOf } from '../src/io/clickhouse/evidence-mentions.ts'
import { sampleOf, wordedOf } from '../src/io/clickhouse/evidence-texts.ts'
import { seriesOf } from '../src/io/clickhouse/reads.ts'
import { testStore } from '../src/io/clickhouse/store.testing.ts'
import { saidRows } from '../src/narratives/said-rows.ts'
import { tellNarratives } from '../src/narratives/tell-narratives.ts'
import { compileRules } from '../src/pipeline/compile-rules.ts'
import { readRecordings } from '../src/recording.ts'

const file = fileURLToPath(new URL('../../../shared/data/weibo-cascades/mentions.ndjson.gz', import.meta.url))
if (!existsSync(file)) console.warn('shared/data/weibo-cascades is not beside this repository: the test of evidence on real mentions is skipped.')
const mentionsMax = 40_000
const text = 'topics:\n  - { id: all, query: "platform:weibo" }\n  - { id: police, query: "警察 OR 公安" }\n  - { id: child, query: "孩子" }\n'
const day = 86_400_000

test.skipIf(!existsSync(file))('totals, pages and columns of real mentions are those of the series, and what is told of them is there', async () => {
  const { store, end } = await testStore({ until: () => {} })
  try {
    const { oldest, newest } = await fill(store)
    const keys = accountKeys(new Uint8Array(32).fill(9))
    for (const topic of ['all', 'police', 'child']) {
      for (const [from, to] of [[oldest, newest], [oldest + 30 * day, oldest + 60 * day], [newest - 7 * day, newest]] as const) {
        const filter: EvidenceFilter = { from, to, by: 'event', asOf: null, platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
        const question = { topic, filter, keys }
        const { points } = await seriesOf(store, { topic, fromSecond: from / 1000, toSecond: to / 1000, stepSeconds: day / 1000 })
        const { total, platforms, sentiment: { negative, neutral, positive, unknown } } = await breakdownOf(store, question, { origin: from, stepMs: day, steps: (to - from) / day })
        const counts = Array.from({ length: (to - from) / day }, (_, i) => points.find(({ at }) => at * 1000 === from + i * day) ?? { count: 0, negative: 0 })
        expect([negative, negative.map((count, i) => count + neutral[i]! + positive[i]! + unknown[i]!), total]).toEqual([counts.map((point) => point.negative), counts.map(({ count }) => count), points.reduce((sum, { count }) => sum + count, 0)])
        expect([platforms.reduce((sum, share) => sum + share.total, 0), (await cellsOf(store, question)).total]).toEqual([total, total])
        const page = await pageOf(store, question, { order: 'oldest', offset: Math.max(0, total - 100), limit: 200, names: false })
        expect(page.length).toBe(Math.min(100, total))
      }
    }
    await lookAtWords(store, { from: oldest, to: newest })
  } finally {
    await end()
  }
})

async function fill(store: Awaited<ReturnType<typeof testStore>>['store']): Promise<{ readonly oldest: number; readonly newest: number }> {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error('the rules of this test are wrong')
  const engine = new Engine({ rules: parsed.rules, rulesSeq: 0, stream: 1, seenMax: 1_000_000 })
  const enrich = compileRules(text, 0)
  let rows = 0
  for await (const raw of readRecordings([file], { ingestedAt: Date.parse('2026-01-01T00:00:00Z') })) {
    const batch = enrich(raw)
    engine.step({ kind: 'batch', batch })
    await store.insertMentions(`1:mentions:${raw.seqs[0]}`, [batch.native])
    rows += batch.rows
    if (rows >= mentionsMax) break
  }
  const [span] = await store.query<{ oldest: number; newest: number }>('SELECT toUnixTimestamp64Milli(min(ts)) AS oldest, toUnixTimestamp64Milli(max(ts)) AS newest FROM mentions')
  return { oldest: Math.floor(span!.oldest / day) * day, newest: (Math.floor(span!.newest / day) + 1) * day }
}

/** Counts of texts and terms are those of mentions that hold them. */
async function lookAtWords(store: Awaited<ReturnType<typeof testStore>>['store'], { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  const middle = from + Math.floor((to - from) / 2 / day) * day
  const ask = (span: Pick<EvidenceFilter, 'from' | 'to'>, sought: string | null = null) => ({ topic: 'all', keys: accountKeys(new Uint8Array(32)), filter: { ...span, by: 'event', asOf: null, platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: sought } satisfies EvidenceFilter })
  const read = async (span: Pick<EvidenceFilter, 'from' | 'to'>): Promise<Uint8Array[]> => sampleOf(store, ask(span), { worded: (await wordedOf(store, ask(span))).worded, max: 50_000 })
  const told = tellNarratives({ now: saidRows(await read({ from: middle, to })), before: saidRows(await read({ from, to: middle })), query: 'platform:weibo', textsMax: 20, termsMax: 40 })
  expect([told.texts.length, told.terms.length]).toEqual([20, 40])
  for (const { term, count } of told.terms.slice(0, 10)) {
    // A search finds them in what others said before, too; a term is of mentions' own words, and texts that differ in punctuation alone are one.
    const found = (await cellsOf(store, ask({ from: middle, to }, term))).total
    expect(found).toBeGreaterThanOrEqual(0.97 * count)
  }
  expect(told.terms.every(({ count, before, score }) => count > before && score > 2)).toBe(true)
}
