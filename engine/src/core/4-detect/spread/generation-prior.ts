// How long after a mention its reposts come, of all trees of a platform: what a tree is taken for before it has shown anything.
import { binEnds, delayBins, type GenerationPrior } from './generation-interval.ts'

/** In edges. Trees of weibo-cascades differ by 17, 9 and 6 of them at 10 min, 1 h and 24 h (moments of a beta distribution), partly by chance; with 20 the intervals of R hold what they promise (test of `reproduction`). */
const kept = 20

/** Shares by bin over the edges of weibo-cascades that are not of flat trees, by `learnGenerationPrior`; the bench `reproduction` prints it anew. */
const weibo = [0.00001, 0.00001, 0.00001, 0.0001, 0.0002, 0.0006, 0.0013, 0.0034, 0.0064, 0.0112, 0.0156, 0.021, 0.026, 0.0316, 0.0361, 0.042, 0.0468, 0.05, 0.0534, 0.055, 0.0539,
  0.0514, 0.0489, 0.0422, 0.0358, 0.0343, 0.0605, 0.06, 0.0386, 0.0353, 0.0187, 0.0193, 0.0136, 0.0123, 0.0129, 0.0113, 0.0097, 0.0091, 0.0074, 0.0062, 0.0045, 0.0137]
export const delaysOfAllTrees: GenerationPrior = { shares: scaled(weibo), kept }

/** Twitter gives every retweet to the root, so its delays are those published: constant for five minutes, then a power law (SEISMIC, Zhao et al., KDD 2015, fitted on followers' retweets). */
const seismic = { flatMs: 300_000, perSecond: 6.265e-4, exponent: 0.242 } as const
const delaysOnTwitter: GenerationPrior = { shares: scaled(Array.from({ length: delayBins }, (_, bin) => seismicUntil(binEnds[bin]!) - (bin === 0 ? 0 : seismicUntil(binEnds[bin - 1]!)))), kept }

/** The prior of a platform; where nothing else is known that of all trees. */
export function delaysOf(platform: string): GenerationPrior { return platform === 'twitter' ? delaysOnTwitter : delaysOfAllTrees }

function seismicUntil(ms: number): number {
  const { flatMs, perSecond, exponent } = seismic, first = (perSecond * flatMs) / 1000
  return ms <= flatMs ? (perSecond * ms) / 1000 : first + (first / exponent) * (1 - (ms / flatMs) ** -exponent)
}

function scaled(shares: readonly number[]): number[] {
  const sum = shares.reduce((all, one) => all + one, 0)
  return shares.map((share) => share / sum)
}
