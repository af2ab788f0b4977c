import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import { describe, expect, test } from 'vitest'
import { roomTime } from '../room/room-time.ts'
import { countdownTexts, fittingText, steadyCountdown, type CountdownWords } from './countdown.ts'
import { textWidth } from './text-width.ts'

const clock = Date.parse('2025-11-21T05:40:00Z') / 1000
const inRoom = roomTime('Asia/Shanghai')
const words = (lang: 'zh' | 'en'): CountdownWords => ({ lang, clock, timeOf: (second) => inRoom(second * 1000).minute })
const at = (time: string): number => Date.parse(`2025-11-21T${time}:00+08:00`) / 1000
const figure: CountdownFigure = { count: 100_000, within: '2h', horizonSeconds: 7_200, probability: 0.72, eta: at('14:35'), low: at('14:20'), high: at('15:05') }

describe('a countdown in words', () => {
  test.each([
    { why: 'all is known', changes: {}, zh: '到 100,000 约 14:35（14:20–15:05），概率 72%', en: '100,000: 72% by 15:40, ETA 14:35 (14:20–15:05)' },
    { why: 'the late end lies beyond the horizon', changes: { high: null }, zh: '到 100,000 约 14:35（14:20–），概率 72%', en: '100,000: 72% by 15:40, ETA 14:35 (14:20–)' },
    { why: 'no end is known', changes: { low: null, high: null }, zh: '到 10万 约 14:35，概率 72%', en: '100k: 72% by 15:40, ETA 14:35' },
    { why: 'it is more likely not to trip', changes: { probability: 0.31, eta: null }, zh: '到 100,000：15:40 前概率 31%', en: '100,000: 31% by 15:40' },
    { why: 'what is far away is told to five minutes, the interval never too short', changes: { eta: at('14:33'), low: at('14:22'), high: at('15:01') }, zh: '到 100,000 约 14:35（14:20–15:05），概率 72%', en: '100,000: 72% by 15:40, ETA 14:35 (14:20–15:05)' },
    { why: 'next to impossible', changes: { probability: 0.0004, eta: null }, zh: '到 100,000：15:40 前概率 <1%', en: '100,000: <1% by 15:40' },
    { why: 'next to certain', changes: { probability: 0.998 }, zh: '到 100,000 约 14:35（14:20–15:05），概率 >99%', en: '100,000: >99% by 15:40, ETA 14:35 (14:20–15:05)' },
    { why: 'what is near is told to the minute', changes: { eta: at('13:52'), low: at('13:46'), high: at('14:01') }, zh: '到 100,000 约 13:52（13:46–14:01），概率 72%', en: '100,000: 72% by 15:40, ETA 13:52 (13:46–14:01)' },
  ])('$why', ({ changes, zh, en }) => expect((['zh', 'en'] as const).map((lang) => countdownTexts({ ...figure, ...changes }, words(lang))[0])).toEqual([zh, en]))

  test.each(['zh', 'en'] as const)('%s: each text is shorter than the one before, and names the threshold and the probability', (lang) => {
    for (const eta of [figure.eta, null]) {
      const texts = countdownTexts({ ...figure, eta }, words(lang))
      expect(texts.map(textWidth)).toEqual(texts.map(textWidth).toSorted((a, b) => b - a))
      for (const text of texts) expect(text).toMatch(/(100,000|10万|100k).*72%|72%.*(100,000|10万|100k)/)
    }
  })

  test('the fullest that fits is taken, and the shortest where none does', () => {
    const texts = countdownTexts(figure, words('zh'))
    expect([100, 19, 15, 8, 1].map((width) => texts.indexOf(fittingText(texts, width)))).toEqual([0, 1, 2, 3, 3])
  })
})

describe('what is shown', () => {
  test.each([
    { why: 'likely enough', held: null, probability: 0.1, now: 0, shown: 0.1 },
    { why: 'not worth a glance', held: null, probability: 0.09, now: 0, shown: null },
    { why: 'stays while it is only a little less', held: 0.1, probability: 0.085, now: 20_000, shown: 0.085 },
    { why: 'goes when it is clearly less', held: 0.1, probability: 0.05, now: 1_000, shown: null },
    { why: 'is held long enough to be read', held: 0.5, probability: 0.6, now: 14_000, shown: 0.5 },
    { why: 'and then told anew', held: 0.5, probability: 0.6, now: 15_000, shown: 0.6 },
    { why: 'a clock that was set back holds nothing', held: 0.5, probability: 0.6, now: -1, shown: 0.6 },
  ])('$why', ({ held, probability, now, shown }) => {
    const before = held === null ? null : { figure: { ...figure, probability: held }, at: 0 }
    expect(steadyCountdown(before, { ...figure, probability }, now)?.figure.probability ?? null).toBe(shown)
  })
  test('another rule is told at once', () => expect(steadyCountdown({ figure, at: 0 }, { ...figure, count: 2_000 }, 10)?.figure.count).toBe(2_000))
})
