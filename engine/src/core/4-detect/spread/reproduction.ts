// Whether a cascade still grows: the reposts that one mention draws, with an interval.
//
// Renewal equation (Fraser 2007; Cori et al. 2013): over a recent stretch the mentions that came are Poisson around R · Λ, with Λ the
// reposts that every earlier mention would have drawn in that stretch if each drew one in all, by the generation interval. Who drew
// whom is not asked, so it holds for flat trees too, where the platform names the root as everybody's parent; they tell nothing of the
// interval, which is then that of all trees, and `chainHidden` says so. Reposts are far from Poisson, since few mentions draw nearly all (Lloyd-Smith et al. 2005): the
// variance is that of what each mention drew (a sandwich clustered by parent; where the chain is hidden, by parts of the stretch). What the generation interval does not know
// is added. A gamma posterior with that mean and variance makes the count negative binomial.
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { gammaQuantile } from './gamma-quantile.ts'
import { binOf, delayBins, DelayCounts, generationInterval, shareUntil, type GenerationInterval, type GenerationPrior } from './generation-interval.ts'
import { delaysOf } from './generation-prior.ts'
import { chainHidden, seenParent, seenSize } from './seen-part.ts'

/** Chosen on weibo-cascades: what orders trees best by whether they double (bench `reproduction`). */
const stretch = { mentions: 60, leastMs: 300_000, leastOfAge: 1 / 6, wholeMs: 21_600_000, mostOfAge: 1 / 2 } as const
/** Below this nothing is said: mentions of the tree, mentions that came or were due in the stretch, and those due alone, for in the first seconds nothing can have come of anything. */
export const leastSeen = { mentions: 10, stretch: 5, due: 0.1 } as const
/** Variance over mean of the reposts in a stretch before any are seen, and the reposts that it weighs as much as. Where parents are hidden less shows of how uneven mentions are, and more is left of the prior. */
const scatter = { shown: { prior: 3, kept: 8 }, hidden: { prior: 4, kept: 60 }, parts: 6 } as const

export interface MeasuredReproduction {
  readonly reproduction: Reproduction | null // null: too little is seen
  readonly seen: number // mentions of the tree
  readonly came: number // of them in the stretch
  readonly expected: number // Λ: would have come in it with R = 1
  readonly stretchSeconds: number
  readonly scatter: number // variance over mean
  readonly chainHidden: boolean // flat: the generation interval is that of all trees
  readonly halfSeconds: number // half of what a mention draws has come
}

/** R of a tree at `now` (ms) with its 95 % interval; null where fewer than ten mentions, or five in the stretch, can tell. O(mentions). */
export function reproductionOf(tree: CascadeTree, now: number, prior: GenerationPrior = delaysOf(tree.platforms[tree.platform[0]!]!)): Reproduction | null {
  return measureReproduction(tree, now, prior).reproduction
}

