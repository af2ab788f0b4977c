// The budget of a topic is all that it and its platforms may tell together when nothing is the matter.
import { expect, test } from 'vitest'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineLimits } from './3-measure/baseline.ts'
import { Gaps } from './3-measure/gaps.ts'
import { TopicWheels } from './3-measure/topic-wheels.ts'
import { normalMinutes, type Traffic } from './4-detect/normal-traffic.testing.ts'
import { Adaptive, type AdaptiveChange } from './adaptive.ts'

const first = 28_333_440 // minute since 1970: a midnight
const settledMinutes = 3 * 1440
const days = 30

interface Calm extends Omit<Traffic, 'days' | 'seed'> { readonly alarmBudget: string; readonly shares: readonly number[] }

/** What is told after the first days of a topic whose platforms have these shares of it, and share nothing but its rhythm. */
function toldOf({ alarmBudget, shares, perMinute, ...traffic }: Calm, seed: number): AdaptiveChange[] {
  const rules: TopicRules = { id: 't', name: { zh: '题', en: 'topic' }, query: 'x', baseline: { alarmBudget } }
  const platforms = shares.map((share, platform) => normalMinutes({ ...traffic, perMinute: perMinute * share, days, seed: 100 * seed + platform }))
  const wheels = new TopicWheels(rules, first * 60), adaptive = new Adaptive(rules, first * 60), gaps = new Gaps(baselineLimits.sliceSeconds)
  const told: AdaptiveChange[] = []
  for (let at = 0; at < days * 1440; at++) {
    const minute = first + at
    let count = 0
    platforms.forEach((counts, platform) => {
      for (let i = 0; i < counts[at]!; i++) wheels.add(60 * minute, 60 * minute, 0, platform)
      count += counts[at]!
    })
    if (count === 0 && !adaptive.isRestless) continue
    const changes = adaptive.look({ wheels, gaps, minute, tripped: false, isHeld: false })
    if (at >= settledMinutes) told.push(...changes)
  }
  return told
}

const begun = (changes: readonly AdaptiveChange[]): AdaptiveChange[] => changes.filter(({ state, rises }) => state === 'begin' && !rises)

test.each([
  { alarmBudget: '2 per 8h', perMinute: 5, dispersion: 1, wander: 0, shares: [1] },
  { alarmBudget: '2 per 8h', perMinute: 5, dispersion: 1, wander: 0, shares: [0.6, 0.4] },
  { alarmBudget: '2 per 8h', perMinute: 5, dispersion: 1, wander: 0, shares: [0.4, 0.25, 0.15, 0.12, 0.08] },
  { alarmBudget: '1 per 24h', perMinute: 5, dispersion: 1, wander: 0, shares: [0.6, 0.4] },
  { alarmBudget: '1 per 24h', perMinute: 10, shares: [0.4, 0.25, 0.15, 0.12, 0.08] },
])('a calm topic and its platforms $shares tell no more than $alarmBudget together', (calm) => {
  const perDay = calm.alarmBudget === '2 per 8h' ? 6 : 1
  const told = [1, 2, 3].flatMap((seed) => begun(toldOf(calm, seed)))
  const perDayOf = (alarms: readonly AdaptiveChange[]): number => alarms.length / (3 * (days - settledMinutes / 1440))
  expect(perDayOf(told) / perDay).toBeLessThan(1.2)
  expect(perDayOf(told) / perDay).toBeGreaterThan(0.4)
  if (calm.shares.length === 1) return expect(told.filter(({ platform }) => platform !== null)).toEqual([])
  // What is told of a platform's alarm is how often one like it comes from any of them.
  const ofPlatforms = told.filter(({ platform }) => platform !== null)
  for (const share of [perDay / 3, perDay / 6]) expect(perDayOf(ofPlatforms.filter(({ reading }) => reading.falsePerDay <= share)) / share).toBeLessThan(1.5)
  expect(perDayOf(ofPlatforms) / (perDay / 3)).toBeGreaterThan(0.3)
  expect(Math.max(...ofPlatforms.map(({ reading }) => reading.falsePerDay))).toBeLessThanOrEqual(perDay / 3)
})
