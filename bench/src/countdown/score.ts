// How good the countdown's forecasts are: reliability, Brier score beside two simple forecasts, coverage of the intervals, error of the ETA.
//
// Coverage, so that it cannot be had for nothing:
//   finite    both ends lie within the horizon: the trip is in [low, high]; nominal 80 %
//   begun     low lies within the horizon: the place of the trip in the forecast distribution is in 10 … 90 %. Where nothing tripped within the
//             horizon, all that is known is that the place is above P: it counts by the part of what is above P that lies below 90 %. Nominal 80 %;
//             an end beyond the horizon gives no credit of its own
//   early     of the begun: trips before low; nominal 10 %
import { countdownConstants, type CountdownConstants } from '@groundswell/engine/src/core/4-detect/countdown-constants.ts'
import { horizonOf, leadsOf, reached } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import type { Forecasts } from './forecasts.ts'

export interface Scored {
  readonly series: number
  readonly set: string
  readonly window: number
  readonly probability: number
  readonly after: number // seconds until it tripped; Infinity: not within the horizon
  readonly low: number | null
  readonly eta: number | null
  readonly high: number | null
  readonly place: number // share of the forecast distribution in 10 … 90 % that the outcome is in: 0 or 1 where it tripped
  readonly naive: number | null // seconds until it trips if the last ten minutes go on as they were; null: not within the horizon
}

export function scoreOf(forecasts: Forecasts, n: number, constants: CountdownConstants = countdownConstants): Scored {
  const window = forecasts.window(n)
  const leads = leadsOf(window)
  const path = forecasts.path(n, constants)
  const after = forecasts.trippedAfter(n)
  const probability = path.at(-1)!
  const at = (share: number): number | null => reached(path, leads, share)
  return { series: forecasts.seriesIndex(n), set: forecasts.seriesOf(n).set, window, probability, after, low: at(0.1), eta: at(0.5), high: at(0.9), place: placeOf(path, leads, after), naive: naiveOf(forecasts, n, leads) }
}

/** How far the outcome lies within 10 … 90 % of the forecast distribution: 0 or 1 where it tripped, a share of what is possible where it did not. */
export function placeOf(path: readonly number[], leads: readonly number[], after: number): number {
  const probability = path.at(-1)!
  return after < Infinity ? Number(inBand(shareAt(path, leads, after))) : Math.max(0, 0.9 - Math.max(0.1, probability)) / Math.max(1e-9, 1 - probability)
}

const inBand = (share: number): boolean => share >= 0.1 && share <= 0.9

function shareAt(path: readonly number[], leads: readonly number[], after: number): number {
  const j = Math.max(0, leads.findIndex((lead) => lead >= after))
  const [lead, share] = j === 0 ? [0, 0] : [leads[j - 1]!, path[j - 1]!]
  return share + ((path[j]! - share) * (after - lead)) / (leads[j]! - lead)
}

function naiveOf(forecasts: Forecasts, n: number, leads: readonly number[]): number | null {
  const rate = forecasts.lastTen(n) / 600
  const { known } = forecasts.approach(n)
  let [before, gapBefore] = [0, forecasts.count(n) - forecasts.held(n)]
  for (let j = 0; j < leads.length; j++) {
    const gap = forecasts.count(n) - known[j]! - rate * Math.min(leads[j]!, forecasts.window(n))
    if (gap <= 0) return before + ((leads[j]! - before) * gapBefore) / (gapBefore - gap)
    before = leads[j]!
    gapBefore = gap
  }
  return null
}

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits))
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export function reliability(scores: readonly Scored[]): object[] {
  return Array.from({ length: 10 }, (_, decile) => {
    const own = scores.filter(({ probability }) => Math.min(9, Math.floor(10 * probability)) === decile)
    return { from: decile / 10, forecasts: own.length, topics: topicsOf(own), forecast: rounded(mean(own.map(({ probability }) => probability))), tripped: rounded(mean(own.map(hasTripped))) }
  })
}

/** Mean squared error of the probability of a trip within the horizon; climatology knows the share of trips by window and by how near the count is … */
export function brier(scores: readonly Scored[], climate: readonly number[]): object {
  const of = (forecast: (scored: Scored, i: number) => number): number => mean(scores.map((scored, i) => (forecast(scored, i) - hasTripped(scored)) ** 2))
  const [own, climatology, naive] = [of(({ probability }) => probability), of((_, i) => climate[i]!), of(({ naive }) => (naive === null ? 0 : 1))]
  return { countdown: rounded(own, 4), climatology: rounded(climatology, 4), lastTenMinutesGoOn: rounded(naive, 4), skillAgainstClimatology: rounded(1 - own / climatology), skillAgainstLastTenMinutes: rounded(1 - own / naive) }
}

