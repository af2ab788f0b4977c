import { expect, test } from 'vitest'
import { Engine } from '../core/engine.ts'
import { createStartNotes, startNoteMs, unknownOf } from './start-notes.ts'

const t0 = Date.parse('2026-01-01T08:00:00Z')

test('a start that counted from the store says for an hour what it does not know', () => {
  let now = t0
  const list = createStartNotes({ from: null, unknown: 'shares' }, 1, () => now)
  now += startNoteMs - 1
  expect(list()).toEqual([{ kind: 'counted-from-store', since: t0, detail: 'no checkpoint could be used at the start. Not known: shares' }])
  now += 1
  expect(list()).toEqual([])
})

test('a stream that was made again is told for an hour, with the time since which the counters count', () => {
  const list = createStartNotes({ from: { isOtherStream: true }, unknown: null }, Date.parse('2026-01-01T07:59:00Z'), () => t0)
  expect(list()).toEqual([{ kind: 'stream-recreated', since: t0, detail: expect.stringContaining('/api/stats and the wall count since 2026-01-01T07:59:00.000Z') }])
})

test('a start that knows everything says nothing', () => {
  expect(createStartNotes({ from: { isOtherStream: false }, unknown: null }, 1, () => t0)()).toEqual([])
  expect(createStartNotes({ from: null, unknown: null }, 1, () => t0)()).toEqual([])
})

test('of the rhythms those are named that the stored arrivals do not tell', () => {
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, clock: t0 / 1000 })
  const source = (platform: string, arrivals: readonly number[]) => ({ platform, newestAt: t0, minutes: [], arrivals, firstAt: t0, longestMs: 0 })
  const all = { since: 0, tally: { counted: 1, late: 0, skewed: 0, deadLetters: 0 }, seconds: [], minutes: [], newest: [] }
  engine.recall({ ...all, sources: [source('weibo', [t0 - 6000, t0 - 4000, t0 - 2000, t0]), source('rss', [t0])] })
  const topic = { id: 'a', name: { zh: '甲', en: 'A' }, query: 'x' }
  expect(unknownOf(engine, { topics: [{ ...topic, baseline: {} }] }, t0)).toContain(', what is normal on single platforms and how rare surprises are until they are learnt again, and the duplicates')
  expect(unknownOf(engine, { topics: [topic] }, t0)).toBe('shares of sentiment and platform for an hour, the cascades of before, which are in the store as far as they had left memory, the rhythms of rss until they are heard again, and the duplicates of before: their counter begins at 0')
})
