import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import type { PictureNews } from '@groundswell/schemas/replay.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { alertRow, snapshot } from '../../test/seeded.ts'
import { isMuted } from '../room/attention.ts'
import { newsOf } from '../room/news.ts'
import { roomTime } from '../room/room-time.ts'
import { noTakeover, takeOver, type Takeover } from '../room/takeover.ts'
import { PictureCache, runOfAnswer, runOfPictures, runsMax } from './picture-cache.ts'
import { parseMoment, replayFromQuery, replayQuery, beginning, replaySpanNames, replaySpans, spanAround } from './replay-address.ts'
import { cutAt } from './replay-cascade-api.ts'
import { flashingAt, takeoverAt, type ToldNews } from './takeover-then.ts'

const seen = snapshot()

describe('pictures that were fetched', () => {
  const times = Array.from({ length: 200 }, (_, index) => index * 5_000 + (index > 100 ? 400_000 : 0))
  const pictureAt = (at: number) => ({ at, snapshot: { ...seen, seq: at } })
  const held = (at: number): number | null => times.findLast((one) => one <= at) ?? null
  const ask = fc.oneof(
    fc.record({ kind: fc.constant('one' as const), at: fc.integer({ min: -20_000, max: 1_500_000 }) }),
    fc.record({ kind: fc.constant('run' as const), from: fc.integer({ min: -20_000, max: 1_500_000 }), lasts: fc.integer({ min: 1, max: 600_000 }), step: fc.constantFrom(1_000, 15_000, 75_000) }),
  )

  test('a place that is known is answered as the engine would, and no coarser than was asked', () => {
    fc.assert(fc.property(fc.array(ask, { maxLength: 2 * runsMax }), fc.array(fc.integer({ min: -30_000, max: 1_600_000 }), { maxLength: 20 }), (asks, places) => {
      const cache = new PictureCache()
      for (const one of asks) {
        if (one.kind === 'one') {
          const at = held(one.at)
          cache.put(runOfAnswer({ asked: one.at, at, snapshot: at === null ? null : pictureAt(at).snapshot, previous: null, next: times.find((time) => time > one.at) ?? null, gap: null }))
        } else {
          const inside = new Map<number, number>()
          for (const at of times) if (at >= one.from && at < one.from + one.lasts) inside.set(Math.floor((at - one.from) / one.step), at)
          const lead = times.findLast((at) => at < one.from)
          cache.put(runOfPictures({ from: one.from, to: one.from + one.lasts, stepMs: one.step, pictures: [...(lead === undefined ? [] : [lead]), ...[...inside.values()].slice(0, 48)].map(pictureAt) }))
        }
      }
      for (const at of places) {
        const exact = cache.find(at, 1_000)
        if (exact !== null) expect(exact === 'none' ? null : exact.at).toBe(held(at))
        const coarse = cache.find(at, 75_000)
        if (coarse !== null && coarse !== 'none') expect(coarse.at).toBeLessThanOrEqual(at)
        const until = cache.knownUntil(at, 1_000)
        expect(until).toBeGreaterThanOrEqual(at)
        if (until > at) expect(cache.find((at + until) / 2, 1_000)).not.toBeNull()
      }
    }))
  })
})

describe('what had the wall to itself then', () => {
  const story = fc.array(fc.record({ from: fc.integer({ min: 0, max: 500 }), lasts: fc.integer({ min: 1, max: 900 }), topic: fc.integer({ min: 0, max: 4 }), severe: fc.boolean(), takenAfter: fc.option(fc.integer({ min: 1, max: 200 })) }), { maxLength: 6 })

  test('is what a wall that stood there showed, told from the picture and the news alone', () => {
    fc.assert(fc.property(story, fc.integer({ min: 0, max: 590 }), (events, second) => {
      const alertsAt = (now: number): AlertRow[] => events.map((event, index) => ({ event, index })).filter(({ event }) => event.from <= now).toSorted((a, b) => b.event.from - a.event.from || b.index - a.index)
        .map(({ event, index }) => ({ ...alertRow(0, 0), id: `a${index}`, topic: `t${event.topic}`, grade: event.severe ? 'severe' : 'moderate', clearedAt: event.from + event.lasts <= now ? 'over' : null,
          ...(event.takenAfter !== null && event.from + event.takenAfter <= now ? { handling: { state: 'acknowledged' as const, by: 'li', at: 0, assignee: null, notes: 0 } } : {}) }))
      const told: ToldNews[] = []
      let known: readonly string[] | null = []
      let state: Takeover = noTakeover
      for (let now = 0; now <= second; now++) {
        const [before, alerts] = [now === 0 ? [] : alertsAt(now - 1), alertsAt(now)]
        const was = (id: string): AlertRow | undefined => before.find((one) => one.id === id)
        const news = alerts.toReversed().flatMap(({ id, topic, name, grade, clearedAt, handling }): PictureNews[] => [
          ...(was(id) === undefined ? [{ what: 'alert' as const, alert: id, topic, name, grade }] : []), ...(clearedAt !== null && was(id)?.clearedAt === null ? [{ what: 'cleared' as const, alert: id, topic, name, grade }] : []),
          ...(handling !== undefined && was(id)?.handling === undefined ? [{ what: 'handled' as const, alert: id, topic, name, state: handling.state, by: handling.by }] : [])])
        if (news.length > 0) told.push({ at: now * 1000, news })
        const muted = (one: AlertRow): boolean => isMuted(one, { silences: [], now: now * 1000 })
        const { known: next, fresh } = newsOf(known, alerts, muted)
        known = next
        state = takeOver(state, { fresh, alerts: alerts.filter((one) => one.clearedAt === null && !muted(one)), now: now * 1000 })
      }
      const then: Snapshot = { ...seen, alerts: alertsAt(second), silences: [] }
      expect(takeoverAt(then, told, second * 1000).shown?.alert.id ?? null).toBe(state.shown?.alert.id ?? null)
      const flashing = flashingAt(then, told, { at: second * 1000, flashMs: 6_000 })
      for (const { id, topic, grade, clearedAt, handling } of then.alerts) {
        const event = events[Number(id.slice(1))]!
        if (grade === 'severe' && clearedAt === null && handling === undefined && second - event.from < 6) expect(flashing.has(topic)).toBe(true)
      }
    }), { numRuns: 60 })
  })
})