/** For each forecast, the share of trips among training forecasts of the same window and tenth of the count. */
export function climateOf(forecasts: Forecasts, from: readonly number[], rows: readonly number[]): number[] {
  const cells = new Map<string, [trips: number, all: number]>()
  const cellOf = (n: number): string => `${forecasts.window(n)}/${Math.floor((10 * forecasts.held(n)) / forecasts.count(n))}`
  for (const n of from) {
    const cell = cells.get(cellOf(n)) ?? [0, 0]
    cells.set(cellOf(n), [cell[0] + Number(forecasts.trippedAfter(n) < Infinity), cell[1] + 1])
  }
  return rows.map((n) => { const [trips, all] = cells.get(cellOf(n)) ?? [0, 0]; return (trips + 0.5) / (all + 1) })
}

export function coverage(scores: readonly Scored[]): object {
  const finite = scores.filter(({ high }) => high !== null)
  const begun = scores.filter(({ low }) => low !== null)
  const isIn = ({ low, high, after }: Scored): number => Number(after >= low! && after <= high!)
  return {
    finite: { forecasts: finite.length, topics: topicsOf(finite), covered: rounded(mean(finite.map(isIn))), early: rounded(mean(finite.map(isEarly))), late: rounded(mean(finite.map(({ high, after }) => Number(after > high!)))),
      medianWidthOverEta: rounded(median(finite.map(({ low, eta, high }) => (high! - low!) / eta!)), 2) },
    begun: { forecasts: begun.length, topics: topicsOf(begun), covered: rounded(mean(begun.map(({ place }) => place))), early: rounded(mean(begun.map(isEarly))) },
  }
}

/** 90 % range of the two coverages when topics are drawn again: forecasts of one topic are not independent. */
export function coverageRange(scores: readonly Scored[], chance: () => number): object {
  const topics = [...Map.groupBy(scores.filter(({ low }) => low !== null), ({ series }) => series).values()].map((own) => {
    const finite = own.filter(({ high }) => high !== null)
    return { all: own.length, place: own.reduce((sum, { place }) => sum + place, 0), finite: finite.length, in: finite.filter(({ low, high, after }) => after >= low! && after <= high!).length }
  })
  const drawn = Array.from({ length: 500 }, () => {
    const sum = { all: 0, place: 0, finite: 0, in: 0 }
    for (let i = 0; i < topics.length; i++) {
      const topic = topics[Math.floor(chance() * topics.length)]!
      for (const key of ['all', 'place', 'finite', 'in'] as const) sum[key] += topic[key]
    }
    return { finite: sum.in / sum.finite, begun: sum.place / sum.all }
  })
  const range = (values: number[]): number[] => { const sorted = values.sort((a, b) => a - b); return [rounded(sorted[25]!), rounded(sorted[474]!)] }
  return { finite: range(drawn.map(({ finite }) => finite)), begun: range(drawn.map(({ begun }) => begun)) }
}

/** Median absolute error of the ETA by how far ahead it lies, in seconds; a trip that does not come counts as infinitely late. */
export function etaErrors(scores: readonly Scored[]): object[] {
  const bounds = [0, 300, 900, 1800, 3600, 7200]
  return bounds.slice(1).map((to, i) => {
    const own = scores.filter(({ eta }) => eta !== null && eta > bounds[i]! && eta <= to)
    const naive = scores.filter((scored) => scored.naive !== null && scored.naive > bounds[i]! && scored.naive <= to)
    const error = (eta: number, after: number): number => Math.abs(eta - after)
    const seconds = (errors: number[]): number | null => { const middle = median(errors); return Number.isFinite(middle) ? Math.round(middle) : null }
    return { etaUpTo: to, forecasts: own.length, tripped: rounded(mean(own.map(hasTripped))), medianError: seconds(own.map(({ eta, after }) => error(eta!, after))),
      lastTenMinutes: { forecasts: naive.length, tripped: rounded(mean(naive.map(hasTripped))), medianError: seconds(naive.map(({ naive, after }) => error(naive!, after))) } }
  })
}

export const horizonTrips = (scores: readonly Scored[]): number => rounded(mean(scores.map(hasTripped)))
export const groups = <Key extends string | number>(scores: readonly Scored[], keyOf: (scored: Scored) => Key): object =>
  Object.fromEntries([...Map.groupBy(scores, keyOf)].sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1)).map(([key, own]) => [key, { forecasts: own.length, tripped: horizonTrips(own), ...coverage(own) }]))

const hasTripped = ({ after, window }: Scored): number => Number(after <= horizonOf(window))
const isEarly = ({ low, after }: Scored): number => Number(after < low!)
const topicsOf = (scores: readonly Scored[]): number => new Set(scores.map(({ series }) => series)).size
