import { expect, test } from 'vitest'
import { Sources, sourceLimits } from './sources.ts'

test('cadence is the median of the last gaps: one long night does not make a source slow', () => {
  const sources = new Sources()
  const weibo = sources.idOf('weibo')
  let now = 1_000_000
  for (const gap of [0, 5000, 5000, 28_800_000, 5000]) sources.arrived(weibo, (now += gap))
  expect(sources.rows(-1)).toEqual([{ platform: 'weibo', newestAt: now, cadenceMs: 5000, lastHour: 0 }])
})

test('cadence is unknown before three gaps, and messages within a second are one arrival', () => {
  const sources = new Sources()
  const id = sources.idOf('weibo')
  for (const now of [0, 10, 900, 1500, 1600, 4000]) sources.arrived(id, now)
  expect(sources.rows(-1)[0]).toMatchObject({ newestAt: 4000, cadenceMs: null })
  sources.arrived(id, 6500)
  expect(sources.rows(-1)[0]).toMatchObject({ cadenceMs: 2500 })
})

test('platforms beyond the limit share one row', () => {
  const sources = new Sources()
  for (let i = 0; i < 50; i++) sources.arrived(sources.idOf(`p${i}`), i)
  expect(sources.size).toBe(sourceLimits.platformsMax + 1)
  expect(sources.idOf('p40')).toBe(sources.idOf('other'))
  expect(sources.nameOf(sources.idOf('p40'))).toBe('other')
})

test('lastHour counts mentions by event time', () => {
  const sources = new Sources()
  const id = sources.idOf('weibo')
  sources.count(id, 100, 100)
  sources.count(id, 130, 130)
  expect(sources.rows(130 * 60)[0]!.lastHour).toBe(2)
  expect(sources.rows(160 * 60)[0]!.lastHour).toBe(1)
})
