// What people do about alerts against a recomputation from the whole log; saved and loaded at any place it is the same ever after.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actionLimits, type Action, type ActionOf, type Handling, type Pin, type Silence } from '@groundswell/schemas/action.ts'
import { grades } from '@groundswell/schemas/grade.ts'
import { randomAction, randomPerson } from '../../../test/random-actions.ts'
import { reloaded, savedBytes } from '../../../test/saved.ts'
import { StateReader, StateUnreadable } from '../state.ts'
import { HandlingLog, handlingLimits } from './handling.ts'

const begin = 1_800_000_000_000
const alerts = ['a/1', 'a/2', 'b/1']
const topics = ['a', 'b', 'source:weibo']
const day = 86_400_000

interface Step { readonly wait: number; readonly id: number; readonly by: string; readonly action: Action; readonly tick: boolean; readonly load: boolean }
const steps = fc.array(fc.record<Step>({
  wait: fc.nat(40_000), id: fc.nat(60), by: randomPerson, action: randomAction({ alerts, topics, ends: fc.integer({ min: begin, max: begin + 1_500_000 }) }), tick: fc.boolean(), load: fc.nat(9).map((n) => n === 0),
}), { maxLength: 50 })

interface Done { readonly at: number; readonly by: string; readonly action: Action }
type OnAlert = ActionOf<'acknowledge' | 'work' | 'resolve' | 'reopen' | 'assign' | 'note'>

const stateOf = (done: readonly OnAlert[]): Handling['state'] => {
  const since = done.slice(done.findLastIndex(({ what }) => what === 'reopen') + 1)
  const last = since.findLast(({ what }) => what === 'work' || what === 'resolve')
  if (last) return last.what === 'work' ? 'working' : 'resolved'
  return since.some((action) => action.what === 'acknowledge' || (action.what === 'assign' && action.to !== null)) ? 'acknowledged' : 'new'
}

/** From all that was done about one alert, oldest first. */
function handlingOf(log: readonly Done[], alert: string): Handling | null {
  const done = log.filter((one): one is Done & { readonly action: OnAlert } => 'alert' in one.action && one.action.alert === alert)
  if (done.length === 0) return null
  const actions = done.map(({ action }) => action)
  const state = stateOf(actions)
  const before = (i: number): Handling['state'] => stateOf(actions.slice(0, i + 1))
  const run = done.slice(done.findLastIndex((_, i) => before(i) !== state) + 1) // since it is in this state
  const touched = state === 'new' ? run.findLast(({ action }) => action.what === 'note' || action.what === 'assign') ?? run[0]! : run[0]!
  let assignee: string | null = null
  for (const { by, action } of done) assignee = action.what === 'reopen' ? null : action.what === 'assign' ? action.to : action.what === 'work' ? assignee ?? by : assignee
  return { state, by: touched.by, at: touched.at, assignee, notes: actions.filter(({ what }) => what === 'note').length }
}

function silencesAt(log: readonly Done[], now: number): Silence[] {
  const running = topics.flatMap((topic): Silence[] => {
    const last = log.findLast(({ action }) => (action.what === 'silence' || action.what === 'unsilence') && action.topic === topic)
    if (last?.action.what !== 'silence' || last.action.until <= now) return []
    return [{ topic, grade: last.action.grade, since: last.at, until: last.action.until, by: last.by, reason: last.action.reason }]
  })
  return running.sort((a, b) => a.until - b.until || (a.topic < b.topic ? -1 : 1))
}

function pinAt(log: readonly Done[], now: number): Pin | null {
  const last = log.findLast(({ action }) => action.what === 'pin' || action.what === 'unpin')
  return last?.action.what === 'pin' && last.action.until > now ? { topic: last.action.topic, by: last.by, since: last.at, until: last.action.until } : null
}

test('is what a recomputation from the whole log says, saved and loaded anywhere in between', () => {
  fc.assert(fc.property(steps, (played) => {
    let handling = new HandlingLog()
    const log: (Done & { readonly id: string })[] = []
    let now = begin
    for (const { wait, id, by, action, tick, load } of played) {
      now += wait
      if (tick) handling.tick(now)
      else handling.moveTo(now)
      const row = handling.act({ id: String(id), by, action }, now)
      const isNew = !log.some((one) => one.id === String(id))
      expect(row).toEqual(isNew ? { id: String(id), at: now, by, action } : null)
      if (isNew) log.push({ id: String(id), at: now, by, action })
      if (load) handling = reloaded(handling, new HandlingLog())
      for (const alert of alerts) expect(handling.of(alert)).toEqual(handlingOf(log, alert))
      for (const later of [now, now + 200_000]) expect([handling.silences(later), handling.pin(later)]).toEqual([silencesAt(log, later), pinAt(log, later)])
      for (const [rank, grade] of grades.entries()) for (const topic of topics) expect(handling.mutes(topic, grade)).toBe(silencesAt(log, now).some((silence) => silence.topic === topic && grades.indexOf(silence.grade) >= rank))
      expect(handling.rows).toEqual(log.map(({ id, at, by, action }) => ({ id, at, by, action })).toReversed())
    }
  }), { numRuns: 300 })
})

