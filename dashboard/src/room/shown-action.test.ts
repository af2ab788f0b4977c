import { expect, test } from 'vitest'
import type { Action, Handling } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { isOver, isShown, type Shown } from './shown-action.ts'

const alert = (handling?: Partial<Handling>): AlertRow => ({
  id: 'x', topic: 'a', name: { zh: 'a', en: 'a' }, grade: 'minor', rule: { count: 1, within: '1m' }, at: '', count: 1, clearedAt: null,
  ...(handling === undefined ? {} : { handling: { state: 'new', by: 'li', at: 0, assignee: null, notes: 0, ...handling } }),
})
const shown = (row: AlertRow | null, more: Partial<Shown> = {}): Shown => ({ alertOf: () => row, silences: [], pin: null, ...more })
const silence = { topic: 'a', grade: 'minor', since: 0, until: 9, by: 'li', reason: 'known' } as const

test.each<[Action, Shown, boolean]>([
  [{ what: 'acknowledge', alert: 'x' }, shown(alert()), false], [{ what: 'acknowledge', alert: 'x' }, shown(alert({ state: 'working' })), true], [{ what: 'acknowledge', alert: 'x' }, shown(null), true],
  [{ what: 'work', alert: 'x' }, shown(alert({ state: 'acknowledged' })), false], [{ what: 'work', alert: 'x' }, shown(alert({ state: 'working' })), true],
  [{ what: 'resolve', alert: 'x' }, shown(alert({ state: 'working' })), false], [{ what: 'resolve', alert: 'x' }, shown(alert({ state: 'resolved' })), true],
  [{ what: 'reopen', alert: 'x' }, shown(alert({ state: 'resolved' })), false], [{ what: 'reopen', alert: 'x' }, shown(alert({ state: 'new' })), true],
  [{ what: 'assign', alert: 'x', to: 'wang' }, shown(alert({ assignee: 'li' })), false], [{ what: 'assign', alert: 'x', to: 'wang' }, shown(alert({ assignee: 'wang' })), true], [{ what: 'assign', alert: 'x', to: null }, shown(alert()), true],
  [{ what: 'note', alert: 'x', text: 'hm' }, shown(alert({ notes: 2 })), false], [{ what: 'note', alert: 'x', text: 'hm' }, shown(alert({ notes: 3 })), true],
  [{ what: 'silence', topic: 'a', grade: 'minor', until: 9, reason: 'known' }, shown(null, { silences: [{ ...silence, reason: 'another' }] }), false],
  [{ what: 'silence', topic: 'a', grade: 'minor', until: 9, reason: 'known' }, shown(null, { silences: [silence] }), true],
  [{ what: 'unsilence', topic: 'a' }, shown(null, { silences: [silence] }), false], [{ what: 'unsilence', topic: 'a' }, shown(null), true],
  [{ what: 'pin', topic: 'a', until: 9 }, shown(null, { pin: { topic: 'b', by: 'li', since: 0, until: 9 } }), false], [{ what: 'pin', topic: 'a', until: 9 }, shown(null, { pin: { topic: 'a', by: 'li', since: 0, until: 9 } }), true],
  [{ what: 'unpin' }, shown(null, { pin: { topic: 'a', by: 'li', since: 0, until: 9 } }), false], [{ what: 'unpin' }, shown(null), true],
])('%j', (action, where, expected) => expect(isShown(action, where, 2)).toBe(expected))

const pin = { topic: 'a', by: 'li', since: 0, until: 9 }
test.each<[Action, Shown, number, boolean]>([
  [{ what: 'unsilence', topic: 'a' }, shown(null, { silences: [silence] }), 8, false], [{ what: 'unsilence', topic: 'a' }, shown(null, { silences: [silence] }), 9, true], [{ what: 'unsilence', topic: 'a' }, shown(null), 8, true],
  [{ what: 'unpin' }, shown(null, { pin }), 8, false], [{ what: 'unpin' }, shown(null, { pin }), 9, true],
  [{ what: 'reopen', alert: 'x' }, shown(alert({ state: 'resolved' })), 0, false], [{ what: 'reopen', alert: 'x' }, shown(alert()), 0, true], [{ what: 'reopen', alert: 'x' }, shown(null), 0, false],
])('what takes something back is over with it: %j', (action, where, now, expected) => expect(isOver(action, where, now)).toBe(expected))
