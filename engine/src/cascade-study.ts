// What is worked out of a whole tree for whoever asks the API: how it grew, who carried it, where it is going, its edges, its bytes. Pure; run by a thread
// of its own (cascade-worker.ts), for at 100,000 mentions it takes seconds.
import type { Reproduction } from '@groundswell/schemas/cascade.ts'
import { cascadeDetailLimits, type CascadeDetail, type CascadeEdge, type InferredEdges } from '@groundswell/schemas/cascade-detail.ts'
import { nodeFlags, type CascadeTree } from './core/3-measure/cascades/cascade-tree.ts'
import { layOut, type TreeLayout } from './core/3-measure/cascades/measure-tree.ts'
import { crossPlatform } from './core/4-detect/spread/cross-platform.ts'
import { inferParents } from './core/4-detect/spread/inferred-parents.ts'
import { reproductionOf } from './core/4-detect/spread/reproduction.ts'
import { isoMs } from './core/4-detect/spread/seen-part.ts'
import { forecastTree } from './core/4-detect/spread/size-forecast.ts'
import { spreadersOf } from './core/4-detect/spread/spreaders.ts'

/** Of a detail all but what its row and the store say. */
export type CascadeStudy = Pick<CascadeDetail, 'steps' | 'breadth' | 'spreaders' | 'leads' | 'leadChanges' | 'forecast' | 'edges'> & { readonly reproduction: Reproduction | null }

/** `now`: the event clock, ms; null: it is over, and nothing is said of its future. */
export function studyCascade(tree: CascadeTree, now: number | null): CascadeStudy {
  const layout = layOut(tree)
  const until = now ?? lastOf(tree)
  const { leads, leadChanges } = crossPlatform(tree, until)
  const reproduction = now === null ? null : reproductionOf(tree, now)
  return {
    steps: growthOf(tree, layout), breadth: Array.from(layout.breadth.subarray(0, cascadeDetailLimits.generationsMax)),
    spreaders: spreadersOf(tree, until, { limit: cascadeDetailLimits.spreadersMax }), leads: [...leads], leadChanges, reproduction,
    forecast: now === null ? null : forecastOf(tree, now, reproduction), edges: edgesOf(tree, until),
  }
}

function forecastOf(tree: CascadeTree, now: number, reproduction: Reproduction | null): CascadeStudy['forecast'] {
  const { observed, predicted, low, high, superCritical, outOfRange } = forecastTree(tree, Math.max(0, now - tree.at[0]!) / 1000, reproduction)
  return { root: tree.root, observed, predicted, low, high, superCritical, outOfRange }
}

/** What had come by each of at most 200 moments, as it stands in the tree now: a parent that came later changes how deep a mention was. */
export function growthOf({ at, size }: CascadeTree, { generation }: Pick<TreeLayout, 'generation'>): CascadeDetail['steps'] {
  const order = inTime(at)
  const first = at[order[0]!]!, last = at[order[size - 1]!]!
  const steps = last === first ? 1 : cascadeDetailLimits.stepsMax
  const breadth: number[] = []
  const told: CascadeDetail['steps'] = []
  let maxBreadth = 0, depth = 0
  for (let step = 1, come = 0; step <= steps; step++) {
    const moment = step === steps ? last : Math.floor(first + ((last - first) * step) / steps)
    for (; come < size && at[order[come]!]! <= moment; come++) {
      const generationOf = generation[order[come]!]!
      const count = (breadth[generationOf] = (breadth[generationOf] ?? 0) + 1)
      if (count > maxBreadth) maxBreadth = count
      if (generationOf > depth) depth = generationOf
    }
    told.push({ at: isoMs(moment), size: come, depth, maxBreadth })
  }
  return told
}

/** Nodes by time: all but the root are in order. */
function inTime(at: Float64Array): Uint32Array {
  const order = Uint32Array.from(at.keys())
  for (let place = 0; place + 1 < order.length && at[order[place + 1]!]! < at[0]!; place++) {
    order[place] = order[place + 1]!
    order[place + 1] = 0
  }
  return order
}

function edgesOf(tree: CascadeTree, until: number): CascadeDetail['edges'] {
  let unknown = 0
  for (let node = 1; node < tree.size; node++) if ((tree.flags[node]! & nodeFlags.unknownEdge) !== 0) unknown++
  const { inferred, probability, root, parent } = inferParents(tree, until)
  let underRoot = 0
  for (let node = 1; node < parent.length; node++) if (probability[node]! < 1) underRoot += root[node]!
  return { observed: tree.size - 1 - unknown, unknown, inferred, underRoot: inferred === 0 ? null : underRoot }
}

/** The most probable ones where there are too many. */
export function inferredEdges(tree: CascadeTree): InferredEdges {
  const { inferred, parent, probability } = inferParents(tree, lastOf(tree))
  const nodes: number[] = []
  for (let node = 1; node < parent.length; node++) if (probability[node]! < 1 && parent[node] !== 0) nodes.push(node) // 1: observed
  const kept = nodes.toSorted((a, b) => probability[b]! - probability[a]! || a - b).slice(0, cascadeDetailLimits.inferredMax).sort((a, b) => a - b)
  return { inferred, underRoot: inferred - nodes.length, cut: nodes.length - kept.length, nodes: kept, parents: kept.map((node) => parent[node]!), probabilities: kept.map((node) => Math.round(probability[node]! * 1000) / 1000) }
}

const sentiments = ['negative', 'neutral', 'positive'] as const

/** Nodes `from` … `to` − 1. */
export function edgeRows({ parent, at, platform, platforms, followers, sign, flags }: CascadeTree, { from, to }: { readonly from: number; readonly to: number }): CascadeEdge[] {
  return Array.from({ length: to - from }, (_, i) => {
    const node = from + i, has = (flag: number): boolean => (flags[node]! & flag) !== 0
    return {
      node, parent: node === 0 ? null : parent[node]!, edge: node === 0 ? 'root' : has(nodeFlags.unknownEdge) ? 'unknown' : 'observed', at: isoMs(at[node]!), platform: platforms[platform[node]!]!,
      followers: followers[node]! < 0 ? null : followers[node]!, sentiment: sentiments[sign[node]! + 1]!, text: has(nodeFlags.hasText), verified: has(nodeFlags.verified),
    }
  })
}

export const lastOf = ({ at, size }: Pick<CascadeTree, 'at' | 'size'>): number => Math.max(at[0]!, at[size - 1]!)
