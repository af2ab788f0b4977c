import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Grade } from '@groundswell/schemas/grade.ts'
import { levelRank } from '@groundswell/schemas/grade.ts'
import { isoSecond } from '../4-detect/iso-second.ts'
import { alertLimits, Alerts, type Alert } from './alerts.ts'
import type { AtSecond } from './episode.ts'

const name = { zh: '题', en: 'topic' }
const crossing = (kind: 'spike' | 'clear', at: number, of: { grade?: Grade; topic?: string; count?: number } = {}): AtSecond => {
  const { grade = 'minor', topic = 't', count = 10 } = of
  const iso = isoSecond(at)
  return { at, name, event: { kind, topic, rule: { count, within: '1m' }, grade, at: iso, count: 12, id: `${topic}/${count}/1m/${iso}/${kind}` } }
}
const sameQuery = { isAnew: false, isWaiting: false, told: null }
const said = (alerts: readonly Alert[]): string[] => alerts.map(({ event }) => `${event.kind} ${event.grade}`)

describe('one crisis is one episode', () => {
  test('a rule that flaps within the cooldown gives one spike and one clear', () => {
    const alerts = new Alerts(1800)
    const out: string[] = []
    for (let at = 0; at < 1500; at += 100) out.push(...said(alerts.take(crossing('spike', at))), ...said(alerts.take(crossing('clear', at + 50))))
    expect(out).toEqual(['spike minor'])
    expect(said(alerts.settle(1400 + 1799))).toEqual([])
    expect(said(alerts.settle(1400 + 1800))).toEqual(['clear minor'])
    expect(said(alerts.settle(1_000_000))).toEqual([])
    expect(said(alerts.take(crossing('spike', 1_000_001)))).toEqual(['spike minor'])
  })

  test('a higher grade is one more message, the clear has the highest grade, and comes when the last rule has re-armed', () => {
    const alerts = new Alerts(60)
    expect(said(alerts.take(crossing('spike', 0)))).toEqual(['spike minor'])
    expect(said(alerts.take(crossing('spike', 10, { grade: 'severe', count: 99 })))).toEqual(['spike severe'])
    expect(said(alerts.take(crossing('spike', 20, { grade: 'moderate', count: 50 })))).toEqual([])
    expect(said(alerts.take(crossing('clear', 500, { grade: 'severe', count: 99 })))).toEqual([])
    expect(said(alerts.take(crossing('clear', 600)))).toEqual([])
    expect(said(alerts.take(crossing('clear', 700, { grade: 'moderate', count: 50 })))).toEqual([])
    const [clear] = alerts.settle(700)
    expect(clear!.event).toMatchObject({ kind: 'clear', grade: 'severe', at: isoSecond(700), id: `t/50/1m/${isoSecond(700)}/clear` })
    expect(clear!.row).toMatchObject({ grade: 'severe', clearedAt: isoSecond(700), id: `t/99/1m/${isoSecond(10)}/spike` })
  })

  test('rows follow the rules at once: ended when all have re-armed, running again when one flaps', () => {
    const alerts = new Alerts(1800)
    alerts.take(crossing('spike', 0))
    alerts.take(crossing('clear', 60))
    expect(alerts.rows[0]!.clearedAt).toBe(isoSecond(60))
    alerts.take(crossing('spike', 120))
    expect(alerts.rows).toMatchObject([{ at: isoSecond(0), clearedAt: null }])
  })

  test('topics are episodes of their own', () => {
    const alerts = new Alerts()
    expect(said([...alerts.take(crossing('spike', 0)), ...alerts.take(crossing('spike', 0, { topic: 'u' }))])).toEqual(['spike minor', 'spike minor'])
  })

  test('rules that are gone end the rows without a message; rules that stay keep the episode', () => {
    const alerts = new Alerts()
    alerts.take(crossing('spike', 0))
    alerts.take(crossing('spike', 5, { count: 20 }))
    alerts.retain('t', { ...sameQuery, tripped: 1 }, isoSecond(9))
    expect(alerts.rows[0]!.clearedAt).toBeNull()
    alerts.retain('t', { ...sameQuery, tripped: 0 }, isoSecond(10))
    expect(alerts.rows[0]!.clearedAt).toBe(isoSecond(10))
    expect(alerts.settle(1_000_000)).toEqual([])
  })
})

test('the list is bounded, newest first', () => {
  const alerts = new Alerts()
  for (let i = 0; i < 300; i++) alerts.take(crossing('spike', i, { topic: `t${i}` }))
  expect(alerts.rows).toHaveLength(alertLimits.rowsMax)
  expect(alerts.rows[0]!.topic).toBe('t299')
})

test('the messages are those of a recount, second by second', () => {
  const grade = fc.constantFrom<Grade>('minor', 'moderate', 'severe')
  const flips = fc.array(fc.record({ rule: fc.nat(2), wait: fc.nat(40) }), { maxLength: 60 })
  fc.assert(fc.property(fc.tuple(grade, grade, grade), flips, fc.integer({ min: 0, max: 60 }), (gradesOf, flips, cooldown) => {
    const alerts = new Alerts(cooldown)
    const out: string[] = []
    const expected: string[] = []
    const tripped = new Set<number>()
    let open: { grade: Grade; lastSpike: number } | null = null
    let at = 0
    const recount = (until: number): void => { // closes the seconds at … until − 1
      for (; at < until; at++) {
        if (!open || tripped.size > 0 || at < open.lastSpike + cooldown) continue
        expected.push(`clear ${open.grade}`)
        open = null
      }
    }
    for (const { rule, wait } of flips) {
      const until = at + wait + 1 // at most one crossing a second
      out.push(...said(alerts.settle(until - 1)))
      recount(until)
      const kind = tripped.delete(rule) ? 'clear' : 'spike'
      if (kind === 'spike') {
        tripped.add(rule)
        if (!open || levelRank(gradesOf[rule]!) > levelRank(open.grade)) expected.push(`spike ${gradesOf[rule]}`)
        const before: Grade = open ? open.grade : gradesOf[rule]!
        open = { grade: levelRank(gradesOf[rule]!) > levelRank(before) ? gradesOf[rule]! : before, lastSpike: at }
      }
      out.push(...said(alerts.take(crossing(kind, at, { grade: gradesOf[rule]!, count: rule + 1 }))))
    }
    out.push(...said(alerts.settle(at + 200)))
    recount(at + 201)
    expect(out).toEqual(expected)
  }), { numRuns: 300 })
})
