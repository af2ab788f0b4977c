import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IdHash } from '../core/1-decode/hash.ts'
import { Engine } from '../core/engine.ts'
import { startEmbeddedClickhouse, type EmbeddedClickhouse } from '../io/clickhouse/embedded.ts'
import { mentionBlocks } from '../io/clickhouse/native-rows.testing.ts'
import { openStore, type ClickhouseStore } from '../io/clickhouse/store.ts'
import { recalledAt, recallIds } from './recall.ts'

const root = mkdtempSync(join(tmpdir(), 'groundswell-recall-'))
let embedded: EmbeddedClickhouse
let store: ClickhouseStore
beforeAll(async () => {
  embedded = await startEmbeddedClickhouse({ directory: root })
  store = await openStore({ ...embedded, retentionDays: 3650 })
  const row = (i: number) => ({ stream, seq: i + 1, line: 0, id: `weibo:${i}`, ts: (t0 + 60 * i) * 1000, ingested: (t0 + 60 * i) * 1000 + 500, platform: i % 3 === 0 ? 'news' : 'weibo', topics: i % 2 === 0 ? ['outage'] : [], fate: i === 5 ? 1 : 0 })
  await store.insertMentions('1', mentionBlocks(100, 30, row))
  await store.insertMentions('2', mentionBlocks(7, 7, (i) => row(100 + i))) // behind the position: read from the stream again
})
afterAll(async () => {
  await store?.close()
  await embedded?.stop()
  rmSync(root, { recursive: true, force: true })
})

const stream = Date.parse('2026-01-01T00:00:00Z')
const t0 = Date.parse('2026-01-01T08:00:00Z') / 1000
const clock = t0 + 60 * 99
const at = { stream, position: 100, clock }

test('what the wall showed is read back up to the position, and nothing from behind it', async () => {
  const recalled = await recalledAt(store, at)
  expect(recalled).toMatchObject({ since: t0, tally: { counted: 99, late: 1, skewed: 0, deadLetters: 0 } })
  expect(recalled.seconds).toEqual([[clock, 1]])
  expect(recalled.minutes.at(-1)).toEqual([Math.floor(clock / 60), 1])
  expect(recalled.sources.map(({ platform, newestAt }) => [platform, newestAt])).toEqual([['news', (t0 + 60 * 99) * 1000 + 500], ['weibo', (t0 + 60 * 98) * 1000 + 500]])
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream, clock })
  engine.recall(recalled)
  const { totals, sources } = engine.picture(0)
  expect(totals).toMatchObject({ counted: 99, late: 1, perMinute: 1 })
  expect(totals.spark).toEqual(Array.from({ length: 60 }, () => 1))
  expect(sources.map(({ platform, lastHour }) => [platform, lastHour])).toEqual([['news', 20], ['weibo', 40]])
})

test('stored ids are known again, oldest first, at most as many as asked for; those behind the position are not', async () => {
  const known: string[] = []
  const asText = new Map(Array.from({ length: 107 }, (_, i) => {
    const hash = new IdHash()
    const bytes = new TextEncoder().encode(`weibo:${i}`)
    hash.of(bytes, 0, bytes.length)
    return [`${hash.low}/${hash.high}`, `weibo:${i}`]
  }))
  const engine = { know: (low: number, high: number) => { known.push(asText.get(`${low}/${high}`) ?? '?') } }
  expect(await recallIds(store, engine, { ...at, max: 1000 })).toBe(100)
  expect(known).toEqual(Array.from({ length: 100 }, (_, i) => `weibo:${i}`))
  known.length = 0
  expect(await recallIds(store, engine, { ...at, max: 3 })).toBe(3)
  expect(known).toEqual(['weibo:97', 'weibo:98', 'weibo:99'])
})
