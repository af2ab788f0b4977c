// Events and alerts of the baseline, stored and read back on the embedded store: among thresholds, at the API, and at a restart.
import { expect, test } from 'vitest'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { IdentifiedBaselineEvent, IdentifiedEvent, SpikeEvent } from '@groundswell/schemas/spike.ts'
import { rememberedAt } from '../../app/remember.ts'
import { spikesOf } from './reads.ts'
import { rowOfAlert, rowOfSpike } from './spike-rows.ts'
import { testStore } from './store.testing.ts'

const { store } = await testStore()

const stream = Date.parse('2026-01-01T00:00:00Z')
const threshold: IdentifiedEvent = { kind: 'spike', topic: 'outage', rule: { count: 5, within: '2h' }, grade: 'minor', at: '2026-01-01T08:00:00Z', count: 7, id: 'outage/5/2h/2026-01-01T08:00:00Z/spike' }
const begin: IdentifiedBaselineEvent = {
  kind: 'baseline', topic: 'outage', state: 'begin', rule: { alarmBudget: '2 per 8h' }, grade: 'moderate', at: '2026-01-01T08:01:59Z', since: '2026-01-01T07:55:00Z', count: 412, within: '5m',
  usual: 38.2, high: 96.5, falseAlarms: 0.3, reason: { zh: '5 分钟内 412 条', en: '412 in 5 min' }, id: 'outage/baseline/2026-01-01T08:01:59Z/begin',
}
const end: IdentifiedBaselineEvent = { ...begin, state: 'end', at: '2026-01-01T09:01:59Z', within: '15m', id: 'outage/baseline/2026-01-01T09:01:59Z/end' }
const { reason, usual, falseAlarms } = begin
const platform: IdentifiedBaselineEvent = {
  kind: 'baseline', topic: 'outage', state: 'begin', rule: { alarmBudget: '2 per 8h' }, grade: 'minor', at: '2026-01-01T09:30:59Z', since: '2026-01-01T09:30:00Z', count: 12, within: '1m',
  usual, high: 3, falseAlarms, platform: 'zhihu', reason, id: 'outage/baseline/zhihu/2026-01-01T09:30:59Z/begin',
}
const name = { zh: '断网', en: 'Outage' }
const alarm: AlertRow = { id: begin.id, topic: 'outage', name, grade: 'moderate', rule: { count: 97, within: '5m' }, at: begin.at, count: 412, clearedAt: null, evidence: { reason, usual, falseAlarms } }
const plain: AlertRow = { id: threshold.id, topic: 'outage', name, grade: 'minor', rule: threshold.rule, at: threshold.at, count: 7, clearedAt: null }

test('each event is read back as it was told, keys in the order of the contract', async () => {
  await store.insertRows('spikes', 'a', [threshold, begin, end, platform].map(rowOfSpike))
  const told = await spikesOf(store, { topic: 'outage' })
  expect(JSON.stringify(told)).toBe(JSON.stringify([platform, end, begin, threshold]))
  expect(await spikesOf(store, { kind: 'baseline', limit: 1 })).toEqual([platform])
})

test('a restart remembers the newest begin and end of the topic and of a platform, and the evidence of alerts', async () => {
  await store.insertRows('alerts', 'a', [alarm, plain].map((row) => ({ ...rowOfAlert(row) })))
  await store.insertRows('spikes', 'b', [rowOfSpike({ ...begin, at: '2026-01-01T01:01:59Z', id: 'outage/baseline/2026-01-01T01:01:59Z/begin', within: '1h' })])
  await store.insertRows('positions', 'a', [{ stream, first: 1, last: 9, rows: 4 }])
  const { events, alerts } = await rememberedAt(store, { stream, clock: Date.parse('2026-01-01T10:00:00Z') / 1000, topics: ['outage'] })
  const second = (iso: string): number => Date.parse(iso) / 1000
  expect(events.toSorted((a, b) => a.second - b.second)).toEqual([
    { event: threshold, second: second(threshold.at) }, { event: begin, second: second(begin.at), since: second(begin.since) },
    { event: end, second: second(end.at), since: second(end.since) }, { event: platform, second: second(platform.at), since: second(platform.since) },
  ])
  expect(alerts.toSorted((a, b) => (a.at < b.at ? -1 : 1))).toEqual([plain, alarm])
})

test('what cascades tell is read back as it was told, and a restart remembers the alert with its cascade', async () => {
  const at = '2026-01-02T08:00:00Z'
  const words = { zh: '根帖 43 分钟后达 512 条', en: '512 mentions 43 min after the root' }
  const spread: SpikeEvent = { kind: 'spread', topic: 'spread', state: 'begin', rule: { R: 1.25, within: '1h' }, grade: 'moderate', at, root: 'weibo:1', value: 1.31, size: 512, reason: words, id: `spread/spread/R/1.25/1h/weibo:1/${at}/begin` }
  const ignition: SpikeEvent = {
    kind: 'ignition', topic: 'spread', grade: 'minor', at: '2026-01-02T09:00:00Z', root: 'weibo:1', mention: 'weibo:9', since: '2026-01-02T08:50:00Z', followers: null, quietSeconds: 4000, gained: 12, size: 40, reason: words, id: 'spread/ignition/weibo:1/2026-01-02T09:00:00Z',
  }
  const coordination: SpikeEvent = { kind: 'coordination', topic: 'spread', grade: 'minor', at: '2026-01-02T10:00:00Z', since: '2026-01-02T07:00:00Z', accounts: 7, shares: 80, objects: 9, capped: true, reason: words, id: 'spread/coordination/2026-01-02T10:00:00Z' }
  await store.insertRows('spikes', 's', [spread, ignition, coordination].map(rowOfSpike))
  expect(JSON.stringify(await spikesOf(store, { topic: 'spread' }))).toBe(JSON.stringify([coordination, ignition, spread]))
  const row: AlertRow = { id: spread.id, topic: 'spread', name, grade: 'moderate', rule: { count: 2, within: '1h' }, at, count: 1, clearedAt: null, spread: { root: 'weibo:1', measure: 'R', threshold: 1.25, value: 1.31, size: 512, reason: words } }
  await store.insertRows('alerts', 's', [{ ...rowOfAlert(row) }])
  const { events, alerts } = await rememberedAt(store, { stream, clock: Date.parse('2026-01-03T00:00:00Z') / 1000, topics: ['spread'] })
  expect(events.map(({ event }) => event.kind).sort()).toEqual(['coordination', 'ignition', 'spread'])
  expect(alerts.find(({ topic }) => topic === 'spread')).toEqual(row)
})
