// How many mentions a cascade will have seven days after its root, from what is seen of it so far: a typical number, an interval that holds in 80 of 100 cases, and P(at least x).
//
//   mentions, their times, the hour ──► log growth by two profiles ──► mixed by size and platform ──► predicted · low · high · P(final ≥ x)
//
//   small   learnt on weibo-cascades (1,752 posts of 2010–2016; nine in ten of them ended between 95 and 800, none above 961)
//   large   learnt on twitter-retweets (49 tweets of 2011 that ended between 2,000 and 17,000; data of SEISMIC, Zhao et al., KDD 2015)
//
// Both sets hold only posts that became large, and a forecast takes for granted that this one does too. On Twitter the accuracy of the first
// hours is that knowledge and hardly foresight: whoever always answers the one best number is as good until 2 h (bench `forecast`). So a tweet
// that is smaller than 19 of 20 of those were at its age is judged more and more by the small profile, and by it alone from a quarter of that down; between, it is promised
// too much. A post of a few mentions, most of which end as they are, is promised far too much by either. `outOfRange` says all of this: then the forecast is no more than a guess.
//
// Log-linear growth is that of Szabo & Huberman (CACM 2010) with the features of Cheng et al. (WWW 2014) that held out of sample; fitted with a redescending loss of the relative error (bench/src/forecast).
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { reproductionOf } from './reproduction.ts'
import { seenSize } from './seen-part.ts'
import { ageWithin, clip, countUntil, featureNames, featuresOf, type SeenCascade } from './size-features.ts'
import { sizeForecastConstants } from './size-forecast-constants.ts'
import { between, growthAt, growthQuantiles, knotAges, placeOfAge, quantileShares, type AgePlace, type SizeForecastConstants, type SizeProfile } from './size-profile.ts'

export interface SizeForecast {
  // Whole mentions.
  readonly observed: number // so far, the root included
  /** The size with the least typical relative error; a little below the median. Null where it is super-critical. */
  readonly predicted: number | null
  readonly low: number // one in ten ends below; at least `observed`
  readonly high: number | null // one in ten ends above; null where it is super-critical
  readonly superCritical: boolean
  /** Nothing like it was learnt from: another platform than weibo and twitter, younger than 5 min, or smaller or larger than those were at its age. */
  readonly outOfRange: boolean
  /** Log of final over observed size at each of `quantileShares`, never falling; also where it is super-critical. */
  readonly growth: readonly number[]
}

/** Below this many mentions a forecast is a guess. */
const leastSeen = 10
/** Super-critical: from so many mentions on, where it accelerates by so many standard deviations. */
const runaway = { mentions: 20, deviations: 1.28 } as const
const smallPlatform = 'weibo', largePlatform = 'twitter'
/** Elsewhere than on Twitter the large profile begins where the set of the small one ends. */
const elsewhere = { from: 1000, whole: 3000 } as const
/** No profile says that a cascade grows by more than this many times the largest that it was learnt from: a lone post may be anything, but not everything. */
const beyondLargest = 3
/** Where profiles are mixed, the interval leans to both sides so that it spans what either says. */
const spanning = 1.25

/** Of a tree at an age in seconds; what came later is not looked at. `reproduction`: R then, where it is known already. O(mentions), 0.1 ms at 10,000; where it accelerates and R is not known, that of R. */
export function forecastTree(tree: CascadeTree, ageSeconds: number, reproduction?: Reproduction | null): SizeForecast {
  const rootAt = tree.at[0]!, seen = seenSize(tree, rootAt + ageSeconds * 1000)
  const cascade = { times: timesOf(tree, seen), ageSeconds, rootAtSeconds: rootAt / 1000, platform: tree.platforms[tree.platform[0]!]! }
  const R = reproduction === undefined && isAccelerating(cascade) ? reproductionOf(tree, rootAt + ageSeconds * 1000) : (reproduction ?? null)
  return forecastSize(cascade, R)
}

/** Seconds since the root of the first `seen` nodes, ascending; a mention with an earlier clock than the root has come with it. */
export function timesOf({ at }: CascadeTree, seen: number): Float64Array {
  const times = new Float64Array(seen)
  for (let node = 1; node < seen; node++) times[node] = Math.max(0, (at[node]! - at[0]!) / 1000)
  return times
}

/**
 * At least one mention is seen; `reproduction`: R at that age, null: not known. On a platform that nothing was learnt of, the small profile holds below 1,000 mentions and
 * the large one above 3,000, and no hour is like another.
 */
