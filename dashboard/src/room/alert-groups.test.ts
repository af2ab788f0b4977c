import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handlingStates, type Silence } from '@groundswell/schemas/action.ts'
import { grades, levelRank } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { groupsOf, groupStates, inState, matchesRest, stateFilters, stateOf, targetsOf, type AlertGroup } from './alert-groups.ts'
import { needsEyes, silenceOf, unseenWords } from './handling.ts'

const now = 1_763_706_000_000
export const alertAt = (id: number, { topic = 'a', grade = 'minor', at = now - id * 1000, clearedAt = null, ...more }: Partial<Omit<AlertRow, 'at'>> & { readonly at?: number } = {}): AlertRow =>
  ({ id: `alert-${id}`, topic, name: { zh: `话题${topic}`, en: `Topic ${topic}` }, grade, rule: { count: 10, within: '2h' }, at: new Date(at).toISOString(), count: 10, clearedAt, ...more })
const handled = (state: NonNullable<AlertRow['handling']>['state'], assignee: string | null = null): NonNullable<AlertRow['handling']> => ({ state, by: 'li', at: now, assignee, notes: 0 })
const silence: Silence = { topic: 'a', grade: 'moderate', since: now - 5, until: now + 5, by: 'li', reason: 'known' }

const arbitraryAlert = fc.record({
  id: fc.nat(30), topic: fc.constantFrom('a', 'b', 'c', 'source:weibo'), grade: fc.constantFrom(...grades), at: fc.nat(500).map((ago) => now - ago * 1000), over: fc.boolean(),
  state: fc.option(fc.constantFrom(...handlingStates)), assignee: fc.option(fc.constantFrom('li', 'wang')),
}).map(({ id, over, state, assignee, ...more }) => alertAt(id, { ...more, clearedAt: over ? new Date(now).toISOString() : null, ...(state === null ? {} : { handling: handled(state, assignee) }) }))
const arbitrarySilences = fc.uniqueArray(fc.record({ topic: fc.constantFrom('a', 'b', 'c'), grade: fc.constantFrom(...grades), until: fc.constantFrom(now - 1, now, now + 1) }), { selector: ({ topic }) => topic })
  .map((some) => some.map((one): Silence => ({ since: now - 10, by: 'li', reason: 'x', ...one })))

test('groups say of their alerts what a look at each of them says', () => {
  fc.assert(fc.property(fc.array(arbitraryAlert, { maxLength: 20 }), arbitrarySilences, (alerts, silences) => {
    const known = { silences, now }
    const groups = groupsOf(alerts, known)
    const once = alerts.filter((alert, index) => alerts.findIndex(({ id }) => id === alert.id) === index)
    expect(groups.map(({ topic }) => topic).toSorted()).toEqual([...new Set(once.map(({ topic }) => topic))].toSorted())
    expect(groups.flatMap((group) => group.alerts).length).toBe(once.length)
    for (const group of groups) {
      const mine = once.filter(({ topic }) => topic === group.topic)
      const open = mine.filter(({ clearedAt, handling }) => clearedAt === null && handling?.state !== 'resolved')
      expect(group.open).toBe(open.length)
      expect(group.eyes).toBe(open.some((alert) => needsEyes(alert, silences, now)))
      if (open.length > 0) {
        expect(levelRank(group.grade)).toBe(Math.max(...open.map(({ grade }) => levelRank(grade))))
        expect(group.at).toBe(Math.max(...open.map(({ at }) => Date.parse(at))))
        expect(group.since).toBe(Math.min(...open.map(({ at }) => Date.parse(at))))
      }
      const states = (open.length > 0 ? open : [group.newest]).map((alert) => groupStates.indexOf(stateOf(alert, known)))
      expect(group.state).toBe(groupStates[Math.min(...states)])
      expect(group.eyes).toBe(group.state === 'new')
    }
  }))
})

test('every group is in the chip of all, and in that of its state', () => {
  fc.assert(fc.property(fc.array(arbitraryAlert, { minLength: 1, maxLength: 8 }), arbitrarySilences, (alerts, silences) => {
    for (const group of groupsOf(alerts, { silences, now })) {
      expect(inState(group, 'all')).toBe(true)
      expect(inState(group, 'open')).toBe(group.open > 0)
      expect(stateFilters.slice(1, -1).some((state) => inState(group, state))).toBe(true)
    }
  }))
})

describe('a silence', () => {
  test.each([
    { grade: 'minor', at: now, muted: true }, { grade: 'moderate', at: now, muted: true }, { grade: 'severe', at: now, muted: false }, { grade: 'minor', at: now + 5, muted: false },
  ] as const)('up to moderate, until $at, mutes $grade: $muted', ({ grade, at, muted }) => {
    expect(silenceOf(alertAt(1, { grade }), [silence], at) !== null).toBe(muted)
    expect(stateOf(alertAt(1, { grade }), { silences: [silence], now: at })).toBe(muted ? 'silenced' : 'new')
  })
  test('hides nothing of what people do', () => expect(stateOf(alertAt(1, { handling: handled('working') }), { silences: [silence], now })).toBe('working'))
})

test('the head counts topics of which somebody has to see an alert, and says where there may be more', () => {
  expect(unseenWords([alertAt(1), alertAt(2, { handling: handled('acknowledged') }), alertAt(3, { clearedAt: 'x' }), alertAt(4, { topic: 'b' }), alertAt(5, { topic: 'b' })], [silence], now)).toBe('1')
  expect(unseenWords(Array.from({ length: 50 }, (_, index) => alertAt(index, { topic: `t${index % 45}` })), [], now)).toBe('45+')
})

describe('a deed is about', () => {
  const [group] = groupsOf([alertAt(1), alertAt(2, { handling: handled('acknowledged') }), alertAt(3, { handling: handled('resolved') }), alertAt(4, { clearedAt: 'x' })], { silences: [], now }) as [AlertGroup]
  const idsOf = (what: Parameters<typeof targetsOf>[1], of = group): string[] => targetsOf(of, what).map(({ id }) => id.slice(6))
  test.each([
    ['acknowledge', ['1']], ['work', ['1', '2']], ['resolve', ['1', '2']], ['assign', ['1', '2']], ['note', ['1']], ['reopen', ['2', '3']],
  ] as const)('%s: the open alerts that it changes: %j', (what, ids) => expect(idsOf(what)).toEqual(ids))
  test('the newest, where none is open', () => {
    const [over] = groupsOf([alertAt(1, { clearedAt: 'x' }), alertAt(2, { clearedAt: 'x' })], { silences: [], now }) as [AlertGroup]
    expect([idsOf('acknowledge', over), idsOf('assign', over), idsOf('reopen', over)]).toEqual([['1'], ['1'], []])
  })
})

test('the filter finds a topic by its id and either name, by grade and by who has it', () => {
  const [group] = groupsOf([alertAt(1, { topic: 'net', grade: 'severe', handling: handled('working', 'li') })], { silences: [], now }) as [AlertGroup]
  const all = { state: 'open', grades: [], text: '', assignee: null } as const
  expect([all, { ...all, text: ' TOPIC n' }, { ...all, text: '话题' }, { ...all, text: 'x' }, { ...all, grades: ['severe'] as const }, { ...all, grades: ['minor'] as const }, { ...all, assignee: 'li' }, { ...all, assignee: 'wang' }].map((filter) => matchesRest(group, filter)))
    .toEqual([true, true, true, false, true, false, true, false])
})
