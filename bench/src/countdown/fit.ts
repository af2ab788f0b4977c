// Fits the constants of the countdown: least log loss of "has tripped by this lead" over all leads of the forecasts of the training half,
// a proper score for the whole curve. Adam (Kingma & Ba, 2015) over seeded small batches, gradients by finite differences.
import type { ArrivalsAhead } from '@groundswell/engine/src/core/4-detect/arrivals-ahead.ts'
import type { CountdownConstants } from '@groundswell/engine/src/core/4-detect/countdown-constants.ts'
import { leadsOf } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import { mulberry32 } from '../mulberry32.ts'
import type { Forecasts } from './forecasts.ts'

export interface FitOptions { readonly steps: number; readonly batch: number; readonly seed: number; readonly rate: number; readonly told: (step: number, constants: CountdownConstants) => void }

const ofArrivals = 10 // the first constants, on which the rate ahead depends; the others leave it as it is

export function fit(forecasts: Forecasts, rows: readonly number[], from: CountdownConstants, { steps, batch, seed, rate, told }: FitOptions): CountdownConstants {
  const chance = mulberry32(seed)
  const free = freed(from)
  const [mean, square] = [free.map(() => 0), free.map(() => 0)]
  const average = [...free]
  for (let step = 1; step <= steps; step++) {
    const drawn = Array.from({ length: batch }, () => rows[Math.floor(chance() * rows.length)]!)
    const aheads = drawn.map((n) => forecasts.ahead(n, bound(free)))
    const here = lossOf(forecasts, drawn, bound(free), aheads)
    const pace = rate * Math.min(1, 2 * (1 - step / (steps + 1)))
    const gradient = free.map((value, i) => (lossOf(forecasts, drawn, bound(free.with(i, value + 1e-4)), i < ofArrivals ? undefined : aheads) - here) / 1e-4)
    for (let i = 0; i < free.length; i++) {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!
      square[i] = 0.99 * square[i]! + 0.01 * gradient[i]! ** 2
      free[i]! -= (pace * (mean[i]! / (1 - 0.9 ** step))) / (Math.sqrt(square[i]! / (1 - 0.99 ** step)) + 1e-8)
      average[i] = 0.97 * average[i]! + 0.03 * free[i]!
    }
    if (step % 50 === 0) told(step, rounded(bound(average)))
  }
  return rounded(bound(average))
}

export function lossOf(forecasts: Forecasts, rows: readonly number[], constants: CountdownConstants, aheads?: readonly ArrivalsAhead[]): number {
  let loss = 0
  rows.forEach((n, i) => {
    const path = forecasts.path(n, constants, aheads?.[i])
    const leads = leadsOf(forecasts.window(n))
    const after = forecasts.trippedAfter(n)
    let own = 0
    for (let j = 0; j < path.length; j++) own -= Math.log(Math.max(1e-9, after <= leads[j]! ? path[j]! : 1 - path[j]!))
    loss += own / path.length
  })
  return loss / rows.length
}

/** As numbers that may be anything: logs of what must stay positive. */
function freed({ borrowed, restRate, growth, level, offset, variance, passes, odds }: CountdownConstants): number[] {
  const log = (value: number): number => Math.log(Math.max(1e-3, value))
  return [Math.log(borrowed), Math.log(restRate), ...growth, level.base, level.lead, level.window, Math.log(offset),
    log(variance.base), log(variance.lead), log(variance.seen), log(variance.expected), log(variance.growth), log(variance.unrest), variance.window, passes,
    log(odds.above.slope), odds.above.bend, log(odds.below.slope), odds.below.bend, odds.base, odds.lead, log(odds.nearness), ...odds.tilt]
}

function bound(free: readonly number[]): CountdownConstants {
  let i = 0
  const next = (): number => free[i++]!
  const positive = (): number => Math.exp(next())
  return {
    borrowed: positive(), restRate: positive(), growth: Array.from({ length: 8 }, next), level: { base: next(), lead: next(), window: next() }, offset: positive(),
    variance: { base: positive(), lead: positive(), seen: positive(), expected: positive(), growth: positive(), unrest: positive(), window: next() }, passes: next(),
    odds: { above: { slope: positive(), bend: next() }, below: { slope: positive(), bend: next() }, base: next(), lead: next(), nearness: positive(), tilt: Array.from({ length: 3 }, next) },
  }
}

const rounded = (constants: CountdownConstants): CountdownConstants =>
  JSON.parse(JSON.stringify(constants, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))) as CountdownConstants
