import { expect, test } from 'vitest'
import { mentionBlocks } from '../io/clickhouse/native-rows.testing.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { openBeginning } from './restart.ts'

const { store } = await testStore()

const stream = Date.parse('2026-01-01T00:00:00Z')
const t0 = Date.parse('2026-01-01T08:00:00Z') / 1000
const name = { zh: '断网', en: 'Outage' }
const rules = `topics:
  - id: outage
    name: { zh: 断网, en: Outage }
    query: 断网
    velocity: [{ count: 5, within: 10m }, { count: 9, within: 1h, grade: severe }]
`
const iso = (second: number): string => new Date(second * 1000).toISOString()
const spike = (kind: 'spike' | 'clear', second: number, facts: { readonly count?: number; readonly within?: string; readonly topic?: string; readonly insertedAt: number }) => {
  const { count = 5, within = '10m', topic = 'outage', insertedAt } = facts
  const at = iso(second).replace('.000Z', 'Z')
  return { id: `${topic}/${count}/${within}/${at}/${kind}`, kind, topic, rule: { count, within }, grade: count === 9 ? 'severe' : 'minor', at, count, insertedAt: iso(insertedAt) }
}
const alertOf = (event: ReturnType<typeof spike>, clearedAt: number | null = null) => {
  const { kind: _, ...row } = event
  return { ...row, name, clearedAt: clearedAt === null ? null : iso(clearedAt).replace('.000Z', 'Z') }
}

const log = { warn: () => expect.unreachable('nothing is cut') }
const noPool = { run: () => expect.unreachable('topics that were always the same are matched by nobody') }

test('a stream without a position begins at its first message, with the rules of the file and nothing remembered', async () => {
  expect(await openBeginning({ store, pool: noPool, log, stream: 5, fileText: rules })).toMatchObject({ position: 0, rulesSeq: 0, clock: null, past: null, remembered: { events: [], alerts: [] } })
})

test('a stream begins at its position: clock, windows, thresholds and alerts hold nothing from behind it', async () => {
  const mentions = (from: number, count: number) => mentionBlocks(count, 100, (i) => ({ stream, seq: from + i, ts: (t0 + from + i) * 1000, topics: ['outage'] }))
  await store.insertMentions('1', mentions(1, 20))
  await store.insertMentions('2', mentions(21, 4)) // written, but its position is not: it is read again
  await store.insertRows('rules', '1', [{ stream, seq: 1, text: rules }])
  await store.insertRows('positions', '1', [{ stream, first: 1, last: 20, rows: 20, insertedAt: iso(t0 + 40) }])
  const [before, finished, later] = [stream / 1000 - 10, t0 + 39, t0 + 41]
  const told = [
    spike('spike', t0 - 900, { insertedAt: finished }), spike('clear', t0 - 600, { insertedAt: finished }),
    spike('spike', t0 + 5, { insertedAt: finished }), spike('spike', t0 + 9, { count: 9, within: '1h', insertedAt: finished }),
    spike('clear', t0 + 25, { insertedAt: finished }), // told by an idle tick
    spike('spike', t0 - 200_000, { count: 7, within: '6h', insertedAt: finished }), // a rule of long ago
  ]
  await store.insertRows('spikes', '1', [...told, spike('spike', t0 + 30, { insertedAt: later }), spike('spike', t0 - 300, { insertedAt: before }), spike('spike', t0, { topic: 'gone', insertedAt: finished })])
  await store.insertRows('alerts', '1', [alertOf(told[0]!), alertOf(told[2]!), alertOf(told[3]!), alertOf(spike('spike', t0 + 30, { topic: 'gone', insertedAt: later })), alertOf(spike('spike', t0 - 9, { insertedAt: before }))])
  await store.insertRows('alerts', '2', [alertOf(told[0]!, t0 - 600)])
  await store.insertRows('alerts', '3', [alertOf({ ...told[3]!, insertedAt: iso(later) }, t0 + 35)]) // cleared behind the position

  const { position, rulesSeq, clock, remembered, past } = await openBeginning({ store, pool: noPool, log, stream, fileText: null })
  expect({ position, rulesSeq, clock }).toEqual({ position: 20, rulesSeq: 1, clock: t0 + 26 })
  const newest = told.slice(2) // of each rule and kind
  const byTime = newest.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map((event) => ({ event: expect.objectContaining({ id: event.id, kind: event.kind, grade: event.grade }), second: Date.parse(event.at) / 1000 }))
  expect(remembered.events.toSorted((a, b) => a.second - b.second)).toEqual(byTime)
  expect(remembered.alerts.map(({ id, name, clearedAt }) => ({ id, name, clearedAt }))).toEqual([
    { id: told[3]!.id, name, clearedAt: null }, { id: told[2]!.id, name, clearedAt: null }, { id: told[0]!.id, name, clearedAt: '2026-01-01T07:50:00Z' },
  ])
  expect(past!.changed).toEqual([])
  const fills = await all(past!.steady())
  expect(fills).toHaveLength(1)
  expect(fills[0]!.topics[0]!.seconds).toEqual(Array.from({ length: 20 }, (_, i) => [t0 + 1 + i, 1]))
})

