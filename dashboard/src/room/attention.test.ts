import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handlingStates, type Handling, type HandlingState, type Silence } from '@groundswell/schemas/action.ts'
import { grades, levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import type { AlertRow, TopicRow } from '@groundswell/schemas/live.ts'
import { alertRow, snapshot } from '../../test/seeded.ts'
import { alertMarks, fitMarks, isMuted, marksWidth, pinAt, pinFirst, topicMarks } from './attention.ts'
import { roomTime } from './room-time.ts'

const now = Date.parse('2025-11-21T06:32:00Z')
const hour = 3_600_000
const timeOf = (ms: number): string => roomTime('Asia/Shanghai')(ms).minute
const zh = { lang: 'zh', timeOf } as const, en = { lang: 'en', timeOf } as const
const handled = (state: HandlingState, changes: Partial<Handling> = {}): { handling: Handling } => ({ handling: { state, by: '王', at: now, assignee: null, notes: 0, ...changes } })
const alert = (changes: Partial<AlertRow> = {}): AlertRow => ({ ...alertRow(0, now), clearedAt: null, ...changes })
const silence = (changes: Partial<Silence> = {}): Silence => ({ topic: 'network-outage', grade: 'severe', since: now - hour, until: now + hour, by: '李', reason: 'x', ...changes })
const pin = { topic: 'app-crash', by: '李', since: now, until: now + hour }

describe('muted', () => {
  test.each([
    { why: 'nobody has seen it', alert: alert(), silences: [], muted: false },
    { why: 'told to be new again', alert: alert(handled('new')), silences: [], muted: false },
    { why: 'somebody has seen it', alert: alert(handled('acknowledged')), silences: [], muted: true },
    { why: 'somebody works on it', alert: alert(handled('working')), silences: [], muted: true },
    { why: 'somebody dealt with it', alert: alert(handled('resolved')), silences: [], muted: true },
    { why: 'its topic is silent', alert: alert(), silences: [silence()], muted: true },
    { why: 'another topic is silent', alert: alert(), silences: [silence({ topic: 'other' })], muted: false },
    { why: 'it breaks through a silence of a lower grade', alert: alert(), silences: [silence({ grade: 'moderate' })], muted: false },
    { why: 'the silence ends this very moment', alert: alert(), silences: [silence({ until: now })], muted: false },
    { why: 'what is over claims nothing that could be muted', alert: alert({ clearedAt: 'x', ...handled('acknowledged') }), silences: [silence()], muted: false },
  ])('$why: $muted', ({ alert: one, silences, muted }) => expect(isMuted(one, { silences, now })).toBe(muted))
})

describe('the pinned topic', () => {
  const { topics } = snapshot()
  const order = (rows: readonly TopicRow[], topic: string): readonly string[] => pinFirst(rows, { ...pin, topic }).map(({ id }) => id)
  test('is first behind what is severe', () => expect(order(topics, 'app-crash').slice(0, 3)).toEqual(['network-outage', 'app-crash', 'late-payout']))
  test('is first of all where it is severe, or nothing is', () => {
    expect(order(topics.map((row, index) => ({ ...row, level: index < 3 ? 'severe' : row.level })), 'price-dispute').slice(0, 2)).toEqual(['price-dispute', 'network-outage'])
    expect(order(topics.map((row) => ({ ...row, level: 'normal' })), 'roaming')[0]).toBe('roaming')
  })
  test('changes nothing else, and nothing at all where it is not told or its time is over', () => {
    fc.assert(fc.property(fc.constantFrom(...topics.map(({ id }) => id)), (topic) => {
      const sorted = order(topics, topic)
      expect(sorted.filter((id) => id !== topic)).toEqual(topics.map(({ id }) => id).filter((id) => id !== topic))
    }))
    expect(pinFirst(topics, { ...pin, topic: 'unknown' })).toBe(topics)
    expect(pinFirst(topics, null)).toBe(topics)
    expect([pinAt(pin, now), pinAt(pin, now + hour), pinAt(null, now)]).toEqual([pin, null, null])
  })
})

describe('marks', () => {
  const said = (marks: readonly { readonly texts: readonly string[] }[]): string[] => marks.map(({ texts }) => texts[0]!)
  test.each([
    { state: 'acknowledged' as const, zh: '王 已确认', en: 'seen by 王' }, { state: 'working' as const, zh: '王 处理中', en: '王 at work' }, { state: 'resolved' as const, zh: '王 已处理', en: 'dealt with by 王' },
  ])('an alert says who has it: $state', ({ state, zh: chinese, en: english }) => {
    expect([said(alertMarks(alert(handled(state)), { silences: [], now }, zh)), said(alertMarks(alert(handled(state)), { silences: [], now }, en))]).toEqual([[chinese], [english]])
  })
  test('who works on it is its assignee; a long name is cut', () => {
    expect(said(alertMarks(alert(handled('working', { assignee: '赵' })), { silences: [], now }, zh))).toEqual(['赵 处理中'])
    expect(said(alertMarks(alert(handled('acknowledged', { by: '值班甲乙丙丁' })), { silences: [], now }, zh))).toEqual(['值班甲乙… 已确认'])
  })
  test('an alert says until when it is silent, and one that breaks through does not', () => {
    expect(said(alertMarks(alert(), { silences: [silence()], now }, zh))).toEqual(['静默至 15:32'])
    expect(said(alertMarks(alert(handled('working')), { silences: [silence()], now }, en))).toEqual(['王 at work', 'silent to 15:32'])
    expect(alertMarks(alert(), { silences: [silence({ grade: 'minor' })], now }, zh)).toEqual([])
    expect(alertMarks(alert({ clearedAt: 'x', ...handled('acknowledged') }), { silences: [silence()], now }, zh)).toEqual([])
  })
  test('a topic is told by its gravest open alert: what rose is new again', () => {
    const topic = { id: 'network-outage', level: 'severe' as const }
    const taken = alert({ id: 'a', grade: 'moderate', ...handled('acknowledged') })
    const people = { silences: [], pin: null, now }
    expect(said(topicMarks(topic, { ...people, alerts: [taken] }, zh))).toEqual(['王 已确认'])
    expect(topicMarks(topic, { ...people, alerts: [alert({ id: 'b' }), taken] }, zh)).toEqual([])
    expect(said(topicMarks(topic, { ...people, alerts: [alert({ id: 'b', ...handled('working') }), taken] }, zh))).toEqual(['王 处理中'])
    expect(topicMarks({ ...topic, id: 'other' }, { ...people, alerts: [taken] }, zh)).toEqual([])
  })
  test('a topic says its pin and its silence, as long as each lasts', () => {
    const topic = { id: 'app-crash', level: 'moderate' as const }
    const people = { alerts: [], silences: [silence({ topic: 'app-crash', until: now + hour / 2 })], pin }
    expect(said(topicMarks(topic, { ...people, now }, zh))).toEqual(['李 置顶至 15:32', '静默至 15:02'])
    expect(said(topicMarks(topic, { ...people, now: now + hour / 2 }, en))).toEqual(['pinned by 李 to 15:32'])
    expect(topicMarks(topic, { ...people, now: now + hour }, zh)).toEqual([])
    expect(said(topicMarks({ ...topic, level: 'severe' }, { ...people, silences: [silence({ topic: 'app-crash', grade: 'moderate' })], now }, zh))).toEqual(['李 置顶至 15:32'])
  })
  test('they are shortened until they fit, the pin first, and are never left out', () => {
    const marks = topicMarks({ id: 'network-outage', level: 'severe' }, { alerts: [alert(handled('working'))], silences: [silence()], pin: { ...pin, topic: 'network-outage' }, now }, zh)
    expect(fitMarks(marks, 99).map(({ text }) => text)).toEqual(['李 置顶至 15:32', '王 处理中', '静默至 15:32'])
    for (let em = 0; em < 40; em++) {
      const fitted = fitMarks(marks, em)
      expect(fitted.map(({ kind }) => kind)).toEqual(['pinned', 'working', 'silenced'])
      if (fitted.map(({ text }) => text).join() !== '置顶,处理中,静默') expect(marksWidth(fitted)).toBeLessThanOrEqual(em)
    }
  })
})

test('nothing that is muted is told as waiting, whatever people did, and everything that waits is open', () => {
  const one = fc.record({ grade: fc.constantFrom(...grades), state: fc.option(fc.constantFrom(...handlingStates)), cleared: fc.boolean(), topic: fc.constantFrom('a', 'b') })
  const quiet = fc.record({ topic: fc.constantFrom('a', 'b'), grade: fc.constantFrom<Grade>(...grades), ends: fc.integer({ min: -2, max: 2 }) })
  fc.assert(fc.property(one, fc.array(quiet, { maxLength: 3 }), ({ grade, state, cleared, topic }, quiets) => {
    const told = alert({ grade, topic, clearedAt: cleared ? 'x' : null, ...(state !== null && handled(state)) })
    const silences = quiets.map((each) => silence({ topic: each.topic, grade: each.grade, until: now + each.ends }))
    const naive = !cleared && ((state !== null && state !== 'new') || quiets.some((each) => each.topic === topic && each.ends > 0 && levelRank(grade) <= levelRank(each.grade)))
    expect(isMuted(told, { silences, now })).toBe(naive)
  }))
})