test('stored actions that are folded in their order are what was there before', () => {
  fc.assert(fc.property(steps, (played) => {
    const handling = new HandlingLog()
    let now = begin
    for (const { wait, id, by, action } of played) handling.act({ id: String(id), by, action }, (now += wait))
    const other = new HandlingLog()
    for (const { at, ...act } of handling.rows.toReversed()) other.act(act, at)
    handling.tick(now)
    other.tick(now)
    expect(Buffer.compare(savedBytes(other), savedBytes(handling))).toBe(0)
  }))
})

const acknowledge = (n: number): Parameters<HandlingLog['act']>[0] => ({ id: `c${n}`, by: 'li', action: { what: 'acknowledge', alert: `a/${n}` } })

test('each collection has an end: what was touched longest ago, what ends next, and the oldest commands and rows go', () => {
  const handling = new HandlingLog()
  for (let n = 0; n < actionLimits.handledMax; n++) handling.act(acknowledge(n), begin + n)
  handling.act({ id: 'again', by: 'wang', action: { what: 'note', alert: 'a/0', text: 'still there' } }, begin + day)
  handling.act(acknowledge(actionLimits.handledMax), begin + day)
  expect([handling.of('a/0')?.notes, handling.of('a/1'), handling.of('a/2')?.by]).toEqual([1, null, 'li'])
  expect([handling.rows.length, handling.rows[0]?.id]).toEqual([handlingLimits.rowsMax, `c${actionLimits.handledMax}`])
  const silence = (n: number) => handling.act({ id: `s${n}`, by: 'li', action: { what: 'silence', topic: `t${n}`, grade: 'minor', until: begin + 2 * day + n, reason: 'x' } }, begin + day)
  for (let n = 0; n <= actionLimits.silencesMax; n++) silence(n)
  expect([handling.silences(0).length, handling.silences(0)[0]?.topic]).toEqual([actionLimits.silencesMax, 't1'])
  for (let n = 0; n < handlingLimits.idsMax; n++) handling.act({ id: `p${n}`, by: 'li', action: { what: 'unpin' } }, begin + day)
  expect([handling.act(acknowledge(1), begin + day)?.id, handling.act({ id: 'p9999', by: 'li', action: { what: 'unpin' } }, begin + day)]).toEqual(['c1', null])
  reloaded(handling, new HandlingLog())
})

test('an end beyond what is allowed is the furthest that is; one that has passed ends the silence before it', () => {
  const handling = new HandlingLog()
  handling.act({ id: '1', by: 'li', action: { what: 'silence', topic: 'a', grade: 'minor', until: begin + 99 * day, reason: 'x' } }, begin)
  handling.act({ id: '2', by: 'li', action: { what: 'pin', topic: 'a', until: begin + 99 * day } }, begin)
  expect([handling.silences(begin)[0]?.until, handling.pin(begin)?.until]).toEqual([begin + 30 * day, begin + day])
  handling.act({ id: '3', by: 'li', action: { what: 'silence', topic: 'a', grade: 'minor', until: begin, reason: 'x' } }, begin)
  expect(handling.silences(begin)).toEqual([])
})

test('a tick forgets what is over, and only that', () => {
  const handling = new HandlingLog()
  for (const topic of ['a', 'b']) handling.act({ id: topic, by: 'li', action: { what: 'silence', topic, grade: 'severe', until: begin + (topic === 'a' ? 10 : 20), reason: 'x' } }, begin)
  handling.tick(begin + 10)
  expect([handling.silences(0).map(({ topic }) => topic), handling.mutes('a', 'minor'), handling.mutes('b', 'severe')]).toEqual([['b'], false, true])
  handling.moveTo(begin + 20)
  expect(handling.mutes('b', 'minor')).toBe(false)
})

test('any flipped byte is refused or loads', () => {
  const handling = new HandlingLog()
  const silence = { what: 'silence', topic: 'a', grade: 'minor', until: begin + 9, reason: 'x' } as const
  for (const [n, action] of ([silence, { what: 'pin', topic: 'a', until: begin + 9 }, { what: 'assign', alert: 'a/1', to: null }] as const).entries()) handling.act({ id: `${n}`, by: 'li', action }, begin)
  const bytes = savedBytes(handling)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice()
    flipped[at]! ^= 1 << at % 8
    try {
      new HandlingLog().load(new StateReader(flipped))
    } catch (error) {
      if (!(error instanceof StateUnreadable)) throw error
    }
  }
})
