import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { alertRow, topicRow, seeded } from '../../test/seeded.ts'
import { isMuted } from './attention.ts'
import { knownFrom, knownMax, newsOf } from './news.ts'
import { noTakeover, otherSevere, takeOver, takeoverTimes, type Takeover } from './takeover.ts'

const alert = (id: string, changes: Partial<AlertRow> = {}): AlertRow => ({ ...alertRow(0, 0), id, topic: id, grade: 'severe', clearedAt: null, ...changes })
const tickMs = 1_000

/** A wall over time: what is shown at every tick. */
function watch(seconds: number, listAt: (second: number) => readonly AlertRow[]): { readonly at: number; readonly state: Takeover }[] {
  let known: readonly string[] | null = []
  let state = noTakeover
  const seen: { at: number; state: Takeover }[] = []
  for (let now = 0; now <= seconds * 1000; now += tickMs) {
    const alerts = listAt(now / 1000)
    const muted = (one: AlertRow): boolean => isMuted(one, { silences: [], now })
    const news = newsOf(known, alerts, muted)
    known = news.known
    state = takeOver(state, { fresh: news.fresh, alerts: alerts.filter((one) => !muted(one)), now })
    seen.push({ at: now, state })
  }
  return seen
}

const story = fc.array(fc.record({ from: fc.integer({ min: 0, max: 900 }), lasts: fc.integer({ min: 1, max: 900 }), topic: fc.integer({ min: 0, max: 5 }), severe: fc.boolean() }), { maxLength: 12 })

test('whatever comes: at once, a minute each unless it is over, three minutes apart, nobody forgotten or shown twice', () => {
  fc.assert(fc.property(story, (events) => {
    const listAt = (second: number): AlertRow[] => events.map((event, index) => ({ event, index })).filter(({ event }) => event.from <= second).toReversed()
      .map(({ event, index }) => alert(`a${index}`, { topic: `t${event.topic}`, grade: event.severe ? 'severe' : 'moderate', clearedAt: event.from + event.lasts <= second ? 'over' : null }))
    const seen = watch(4_000, listAt)
    const runs: { topic: string; from: number; to: number; last: AlertRow }[] = []
    for (const { at, state: { shown } } of seen) {
      if (shown === null) continue
      const run = runs.at(-1)
      if (run !== undefined && run.from === shown.since) Object.assign(run, { to: at, last: shown.alert })
      else runs.push({ topic: shown.alert.topic, from: at, to: at, last: shown.alert })
    }
    for (const [index, run] of runs.entries()) {
      if (index > 0) expect(run.from - runs[index - 1]!.from).toBeGreaterThanOrEqual(takeoverTimes.apartMs)
      const overAt = listAt((run.to + tickMs) / 1000).find(({ id }) => id === run.last.id)!.clearedAt
      if (overAt === null && run.to < 4_000_000) expect(run.to + tickMs - run.from).toBeGreaterThanOrEqual(takeoverTimes.shownMs)
    }
    for (const { at, state: { shown, queue, beganAt } } of seen) {
      const list = listAt(at / 1000)
      const open = queue.every((waiting) => list.find(({ id }) => id === waiting.id)!.clearedAt === null)
      const apart = new Set([shown?.alert.topic, ...queue.map(({ topic }) => topic)]).size === queue.length + 1
      const forGoodReason = shown !== null || queue.length === 0 || at - beganAt < takeoverTimes.apartMs
      if (!open || !apart || !forGoodReason || (shown?.alert.clearedAt ?? null) !== null) expect.unreachable(`at ${at}: ${JSON.stringify({ open, apart, forGoodReason })}`)
    }
    const handled = new Set(seen.flatMap(({ state: { shown, queue } }) => [shown?.alert.id, ...queue.map(({ id }) => id)]))
    for (const [index, event] of events.entries()) expect(handled.has(`a${index}`)).toBe(event.severe)
  }), { numRuns: 30, seed: 6 })
})

