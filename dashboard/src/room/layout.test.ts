import { describe, expect, test } from 'vitest'
import type { TopicRow } from '@groundswell/schemas/live.ts'
import { alertRow, snapshot } from '../../test/seeded.ts'
import { fitRows, layout, topicsShownMax } from './layout.ts'
import { briefTime, roomTime } from './room-time.ts'
import { alertStrip } from './strip.ts'

const page = { aspect: 16 / 9, unitVh: 1 }
const room = { nameSpread: 60, lang: 'zh' as const }
const rows = snapshot({ topics: 10 }).topics

describe('topic rows', () => {
  test.each([
    { why: 'the default room holds eight', height: layout(page, { notices: 0, stripLines: 1 }).mainHeight, topics: rows.slice(0, 8), total: 8, shown: 8, hidden: 0 },
    { why: 'the line that tells of more takes a place', height: layout(page, { notices: 0, stripLines: 1 }).mainHeight, topics: rows, total: 20, shown: 7, hidden: 13 },
    { why: 'a problem takes a place', height: layout(page, { notices: 1, stripLines: 1 }).mainHeight, topics: rows.slice(0, 8), total: 8, shown: 7, hidden: 1 },
    { why: 'never more than eight', height: 500, topics: rows, total: 10, shown: topicsShownMax, hidden: 2 },
    { why: 'at least the most urgent one', height: 1, topics: rows, total: 10, shown: 1, hidden: 9 },
    { why: 'no topics, nothing hidden', height: 80, topics: [], total: 0, shown: 0, hidden: 0 },
  ])('$why', ({ height, topics, total, shown, hidden }) => {
    const fitted = fitRows(topics, { ...room, height, total })
    expect([fitted.shown.length, fitted.hidden]).toEqual([shown, hidden])
    expect(fitted.shown.map(({ row }) => row.id)).toEqual(topics.slice(0, shown).map(({ id }) => id))
  })

  test('a long severe name gets its lines and costs rows at the end; a long normal one does not', () => {
    const long = { zh: '全国多地宽带与移动网络因核心路由器升级失败同时中断引发大量用户投诉', en: 'x' }
    const with_ = (level: TopicRow['level']): TopicRow[] => rows.slice(0, 8).map((row, index) => (index === 0 ? { ...row, level, name: long } : row))
    const severe = fitRows(with_('severe'), { ...room, height: 83, total: 8 })
    expect(severe.shown[0]).toMatchObject({ nameLines: 3, spread: true })
    expect(severe.shown).toHaveLength(6)
    expect(fitRows(with_('moderate'), { ...room, height: 83, total: 8 }).shown).toHaveLength(8)
  })
})

test('an ultra-wide wall has three columns and room for more sources', () => {
  const wide = layout({ aspect: 6656 / 1792, unitVh: 1 }, { notices: 0, stripLines: 1 })
  expect(wide.wide).toBe(true)
  expect(wide.sourcesMax).toBeGreaterThan(layout(page, { notices: 0, stripLines: 1 }).sourcesMax)
})

