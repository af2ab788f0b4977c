// The whole path of an alarm on normal traffic: what a budget allows is about what comes.
import { expect, test } from 'vitest'
import { Baseline } from '../3-measure/baseline.ts'
import { normalMinutes } from './normal-traffic.testing.ts'
import { Surge } from './surge.ts'
import { clockSeconds, VelocityDetector } from './velocity-detector.ts'

const settledMinutes = 3 * 1440

/** Alarms a day, those of the first days apart. */
function alarmsPerDay(minutes: Float64Array, budgetPerDay: number): number {
  const baseline = new Baseline(), detector = new VelocityDetector(), surge = new Surge(budgetPerDay)
  const sums = clockSeconds.map(() => 0)
  let alarms = 0
  for (let minute = 0, learnt = 0; minute < minutes.length; minute++) {
    clockSeconds.forEach((seconds, clock) => { sums[clock]! += minutes[minute]! - (minute >= seconds / 60 ? minutes[minute - seconds / 60]! : 0) })
    for (; (learnt + 1) * 5 + 10 <= minute + 1; learnt++) baseline.learn(learnt, minutes.subarray(learnt * 5, learnt * 5 + 5).reduce((sum, one) => sum + one, 0))
    if (minutes[minute] === 0 && !surge.open) continue
    const second = (minute + 1) * 60 - 1
    const change = surge.take(second, detector.look(second, sums, baseline, !surge.open))
    if (change?.state === 'begin' && minute >= settledMinutes) alarms++
  }
  return alarms / ((minutes.length - settledMinutes) / 1440)
}

test.each([
  { perMinute: 0.1 }, { perMinute: 1 }, { perMinute: 5, dispersion: 4 }, { perMinute: 5, wander: 0.6 }, { perMinute: 50 },
])('alarms on $perMinute a minute, dispersion $dispersion, wander $wander are at most half as many again as the budget', (traffic) => {
  const runs = [1, 2, 3].map((seed) => normalMinutes({ ...traffic, days: 45, seed }))
  for (const budget of [1, 6]) expect(runs.reduce((sum, minutes) => sum + alarmsPerDay(minutes, budget), 0) / runs.length / budget).toBeLessThan(1.5)
})
