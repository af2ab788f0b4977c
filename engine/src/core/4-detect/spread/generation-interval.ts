// How long after a mention its reposts come: learnt from a tree while it still grows, on top of what is known of all trees.
//
// A repost that comes in ten hours is not seen after one, so observed delays are too short on average (right truncation). The
// distribution is therefore built backwards from reversed hazards, r(b) = P(delay in bin b | delay not above b), each by the edges that could have shown
// it (Lynden-Bell 1971; Lagakos, Barraj & De Gruttola 1988). Each r has a beta prior from all trees, worth `kept` edges: what a young
// tree cannot have shown yet stays as it is in all trees.
import { nodeFlags, type CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { chainHidden, seenParent } from './seen-part.ts'

/** Delays in bins of half an octave: below 4 s, then up to 4 s · 2^(b/2), the last to 68 days. */
export const delayBins = 42
const firstMs = 4000
/** A tree's own edges weigh as much as this many at most: one account draws hundreds, and where R sinks late reposts are missing, so they are no independent examples. */
const ownMost = 30
/** Upper end of a bin, ms. */
export const binEnds: Readonly<Float64Array> = Float64Array.from({ length: delayBins }, (_, bin) => firstMs * 2 ** (bin / 2))

export function binOf(delayMs: number): number {
  return delayMs < firstMs ? 0 : Math.min(delayBins - 1, Math.floor(2 * Math.log2(delayMs / firstMs)) + 1)
}

/** Of all trees: the share of reposts in each bin, and how many edges of a tree weigh as much as it. */
export interface GenerationPrior { readonly shares: readonly number[]; readonly kept: number }

export interface GenerationInterval {
  readonly cumulative: Float64Array // share of reposts up to the end of each bin
  readonly unsure: Float64Array // what each bin adds to the variance of the logarithm of `cumulative` below it (Greenwood 1926)
  readonly edges: number // observed edges that it was learnt from, besides the prior
}

/** Share of reposts that have come `delayMs` after their parent; straight within a bin. */
export function shareUntil({ cumulative }: GenerationInterval, delayMs: number): number {
  if (delayMs <= 0) return 0
  const bin = binOf(delayMs), from = bin === 0 ? 0 : binEnds[bin - 1]!, below = bin === 0 ? 0 : cumulative[bin - 1]!
  return below + (cumulative[bin]! - below) * Math.min(1, (delayMs - from) / (binEnds[bin]! - from))
}

/** Observed edges by delay, and for each bin the edges that could have shown it. Unknown edges and flat trees have no chain to learn from. */
export class DelayCounts {
  readonly delays = new Float64Array(delayBins)
  readonly atRisk = new Float64Array(delayBins + 1)
  edges = 0

  /** Adds the first `seen` nodes of a tree as they were at `now` (ms); Infinity: nothing is cut off. */
  add(tree: CascadeTree, seen: number, now: number): void {
    if (chainHidden(tree, seen)) return
    for (let node = 1; node < seen; node++) {
      if ((tree.flags[node]! & nodeFlags.unknownEdge) !== 0) continue
      const parentAt = tree.at[seenParent(tree, node, seen)]!
      const delay = binOf(tree.at[node]! - parentAt), last = now === Infinity ? delayBins : binOf(now - parentAt)
      if (delay >= last) continue // the bin under way is cut off somewhere inside: only whole bins count
      this.delays[delay]!++
      this.atRisk[delay]!++
      this.atRisk[last]!-- // summed up below: at risk in the bins delay … last − 1
      this.edges++
    }
  }
}

/** Of what was counted, on top of the prior; edges weigh as much as `most` of them. */
export function generationInterval(counts: DelayCounts, { shares, kept }: GenerationPrior, most = ownMost): GenerationInterval {
  const weight = Math.min(1, most / Math.max(1, counts.edges))
  const cumulative = new Float64Array(delayBins), unsure = new Float64Array(delayBins), priorUntil = new Float64Array(delayBins), atRisk = new Float64Array(delayBins)
  for (let bin = 0, until = 0, risk = 0; bin < delayBins; bin++) {
    priorUntil[bin] = until += shares[bin]!
    atRisk[bin] = risk += counts.atRisk[bin]!
  }
  cumulative[delayBins - 1] = 1
  for (let bin = delayBins - 1; bin > 0; bin--) {
    const trials = weight * atRisk[bin]! + kept * priorUntil[bin]!
    const reversed = Math.min(1 - 1e-6, (weight * counts.delays[bin]! + kept * shares[bin]!) / trials)
    cumulative[bin - 1] = cumulative[bin]! * (1 - reversed)
    unsure[bin] = reversed / ((1 - reversed) * trials)
  }
  return { cumulative, unsure, edges: counts.edges }
}

/** What trees share, learnt from all of them as they ended: the prior of the next. `kept` says how far a tree may differ. */
export function learnGenerationPrior(trees: Iterable<CascadeTree>, kept: number): GenerationPrior {
  const all = new DelayCounts()
  for (const tree of trees) all.add(tree, tree.size, Infinity)
  const flat = { shares: Array.from({ length: delayBins }, () => 1 / delayBins), kept: 1 }
  const { cumulative } = generationInterval(all, flat, Infinity)
  return { shares: Array.from(cumulative, (until, bin) => until - (bin === 0 ? 0 : cumulative[bin - 1]!)), kept }
}