describe('the address of a replay', () => {
  test('is read as what it was made of, to the second', () => {
    const state = fc.record({ at: fc.option(fc.integer({ min: 1e9, max: 4e9 }).map((second) => second * 1000)), speed: fc.constantFrom(1, 60, 3600), span: fc.constantFrom(...replaySpanNames), skipsQuiet: fc.boolean() }).chain((one) => fc.constantFrom(one, { ...one, alert: 'a/1&2=3/2026-11-21T06:00:00Z/spike' }))
    fc.assert(fc.property(state, (one) => { expect(replayFromQuery(replayQuery(one))).toEqual(one) }))
    expect([replayFromQuery('at=1970-01-01T00:00:00Z').at, replayFromQuery('at=000000000000').at]).toEqual([1e12, 1e12]) // of before nothing can be asked
    expect(replayFromQuery('at=yesterday&span=9y&speed=fast')).toEqual({ at: null, speed: 60, span: '6h', skipsQuiet: false })
  })

  test('one that names no moment begins a while ago, as far as pictures were kept', () => {
    fc.assert(fc.property(fc.integer({ min: 1e9, max: 2e9 }), fc.nat(1e8), fc.nat(1e8), (now, before, lasts) => {
      const [first, last] = [now - before - lasts, now - before]
      const at = beginning(now, { first, last })
      expect([first <= at && at <= last, at <= now]).toEqual([true, true])
      if (last >= now - 300_000 && first <= now - 300_000) expect(at).toBe(now - 300_000)
    }))
    expect(beginning(1e12, { first: null, last: null })).toBe(1e12 - 300_000)
  })

  test('the span holds the moment, and reaches no further than now', () => {
    fc.assert(fc.property(fc.integer({ min: 1e9, max: 2e9 }), fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(...replaySpanNames), (at, ago, span) => {
      const [from, to] = spanAround(at, span, at + ago)
      expect(to - from).toBe(replaySpans[span])
      expect(from <= at && at <= to && to <= at + ago).toBe(true)
    }))
  })

  test.each(['Asia/Shanghai', 'Europe/Berlin', 'Asia/Kolkata'])('a moment that is written on the clock of %s is that moment', (zone) => {
    const inRoom = roomTime(zone)
    fc.assert(fc.property(fc.integer({ min: 1.6e9, max: 1.8e9 }), (second) => {
      const at = second * 1000, one = inRoom(at)
      const read = parseMoment(`${one.fullDate} ${one.time}`, inRoom(0), inRoom)
      expect(read === null ? null : inRoom(read)).toEqual({ ...one, offset: expect.any(String) })
      expect(parseMoment(one.minute, one, inRoom)).toBe(parseMoment(`${one.fullDate} ${one.minute}`, one, inRoom))
      expect(parseMoment(`${one.date} ${one.minute}`, one, inRoom)).toBe(parseMoment(`${one.fullDate} ${one.minute}`, one, inRoom))
    }))
    expect(['', 'noon', '9', '25:61', '2026-13-01 10:00', '10:00:00:00'].map((text) => parseMoment(text, inRoom(0), inRoom))).toEqual([null, null, null, null, null, null])
  })
})

test('a cascade that is cut at a moment holds what had come, and hangs under the root what hung on nothing yet', () => {
  const tree = cascadeColumns(300)
  tree.parent[10] = 200 // younger than its child
  const cut = cutAt(tree, tree.at[100]!)!
  expect(cut.size).toBe(101)
  expect([cut.parent[10], cut.flags[10]! & 4]).toEqual([0, 4])
  expect(Array.from(cut.parent.subarray(11))).toEqual(Array.from(tree.parent.subarray(11, 101)))
  expect(cutAt(tree, tree.at[0]! - 1)).toBeNull()
})
