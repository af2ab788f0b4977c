// A backtest in words: a rate where there is a week to make one of, else how many there were.
import { expect, test } from 'vitest'
import { comparedWords, sentenceOf } from './backtest-words.ts'
import type { BacktestDone } from '../live/rules-api.ts'

const week = 7 * 86_400_000
const result = (more: Partial<BacktestDone>): BacktestDone => ({ done: true, from: 0, to: 2 * week, looked: 9, matched: 9, cutTo: null, alerts: 9, atNight: 2, perWeek: 4.5, days: [], told: [], ...more })

test.each([
  { to: 2 * week, zh: '共 9 次告警，每周 4.5 次，其中夜间 2 次', en: '9 alerts, 4.5 a week, 2 of them at night', compared: '现行每周 2 次 → 修改后每周 4.5 次' },
  { to: week - 1, zh: '共 9 次告警，其中夜间 2 次（数据不足一周）', en: '9 alerts, 2 of them at night (less than a week of mentions)', compared: '现行 4 次 → 修改后 9 次' },
])('of $to ms', ({ to, zh, en, compared }) => {
  const own = result({ to })
  expect([sentenceOf(own, 'zh'), sentenceOf(own, 'en')]).toEqual([zh, en])
  expect(comparedWords({ topic: { id: 'a', query: 'x' }, now: { id: 'a', query: 'y' }, own, before: { state: 'done', result: result({ to, alerts: 4, perWeek: 2 }) } }, 'zh')).toBe(compared)
})
