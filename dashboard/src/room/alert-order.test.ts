import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grades, levelRank } from '@groundswell/schemas/grade.ts'
import type { AlertGroup } from './alert-groups.ts'
import { noPlaces, place, rowsMax, rowsOf, settleMs, tierOf, wantedOrder, type Places } from './alert-order.ts'

const groupAt = (topic: string, more: Partial<AlertGroup> = {}): AlertGroup => ({
  topic, name: { zh: topic, en: topic }, source: null, alerts: [], open: 1, newest: { id: topic, topic, name: { zh: topic, en: topic }, grade: 'minor', rule: { count: 1, within: '1m' }, at: '', count: 1, clearedAt: null },
  grade: 'minor', state: 'new', eyes: true, at: 0, since: 0, assignee: null, silence: null, ...more,
})
const topics = Array.from({ length: 16 }, (_, index) => `t${String(index).padStart(2, '0')}`)
const arbitraryGroups = fc.uniqueArray(fc.record({ topic: fc.constantFrom(...topics), grade: fc.constantFrom(...grades), eyes: fc.boolean(), at: fc.nat(600_000), open: fc.nat(1) }), { selector: ({ topic }) => topic, maxLength: 16 })
  .map((some) => some.map(({ topic, ...more }) => groupAt(topic, { ...more, eyes: more.eyes && more.open > 0 })))
const knownOf = (groups: readonly AlertGroup[]): ReadonlySet<string> => new Set(groups.map(({ topic }) => topic))
const urgencyOf = ({ eyes, open, grade }: AlertGroup): string => `${eyes ? 1 : 0}${open > 0 ? levelRank(grade) : 0}`

test('first what needs eyes, then by grade, then by the newest, of which a minute is no difference', () => {
  fc.assert(fc.property(arbitraryGroups, (groups) => {
    const order = wantedOrder(groups, [])
    expect(order.toSorted()).toEqual(groups.map(({ topic }) => topic).toSorted())
    const of = new Map(groups.map((group) => [group.topic, group]))
    for (const [index, topic] of order.entries()) {
      const [above, below] = [of.get(order[index - 1] ?? topic)!, of.get(topic)!]
      expect(urgencyOf(above) >= urgencyOf(below)).toBe(true)
      if (urgencyOf(above) === urgencyOf(below)) expect(above.at).toBeGreaterThanOrEqual(below.at - 60_000)
    }
  }))
})

const arbitrarySteps = fc.array(fc.record({ groups: arbitraryGroups, afterMs: fc.nat(20_000), used: fc.boolean(), gone: fc.subarray([...topics]), key: fc.constantFrom('x', 'x', 'x', 'y') }), { maxLength: 30 })

test('rows keep their places while the list is used, and at least as long as is promised; then they are as wanted', () => {
  fc.assert(fc.property(arbitrarySteps, (steps) => {
    let now = 0
    let places: Places = noPlaces
    let movedAt = -Infinity
    for (const { groups, afterMs, used, gone, key } of steps) {
      now += afterMs
      const known = new Set([...knownOf(groups), ...topics.filter((topic) => !gone.includes(topic))])
      const before = places
      places = place(before, groups, known, { now, used, key })
      expect(new Set(places.order).size).toBe(places.order.length)
      const stayed = before.order.filter((topic) => known.has(topic))
      const fresh = before.key !== key || before.order.length === 0
      const moved = places.order.slice(0, stayed.length).join() !== stayed.join()
      if (moved && !fresh) {
        expect(used).toBe(false)
        expect(now - movedAt).toBeGreaterThanOrEqual(settleMs.urgent)
      }
      if (fresh || (!used && now - before.sortedAt >= settleMs.newest)) expect([...places.order]).toEqual(wantedOrder(groups, fresh && before.key !== key ? [] : before.order))
      if (moved || fresh) movedAt = now
      else if (used && places.order.length > stayed.length) expect([stayed.length < before.order.length, stayed.length < rowsMax]).toEqual([true, true])
      // Whoever waits is more urgent than when the places were given, or has none: nothing waits unseen.
      const known2 = new Map(groups.map((group) => [group.topic, group]))
      for (const [topic, group] of known2) {
        const placed = places.tiers.get(topic)
        expect(places.waiting.includes(topic)).toBe(placed === undefined || tierOf(group) > placed)
      }
    }
  }), { numRuns: 300 })
})

describe('a flood', () => {
  test('of a thousand topics is ten rows, nine of them the most urgent', () => {
    const groups = Array.from({ length: 1000 }, (_, index) => groupAt(`t${index}`, { grade: index === 777 ? 'severe' : 'minor' }))
    const { order } = place(noPlaces, groups, knownOf(groups), { now: 0, used: false, key: '' })
    const { shown, folded } = rowsOf(order, false)
    expect([shown.length + 1, shown[0], folded.length]).toEqual([rowsMax, 't777', 991])
    expect(rowsOf(order, true)).toEqual({ shown: order, folded: [] })
    expect(rowsOf(order.slice(0, rowsMax), false).folded).toEqual([])
  })
  test('of ever other topics, while the list is used, leaves it its rows: who comes stands behind who still has a place', () => {
    let places = noPlaces
    for (let first = 0; first < 200; first++) {
      const groups = Array.from({ length: 20 }, (_, index) => groupAt(`t${first + index}`))
      const before = places.order
      places = place(places, groups, knownOf(groups), { now: first * 100, used: true, key: '' })
      const { shown, folded } = rowsOf(places.order, false)
      expect(shown.length + (folded.length > 0 ? 1 : 0)).toBe(rowsMax)
      const stayed = before.filter((topic) => knownOf(groups).has(topic))
      expect(places.order.slice(0, stayed.length)).toEqual(stayed)
      expect(places.waiting.length).toBe(Math.min(first, 20)) // all that came later still wait for a place of their own
    }
  })
  test('of new alerts in topics that are all the same moves no row', () => {
    let places = noPlaces
    let moves = 0
    for (let second = 0; second < 3600; second++) {
      const groups = topics.map((topic, index) => groupAt(topic, { at: second * 1000 - ((second * 7 + index * 13) % 16) * 50 }))
      const before = places.order.join()
      places = place(places, groups, knownOf(groups), { now: second * 1000, used: false, key: '' })
      if (second > 0 && places.order.join() !== before) moves++
    }
    expect(moves).toBe(0)
  })
})
