// The history of a topic, computed again from a store: exact counts, gaps that are told as gaps, and the alarms that were told.
import { beforeAll, describe, expect, test } from 'vitest'
import type { TopicHistory } from '@groundswell/schemas/topic-history.ts'
import { createChance } from '../drill/chance.ts'
import { mentionBlocks } from '../io/clickhouse/native-rows.testing.ts'
import { rowOfSpike } from '../io/clickhouse/spike-rows.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { HistoryBusy } from '../io/http/baseline.ts'
import { joined, topicHistories, trippedSpans, withNow } from './topic-history.ts'

const start = Date.parse('2026-01-05T00:00:00Z') / 1000
const hour = 3600
const days = 3
const clock = start + days * 86_400 - 1
/** Nothing of anybody for three hours; and four hours in which only mentions of no topic came. */
const gap = [start + 60 * hour, start + 63 * hour] as const
const quiet = [start + 50 * hour, start + 54 * hour] as const
const burst = start + 66 * hour

const rules = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', baseline: {} }
const asked = { rules, from: start + 48 * hour, to: clock + 1, stepSeconds: 300, clock }

/** Seconds of the mentions of topic a: two a minute, and forty a minute for ten minutes. */
function seconds(): number[] {
  const chance = createChance(5)
  const all: number[] = []
  for (let minute = start; minute <= clock; minute += 60) {
    const silent = [gap, quiet].some(([from, to]) => minute >= from && minute < to)
    const rate = silent ? 0 : minute >= burst && minute < burst + 600 ? 40 : 2
    for (let mention = rate === 0 ? 0 : chance.poisson(rate); mention > 0; mention--) all.push(minute + chance.below(60))
  }
  return all
}

const rule = { count: 100, within: '10m' }
const begun = {
  kind: 'baseline', topic: 'a', state: 'begin', rule: { alarmBudget: '1 per 24h' }, grade: 'minor', at: '2026-01-07T18:01:59Z', since: '2026-01-07T18:00:00Z', count: 80, within: '5m', usual: 10, high: 18,
  falseAlarms: 0.01, reason: { zh: '五分钟 80 次', en: '80 in 5 min' }, id: 'a/baseline/2026-01-07T18:01:59Z/begin',
} as const
const spike = { kind: 'spike', topic: 'a', rule, grade: 'moderate', at: '2026-01-07T18:02:59Z', count: 101, id: 'a/100/10m/2026-01-07T18:02:59Z/spike' } as const