/** The same with what it rests on. */
export function measureReproduction(tree: CascadeTree, now: number, prior: GenerationPrior = delaysOf(tree.platforms[tree.platform[0]!]!)): MeasuredReproduction {
  const seen = seenSize(tree, now), counts = new DelayCounts()
  counts.add(tree, seen, now)
  const interval = generationInterval(counts, prior)
  const from = stretchStart(tree, now, seen)
  const due = new Float64Array(seen) // of what each mention draws, the share that falls into the stretch
  const ahead = new Float64Array(delayBins + 1) // by bin: what shares at the end of the stretch less those at its beginning come to
  let expected = 0
  for (let node = 0; node < seen; node++) {
    const end = Math.max(0, now - tree.at[node]!), begin = from - tree.at[node]!
    const until = shareUntil(interval, end), before = shareUntil(interval, begin)
    due[node] = until - before
    expected += due[node]!
    ahead[binOf(end)]! += until
    if (begin > 0) ahead[binOf(begin)]! -= before
  }
  const hidden = chainHidden(tree, seen), came = seen - Math.max(1, seenSize(tree, from))
  const R = (came + 0.5) / expected // Jeffreys
  const squares = hidden ? byParts(tree, { from, now }, interval, R) : byParents(tree, { seen, from }, due, R)
  const { prior: scattered, kept } = hidden ? scatter.hidden : scatter.shown
  const wide = Math.max(1, (kept * scattered + squares) / (kept + came))
  const found = { seen, came, expected, stretchSeconds: Math.round((now - from) / 1000), scatter: wide, chainHidden: hidden, halfSeconds: halfSeconds(interval) }
  if (seen < leastSeen.mentions || came + expected < leastSeen.stretch || expected < leastSeen.due) return { reproduction: null, ...found }
  const posterior = { mean: R, variance: wide / (came + 0.5) + unsureOf(interval, ahead) / expected ** 2 }
  const low = gammaQuantile(0.025, posterior), high = gammaQuantile(0.975, posterior)
  return { reproduction: { R, low, high, stage: low > 1 ? 'growing' : high < 1 ? 'fading' : 'steady' }, ...found }
}

/** Variance of Λ from what is not known of the generation interval (delta method over the reversed hazards, which are independent). */
function unsureOf({ unsure }: GenerationInterval, ahead: Float64Array): number {
  let variance = 0
  for (let bin = 1, below = ahead[0]!; bin < delayBins; below += ahead[bin++]!) variance += unsure[bin]! * below ** 2
  return variance
}

/** The last mentions, but no less than some minutes and than a part of the tree's life, within which change cannot be told from chance; and no more than half of that life where it is long: what was half a life ago is not recent. */
function stretchStart({ at }: CascadeTree, now: number, seen: number): number {
  const age = now - at[0]!, least = Math.max(stretch.leastMs, age * stretch.leastOfAge), most = Math.max(stretch.wholeMs, age * stretch.mostOfAge)
  // From the mention before the first that counts: a stretch that begins with a mention would have one too many.
  return Math.min(now - least, Math.max(now - most, at[Math.max(0, seen - 1 - stretch.mentions)]!))
}

/** Squared differences between what each mention drew and R of what was due. What the root drew is Poisson: it is there once, and no other mention will be like it. */
function byParents(tree: CascadeTree, { seen, from }: { readonly seen: number; readonly from: number }, due: Float64Array, R: number): number {
  const drawn = new Float64Array(seen)
  for (let node = seen - 1; node > 0 && tree.at[node]! > from; node--) drawn[seenParent(tree, node, seen)]!++
  let sum = drawn[0]!
  for (let node = 1; node < seen; node++) sum += (drawn[node]! - R * due[node]!) ** 2
  return sum
}

/** Where nobody's parent is known: variance over mean between parts of the stretch, in the same measure. */
function byParts(tree: CascadeTree, { from, now }: { readonly from: number; readonly now: number }, interval: GenerationInterval, R: number): number {
  let sum = 0, came = 0
  for (let part = 0, until = seenSize(tree, from); part < scatter.parts; part++) {
    const [begin, end] = [from + ((now - from) * part) / scatter.parts, from + ((now - from) * (part + 1)) / scatter.parts]
    const before = until
    until = seenSize(tree, end)
    let due = 0
    for (let node = 0; node < until; node++) due += shareUntil(interval, end - tree.at[node]!) - shareUntil(interval, begin - tree.at[node]!)
    sum += ((until - before - R * due) ** 2 / Math.max(R * due, 0.5)) / (scatter.parts - 1)
    came += until - before
  }
  return sum * came
}

function halfSeconds({ cumulative }: GenerationInterval): number {
  let low = 0, high = 6e9
  while (high - low > 500) {
    const middle = (low + high) / 2
    if (shareUntil({ cumulative, unsure: cumulative, edges: 0 }, middle) < 0.5) low = middle
    else high = middle
  }
  return Math.round(high / 1000)
}
