import { expect, test } from 'vitest'
import { Adaptive } from './adaptive.ts'
import { baselineLimits } from './3-measure/baseline.ts'
import { Gaps } from './3-measure/gaps.ts'
import { TopicWheels } from './3-measure/topic-wheels.ts'
import { Thresholds } from './4-detect/thresholds.ts'
import { normalNow } from './normal-now.ts'
import type { Topic } from './watch.ts'

const rules = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', baseline: { alarmBudget: '2 per 8h' } }
const start = Date.parse('2026-01-05T00:00:00Z') / 1000

/** Four mentions a minute for as many minutes, in turn of each platform. */
function spoken(minutes: number, platforms: number): { topic: Topic; clock: number; gaps: Gaps } {
  const wheels = new TopicWheels(rules, start)
  const adaptive = new Adaptive(rules, start - baselineLimits.sliceSeconds)
  const gaps = new Gaps(baselineLimits.sliceSeconds)
  for (let minute = start / 60; minute < start / 60 + minutes; minute++) {
    for (let mention = 0; mention < 4; mention++) wheels.add(minute * 60, minute * 60, 0, mention % platforms)
    adaptive.look({ wheels, gaps, minute, tripped: false, isHeld: false })
  }
  const topic = { rules, place: 0, wheels, thresholds: new Thresholds(rules, wheels.plan.ofRule), adaptive, waitingSeq: -1, newSeconds: false, newMinutes: false }
  return { topic, clock: start + 60 * minutes - 1, gaps }
}

test.each([{ platforms: 1, budgetPerDay: 6 }, { platforms: 2, budgetPerDay: 4 }])('of 6 alarms a day a topic with $platforms platforms may tell $budgetPerDay itself', ({ platforms, budgetPerDay }) => {
  const { topic, ...now } = spoken(120, platforms)
  expect(normalNow(topic, 300, now)!.budgetPerDay).toBeCloseTo(budgetPerDay)
})

test('the step under way holds what is usual, over all of it', () => {
  const { topic, clock, gaps } = spoken(122, 1)
  const { step } = normalNow(topic, 900, { clock, gaps })!
  expect(step).toMatchObject({ at: start + 120 * 60, stage: 'latent' })
  expect(step!.usual).toBeGreaterThan(50)
  expect(step!.usual).toBeLessThan(66)
})

test('nothing is said before anything is known, while the past is filled in, and of no topic', () => {
  const { topic, ...now } = spoken(20, 1)
  expect(normalNow(topic, 300, now)).toEqual({ budgetPerDay: 6, knownFrom: start, step: null })
  const known = spoken(120, 1)
  expect(normalNow({ ...known.topic, waitingSeq: 7 }, 300, known)!.step).toBe(null)
  expect(normalNow(undefined, 300, now)).toBe(null)
})

test('what was silent before its first mention is known too, from when the engine began', () => {
  const wheels = new TopicWheels(rules, start), adaptive = new Adaptive(rules, start - baselineLimits.sliceSeconds), gaps = new Gaps(baselineLimits.sliceSeconds)
  const first = start / 60 + 60
  wheels.add(first * 60, first * 60, 0, 0)
  adaptive.look({ wheels, gaps, minute: first, tripped: false, isHeld: false })
  const topic = { rules, place: 0, wheels, thresholds: new Thresholds(rules, wheels.plan.ofRule), adaptive, waitingSeq: -1, newSeconds: false, newMinutes: false }
  expect(normalNow(topic, 300, { clock: first * 60 + 1800, gaps })!.knownFrom).toBe(start)
})
