import { describe, expect, test } from 'vitest'
import { cascadeMessages } from './cascade-messages.ts'
import { attentionMessages } from './attention-messages.ts'
import { alertsMessages } from './alerts-messages.ts'
import { deskMessages } from './desk-messages.ts'
import { pickLanguage } from './language.ts'
import { roomTime } from '../room/room-time.ts'
import { replayMessages } from './replay-messages.ts'
import { rulesMessages } from './rules-messages.ts'
import { messages } from './messages.ts'
import { average, count, duration, percent, signed, spelledSpan, threshold, times } from './numbers.ts'
import { platformName } from './platforms.ts'
import { latinTitleEmMax, linesOf, shortTitle, textWidth } from './text-width.ts'
import { topicsMessages } from './topics-messages.ts'
import { topicDeskMessages } from './topic-desk-messages.ts'
import { topicMessages } from './topic-messages.ts'
import { alarmReason, budgetWords, falseAlarmWords } from './topic-words.ts'

describe('language', () => {
  test.each([
    { query: 'lang=en', preferred: ['zh-CN'], expected: 'en' }, { query: 'lang=zh', preferred: ['en-US'], expected: 'zh' },
    { query: '', preferred: ['en-GB', 'zh-CN'], expected: 'en' }, { query: '', preferred: ['fr-FR', 'zh-TW'], expected: 'zh' },
    { query: '', preferred: ['fr-FR'], expected: 'zh' }, { query: 'lang=tlh', preferred: [], expected: 'zh' },
  ])('$query $preferred: $expected', ({ query, preferred, expected }) => expect(pickLanguage(new URLSearchParams(query), preferred)).toBe(expected))
})

describe('numbers', () => {
  test.each([
    [0, '0', '0'], [41_208, '41,208', '41,208'], [999_999, '999,999', '999,999'], [1_234_567, '123.4万', '1.23M'], [12_345_678, '1,234万', '12.3M'], [1_999_999_999, '19.9亿', '1.99B'],
  ])('%d is %s and %s', (value, zh, en) => expect([count(value, 'zh'), count(value, 'en')]).toEqual([zh, en]))
  test.each([[2_000, '2,000', '2,000'], [20_000, '2万', '20k'], [100_000, '10万', '100k'], [12_345, '12,345', '12,345'], [2_000_000, '200.0万', '2.00M']])(
    'threshold %d is %s and %s', (value, zh, en) => expect([threshold(value, 'zh'), threshold(value, 'en')]).toEqual([zh, en]))
  test.each([[9.44, '×9.4'], [120.4, '×120'], [1_000_000, '×9,999+'], [0.04, '×0.0']])('%d times is %s', (ratio, text) => expect(times(ratio)).toBe(text))
  test.each([[0.999, '99%'], [1, '100%'], [0.29, '29%'], [1.124, '112%']])('%d is %s', (share, text) => expect(percent(share)).toBe(text))
  test.each([[-5, '0秒', '0s'], [59_999, '59秒', '59s'], [725_000, '12分', '12m'], [90_000_000, '25时', '25h'], [200_000_000, '2天', '2d']])(
    '%d ms is %s and %s', (ms, zh, en) => expect([duration(ms, 'zh'), duration(ms, 'en')]).toEqual([zh, en]))
})

describe('what is normal', () => {
  test.each([[0.44, '0.4', '0.4'], [9.94, '9.9', '9.9'], [9.96, '10', '10'], [1_203.6, '1,204', '1,204']])('%d on average is %s', (value, zh, en) => expect([average(value, 'zh'), average(value, 'en')]).toEqual([zh, en]))
  test.each([[1.66, '+1.7'], [-0.0312, '−0.031'], [0.001, '0'], [120, '+120']])('a change of %d is %s', (value, text) => expect(signed(value)).toBe(text))
  test.each([['5m', '5 分钟', '5 min'], ['24h', '24 小时', '24 h'], ['90s', '90 秒', '90 s'], ['7d', '7 天', '7 d']])('%s is %s and %s', (text, zh, en) => expect([spelledSpan(text, 'zh'), spelledSpan(text, 'en')]).toEqual([zh, en]))
  test.each([[60, '每小时 2.5 次', '2.5 an hour'], [6, '每天 6 次', '6 a day'], [0.2, '每周 1.4 次', '1.4 a week'], [0.05, '每月 1.5 次', '1.5 a month'], [0.002, '每年 0.73 次', '0.73 a year'], [1e-9, '百年不到 1 次', 'under 1 in 100 years']])(
    '%d alarms a day are %s and %s', (perDay, zh, en) => expect([falseAlarmWords(perDay, 'zh'), falseAlarmWords(perDay, 'en')]).toEqual([zh, en]))
  test.each([
    { ownPerDay: 6, zh: '预算：8 小时 2 次', en: 'budget: 2 per 8 h' },
    { ownPerDay: 4, zh: '预算：8 小时 2 次，话题本身占 67%，其余归各平台', en: 'budget: 2 per 8 h, 67% for the topic itself, the rest for its platforms' },
  ])('a budget of which the topic has $ownPerDay of 6 a day is told in words', ({ ownPerDay, zh, en }) => {
    const budget = { text: '2 per 8h', perDay: 6, ownPerDay }
    expect([budgetWords(budget, 'zh'), budgetWords(budget, 'en')]).toEqual([zh, en])
  })
})