describe('from a store', async () => {
  const { store } = await testStore()
  const stored = seconds()
  const history = topicHistories(store)
  let answer: TopicHistory['points'] = []
  let alarms: TopicHistory['alarms'] = []

  beforeAll(async () => {
    const others = Array.from({ length: 9 }, (_, index) => quiet[0] + index * 1600)
    const all = [...stored.map((second) => ({ ts: 1000 * second, topics: ['a'] })), ...others.map((second) => ({ ts: 1000 * second, topics: [] }))]
    await store.insertMentions('1:mentions:history', mentionBlocks(all.length, 5000, (i) => all[i]!))
    await store.insertRows('spikes', '1:spikes:history', [begun, spike].map(rowOfSpike))
    ;({ points: answer, alarms } = await history(asked))
  })

  test('every step has the exact count', () => {
    expect(answer).toHaveLength(288)
    for (const { at, count } of answer) if (count !== null) expect(count).toBe(stored.filter((second) => second >= at && second < at + 300).length)
  })

  test('where nothing of anybody is stored the count is not known; where others were heard of it is zero', () => {
    const unknown = answer.filter(({ count }) => count === null).map(({ at }) => at)
    expect(unknown.length).toBeGreaterThan(33)
    for (const at of unknown) expect(at + 300 > gap[0] - 120 && at < gap[1] + 120).toBe(true)
    expect(answer.filter(({ at }) => at >= quiet[0] && at < quiet[1]).map(({ count }) => count)).toEqual(Array.from({ length: 48 }, () => 0))
  })

  test('the burst stands out, and the alarms that were told are there, newest first', () => {
    const stands = answer.find(({ at }) => at === burst)!
    expect(stands.count!).toBeGreaterThan(stands.high! * 3)
    expect(stands.falsePerDay!).toBeLessThan(1)
    expect(alarms).toEqual([spike, begun])
  })

  test('before the oldest stored minute of the topic nothing is known', async () => {
    const { points } = await history({ ...asked, from: start - 4 * hour, to: start + 2 * hour })
    expect(points.filter(({ at }) => at < start).every(({ count, usual }) => count === null && usual === null)).toBe(true)
    expect(points.filter(({ at }) => at >= start + 300).every(({ count }) => count !== null)).toBe(true)
  })

  test('what the engine watched before the topic was first heard of held nothing, where others were heard', async () => {
    const live = { budgetPerDay: 6, knownFrom: start, step: null }
    const { points } = await history({ ...asked, rules: { ...rules, id: 'b' }, from: start, to: start + 2 * hour, live })
    expect(points.filter(({ at }) => at >= start + 300).map(({ count }) => count)).toEqual(Array.from({ length: 23 }, () => 0))
  })

  test('a topic of which nothing is stored has a history in which nothing is known', async () => {
    const { points, budget } = await history({ ...asked, rules: { ...rules, id: 'b', baseline: { alarmBudget: '2 per 8h' } } })
    expect(new Set(points.map(({ count }) => count))).toEqual(new Set([null]))
    expect(budget).toEqual({ text: '2 per 8h', perDay: 6, ownPerDay: 6 })
  })

  test('the budget is that of the topic itself, and the step under way says what the engine says', async () => {
    const live = { budgetPerDay: 4, knownFrom: null, step: { at: clock + 1 - 300, usual: 77, dispersion: 1, stage: 'outbreak' } } as const
    const { points, budget } = await history({ ...asked, from: clock + 1 - 3600, rules: { ...rules, baseline: { alarmBudget: '2 per 8h' } }, live })
    expect(budget).toEqual({ text: '2 per 8h', perDay: 6, ownPerDay: 4 })
    expect(points.at(-1)).toMatchObject({ at: live.step.at, usual: 77, stage: 'outbreak' })
    expect(points.at(-1)!.high!).toBeGreaterThan(77)
    expect(points.at(-2)!.usual!).toBeLessThan(20)
    expect(withNow(points, { ...live, step: { ...live.step, at: clock + 1 } })).toBe(points) // the clock went on meanwhile
  })

  test('without an event clock there is none', async () => {
    expect(await history({ ...asked, clock: null })).toEqual({ budget: { text: '1 per 24h', perDay: 1, ownPerDay: 1 }, points: [], alarms: [], alarmsCut: false })
  })

  test('who asks while too many wait is told so, and all others are answered', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 12 }, () => history({ ...asked, from: clock - 599, clock: null })))
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 8 }, () => 'fulfilled'), ...Array.from({ length: 4 }, () => 'rejected')])
    expect((answers.at(-1) as PromiseRejectedResult).reason).toBeInstanceOf(HistoryBusy)
  })

  test('a store that fails is told to whoever asked, and the next is answered', async () => {
    let fails = true
    const shaky = topicHistories({ ...store, query: (...args) => (fails ? Promise.reject(new Error('away')) : store.query(...args)), queryChunks: (...args) => store.queryChunks(...args) })
    await expect(shaky(asked)).rejects.toThrow('away')
    fails = false
    expect((await shaky({ ...asked, from: clock - 3599 })).points).toHaveLength(12)
  })
})

test('stretches no further apart than two hours are one, and the newest reaches to the clock where that is near', () => {
  const hours = [{ first: 100, last: 200 }, { first: 7400, last: 7500 }, { first: 14_702, last: 14_800 }]
  expect(joined(hours, { from: 0, to: 20_001 }, 20_000)).toEqual([[100, 7501], [14_702, 20_001]])
  expect(joined(hours, { from: 0, to: 30_001 }, 30_000)).toEqual([[100, 7501], [14_702, 14_801]])
  expect(joined([], { from: 0, to: 10 }, 9)).toEqual([])
})

test('a threshold is tripped from its spike to its clear; one that has not cleared until the end, one that began before from its clear on', () => {
  const clear = { ...spike, kind: 'clear', at: '2026-01-07T19:00:00Z' } as const
  const at = (text: string): number => Date.parse(text) / 1000
  expect(trippedSpans([clear, spike], 9e9)).toEqual([[at(spike.at), at(clear.at)]])
  expect(trippedSpans([spike], 9e9)).toEqual([[at(spike.at), 9e9]])
  expect(trippedSpans([clear, begun], 9e9)).toEqual([[at(clear.at), at(clear.at)]])
})
