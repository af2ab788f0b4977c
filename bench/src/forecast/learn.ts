// Learns the constants of the forecast of final sizes from whole cascades. All that is chosen from the data is chosen in here, so that cross-validation around it is honest:
// the hours of the day, the models at each age, the cap on `mass`, and how far off forecasts are, which is learnt from forecasts of cascades that were not learnt from.
import { featureNames, featuresOf, horizonSeconds, type Activity, type FeatureName, type MassCap } from '@groundswell/engine/src/core/4-detect/spread/size-features.ts'
import { largeWeight } from '@groundswell/engine/src/core/4-detect/spread/size-forecast.ts'
import { growthAt, knotAges, placeOfAge, quantileShares, scaleAt, scaleTerms, type SizeProfile } from '@groundswell/engine/src/core/4-detect/spread/size-profile.ts'
import { foldsOf, seenAt, sizeAt, type WholeCascade } from './cascades.ts'
import { fitRidge, medianOf, quantileOf, type Rows } from './ridge.ts'

// Chosen by hand, outside of all folds.
const kinds = {
  small: { features: ['size', 'bend', 'freshShare', 'tenNewest', 'threeHours', 'eightHours'], ridge: 20, folds: 5 },
  large: { features: ['mass', 'freshShare', 'tenNewest'], ridge: 8, folds: Infinity },
} as const satisfies Record<string, { features: readonly FeatureName[]; ridge: number; folds: number }>
/** What the cap on `mass` is chosen among, by cross-validation. */
export const massCaps: readonly (MassCap | null)[] = [null, ...[800, 1200, 1800].flatMap((mentions) => [0.15, 0.27, 0.4].map((exponent) => ({ mentions, exponent })))]
const capFolds = 7
const capAges = { from: 600, to: 86_400 } as const
/** A model learns from the five ages around its knot, with these weights: half octaves apart, beyond the doubling ones a sixteenth. */
const offsets = [-2, -1, 0, 1, 2] as const
const offsetWeights = [0.4, 0.7, 1, 0.7, 0.4] as const
const doublings = 11
const agesAround = (knot: number): { age: number; offset: number; weight: number }[] => offsets.map((offset, i) => ({ age: Math.round(knotAges[knot]! * 2 ** (offset / (knot < doublings ? 2 : 16))), offset, weight: offsetWeights[i]! }))
  .filter(({ age }) => age >= knotAges[0]! && age < horizonSeconds)
/** All ages that cascades are looked at. */
const gridAges: readonly number[] = [...new Set(knotAges.flatMap((_, knot) => agesAround(knot).map(({ age }) => age)))].sort((a, b) => a - b)
const restAfter = 21_600 // s; before that the hour of the root says more than the platform's
const seed = 7

export interface LearntSmall { readonly profile: SizeProfile; readonly activity: Activity }
export interface LearntLarge extends LearntSmall { readonly cap: MassCap | null }

/** Features and mentions by age of the grid, then cascade. */
interface Grid { readonly features: readonly (readonly Float64Array[])[]; readonly sizes: readonly Float64Array[]; readonly finals: Float64Array }
type GrowthRows = SizeProfile['growth']

export function learnSmall(cascades: readonly WholeCascade[]): LearntSmall {
  const activity = activityOf(cascades), grid = gridOf(cascades, activity, null)
  const growth = fitGrowth(grid, all(cascades), kinds.small)
  const fold = foldsOf(cascades.length, kinds.small.folds, seed)
  const forecasts = outOfFold(grid, fold, kinds.small)
  return { activity, profile: { features: kinds.small.features, growth, ...fitSpread(grid, forecasts, { pooled: false }), largest: largestOf(cascades), seen: seenRange(grid) } }
}

