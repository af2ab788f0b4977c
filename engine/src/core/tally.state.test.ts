// Tally and thresholds, saved and loaded; what is none of theirs is refused.
import { expect, test } from 'vitest'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { loadAll, reloaded } from '../../test/saved.ts'
import { planWindows } from './3-measure/window-plan.ts'
import { Thresholds } from './4-detect/thresholds.ts'
import { StateUnreadable, StateWriter } from './state.ts'
import { Tally } from './tally.ts'

test('a tally goes on counting where it was', () => {
  const tally = new Tally()
  tally.addBatch({ ...preparedBatch([{ id: 1, second: 1 }, { id: 2, second: 1 }], { rejected: { 'not-json': 2, 'ts-missing': 1 } }), unknownFields: 4, wrongTypes: 5, platformDiffers: 6 })
  tally.addFate(3)
  const other = reloaded(tally, new Tally())
  for (const one of [tally, other]) {
    one.addBatch(preparedBatch([{ id: 3, second: 1 }], { rejected: { 'not-json': 1 } }))
    one.addFate(1)
  }
  expect(other.counters).toEqual({ counted: 1, duplicates: 1, late: 1, skewed: 0, deadLetters: 4, unknownFields: 4, wrongTypes: 5, platformDiffers: 6, reasons: { 'not-json': 3, 'ts-missing': 1 } })
  expect(tally.counters).toEqual(other.counters)
})

const write = (fates: readonly number[], reasons: readonly (readonly [string, number])[]) => (): void => {
  const out = new StateWriter()
  out.array(Float64Array.from(fates))
  for (let i = 0; i < 4; i++) out.number(0)
  out.number(reasons.length)
  for (const [reason, count] of reasons) { out.text(reason); out.number(count) }
  loadAll(out.written, (from) => new Tally().load(from))
}

test.each<{ readonly why: string; readonly wrong: () => void }>([
  { why: 'too few fates', wrong: write([1, 1], []) }, { why: 'less than none', wrong: write([1, 1, 1, -1], []) }, { why: 'no number', wrong: write([1, 1, 1, Number.NaN], []) },
  { why: 'a reason that is none', wrong: write([1, 0, 0, 0], [['__proto__', 1]]) }, { why: 'a reason twice', wrong: write([1, 0, 0, 0], [['not-json', 1], ['not-json', 1]]) },
])('a tally with $why is refused', ({ wrong }) => expect(wrong).toThrow(StateUnreadable))

test('thresholds keep which rules are tripped, and refuse states of other rules', () => {
  const rules = { id: 't', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 3, within: '1m' }, { count: 5, within: '2h', grade: 'severe' as const }] }
  const fresh = (): Thresholds => new Thresholds(rules, planWindows(rules).ofRule)
  const thresholds = fresh()
  thresholds.resume({ count: 5, within: '2h' }, true)
  const other = reloaded(thresholds, fresh())
  expect([other.isTripped(0), other.isTripped(1), other.trippedCount, other.level()]).toEqual([false, true, 1, 'severe'])
  for (const states of [[1], [0, 2], [0, 0, 0]]) {
    const out = new StateWriter()
    out.array(Uint8Array.from(states))
    expect(() => loadAll(out.written, (from) => fresh().load(from))).toThrow(StateUnreadable)
  }
})
