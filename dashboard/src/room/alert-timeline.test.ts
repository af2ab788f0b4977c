import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { entriesMax, timelineOf } from './alert-timeline.ts'

const iso = (second: number): string => new Date(second * 1000).toISOString()
const alert = (id: number, at: number, clearedAt: number | null): AlertRow => ({ id: `a/${id}`, topic: 'a', name: { zh: 'a', en: 'a' }, grade: 'minor', rule: { count: 1, within: '1m' }, at: iso(at), count: 1, clearedAt: clearedAt === null ? null : iso(clearedAt) })
const action = (id: number, at: number): ActionRow => ({ id: String(id), at: at * 1000, by: 'li', action: { what: 'note', alert: 'a/1', text: String(id) } })
const told = (id: number, at: number): SpikeEvent => ({ kind: 'spike', topic: 'a', rule: { count: 1, within: '1m' }, grade: 'minor', at: iso(at), count: 1, id: `a/${id}` })
const second = fc.nat(50)

test('everything is told once, newest first, as much as there is room for', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.nat(200), second, fc.option(second)), { selector: ([id]) => id, maxLength: 120 }), fc.uniqueArray(fc.tuple(fc.nat(200), second), { selector: ([id]) => id, maxLength: 120 }),
    fc.uniqueArray(fc.tuple(fc.nat(200), second), { selector: ([id]) => id, maxLength: 120 }), (alerts, actions, events) => {
      const entries = timelineOf({ alerts: alerts.map(([id, at, end]) => alert(id, at, end)), actions: actions.map(([id, at]) => action(id, at)), told: events.map(([id, at]) => told(id, at)) })
      const onlyTold = events.filter(([id]) => !alerts.some(([other]) => other === id))
      const times = [...alerts.map(([, at]) => at), ...alerts.flatMap(([, , end]) => (end === null ? [] : [end])), ...actions.map(([, at]) => at), ...onlyTold.map(([, at]) => at)].toSorted((a, b) => b - a)
      expect(entries.map(({ at }) => at / 1000)).toEqual(times.slice(0, entriesMax))
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    }))
})

test('of one second, the end of an alert stands above what people did, and that above the alert', () => {
  expect(timelineOf({ alerts: [alert(1, 5, 5)], actions: [action(1, 5)], told: [told(2, 5), told(1, 5)] }).map(({ kind }) => kind)).toEqual(['cleared', 'action', 'alert', 'told'])
})

test('what is done to several alerts at once is told once, and what is done twice to one is told twice', () => {
  const act = (id: string, at: number, alert: string, by = 'li'): ActionRow => ({ id, at, by, action: { what: 'acknowledge', alert } })
  const entries = timelineOf({ alerts: [], told: [], actions: [act('f', 9_000, 'a/1'), act('e', 8_900, 'a/2'), act('d', 8_800, 'a/2'), act('c', 8_700, 'a/3', 'wang'), act('b', 1_000, 'a/3')] })
  expect(entries.map((entry) => (entry.kind === 'action' ? [entry.row.id, entry.alerts] : []))).toEqual([['f', 2], ['d', 1], ['c', 1], ['b', 1]])
})