/** `small`: judges those that are smaller than the others at their age, as the forecast does. */
export function learnLarge(cascades: readonly WholeCascade[], small: SizeProfile): LearntLarge {
  const activity = activityOf(cascades)
  const grids = massCaps.map((cap) => gridOf(cascades, activity, cap))
  const coarse = foldsOf(cascades.length, capFolds, seed), single = foldsOf(cascades.length, cascades.length, seed)
  const forecastsOf = (grid: Grid, fold: Int32Array) => mixedWith(small, grid, { fold, forecasts: outOfFold(grid, fold, kinds.large) })
  const errors = grids.map((grid) => errorOf(grid, forecastsOf(grid, coarse)))
  const best = errors.indexOf(Math.min(...errors)), grid = grids[best]!
  const growth = fitGrowth(grid, all(cascades), kinds.large)
  return { activity, cap: massCaps[best]!, profile: { features: kinds.large.features, growth, ...fitSpread(grid, forecastsOf(grid, single), { pooled: true }), largest: largestOf(cascades), seen: seenRange(grid) } }
}

const all = (cascades: readonly WholeCascade[]): number[] => cascades.map((_, i) => i)
const largestOf = (cascades: readonly WholeCascade[]): number => cascades.reduce((most, { final }) => Math.max(most, final), 0)
const others = (fold: Int32Array, out: number): number[] => Array.from(fold, (_, i) => i).filter((i) => fold[i] !== out)
const foldCount = (fold: Int32Array): number => fold.reduce((most, own) => Math.max(most, own + 1), 0)

/** Mentions by hour of the day in UTC, over their mean. */
export function activityOf(cascades: readonly WholeCascade[]): Activity {
  const hours = new Float64Array(24)
  for (const { tree, times } of cascades) for (const time of times) if (time > restAfter) hours[Math.floor(((tree.at[0]! / 1000 + time) % 86_400) / 3600)]!++
  const mean = hours.reduce((sum, count) => sum + count, 0) / 24
  return Array.from(hours, (count) => Math.round((1000 * Math.max(count, 1)) / Math.max(mean, 1)) / 1000)
}

function gridOf(cascades: readonly WholeCascade[], activity: Activity, cap: MassCap | null): Grid {
  return {
    features: gridAges.map((age) => cascades.map((cascade) => featuresOf(seenAt(cascade, age), activity, cap))),
    sizes: gridAges.map((age) => Float64Array.from(cascades, (cascade) => sizeAt(cascade, age))),
    finals: Float64Array.from(cascades, ({ final }) => final),
  }
}

/** The same with places in the grid. */
const around = (knot: number): { age: number; offset: number; weight: number }[] => agesAround(knot).map(({ age, ...rest }) => ({ age: gridAges.indexOf(age), ...rest }))

function fitGrowth({ features, sizes, finals }: Grid, members: readonly number[], { features: names, ridge }: { readonly features: readonly FeatureName[]; readonly ridge: number }): GrowthRows {
  const places = names.map((name) => featureNames.indexOf(name)), width = places.length + 1
  return knotAges.map((_, knot) => {
    const ages = around(knot), count = ages.length * members.length
    const rows: Rows = { width, x: new Float64Array(count * width), y: new Float64Array(count), weights: new Float64Array(count) }
    let row = 0
    for (const { age, offset, weight } of ages) {
      for (const i of members) {
        places.forEach((place, k) => { rows.x[row * width + k] = features[age]![i]![place]! })
        rows.x[row * width + width - 1] = offset
        rows.y[row] = Math.log(finals[i]! / sizes[age]![i]!)
        rows.weights[row++] = weight
      }
    }
    return fitRidge(rows, { ridge, loss: 'typical' }).slice(0, -1) // at the knot the offset is 0
  })
}

