// How far cascades of one kind still grow: the log of final over seen size as a linear model at thirteen ages, and how far such a forecast is off.
import { horizonSeconds, type Activity, type FeatureName, type MassCap } from './size-features.ts'

/** Ages at which profiles are learnt, s: 5 min, doubling up to 85 h, then 5 and 6.5 days. */
export const knotAges: readonly number[] = [...Array.from({ length: 11 }, (_, knot) => 300 * 2 ** knot), 5 * 86_400, 6.5 * 86_400]
/** Shares of cascades that end below each quantile. */
export const quantileShares = [0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975] as const

/** A row each knot. */
export interface SizeProfile {
  readonly features: readonly FeatureName[]
  readonly growth: readonly (readonly number[])[] // of the log growth: where it begins, then a factor each feature
  readonly scale: readonly (readonly number[])[] // of how far it is off: where it begins, then by growth, its root, log of the mentions, and how far that is from 4, squared
  readonly residuals: readonly (readonly number[])[] // at `quantileShares`: actual less forecast growth, in scales
  readonly largest: number // final size of the largest that it was learnt from
  readonly seen: readonly (readonly [least: number, most: number])[] // mentions that cascades had at that age: 5 in 100 had fewer, none had more
}

export interface SizeForecastConstants {
  readonly activity: Readonly<Record<string, Activity>> // by platform
  readonly massCap: MassCap | null
  readonly small: SizeProfile
  readonly large: SizeProfile
}

/** Between which knots an age lies (of `knot` and the next, by share of the octaves), and what is left of a growth at the last of them: none at seven days. Younger than 5 min is taken for that old. */
export interface AgePlace { readonly knot: number; readonly share: number; readonly left: number }

export function placeOfAge(age: number): AgePlace {
  let knot = 0
  while (knot < knotAges.length - 2 && knotAges[knot + 1]! <= age) knot++
  const [from, to, last] = [knotAges[knot]!, knotAges[knot + 1]!, knotAges.at(-1)!]
  const share = Math.min(1, Math.max(0, Math.log2(age / from) / Math.log2(to / from)))
  return { knot, share, left: age <= last ? 1 : Math.max(0, Math.log(horizonSeconds / age) / Math.log(horizonSeconds / last)) }
}

export const between = ({ knot, share }: AgePlace, at: (knot: number) => number): number => at(knot) * (1 - share) + at(knot + 1) * share

/** Log of final over seen size; `features`: the values of the profile's own features. */
export function growthAt({ growth }: Pick<SizeProfile, 'growth'>, features: ArrayLike<number>, place: AgePlace): number {
  const at = (knot: number): number => {
    const row = growth[knot]!
    let sum = row[0]!
    for (let i = 0; i < features.length; i++) sum += row[i + 1]! * features[i]!
    return sum
  }
  return Math.max(0, place.left * between(place, at))
}

/** What the scale is worked out from. */
export const scaleTerms = (growth: number, logSize: number): readonly number[] => [1, growth, Math.sqrt(growth), logSize, (logSize - 4) ** 2]

export function scaleAt(row: readonly number[], growth: number, logSize: number): number {
  const terms = scaleTerms(growth, logSize)
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i]! * terms[i]!
  return Math.min(3, Math.max(0.1 * growth + 0.004, sum))
}

/** Log growth at each of `quantileShares`. */
export function growthQuantiles(profile: SizeProfile, { growth, logSize }: { readonly growth: number; readonly logSize: number }, place: AgePlace): number[] {
  const [near, far] = [scaleAt(profile.scale[place.knot]!, growth, logSize), scaleAt(profile.scale[place.knot + 1]!, growth, logSize)]
  return quantileShares.map((_, i) => Math.max(0, growth + place.left * between(place, (knot) => (knot === place.knot ? near : far) * profile.residuals[knot]![i]!)))
}
