// Alerts, saved and loaded, say the same ever after; what is no list of alerts is refused.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Grade } from '@groundswell/schemas/grade.ts'
import { loadAll, reloaded, savedBytes } from '../../../test/saved.ts'
import { isoSecond } from '../4-detect/iso-second.ts'
import { StateReader, StateUnreadable, StateWriter } from '../state.ts'
import { Alerts } from './alerts.ts'
import type { AtSecond } from './episode.ts'

const name = { zh: '题', en: 'topic' }
const grades: readonly Grade[] = ['minor', 'moderate', 'severe']

interface Flip { readonly topic: string; readonly rule: number; readonly wait: number; readonly gone: boolean }
const flips = fc.array(fc.record({ topic: fc.constantFrom('a', 'b', 'c'), rule: fc.nat(2), wait: fc.nat(90), gone: fc.nat(15).map((n) => n === 0) }), { maxLength: 40 })

/** Plays flips of rules; the state of the rules is the room's own. */
class Room {
  readonly tripped = new Set<string>()
  at = 0

  play(flip: Flip): (alerts: Alerts) => unknown {
    this.at += flip.wait
    const { at } = this
    const key = `${flip.topic}/${flip.rule}`
    if (flip.gone) {
      for (const rule of [0, 1, 2]) this.tripped.delete(`${flip.topic}/${rule}`)
      return (alerts) => { alerts.retain(flip.topic, { tripped: 0, isAnew: false, isWaiting: false, told: null }, isoSecond(at)); return alerts.rows }
    }
    const kind = this.tripped.delete(key) ? 'clear' : 'spike'
    if (kind === 'spike') this.tripped.add(key)
    const event = { kind, topic: flip.topic, rule: { count: flip.rule + 1, within: '1m' }, grade: grades[flip.rule]!, at: isoSecond(at), count: 9, id: `${key}/${at}/${kind}` } as const
    const crossing: AtSecond = { event, at, name }
    return (alerts) => [alerts.take(crossing), alerts.settle(at), alerts.rows]
  }
}

test('goes on as those that were saved', () => {
  fc.assert(fc.property(flips, flips, fc.integer({ min: 0, max: 200 }), (before, after, cooldown) => {
    const room = new Room()
    const fresh = (): Alerts => new Alerts(cooldown, () => false, (topic, grade) => topic === 'b' && grade !== 'severe' && room.at % 3 > 0)
    const alerts = fresh()
    for (const flip of before) room.play(flip)(alerts)
    const other = reloaded(alerts, fresh())
    for (const flip of after) {
      const play = room.play(flip)
      expect(play(other)).toEqual(play(alerts))
    }
    expect(other.settle(room.at + 1000)).toEqual(alerts.settle(room.at + 1000))
  }), { numRuns: 200 })
})

test('another cooldown is that of the open episodes too', () => {
  const room = new Room()
  const alerts = new Alerts(1800)
  const flip = { topic: 'a', rule: 0, wait: 10, gone: false }
  for (let n = 0; n < 2; n++) room.play(flip)(alerts)
  expect(reloaded(alerts, new Alerts(60)).settle(70).map(({ event }) => event.kind)).toEqual(['clear'])
  expect(reloaded(alerts, new Alerts(60)).settle(69)).toEqual([])
  expect(alerts.settle(1809)).toEqual([])
})

test('any flipped byte is refused or loads', () => {
  const room = new Room()
  const alerts = new Alerts()
  for (const [n, topic] of ['a', 'b', 'a', 'c', 'a', 'b'].entries()) room.play({ topic, rule: n % 2, wait: 10, gone: false })(alerts)
  const bytes = savedBytes(alerts)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice()
    flipped[at]! ^= 1 << at % 8
    try {
      new Alerts().load(new StateReader(flipped))
    } catch (error) {
      if (!(error instanceof StateUnreadable)) throw error
    }
  }
})

const row = { id: 'i', topic: 'a', name, grade: 'minor', rule: { count: 1, within: '1m' }, at: 'T', count: 2, clearedAt: null }
const episode = { topic: 'a', rowIds: ['i'], grade: 'minor', sent: true, tripped: 1, lastSpikeAt: 5, lastClear: null }
const load = (value: object | null) => (): void => {
  const out = new StateWriter()
  out.json(value !== null && !Array.isArray(value) ? { mutedSources: [], ...value } : value)
  loadAll(out.written, (from) => new Alerts().load(from))
}

test('rows and episodes that fit are read', () => expect(load({ rows: [row], episodes: [episode] })).not.toThrow())

test.each<{ readonly why: string; readonly value: object | null }>([
  { why: 'nothing', value: null }, { why: 'a list', value: [] }, { why: 'a row of no grade', value: { rows: [{ ...row, grade: 'normal' }], episodes: [] } },
  { why: 'a row with more than it has', value: { rows: [{ ...row, more: 1 }], episodes: [] } }, { why: 'more rows than are kept', value: { rows: Array.from({ length: 101 }, () => row), episodes: [] } },
  { why: 'an episode without rows', value: { rows: [row], episodes: [{ ...episode, rowIds: [] }] } }, { why: 'two episodes of a topic', value: { rows: [row], episodes: [episode, episode] } },
  { why: 'an episode that nothing ends', value: { rows: [row], episodes: [{ ...episode, tripped: 0 }] } }, { why: 'less than no rule tripped', value: { rows: [row], episodes: [{ ...episode, tripped: -1 }] } }, { why: 'more muted sources than there are', value: { rows: [], episodes: [], mutedSources: Array.from({ length: 33 }, (_, n) => `${n}`) } },
])('refused: $why', ({ value }) => expect(load(value)).toThrow(StateUnreadable))