test('a room of thousands of topics is filled again, a topic a command', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => `a-topic-with-quite-a-long-name-${i}`)
  const text = `topics:\n${many.map((id) => `  - { id: ${id}, name: { zh: 断网, en: Outage }, query: 断网 }\n`).join('')}`
  const own = stream + 1000
  await store.insertRows('rules', 'm1', [{ stream: own, seq: 1, text }])
  await store.insertMentions('m1', mentionBlocks(3000, 3000, (i) => ({ stream: own, seq: 2 + i, ts: (t0 + 60 * (i % 100)) * 1000, topics: [many[i]!, many[0]!] })))
  await store.insertRows('positions', 'm1', [{ stream: own, first: 1, last: 3001, rows: 3000 }])
  await store.insertRows('spikes', 'm1', [spike('spike', t0, { topic: many[2999]!, insertedAt: t0 })])
  const { remembered, past } = await openBeginning({ store, pool: noPool, log, stream: own, fileText: null })
  expect(remembered.events.map(({ event }) => event.topic)).toEqual([many[2999]])
  const fills = await all(past!.steady())
  expect(new Set(fills.map(({ topics }) => topics[0]!.id))).toEqual(new Set(many))
  expect(fills.find(({ topics }) => topics[0]!.id === many[0])!.topics[0]!.minutes.slice(0, 2)).toEqual([[t0 / 60, 31], [t0 / 60 + 1, 30]])
  expect(fills.find(({ topics }) => topics[0]!.id === many[7])!.topics[0]).toEqual({ id: many[7], seconds: [[t0 + 420, 1]], minutes: [[t0 / 60 + 7, 1]], hours: [[t0 / 3600, 1]] })
  expect(fills[0]!.known).toEqual([[t0, t0 + 60 * 99]])
})

test('hours of five weeks come back of a topic that was the same for as long; of one that changed before the last seven days, only those are known', async () => {
  const own = stream + 2000
  const text = (query: string): string => `topics:\n  - { id: same, query: 断网 }\n  - { id: other, query: ${query} }\n`
  const day = 86_400
  const seconds = [t0 - 40 * day, t0 - 20 * day, t0 - 20 * day + 7200, t0 - 6 * day, t0]
  await store.insertRows('rules', 'h1', [{ stream: own, seq: 1, text: text('停电') }, { stream: own, seq: 5, text: text('停水') }])
  await store.insertMentions('h1', mentionBlocks(5, 5, (i) => ({ stream: own, seq: [2, 3, 4, 6, 7][i]!, ts: seconds[i]! * 1000, topics: ['same', 'other'] })))
  await store.insertRows('positions', 'h1', [{ stream: own, first: 1, last: 7, rows: 5 }])
  const { past } = await openBeginning({ store, pool: noPool, log, stream: own, fileText: null })
  const fills = await all(past!.steady())
  const of = (id: string) => fills.find(({ topics }) => topics[0]!.id === id)!
  const recent = [[t0 - 6 * day, t0 - 6 * day], [t0, t0]]
  expect(of('same').topics[0]!.hours).toEqual(seconds.slice(1).map((second) => [second / 3600, 1]))
  expect(of('same').known!.filter(([from]) => seconds.includes(from))).toEqual([[t0 - 20 * day, t0 - 20 * day + 7200], recent[0], [t0, expect.any(Number)]])
  expect(of('other').known!.map(([from]) => from)).toEqual(of('same').known!.map(([from]) => from).filter((from) => from > t0 - 7 * day))
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = []
  for await (const item of items) got.push(item)
  return got
}
