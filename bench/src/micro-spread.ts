// What is said of real cascades while they grow, held against what became of them: R by age, and parents that were hidden beside "always the root" and "the latest"; and what it costs.
import type { CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'
import { learnGenerationPrior, type GenerationPrior } from '@groundswell/engine/src/core/4-detect/spread/generation-interval.ts'
import { delaysOf } from '@groundswell/engine/src/core/4-detect/spread/generation-prior.ts'
import { inferParents } from '@groundswell/engine/src/core/4-detect/spread/inferred-parents.ts'
import { measureReproduction } from '@groundswell/engine/src/core/4-detect/spread/reproduction.ts'
import { seenSize } from '@groundswell/engine/src/core/4-detect/spread/seen-part.ts'
import { spreadersOf } from '@groundswell/engine/src/core/4-detect/spread/spreaders.ts'
import { mulberry32 } from './mulberry32.ts'
import { recordedTrees } from './spread/recorded-trees.ts'

const ages = { '10m': 600_000, '1h': 3_600_000, '6h': 21_600_000 } as const
const hiddenShares = [1, 0.5, 0.1]
const stages = ['growing', 'steady', 'fading'] as const

interface Said { readonly stage: (typeof stages)[number]; readonly R: number; readonly doubled: boolean }

/** `npm run bench -- reproduction`. Trees of weibo-cascades have the generation interval of the other half of them as their prior. */
export function measureSpread(): Record<string, unknown> {
  const weibo = recordedTrees('weibo-cascades', 2), twitter = recordedTrees('twitter-retweets', 2)
  if (weibo === null || twitter === null) throw new Error('shared/data/weibo-cascades and twitter-retweets are not beside this repository: there is nothing to measure on')
  const { kept } = delaysOf('weibo'), halves = [0, 1].map((odd) => learnGenerationPrior(weibo.filter((_, i) => i % 2 !== odd), kept))
  return {
    doubled: {
      weibo: Object.fromEntries(Object.entries(ages).map(([name, age]) => [name, atAge(weibo, age, (i) => halves[i % 2]!)])),
      twitter: Object.fromEntries(Object.entries(ages).map(([name, age]) => [name, atAge(twitter, age, () => delaysOf('twitter'))])),
    },
    hiddenParents: Object.fromEntries(hiddenShares.map((share) => [`${100 * share} %`, findHidden(weibo.filter(({ size }) => size >= 20), share)])),
    cost: costOf(twitter[0]!, weibo[0]!),
    delayShares: learnGenerationPrior(weibo, kept).shares.map((share) => Number(share.toFixed(4))),
  }
}

/** Of the trees about which something is said at that age: how many are said to be at each stage, and how many of these had at least twice as many mentions at last. */
function atAge(trees: readonly CascadeTree[], age: number, priorOf: (tree: number) => GenerationPrior): Record<string, unknown> {
  const said: Said[] = []
  trees.forEach((tree, i) => {
    const now = tree.at[0]! + age, { reproduction } = measureReproduction(tree, now, priorOf(i))
    if (reproduction !== null) said.push({ stage: reproduction.stage, R: reproduction.R, doubled: tree.size >= 2 * seenSize(tree, now) })
  })
  const doubledOf = (some: readonly Said[]): number | null => (some.length === 0 ? null : round(some.filter(({ doubled }) => doubled).length / some.length))
  const byStage = stages.map((stage) => [stage, said.filter((one) => one.stage === stage)] as const)
  const table = byStage.map(([stage, some]) => [stage, { share: round(some.length / said.length), doubled: doubledOf(some) }])
  return { trees: trees.length, told: said.length, doubled: doubledOf(said), ...Object.fromEntries(table), rankedByR: ranked(said) }
}

/** How often a tree that doubled has a higher R than one that did not (area under the ROC curve). */
function ranked(said: readonly Said[]): number {
  const order = [...said].sort((a, b) => a.R - b.R)
  let below = 0, right = 0
  for (const { doubled } of order) {
    if (doubled) right += below
    else below++
  }
  return round(right / (below * (said.length - below)))
}

/** Hides parents as a platform does that names the root; how often the true one is found, and whether probabilities are as often right as they say. */
function findHidden(trees: readonly CascadeTree[], share: number): Record<string, unknown> {
  const random = mulberry32(1), fifths = Array.from({ length: 5 }, () => ({ mentions: 0, said: 0, right: 0 }))
  let hidden = 0, found = 0, root = 0, latest = 0, notRoot = 0
  for (const tree of trees) {
    const parent = tree.parent.slice(), flags = tree.flags.slice()
    for (let node = 1; node < tree.size; node++) {
      if (random() >= share) continue
      parent[node] = 0
      flags[node]! |= 4
    }
    const inferred = inferParents({ ...tree, parent, flags }, tree.at[tree.size - 1]!)
    for (let node = 1; node < tree.size; node++) {
      if ((flags[node]! & 4) === 0) continue
      const truth = tree.parent[node]!, right = inferred.parent[node] === truth, probability = inferred.probability[node]!, fifth = fifths[Math.min(4, Math.floor(5 * probability))]!
      hidden++
      found += Number(right)
      root += Number(truth === 0)
      latest += Number(truth === node - 1)
      notRoot += Number(right && truth !== 0)
      fifth.mentions++
      fifth.said += probability
      fifth.right += Number(right)
    }
  }
  return {
    hidden, found: round(found / hidden), alwaysTheRoot: round(root / hidden), theLatest: round(latest / hidden), foundWhereNotTheRoot: round(notRoot / (hidden - root)),
    byProbability: fifths.map(({ mentions, said, right }) => ({ mentions, said: round(said / mentions), right: round(right / mentions) })),
  }
}

/** Milliseconds of this thread's CPU, each once after a first time that is not counted. */
function costOf(flat: CascadeTree, deep: CascadeTree): Record<string, unknown> {
  const times = (tree: CascadeTree): Record<string, unknown> => {
    const now = tree.at[tree.size - 1]!
    return { mentions: tree.size, reproductionMs: timed(() => measureReproduction(tree, now)), parentsMs: timed(() => inferParents(tree, now)), spreaders20Ms: timed(() => spreadersOf(tree, now, { limit: 20 })) }
  }
  return { flat: times(flat), deep: times(deep) }
}

function timed(work: () => unknown): number {
  work()
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return round((user + system) / 1000)
}

function round(value: number): number { return Number(value.toFixed(3)) }