test('an alarm is told by its evidence, and that of a platform names it', () => {
  const baseline = { kind: 'baseline', topic: 'a', state: 'begin', rule: { alarmBudget: '1 per 24h' }, grade: 'minor', at: '2026-01-01T00:00:59Z', since: '2026-01-01T00:00:00Z', count: 412, within: '5m', usual: 38, high: 97, falseAlarms: 0.1, reason: { zh: '5 分钟内 412 次', en: '412 in 5 min' }, id: 'x' } as const
  const threshold = { kind: 'spike', topic: 'a', rule: { count: 100_000, within: '2h' }, grade: 'severe', at: '2026-01-01T00:00:59Z', count: 100_012, id: 'y' } as const
  const inRoom = roomTime('Asia/Shanghai')
  expect([baseline, { ...baseline, platform: 'weibo', within: '24h', falseAlarms: 0 } as const, threshold].map((alarm) => [alarmReason(alarm, 'zh', inRoom), alarmReason(alarm, 'en', inRoom)])).toEqual([
    ['5 分钟内 412 条；周四 08 时通常 38 条，99% 不超过 97 条；这样的误报每 24 小时约 0.1 次', '412 in 5 min; Thursdays at 08:00 usually 38, 99% at most 97; a false alarm like this 0.1 times per 24 h'],
    ['微博 · 24 小时内 412 条；通常 38 条，99% 不超过 97 条；这样的误报每 24 小时不到 0.001 次', 'Weibo · 412 in 24 h; usually 38, 99% at most 97; a false alarm like this under 0.001 times per 24 h'],
    ['2 小时内 100,012 条，达到阈值 100,000', '100,012 in 2 h, the threshold is 100,000'],
  ])
})

describe('every text', () => {
  /** Texts by their path; a text that takes words is given its own places. */
  function textsOf(part: unknown, path: string): [string, string][] {
    if (typeof part === 'string') return [[path, part]]
    if (typeof part === 'function') return [[path, String((part as (...words: unknown[]) => unknown)(path.endsWith('baselineReason') ? { day: '3' } : path.endsWith('cascade.totals') ? { shown: '1', folded: '2', hubs: '1', filtered: '3', outside: '4', later: '5', size: '15' } : '1', '2', '3'))]]
    return Object.entries(part as Record<string, unknown>).flatMap(([key, value]) => textsOf(value, `${path}.${key}`))
  }
  const texts = (['zh', 'en'] as const).map((lang) => new Map([...textsOf(messages[lang], 'wall'), ...textsOf(topicMessages[lang], 'topic'), ...textsOf(topicDeskMessages[lang], 'topicDesk'), ...textsOf(attentionMessages[lang], 'attention'), ...textsOf(cascadeMessages[lang], 'cascade'), ...textsOf(deskMessages[lang], 'desk'), ...textsOf(alertsMessages[lang], 'alerts'), ...textsOf(topicsMessages[lang], 'topics'), ...textsOf(rulesMessages[lang], 'rules'), ...textsOf(replayMessages[lang], 'replay')]))
  const [zh, en] = [texts[0] ?? new Map<string, string>(), texts[1] ?? new Map<string, string>()]
  const symbols = new Set(['wall.agoShort', 'wall.toThreshold', 'wall.moreAlerts', 'topic.rule', 'topicDesk.position', 'cascade.since', 'alerts.about', 'attention.noRight.command', 'desk.otherLanguage', 'rules.dialog.changes.of', 'rules.dialog.changes.between'])
  test('is there in both languages', () => expect([...zh.keys()]).toEqual([...en.keys()]))
  test.each([...en.keys()].filter((path) => !symbols.has(path)))('%s is Chinese in Chinese and English in English', (path) => {
    expect(zh.get(path)).toMatch(/[一-鿿]/)
    expect(en.get(path)).toMatch(/[a-z]/i)
    expect(en.get(path)).not.toMatch(/[一-鿿，。：（）]/)
  })
})

describe('titles', () => {
  test.each([
    ['资金延迟到账', '资金延迟到账'], ['一二三四五六七八九十', '一二三四五六七八九十'], ['一二三四五六七八九十一', '一二三四五六七八九…'],
    ['Network outage', 'Network outage'], ['Network outage in many places', 'Network outage…'],
  ])('%s is shown as %s', (full, shown) => {
    expect(shortTitle(full)).toBe(shown)
    expect(textWidth(shown)).toBeLessThanOrEqual(10)
  })
  test('a Latin title may be longer where there is room', () => {
    expect([shortTitle('Customer service queue', latinTitleEmMax), shortTitle('Network outage in many places', latinTitleEmMax)]).toEqual(['Customer service queue', 'Network outage in…'])
  })
  test.each([['网络中断', 10, 1], ['一二三四五六七八九十一', 10, 2], ['Network outage', 10, 1], ['Nationwide broadband outage', 10, 2], ['', 10, 1]])(
    '%s in %d em takes %d lines', (text, width, lines) => expect(linesOf(text, width)).toBe(lines))
})

test('a platform without a name is called by its id', () => expect([platformName('weibo', 'zh'), platformName('my-forum', 'zh')]).toEqual(['微博', 'my-forum']))
