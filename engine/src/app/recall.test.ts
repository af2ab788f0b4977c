import { beforeAll, expect, test } from 'vitest'
import { IdHash } from '../core/1-decode/hash.ts'
import { Engine } from '../core/engine.ts'
import { mentionBlocks } from '../io/clickhouse/native-rows.testing.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { recalledAt, upToPosition } from './recall.ts'
import { recallIds, recallIdsMs } from './recall-ids.ts'

const { store } = await testStore()
beforeAll(async () => {
  const row = (i: number) => ({ stream, seq: i + 1, line: 0, id: `weibo:${i}`, ts: (t0 + 60 * i) * 1000, ingested: (t0 + 60 * i) * 1000 + 500, platform: i % 3 === 0 ? 'news' : 'weibo', topics: i % 2 === 0 ? ['outage'] : [], fate: i === 5 ? 1 : 0 })
  await store.insertMentions('1', mentionBlocks(100, 30, row))
  await store.insertMentions('2', mentionBlocks(7, 7, (i) => row(100 + i))) // behind the position: read from the stream again
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
  expect(sources.map(({ cadenceMs }) => cadenceMs), 'rhythms as their stored arrivals have them').toEqual([180_000, 90_000])
})

test('a source that falls silent after such a start is stale and blind, as it would be without it', async () => {
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream, clock, silence: { blindSeconds: 600 } })
  engine.recall(await recalledAt(store, at))
  const begin = clock * 1000 + 1000
  for (let seq = 101, now = begin; now <= begin + 605_000; now += 1000) engine.step({ kind: 'tick', seq: seq++, now })
  expect(engine.silence.blind).toEqual(['news', 'weibo'])
})

test('stored ids are known again, oldest first, at most as many as asked for; those behind the position are not', async () => {
  const known: string[] = []
  const asText = new Map(Array.from({ length: 107 }, (_, i) => {
    const hash = new IdHash()
    hash.ofText(`weibo:${i}`)
    return [`${hash.low}/${hash.high}`, `weibo:${i}`]
  }))
  const engine = { know: (low: number, high: number) => { known.push(asText.get(`${low}/${high}`) ?? '?') } }
  const rows = { where: upToPosition, params: { ...at } }
  const progress: unknown[] = []
  expect(await recallIds(store, engine, { ...rows, max: 1000, onProgress: (one) => progress.push(one) })).toEqual({ known: 100, of: 100 })
  expect(progress).toEqual([{ known: 100, of: 100 }])
  expect(known).toEqual(Array.from({ length: 100 }, (_, i) => `weibo:${i}`))
  known.length = 0
  expect(await recallIds(store, engine, { ...rows, max: 3 })).toEqual({ known: 3, of: 3 })
  expect(known).toEqual(['weibo:97', 'weibo:98', 'weibo:99'])
})

test('when there is no time for more, the newest ids are known, and an id with escaped characters among them', async () => {
  const minutes = new Map([[10, ['old']], [11, ['a"b', 'c']], [12, ['new']]])
  const asked: number[] = []
  let now = 0
  const slow = {
    query: async <Row>() => [...minutes].toReversed().map(([minute]) => ({ minute, rows: 1_500_000 })) as Row[],
    queryChunks: async function* (_: string, params: Readonly<Record<string, unknown>> = {}) {
      now += recallIdsMs / 1.5
      asked.push(Number(params['sliceFrom']) / 60_000)
      for (const id of minutes.get(asked.at(-1)!)!) yield new TextEncoder().encode(`${JSON.stringify({ id })}\n`)
    },
  }
  const hashed = (id: string): string => {
    const hash = new IdHash()
    hash.ofText(id)
    return `${hash.low | 0}/${hash.high | 0}/`
  }
  const known: string[] = []
  const answer = await recallIds(slow, { know: (low, high, time) => { known.push(`${low | 0}/${high | 0}/${time}`) } }, { where: '1', params: {}, max: 9e6, clock: { now: () => now, sleep: async () => undefined } })
  expect([answer, asked]).toEqual([{ known: 3, of: 4_500_000 }, [12, 11]])
  expect(known).toEqual([`${hashed('a"b')}660000`, `${hashed('c')}660000`, `${hashed('new')}720000`])
})

test('a source whose longest silence is an hour is not blind within two, though it is stale', async () => {
  const hourly = (i: number) => ({ stream: stream + 1, seq: i + 1, line: 0, id: `rss:${i}`, ts: (t0 + 3600 * i) * 1000, ingested: (t0 + 3600 * i) * 1000, platform: 'rss', topics: [], fate: 0 })
  await store.insertMentions('hourly', mentionBlocks(6, 6, hourly))
  const end = t0 + 3600 * 5
  const recalled = await recalledAt(store, { stream: stream + 1, position: 6, clock: end })
  expect(recalled.sources).toEqual([expect.objectContaining({ platform: 'rss', longestMs: 3_600_000, arrivals: Array.from({ length: 6 }, (_, i) => (t0 + 3600 * i) * 1000) })])
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: stream + 1, clock: end, silence: { blindSeconds: 600 } })
  engine.recall(recalled)
  for (let seq = 7, now = end * 1000 + 1000; now <= end * 1000 + 7_190_000; now += 1000) engine.step({ kind: 'tick', seq: seq++, now })
  expect(engine.silence.blind).toEqual([])
})