describe('one severe alert', () => {
  const shownAt = (seconds: number, listAt: (second: number) => readonly AlertRow[]): boolean[] => {
    const seen = watch(seconds, listAt)
    return Array.from({ length: seconds }, (_, second) => seen[second]!.state.shown !== null)
  }
  test('has the wall in the same tick, and gives it back after a minute', () => expect(shownAt(65, () => [alert('a')]).flatMap((on, second) => (on ? [second] : []))).toEqual(Array.from({ length: 60 }, (_, second) => second)))
  test('gives it back at once when it is cleared, and when the server no longer tells of it', () => {
    expect(shownAt(20, (second) => [alert('a', { clearedAt: second < 10 ? null : 'over' })]).filter(Boolean)).toHaveLength(10)
    expect(shownAt(20, (second) => (second < 10 ? [alert('a')] : [])).filter(Boolean)).toHaveLength(10)
  })
  test('gives it back at once when somebody takes it, and has it again when it is opened anew', () => {
    const handling = { state: 'acknowledged', by: '王', at: 0, assignee: null, notes: 0 } as const
    const on = shownAt(400, (second) => [alert('a', second >= 10 && second < 250 ? { handling } : {})])
    expect(on.flatMap((shown, second) => (shown ? [second] : []))).toEqual([...Array.from({ length: 10 }, (_, second) => second), ...Array.from({ length: 60 }, (_, second) => 250 + second)])
  })
  test('is not told a second time when the engine starts again and tells of it once more', () => {
    expect(shownAt(400, (second) => (second > 70 && second < 90 ? [] : [alert('a')])).filter(Boolean)).toHaveLength(60)
  })
})

test('a wall that has just been switched on takes what is there as known; one that was reloaded knows what it knew', () => {
  expect(newsOf(null, [alert('b'), alert('a')])).toEqual({ known: ['a', 'b'], fresh: [] })
  expect(newsOf(knownFrom(JSON.stringify(['a'])), [alert('b'), alert('a')]).fresh.map(({ id }) => id)).toEqual(['b'])
  for (const text of [null, '', '{', '{"a":1}', '[1]']) expect(knownFrom(text)).toBeNull()
})

test('what is muted is no news until it is no longer muted, however often it was told before', () => {
  const list = [alert('b'), alert('a')]
  const muted = newsOf(['a'], list, ({ id }) => id === 'a')
  expect([muted.known, muted.fresh.map(({ id }) => id)]).toEqual([['b'], ['b']])
  expect(newsOf(muted.known, list).fresh.map(({ id }) => id)).toEqual(['a'])
  expect(newsOf(null, list, ({ id }) => id === 'a')).toEqual({ known: ['b'], fresh: [] })
})

test('what is remembered is bounded, and what the list still holds is the last to go', () => {
  let known: readonly string[] = []
  for (let index = 0; index < 1_000; index++) known = newsOf(known, [alert(`n${index}`), alert('stays')]).known
  expect(known).toHaveLength(knownMax)
  expect(known).toContain('stays')
})

test('W16: everything else that is severe is named, those that wait first, each topic once', () => {
  const row = { ...topicRow(0, 0, seeded(1)), id: 'by-level' }
  const state: Takeover = { shown: { alert: alert('shown'), since: 0 }, beganAt: 0, queue: [alert('waits')] }
  const others = otherSevere(state, [alert('open'), alert('taken'), alert('shown'), alert('over', { clearedAt: 'x' }), alert('mild', { grade: 'moderate' }), alert('waits')],
    { topics: [row, { ...row, id: 'shown' }, { ...row, id: 'calm', level: 'normal' }], isMuted: ({ id }) => id === 'taken' })
  expect(others.map(({ topic, waits, taken }) => [topic, waits, taken])).toEqual([['waits', true, false], ['open', false, false], ['by-level', false, false], ['taken', false, true]])
})
