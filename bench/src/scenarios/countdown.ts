// `countdown`: forecasts of fixed thresholds over replays of real recordings and seeded crises, against what then happened, on the half of the
// topics that nothing was fitted to. `--fit` first fits the constants on the other half, prints them, and reports with them.
import { resolve } from 'node:path'
import { recentCounts } from '@groundswell/engine/src/core/3-measure/recent-counts.ts'
import { SliceWheel } from '@groundswell/engine/src/core/3-measure/slice-wheel.ts'
import { planWindows } from '@groundswell/engine/src/core/3-measure/window-plan.ts'
import { countdownConstants } from '@groundswell/engine/src/core/4-detect/countdown-constants.ts'
import { Countdowns } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import { Thresholds } from '@groundswell/engine/src/core/4-detect/thresholds.ts'
import { chanceOf } from '../countdown/chance.ts'
import { seededCrises } from '../countdown/crises.ts'
import { fit } from '../countdown/fit.ts'
import { Forecasts, isHeldOut } from '../countdown/forecasts.ts'
import { brier, climateOf, coverage, coverageRange, etaErrors, groups, horizonTrips, reliability, scoreOf } from '../countdown/score.ts'
import { recordedSeries } from '../countdown/series.ts'
import { quantile } from '../results.ts'

const folder = resolve(import.meta.dirname, '../../../../shared/data')
const seededCount = 80
const fitting = { steps: 400, batch: 600, seed: 7, rate: 0.015 }

export function countdown(options: { readonly fit: boolean }): Record<string, unknown> {
  const recorded = recordedSeries(folder)
  if (!recorded) throw new Error('skipped: there are no recordings at ../shared/data')
  const forecasts = new Forecasts([...recorded, ...seededCrises(seededCount)])
  forecasts.play((done) => { if (done % 50 === 0) console.error(`${done} of ${forecasts.series.length} topics, ${forecasts.size} forecasts`) })
  const rows = Array.from({ length: forecasts.size }, (_, n) => n)
  const [training, heldOut] = [rows.filter((n) => !isHeldOut(forecasts.seriesOf(n))), rows.filter((n) => isHeldOut(forecasts.seriesOf(n)))]
  const constants = options.fit ? fit(forecasts, training, countdownConstants, { ...fitting, told: (step) => { console.error(`step ${step} of ${fitting.steps}`) } }) : countdownConstants
  const scores = heldOut.map((n) => scoreOf(forecasts, n, constants))
  const known = training.map((n) => scoreOf(forecasts, n, constants))
  return {
    ...(options.fit ? { constants } : {}),
    topics: Object.fromEntries([...Map.groupBy(forecasts.series, ({ set }) => set)].map(([set, own]) => [set, { all: own.length, heldOut: own.filter(isHeldOut).length }])),
    heldOut: {
      forecasts: scores.length, tripped: horizonTrips(scores), brier: brier(scores, climateOf(forecasts, training, heldOut)), coverage: coverage(scores), coverageRange90: coverageRange(scores, chanceOf('topics')),
      reliability: reliability(scores), etaErrorSeconds: etaErrors(scores),
      bySet: groups(scores, ({ set }) => set), byWindowSeconds: groups(scores, ({ window }) => window),
      byEtaMinutes: groups(scores.filter(({ eta }) => eta !== null), ({ eta }) => [5, 15, 30, 60, 120].find((minutes) => eta! <= minutes * 60)!),
    },
    training: { forecasts: known.length, tripped: horizonTrips(known), coverage: coverage(known) },
    microsecondsATopic: costOf(),
  }
}

/** Of one topic with three rules: a busy one, with a mention in nearly every second of two hours, and a quiet one. */
function costOf(): { busy: number; quiet: number } {
  const topic = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 100_000, within: '10m' }, { count: 100_000, within: '2h' }, { count: 1_000_000, within: '24h' }] }
  const plan = planWindows(topic)
  const time = (mentionEvery: number): number => {
    const wheels = { seconds: new SliceWheel(plan.seconds), minutes: new SliceWheel(plan.minutes) }
    const { rules } = new Thresholds(topic, plan.ofRule)
    const clock = 1_700_000_000
    for (let second = clock - 86_400; second <= clock; second += mentionEvery) {
      wheels.seconds.add(second, second)
      wheels.minutes.add(Math.floor(second / 60), Math.floor(second / 60))
    }
    const rounds: number[] = []
    for (let round = 0; round < 2000; round++) {
      const begun = performance.now()
      const countdowns = new Countdowns(wheels, recentCounts(wheels, clock, clock - 86_400))
      for (const rule of rules) countdowns.of(rule)
      rounds.push((performance.now() - begun) * 1000)
    }
    return Math.round(10 * quantile(rounds.slice(500), 0.5)) / 10
  }
  return { busy: time(1), quiet: time(3600) }
}
