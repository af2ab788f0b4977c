// Pictures of the walls in a real store: what is asked for is what a list in memory would answer.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import { beforeAll, expect, test } from 'vitest'
import { keepPicture, pictureAt, picturesOf, setPictureDays, shownSince, timesOf } from './pictures.ts'
import { testStore } from './store.testing.ts'

const { store } = await testStore()
const begin = Math.floor(Date.now() / 1000) * 1000 - 86_400_000 // within what is kept
const snapshotAt = (at: number): Snapshot => ({
  epoch: 'e', seq: at, serverNow: at, clock: Math.floor(at / 1000), room: { title: { zh: '值', en: 'W' }, zone: 'Asia/Shanghai', mode: 'live', version: '1' },
  totals: { stored: at % 977, counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0, perMinute: Math.floor(at / 1000) % 500, spark: [-1, 3] },
  topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, problems: [], canary: null,
})
/** Every five seconds for ten minutes, then nothing for five, then one a minute. */
const times = [...Array.from({ length: 120 }, (_, i) => begin + i * 5_000), ...Array.from({ length: 8 }, (_, i) => begin + 900_000 + i * 60_000)]
const news = [{ what: 'alert' as const, alert: 'a1', topic: 'outage', name: { zh: '断网', en: 'Outage' }, grade: 'severe' as const }]

beforeAll(async () => {
  for (const [index, at] of times.entries()) await keepPicture(store, { at, snapshot: snapshotAt(at), news: index === 7 ? news : [] })
})

test.each([-1, 0, 1, 4_999, 5_000, 300_123, 595_000, 600_000, 800_000, 899_999, 900_000, 1_320_000, 9_999_999])('at %i ms the wall is the newest picture that is not later', async (offset) => {
  const at = begin + offset
  const held = times.findLast((one) => one <= at) ?? null
  const index = held === null ? -1 : times.indexOf(held)
  const answer = await pictureAt(store, at)
  expect(answer).toMatchObject({ asked: at, at: held, previous: times[index - 1] ?? null, next: times[index + 1] ?? null })
  expect(answer.snapshot).toEqual(held === null ? null : snapshotAt(held))
  const next = times[index + 1] ?? null
  const isGap = held !== null && at - held > replayLimits.gapMs && (next === null || next - held > replayLimits.gapMs)
  expect(answer.gap).toEqual(isGap ? [held, next] : null)
})

test('a picture a step is the newest of the step, at most as many as are told', async () => {
  const { pictures } = await picturesOf(store, { from: begin, to: begin + 120_000, stepMs: 20_000 })
  expect(pictures.map(({ at }) => at)).toEqual([15, 35, 55, 75, 95, 115].map((second) => begin + second * 1000))
  expect(pictures[2]!.snapshot).toEqual(snapshotAt(begin + 55_000))
  expect((await picturesOf(store, { from: begin, to: begin + 3_600_000, stepMs: 1_000 })).pictures).toHaveLength(replayLimits.picturesMax)
  expect((await picturesOf(store, { from: begin + 700_000, to: begin + 905_000, stepMs: 5_000 })).pictures.map(({ at }) => at - begin)).toEqual([595_000, 900_000])
  expect((await picturesOf(store, { from: begin - 10_000, to: begin, stepMs: 1_000 })).pictures).toEqual([])
})

test('times tell the volume, what was notable and where nothing was kept', async () => {
  const [from, to] = [begin - 200_000, begin + 1_600_000]
  const told = await timesOf(store, { from, to, now: begin + 10_000_000, days: 30 })
  expect(told).toMatchObject({ days: 30, first: begin, last: times.at(-1), stepMs: 5_000, kept: times.length, newsCut: false, gapsCut: false, news: [{ at: times[7], news }] })
  expect(told.perMinute).toHaveLength(360)
  expect(told.perMinute[40]).toBe((begin / 1000) % 500)
  expect(told.perMinute[0]).toBe(-1)
  expect(told.gaps).toEqual([[from, begin], [begin + 595_000, begin + 900_000], [times.at(-1)!, to]])
  expect((await timesOf(store, { from, to, now: times.at(-1)! + 1000, days: 30 })).gaps).toHaveLength(2)
  expect((await timesOf(store, { from: begin + 620_000, to: begin + 640_000, now: to, days: 30 })).gaps).toEqual([])
  expect((await timesOf(store, { from: begin + 700_000, to: begin + 800_000, now: to, days: 30 })).gaps).toEqual([[begin + 700_000, begin + 800_000]])
})

test('how long they are kept is a setting', async () => {
  expect(await setPictureDays(store, 30)).toBe(false)
  expect(await setPictureDays(store, 3)).toBe(true)
  expect(await setPictureDays(store, 3)).toBe(false)
  expect(await setPictureDays(store, 0)).toBe(false)
})

test('the same picture kept twice is one', async () => {
  await keepPicture(store, { at: times[3]!, snapshot: snapshotAt(times[3]!), news: [] })
  expect((await timesOf(store, { from: begin, to: begin + 60_000, now: begin, days: 1 })).kept).toBe(12)
})

test('an alert is found where it was news, by its whole id; in the newest of several', async () => {
  expect(await shownSince(store, 'a1')).toEqual({ alert: 'a1', at: times[7] })
  for (const alert of ['a', 'a11', '', 'outage', '"', '%']) expect(await shownSince(store, alert)).toEqual({ alert, at: null })
  for (const at of [begin + 60_001, begin + 50_001]) await keepPicture(store, { at, snapshot: snapshotAt(at), news: [...news, { ...news[0]!, alert: 'again "1"' }] })
  expect((await shownSince(store, 'again "1"')).at).toBe(begin + 60_001)
})