describe('the alert strip', () => {
  const now = Date.parse('2025-11-21T06:32:07Z')
  const alerts = Array.from({ length: 6 }, (_, index) => alertRow(index, now))
  const minuteOf = (ms: number): string => roomTime('Asia/Shanghai')(ms).minute
  const said = { lang: 'zh' as const, marked: true, silences: [], now, timeOf: minuteOf, untilOf: minuteOf }

  test('newest first, at most three, the rest is a number', () => {
    const strip = alertStrip(alerts, { ...said, width: 400 })
    expect(strip.items.map(({ id, time }) => [id, time])).toEqual([['alert-0', '14:29'], ['alert-1', '14:21'], ['alert-2', '14:13']])
    expect(strip).toMatchObject({ hidden: 3, lines: 1, newestAt: now - 180_000 })
  })

  test('only whole alerts: what does not fit is counted', () => {
    expect(alertStrip(alerts, { ...said, width: 110 })).toMatchObject({ items: [{ id: 'alert-0', rule: '' }], hidden: 5 })
  })

  test('a spread rule says what its cascade did, in full where there is room', () => {
    const spread = { root: 'weibo:1', measure: 'size' as const, threshold: 500, value: 512, size: 512, reason: { zh: '根帖 43 分钟后达 512 条；4 代、3 个平台', en: '512 mentions 43 min after the root; 4 generations, 3 platforms' } }
    const reasonAt = (width: number): string => alertStrip([{ ...alertRow(0, now), spread }, alertRow(1, now)], { ...said, width }).items[0]!.rule
    expect([reasonAt(400), reasonAt(150)]).toEqual([spread.reason[said.lang], { zh: '一个传播 512 条', en: 'one cascade, 512 mentions' }[said.lang]])
  })

  test('a severe name is never shortened, it gets a second line', () => {
    const name = { zh: '全国多地宽带与移动网络因核心路由器升级失败同时中断引发大量用户投诉', en: 'x' }
    const strip = alertStrip([{ ...alertRow(0, now), name }], { ...said, width: 150 })
    expect(strip).toMatchObject({ lines: 2, items: [{ name: name.zh }] })
    expect(alertStrip([{ ...alertRow(1, now), name }], { ...said, width: 150 }).items[0]?.name).toBe('全国多地宽带与移动…')
  })

  const found = { ...alertRow(0, now), rule: { count: 97, within: '5m' }, count: 412, evidence: { reason: { zh: '', en: '' }, usual: 38.2, falseAlarms: 0.1 } }
  test.each([
    { width: 400, zh: '5 分钟内 412 条，平时 38，99% 不超过 97', en: '412 in 5 min, usually 38, 99% at most 97', why: 'in full where there is room' },
    { width: 250, zh: '412/5m 平时 38', en: '412/5m usual 38', why: 'in brief where there is less' },
    { width: 110, zh: '412/5m 平时 38', en: '412/5m usual 38', why: 'and never as a bare count' },
  ])('what the baseline found is told with what is usual: $why', ({ width, ...rules }) => {
    for (const lang of ['zh', 'en'] as const) expect(alertStrip([found, alertRow(1, now)], { ...said, lang, width }).items[0]?.rule).toBe(rules[lang])
  })

  test('an alert that somebody has, or that is silent, says so, and needs the room for it', () => {
    const taken = { ...alertRow(0, now), handling: { state: 'working', by: '王', at: now, assignee: null, notes: 0 } as const }
    const silences = [{ topic: taken.topic, grade: 'severe', since: now, until: now + 3_600_000, by: '李', reason: 'x' } as const]
    const strip = alertStrip([taken, alertRow(1, now)], { ...said, silences, width: 250 })
    expect(strip.items[0]).toMatchObject({ grade: 'severe', marks: [{ kind: 'working', text: '王 处理中' }, { kind: 'silenced', text: '静默至 15:32' }] })
    const least = (alerts: typeof taken[]): number => Array.from({ length: 400 }, (_, width) => width).findIndex((width) => alertStrip([...alerts, alertRow(1, now)], { ...said, silences, width }).items.length === 2)
    expect(least([taken])).toBeGreaterThan(least([{ ...taken, topic: 'other', handling: { ...taken.handling, state: 'new' as never } }]) + 30)
  })

  test('no alerts, no age', () => expect(alertStrip([], { ...said, width: 100 })).toEqual({ items: [], hidden: 0, lines: 1, newestAt: null }))
})

describe('room time', () => {
  test.each([
    { zone: 'Asia/Shanghai', expected: { time: '14:32:07', date: '11-21', fullDate: '2025-11-21', weekday: 5, offset: 'UTC+8' } },
    { zone: 'Asia/Kolkata', expected: { time: '12:02:07', offset: 'UTC+5:30' } },
    { zone: 'America/New_York', expected: { time: '01:32:07', offset: 'UTC-5' } },
    { zone: 'UTC', expected: { time: '06:32:07', offset: 'UTC+0' } },
    { zone: 'Nowhere/Land', expected: { time: '06:32:07', offset: 'UTC+0' } },
  ])('$zone', ({ zone, expected }) => expect(roomTime(zone)(Date.parse('2025-11-21T06:32:07Z'))).toMatchObject(expected))
})

test.each([
  { at: '2026-11-21T06:32:00Z', said: '14:32', why: 'today' },
  { at: '2026-11-20T06:32:00Z', said: '11-20 14:32', why: 'another day' },
  { at: '2013-07-26T23:14:00Z', said: '2013-07-27 07:14', why: 'another year' },
])('$why is told as $said', ({ at, said }) => {
  const time = roomTime('Asia/Shanghai')
  expect(briefTime(time(Date.parse(at)), time(Date.parse('2026-11-21T15:00:00Z')))).toBe(said)
})
