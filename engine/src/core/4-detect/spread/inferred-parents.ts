// Whose mention a mention most likely repeats where the platform does not say: an estimate beside the tree, which it never changes.
//
// Every earlier mention calls for the next with what it is likely to draw times how often a repost comes that long after; the parent is who called
// most, with its share of all calls as the probability (stochastic declustering: Zhuang, Ogata & Vere-Jones 2002; who influenced whom by delays: Goyal et
// al. 2010; kernel and followers: Zhao et al. 2015; why the platform's root is no answer: DeVerna et al. 2024). What a mention is likely to draw: by the reposts that are seen to be its own, by its followers
// against those of the others, and the root by the share of mentions that it drew, learnt from the times of the tree itself (EM, Veen & Schoenberg 2008). Every
// earlier mention is a candidate, however old; O(mentions × bins of delay).
import { nodeFlags, type CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { ascendingTimes, densities, exposures, strongest } from './exposure.ts'
import { binOf, DelayCounts, generationInterval, shareUntil, type GenerationPrior } from './generation-interval.ts'
import { delaysOf } from './generation-prior.ts'
import { chainHidden, seenParent, seenSize } from './seen-part.ts'

export interface InferredParents {
  readonly parent: Int32Array // by node, of those that had come; the tree's where an edge is observed, −1 for the root
  readonly probability: Float32Array // that it is the one; 1 where observed
  readonly root: Float32Array // that it is the root
  readonly inferred: number // how many are an estimate
}

/** Of the mentions that draw: shape of the gamma by which they differ, and how many each draws; of the root: its share of all mentions. By weibo-cascades. */
const drawing = { evenness: 0.1, mean: 0.4, rootShare: 0.62, rounds: 12 } as const
/**
 * That share is worth `kept` mentions: where no parent is seen times alone tell little. There, too, so many come to the root whenever they come (by search, by its author's page), which
 * delays cannot tell: with it probabilities are about as often true as they say (bench `reproduction`).
 */
const rootPrior = { shown: { kept: 20, anytime: 0 }, hidden: { kept: 2000, anytime: 0.15 } } as const

/** Of a tree at `now` (ms): unknown edges get a parent, and all edges where the chain is hidden. */
export function inferParents(tree: CascadeTree, now: number, prior: GenerationPrior = delaysOf(tree.platforms[tree.platform[0]!]!)): InferredParents {
  const size = seenSize(tree, now), hidden = chainHidden(tree, size), times = ascendingTimes(tree, size)
  const isUnknown = (node: number): boolean => node > 0 && (hidden || (tree.flags[node]! & nodeFlags.unknownEdge) !== 0)
  const parent = Int32Array.from({ length: size }, (_, node) => (node === 0 ? -1 : seenParent(tree, node, size)))
  const probability = new Float32Array(size).fill(1), root = parent.map((above) => Number(above === 0)), rootShares = Float32Array.from(root)
  const inferred = parent.reduce((count, _, node) => count + Number(isUnknown(node)), 0)
  if (inferred === 0) return { parent, probability, root: rootShares, inferred }
  const counts = new DelayCounts()
  counts.add(tree, size, now)
  const interval = generationInterval(counts, prior), density = densities(interval)
  const weights = drawingOf(tree, { now, parent, isUnknown }, (ms) => shareUntil(interval, ms))
  weights[0] = 0 // the root is told apart
  const ofOthers = exposures({ times, weights, density }), best = strongest({ times, weights, density })
  const ofRoot = Float64Array.from(times, (at, node) => (node === 0 ? 0 : density[binOf(at - times[0]!)]!))
  // Both as chances of one mention in all, so that the root's share is what weighs them against each other.
  scale(ofRoot, shareUntil(interval, now - times[0]!))
  scale(ofOthers, weights.reduce((sum, weight, node) => sum + weight * shareUntil(interval, now - times[node]!), 0), best.call)
  const known = parent.reduce((sum, above, node) => sum + Number(node > 0 && !isUnknown(node) && above === 0), 0)
  const { kept, anytime } = hidden ? rootPrior.hidden : rootPrior.shown, share = rootShare(ofRoot, ofOthers, { isUnknown, known, size, inferred, kept })
  for (let node = 1; node < size; node++) {
    if (!isUnknown(node)) continue
    const byRoot = share * ofRoot[node]!, all = byRoot + (1 - share) * ofOthers[node]!
    const isRoot = all > 0 ? anytime + (1 - anytime) * (byRoot / all) : 1, isBest = all > 0 ? (1 - anytime) * (1 - share) * (best.call[node]! / all) : 0
    rootShares[node] = isRoot
    parent[node] = isBest > isRoot ? best.node[node]! : 0
    probability[node] = Math.max(isBest, isRoot)
  }
  return { parent, probability, root: rootShares, inferred }
}

interface Seen { readonly now: number; readonly parent: Int32Array; readonly isUnknown: (node: number) => boolean }

/** What each mention is likely to draw: a gamma of followers, sharpened by the observed reposts and the time that it has had. */
function drawingOf(tree: CascadeTree, { now, parent, isUnknown }: Seen, shareAt: (ms: number) => number): Float64Array {
  const size = parent.length, drawn = new Float64Array(size)
  for (let node = 1; node < size; node++) if (!isUnknown(node)) drawn[parent[node]!]!++
  let known = 0, followers = 0
  for (let node = 1; node < size; node++) {
    if (tree.followers[node]! < 0) continue
    known++
    followers += tree.followers[node]! + 1
  }
  return drawn.map((reposts, node) => {
    const mean = drawing.mean * (tree.followers[node]! < 0 || known === 0 ? 1 : ((tree.followers[node]! + 1) * known) / followers)
    return (drawing.evenness + reposts) / (drawing.evenness / mean + shareAt(now - tree.at[node]!))
  })
}

function scale(values: Float64Array, by: number, alike?: Float64Array): void {
  if (by <= 0) return
  for (let i = 0; i < values.length; i++) {
    values[i]! /= by
    if (alike) alike[i]! /= by
  }
}

interface Told { readonly isUnknown: (node: number) => boolean; readonly known: number; readonly size: number; readonly inferred: number; readonly kept: number }

/** Share of the mentions that repeat the root itself: of those whose parent is observed, and of the others as likely as their times make it. */
function rootShare(ofRoot: Float64Array, ofOthers: Float64Array, { isUnknown, known, size, inferred, kept }: Told): number {
  const others = size - 1 - inferred
  let share = (kept * drawing.rootShare + known) / (kept + others)
  for (let round = 0; round < drawing.rounds; round++) {
    let sum = 0
    for (let node = 1; node < size; node++) {
      if (!isUnknown(node)) continue
      const byRoot = share * ofRoot[node]!, all = byRoot + (1 - share) * ofOthers[node]!
      sum += all > 0 ? byRoot / all : 1
    }
    share = (kept * drawing.rootShare + known + sum) / (kept + size - 1)
  }
  return share
}