export function forecastSize(cascade: SeenCascade, reproduction: Pick<Reproduction, 'low'> | null, constants: SizeForecastConstants = sizeForecastConstants): SizeForecast {
  const { activity, massCap, small, large } = constants
  const { platform, times, ageSeconds } = cascade
  const observed = countUntil(times, ageSeconds), logSize = Math.log(observed), place = placeOfAge(ageWithin(ageSeconds))
  const features = featuresOf(cascade, Object.hasOwn(activity, platform) ? activity[platform] : undefined, massCap)
  const weight = largeWeight(large, { platform, logSize }, place)
  const grows = (profile: SizeProfile) => {
    const most = Math.log1p((beyondLargest * profile.largest) / observed)
    const growth = Math.min(most, growthAt(profile, profile.features.map((name) => features[featureNames.indexOf(name)]!), place))
    return { growth, quantiles: growthQuantiles(profile, { growth, logSize }, place).map((quantile) => Math.min(most, quantile)) }
  }
  const [ofSmall, ofLarge] = [grows(small), grows(large)]
  const growth = weight * ofLarge.growth + (1 - weight) * ofSmall.growth
  const quantiles: number[] = []
  for (const [i, share] of quantileShares.entries()) {
    const lean = clip(weight + Math.min(weight, 1 - weight) * (2 * share - 1) * spanning, 0, 1)
    quantiles.push(Math.max(quantiles[i - 1] ?? 0, lean * ofLarge.quantiles[i]! + (1 - lean) * ofSmall.quantiles[i]!))
  }
  const superCritical = reproduction !== null && reproduction.low > 1 && isAccelerating(cascade)
  const profile = platform === largePlatform ? large : platform === smallPlatform ? small : null
  return {
    observed, superCritical, growth: quantiles,
    predicted: superCritical ? null : Math.round(observed * Math.exp(growth)),
    low: Math.round(observed * Math.exp(Math.min(growth, quantiles[lowPlace]!))),
    high: superCritical ? null : Math.round(observed * Math.exp(Math.max(growth, quantiles[highPlace]!))),
    outOfRange: profile === null || ageSeconds < knotAges[0]! || observed < leastSeen || !isWithin(profile, observed, place),
  }
}
const lowPlace = quantileShares.indexOf(0.1), highPlace = quantileShares.indexOf(0.9)

/** P(final ≥ size), falling in size: straight between the quantiles, above the last of them it halves with each step as wide as that between the last two. */
export function chanceOfAtLeast({ observed, growth }: Pick<SizeForecast, 'observed' | 'growth'>, size: number): number {
  if (size <= observed) return 1
  const needed = Math.log(size / observed), last = growth.length - 1
  if (needed > growth[last]!) return (1 - quantileShares[last]!) * 2 ** ((growth[last]! - needed) / Math.max(growth[last]! - growth[last - 1]!, 1e-3))
  let i = 0
  while (growth[i]! < needed) i++
  const [fromShare, fromGrowth] = i === 0 ? [0, 0] : [quantileShares[i - 1]!, growth[i - 1]!]
  return 1 - fromShare - ((quantileShares[i]! - fromShare) * (needed - fromGrowth)) / (growth[i]! - fromGrowth)
}

/** More came in the last quarter of its age than in the one before, and by more than chance (one in ten). */
export function isAccelerating({ times, ageSeconds }: Pick<SeenCascade, 'times' | 'ageSeconds'>): boolean {
  const n = countUntil(times, ageSeconds), third = countUntil(times, 0.75 * ageSeconds)
  const last = n - third, before = third - countUntil(times, 0.5 * ageSeconds)
  return n >= runaway.mentions && last > before + runaway.deviations * Math.sqrt(last + before)
}

/** How far a cascade is one of the large ones, 0…1. */
export function largeWeight({ seen }: Pick<SizeProfile, 'seen'>, { platform, logSize }: { readonly platform: string; readonly logSize: number }, place: AgePlace): number {
  if (platform !== largePlatform) return clip((logSize - Math.log(elsewhere.from)) / Math.log(elsewhere.whole / elsewhere.from), 0, 1)
  return clip((logSize - between(place, (knot) => Math.log(seen[knot]![0]))) / Math.log(4) + 1, 0, 1)
}

function isWithin({ seen }: SizeProfile, observed: number, place: AgePlace): boolean {
  const logSize = Math.log(observed)
  return logSize >= between(place, (knot) => Math.log(seen[knot]![0])) && logSize <= between(place, (knot) => Math.log(seen[knot]![1]))
}