/** Log growth of each cascade by age of the grid, from models that did not see it. */
function outOfFold(grid: Grid, fold: Int32Array, kind: { readonly features: readonly FeatureName[]; readonly ridge: number }): Float64Array[] {
  const places = kind.features.map((name) => featureNames.indexOf(name))
  const growths = Array.from({ length: foldCount(fold) }, (_, out) => fitGrowth(grid, others(fold, out), kind))
  return gridAges.map((age, g) => Float64Array.from(fold, (own, i) => growthAt({ growth: growths[own]! }, places.map((place) => grid.features[g]![i]![place]!), placeOfAge(age))))
}

function mixedWith(small: SizeProfile, grid: Grid, { fold, forecasts }: { readonly fold: Int32Array; readonly forecasts: readonly Float64Array[] }): Float64Array[] {
  const places = small.features.map((name) => featureNames.indexOf(name))
  const seen = Array.from({ length: foldCount(fold) }, (_, out) => seenRange(grid, others(fold, out)))
  return forecasts.map((own, g) => own.map((growth, i) => {
    const place = placeOfAge(gridAges[g]!), weight = largeWeight({ seen: seen[fold[i]!]! }, { platform: 'twitter', logSize: Math.log(grid.sizes[g]![i]!) }, place)
    return weight === 1 ? growth : weight * growth + (1 - weight) * growthAt(small, places.map((at) => grid.features[g]![i]![at]!), place)
  }))
}

/** Mean over ages of the median relative error. */
function errorOf({ sizes, finals }: Grid, forecasts: readonly Float64Array[]): number {
  const ages = gridAges.map((_, g) => g).filter((g) => gridAges[g]! >= capAges.from && gridAges[g]! <= capAges.to)
  return ages.reduce((sum, g) => sum + medianOf(forecasts[g]!.map((growth, i) => Math.abs((sizes[g]![i]! * Math.exp(growth)) / finals[i]! - 1))), 0) / ages.length
}

/** How far forecasts are off: a scale that depends on growth and size, and quantiles of what is left. Few cascades: on the growth alone, and quantiles over neighbouring knots. */
function fitSpread({ sizes, finals }: Grid, forecasts: readonly Float64Array[], { pooled }: { readonly pooled: boolean }): Pick<SizeProfile, 'scale' | 'residuals'> {
  const byKnot = knotAges.map((_, knot) => around(knot).flatMap(({ age }) => Array.from(forecasts[age]!, (growth, i) => {
    const logSize = Math.log(sizes[age]![i]!)
    return { growth, logSize, off: Math.log(finals[i]!) - logSize - growth }
  })))
  const scale = byKnot.map((points) => {
    const terms = points.map(({ growth, logSize }) => (pooled ? [growth] : scaleTerms(growth, logSize).slice(1)))
    return fitRidge({ width: terms[0]!.length, x: Float64Array.from(terms.flat()), y: Float64Array.from(points, ({ off }) => Math.abs(off)), weights: new Float64Array(points.length).fill(1) }, { ridge: 1, loss: 'absolute' })
  })
  const scaled = byKnot.map((points, knot) => points.map(({ growth, logSize, off }) => off / scaleAt(scale[knot]!, growth, logSize)))
  const residuals = scaled.map((own, knot) => {
    const values = Float64Array.from(pooled ? scaled.slice(Math.max(0, knot - 1), knot + 2).flat() : own).sort()
    return quantileShares.map((share) => quantileOf(values, share))
  })
  return { scale, residuals }
}

function seenRange({ sizes, finals }: Grid, members: readonly number[] = Array.from(finals, (_, i) => i)): [number, number][] {
  return knotAges.map((age) => {
    const ascending = Float64Array.from(members, (i) => sizes[gridAges.indexOf(age)]![i]!).sort()
    return [quantileOf(ascending, 0.05), ascending.at(-1)!]
  })
}

/** Constants as they are written: four digits. */
export function rounded<T>(value: T): T {
  if (typeof value === 'number') return Number(value.toPrecision(4)) as T
  if (Array.isArray(value)) return value.map(rounded) as T
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, rounded(own as unknown)])) as T
  return value
}
