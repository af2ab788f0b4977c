import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { BacktestLine } from '@groundswell/schemas/rules-desk.ts'
import { expect, test } from 'vitest'
import { newestMinutes, RulesBacktests, warmUpSeconds } from './rules-backtests.ts'

const topic: TopicRules = { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网', velocity: [{ count: 2, within: '1m' }] }
const second = Date.parse('2024-05-20T12:00:00Z') / 1000
const stored = [0, 1, 2, 200].map((after, seq) => ({ second: second + after, line: `{"0":1,"1":${seq},"2":0,"3":${second + after},"id":"${seq}","ts":${(second + after) * 1000},"text":"断网","platform":"weibo"}\n` }))

function backtests(clock: number | null = second + 300) {
  const asked: { from: number; to: number }[] = []
  const reader = {
    query: async <Row>(_sql: string, { from, to }: Readonly<Record<string, unknown>> = {}) => {
      const minutes = Map.groupBy(stored.filter((one) => one.second >= Number(from) && one.second < Number(to)), (one) => Math.floor(one.second / 60))
      return [...minutes].map(([minute, of]) => ({ minute, mentions: of.length })) as Row[]
    },
    queryChunks: async function* (_sql: string, { from, to }: Readonly<Record<string, unknown>> = {}) {
      asked.push({ from: Number(from), to: Number(to) })
      yield new TextEncoder().encode(stored.filter((one) => one.second >= Number(from) && one.second < Number(to)).map(({ line }) => line).join(''))
    },
  }
  const settings = { room: { title: { zh: '', en: '' }, zone: 'UTC' }, cooldownSeconds: 60, cascades: { mentionsMax: 100_000, quietHours: 48 } }
  return { asked, of: new RulesBacktests({ reader, clock: () => clock, settings }) }
}
async function all(lines: AsyncGenerator<BacktestLine>): Promise<BacktestLine[]> {
  const held: BacktestLine[] = []
  for await (const line of lines) held.push(line)
  return held
}
const never = new AbortController().signal

test('progress comes first, the result last, and nothing stored is a result too', async () => {
  const lines = await all(backtests().of.run({ topic, days: 1 }, never))
  expect(lines[0]).toEqual({ done: false, share: 0 })
  expect(lines.at(-1)).toMatchObject({ done: true, looked: 4, matched: 4, alerts: 1, cutTo: null, from: second * 1000, to: (second + 301) * 1000 })
  expect((await all(backtests(null).of.run({ topic, days: 1 }, never))).at(-1)).toMatchObject({ done: true, looked: 0, alerts: 0 })
})

test('one at a time: a second is refused with words, and the next is taken when the first is over or was left', async () => {
  const { of } = backtests()
  const first = of.run({ topic, days: 1 }, never)
  await first.next()
  await expect(of.run({ topic, days: 1 }, never).next()).rejects.toMatchObject({ status: 429, body: { error: 'backtest-running' } })
  await first.return(undefined)
  const left = new AbortController()
  const second = of.run({ topic, days: 1 }, left.signal)
  await second.next()
  left.abort(new Error('gone'))
  await expect(second.next()).rejects.toThrow('gone')
  expect((await all(of.run({ topic, days: 1 }, never))).at(-1)).toMatchObject({ done: true })
})

test.each([
  { why: 'all', max: 10, minutes: [1, 2, 3], cut: null }, { why: 'just all', max: 9, minutes: [1, 2, 3], cut: null },
  { why: 'whole minutes, the newest', max: 8, minutes: [2, 3], cut: 120 }, { why: 'none where one minute is too much', max: 3, minutes: [], cut: 240 },
])('of many mentions so many are read: $why', ({ max, minutes, cut }) => {
  const given = [{ minute: 1, mentions: 2 }, { minute: 2, mentions: 3 }, { minute: 3, mentions: 4 }]
  expect(newestMinutes(given, max)).toEqual({ minutes: given.filter(({ minute }) => minutes.includes(minute)), cut })
})

test('windows are full when the span begins, and what is normal is learnt before it', () => {
  expect(warmUpSeconds(topic)).toBe(60)
  expect(warmUpSeconds({ ...topic, spread: [{ size: 5, within: '2h' }] })).toBe(7200)
  expect(warmUpSeconds({ ...topic, baseline: {} })).toBe(35 * 86_400)
})
