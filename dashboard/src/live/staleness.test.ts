import { expect, test } from 'vitest'
import { bySilenceThenVolume, isSilent, isUnknown, unknownMsMin } from './staleness.ts'

test.each([
  { cadenceMs: 60_000, age: 119_999, silent: false, why: 'less than twice its cadence' },
  { cadenceMs: 60_000, age: 120_000, silent: true, why: 'twice its cadence' },
  { cadenceMs: 40, age: 4_999, silent: false, why: 'a busy source between two frames' },
  { cadenceMs: 40, age: 5_000, silent: true, why: 'a busy source that stopped' },
  { cadenceMs: null, age: 9_000_000, silent: false, why: 'its cadence is not known yet' },
  { cadenceMs: 10_000, age: -3_000, silent: false, why: 'the server is ahead of our estimate' },
])('$why: silent is $silent', ({ cadenceMs, age, silent }) => {
  expect(isSilent({ platform: 'weibo', newestAt: 10_000_000 - age, cadenceMs, lastHour: 1, blindSince: null }, 10_000_000)).toBe(silent)
})

test('a source that the engine calls blind is silent, whatever the wall could reckon itself', () => {
  expect(isSilent({ platform: 'weibo', newestAt: 999_999, cadenceMs: null, lastHour: 1, blindSince: 5 }, 1_000_000)).toBe(true)
})

test('a source of unknown rhythm that has said nothing for minutes is told as such, and a blind one as blind', () => {
  const row = { platform: 'rss', newestAt: 0, cadenceMs: null, lastHour: 1, blindSince: null }
  expect([unknownMsMin - 1, unknownMsMin].map((now) => isUnknown(row, now))).toEqual([false, true])
  expect(isUnknown({ ...row, cadenceMs: 1000 }, unknownMsMin)).toBe(false)
  expect(isUnknown({ ...row, blindSince: 1 }, unknownMsMin)).toBe(false)
})

test('the blind are on top, then the longest silence, then unknown rhythms, then the loudest', () => {
  const now = 1_000_000
  const row = (platform: string, age: number, lastHour: number) => ({ platform, newestAt: now - age, cadenceMs: 10_000, lastHour, blindSince: null })
  const sources = [row('quiet', 1, 5), { ...row('rss', 999_000, 1), cadenceMs: null }, row('loud', 1, 50), row('gone', 30_000, 1), row('long-gone', 90_000, 1), { ...row('blind', 50_000, 1), blindSince: 1 }]
  expect(bySilenceThenVolume(sources, now).map(({ platform }) => platform)).toEqual(['blind', 'long-gone', 'gone', 'rss', 'loud', 'quiet'])
})
