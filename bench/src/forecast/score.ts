// Forecasts of cascades by constants that were learnt without them, and how good they are beside the rivals, which learn from the same folds.
import { reproductionOf } from '@groundswell/engine/src/core/4-detect/spread/reproduction.ts'
import { forecastSize, isAccelerating, type SizeForecast } from '@groundswell/engine/src/core/4-detect/spread/size-forecast.ts'
import { quantileShares, type SizeForecastConstants } from '@groundswell/engine/src/core/4-detect/spread/size-profile.ts'
import { seenAt, sizeAt, type WholeCascade } from './cascades.ts'
import { bestConstant, infectiousness, isFollowed, learnSeismic, meanDegree, relativeError, seismic } from './rivals.ts'
import { medianOf } from './ridge.ts'

export interface Folded {
  readonly cascades: readonly WholeCascade[]
  readonly fold: Int32Array
  readonly constants: readonly SizeForecastConstants[] // by fold, learnt from the others
}
export interface Scored { readonly forecast: SizeForecast; readonly superCritical: boolean; readonly final: number; readonly fold: number }

/** Every cascade at an age. The forecast is made as if it were not super-critical: what is not answered is scored too. */
export function scoredAt({ cascades, fold, constants }: Folded, age: number): Scored[] {
  return cascades.map((cascade, i) => {
    const seen = seenAt(cascade, age)
    const R = isAccelerating(seen) ? reproductionOf(cascade.tree, cascade.tree.at[0]! + age * 1000) : null
    return { forecast: forecastSize(seen, null, constants[fold[i]!]), superCritical: R !== null && R.low > 1 && isAccelerating(seen), final: cascade.final, fold: fold[i]! }
  })
}

const percent = (share: number): number | null => (Number.isFinite(share) && share < 1e6 ? Math.round(1000 * share) / 10 : null)
const errorOf = ({ forecast, final }: Scored): number => relativeError(forecast.predicted!, final)
const isCovered = ({ forecast, final }: Scored): boolean => final >= forecast.low && final <= forecast.high!
const shareOf = (scored: readonly Scored[], is: (one: Scored) => boolean): number => scored.filter(is).length / scored.length

/** Percentages: medians of |said − final| / final, `coverage80` of the interval, `superCritical` that get no number. A null: no finite one. */
export function ours(scored: readonly Scored[]): Record<string, number | null> {
  const answered = scored.filter(({ superCritical }) => !superCritical)
  return {
    cascades: scored.length, medianError: percent(medianOf(scored.map(errorOf))), coverage80: percent(shareOf(scored, isCovered)),
    below: percent(shareOf(scored, ({ forecast, final }) => final < forecast.low)), above: percent(shareOf(scored, ({ forecast, final }) => final > forecast.high!)),
    highOverLow: Math.round(100 * medianOf(scored.map(({ forecast }) => forecast.high! / forecast.low))) / 100,
    superCritical: percent(1 - answered.length / scored.length), medianErrorAnswered: percent(medianOf(answered.map(errorOf))), coverage80Answered: percent(shareOf(answered, isCovered)), medianErrorSuperCritical: percent(medianOf(scored.filter((one) => one.superCritical).map(errorOf))),
    outOfRange: percent(shareOf(scored, ({ forecast }) => forecast.outOfRange)), medianErrorInRange: percent(medianOf(scored.filter(({ forecast }) => !forecast.outOfRange).map(errorOf))),
  }
}

/** Median errors in percent. `ratio`: ours to the better of growth factor and SEISMIC with its own constants; `ratioLearnt`: SEISMIC with learnt ones beside. */
export function besideRivals({ cascades, fold }: Folded, age: number, scored: readonly Scored[]): Record<string, number | null> {
  const finals = cascades.map(({ final }) => final), seen = cascades.map((cascade) => sizeAt(cascade, age)), states = cascades.map((cascade) => infectiousness(cascade, age))
  const followed = isFollowed(cascades[0]!.tree.followers), degree = followed ? meanDegree.known : meanDegree.unknown
  const learnt = Array.from({ length: Math.max(...fold) + 1 }, (_, out) => {
    const others = finals.map((_, i) => i).filter((i) => fold[i] !== out)
    return { factor: medianOf(others.map((i) => finals[i]! / seen[i]!)), seismic: learnSeismic(others.map((i) => states[i]!), others.map((i) => finals[i]!), followed), constant: medianOf(others.map((i) => finals[i]!)) }
  })
  const error = (said: (i: number) => number): number => medianOf(finals.map((final, i) => relativeError(said(i), final)))
  const own = medianOf(scored.map(errorOf)), noChange = error((i) => seen[i]!), growthFactor = error((i) => seen[i]! * learnt[fold[i]!]!.factor)
  const fixed = error((i) => seismic(states[i]!, { degree, factor: 1 })), fitted = error((i) => seismic(states[i]!, learnt[fold[i]!]!.seismic))
  return {
    ours: percent(own), noChange: percent(noChange), growthFactor: percent(growthFactor), seismic: percent(fixed), seismicLearnt: percent(fitted),
    seismicWithoutAnswer: percent(states.filter((state) => seismic(state, { degree, factor: 1 }) === Infinity).length / states.length),
    medianOfOthers: percent(error((i) => learnt[fold[i]!]!.constant)), bestConstantInHindsight: percent(bestConstant(finals).medianError),
    ratio: Math.round((100 * own) / Math.min(growthFactor, fixed)) / 100, ratioLearnt: Math.round((100 * own) / Math.min(growthFactor, fixed, fitted)) / 100,
  }
}

/** Of how many in a hundred the final size was not above each quantile, which is what P(final ≥ x) rests on: its share if it is calibrated. */
export function calibration(scored: readonly Scored[]): Record<string, number | null> {
  return Object.fromEntries(quantileShares.map((share, i) => [`${100 * share} %`, percent(shareOf(scored, ({ forecast, final }) => final <= Math.round(forecast.observed * Math.exp(forecast.growth[i]!))))]))
}

export function bySize(scored: readonly Scored[], bounds: readonly number[]): Record<string, Record<string, number | null>> {
  return Object.fromEntries(bounds.map((from, i) => [`from ${from}`, scored.filter(({ forecast }) => forecast.observed >= from && forecast.observed < (bounds[i + 1] ?? Infinity))] as const)
    .filter(([, own]) => own.length > 0).map(([name, own]) => [name, { cascades: own.length, medianError: percent(medianOf(own.map(errorOf))), coverage80: percent(shareOf(own, isCovered)) }]))
}
