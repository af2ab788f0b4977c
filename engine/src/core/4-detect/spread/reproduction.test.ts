import { expect, test } from 'vitest'
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { mulberry32 as seeded } from '../normal-traffic.testing.ts'
import { DelayCounts, generationInterval, learnGenerationPrior, shareUntil } from './generation-interval.ts'
import { delaysOf, delaysOfAllTrees } from './generation-prior.ts'
import { leastSeen, measureReproduction, reproductionOf } from './reproduction.ts'
import { normal, simulatedTree, treeOf } from './simulated-trees.testing.ts'

const hour = 3_600_000, trees = 200
const exact = generationInterval(new DelayCounts(), delaysOfAllTrees)
const flattened = (tree: CascadeTree): CascadeTree => ({ ...tree, parent: tree.parent.map((parent) => Math.min(parent, 0)) })

/** R over the stretch: what it was at each moment, weighted by the reposts that were due. Times are those of a tree that is not slower. */
function trueR(tree: CascadeTree, { first, later, changes, from, until, slower }: { first: number; later: number; changes: number; from: number; until: number; slower: number }): number {
  let before = 0, after = 0
  for (const at of tree.at) {
    const share = (moment: number): number => shareUntil(exact, (moment - at) / slower)
    const middle = Math.min(until, Math.max(from, changes * slower))
    before += share(middle) - share(from)
    after += share(until) - share(middle)
  }
  return (first * before + later * after) / (before + after)
}

interface Course { readonly first: number; readonly later: number; readonly changes: number; readonly until: number; readonly evenness: number; readonly flat: boolean }

/** How often the interval holds the truth, and what is said, over trees of which some are faster and some slower than all trees. */
function told({ first, later, changes, until: end, evenness, flat }: Course): { readonly covered: number; readonly growing: number; readonly fading: number } {
  const random = seeded(5)
  let covered = 0, growing = 0, fading = 0
  for (let tree = 0; tree < trees;) {
    const slower = Math.exp(0.8 * normal(random)), until = end * slower
    const simulated = simulatedTree({ R: (at) => (at < changes * slower ? first : later), most: Math.max(first, later), evenness, delays: delaysOfAllTrees, slower, untilMs: until, sizeMax: 5000, random })
    if (simulated === null || simulated.size < 60) continue
    tree++
    const { reproduction, stretchSeconds } = measureReproduction(flat ? flattened(simulated) : simulated, until)
    const truth = trueR(simulated, { first, later, changes, from: until - stretchSeconds * 1000, until, slower })
    if (reproduction === null) continue
    if (reproduction.low <= truth && truth <= reproduction.high) covered++
    if (reproduction.stage === 'growing') growing++
    if (reproduction.stage === 'fading') fading++
  }
  return { covered: covered / trees, growing: growing / trees, fading: fading / trees }
}

const growing = { first: 1.6, later: 1.6, changes: 0, until: 12 * hour }, fast = { first: 3, later: 3, changes: 0, until: 2 * hour }, sinking = { first: 1.6, later: 0.6, changes: 9 * hour, until: 12 * hour }
const stopped = { first: 4, later: 0.1, changes: 2 * hour, until: 12 * hour }
test.each([
  { name: 'growing', course: growing }, { name: 'growing fast', course: fast }, { name: 'sinking', course: sinking },
].flatMap(({ name, course }) => [Infinity, 0.5, 0.1].map((evenness) => ({ name, course, evenness }))))('a 95 %% interval holds the R of a tree that is $name, drawn with evenness $evenness, in 90 to 98 of 100', ({ course, evenness }) => {
  const { covered } = told({ ...course, evenness, flat: false })
  expect(covered).toBeGreaterThanOrEqual(0.9)
  expect(covered).toBeLessThanOrEqual(0.98)
})

test.each([growing, fast, sinking])('where the chain is hidden the interval holds R too, from $first to $later', (course) => {
  expect(told({ ...course, evenness: 0.5, flat: true }).covered).toBeGreaterThanOrEqual(0.9)
  // Mentions of which one in ten draws nearly all: nothing of a flat tree shows it, and the interval is too narrow.
  expect(told({ ...course, evenness: 0.1, flat: true }).covered).toBeGreaterThanOrEqual(0.8)
})

test('a tree that draws three for each mention is said to grow, one that stopped to fade, and neither the other', () => {
  const grows = told({ ...fast, evenness: 0.5, flat: false }), stops = told({ ...stopped, evenness: 0.5, flat: false })
  expect(grows.growing).toBeGreaterThan(0.9)
  expect(grows.fading).toBe(0)
  expect(stops.fading).toBeGreaterThan(0.5)
  expect(stops.growing).toBeLessThan(0.03)
})

test('nothing is said of a few mentions, and not of a tree that has been silent for so long that nothing was due', () => {
  const nodes = (count: number): CascadeTree => treeOf(Array.from({ length: count }, (_, i) => ({ at: i * 60_000, parent: i - 1 })))
  expect(reproductionOf(nodes(leastSeen.mentions - 1), hour)).toBeNull()
  expect(reproductionOf(nodes(leastSeen.mentions), hour)).not.toBeNull()
  expect(reproductionOf(treeOf(Array.from({ length: 50 }, (_, i) => ({ at: 0, parent: i === 0 ? -1 : 0 }))), 0)).toBeNull()
  const { reproduction, seen, came, expected } = measureReproduction(nodes(20), 5000 * hour)
  expect({ reproduction, seen, came }).toEqual({ reproduction: null, seen: 20, came: 0 })
  expect(expected).toBeLessThan(leastSeen.stretch)
})

test('what comes after the moment is not looked at', () => {
  const tree = simulatedTree({ R: () => 2.5, most: 2.5, evenness: Infinity, delays: delaysOfAllTrees, slower: 1, untilMs: 6 * hour, sizeMax: 50_000, random: seeded(11) })!
  const now = 4 * hour, until = tree.at.findIndex((at) => at > now)
  const cut = { ...tree, size: until, parent: tree.parent.slice(0, until), at: tree.at.slice(0, until), flags: tree.flags.slice(0, until) }
  expect(until).toBeGreaterThan(30)
  expect(until).toBeLessThan(tree.size)
  expect(measureReproduction(tree, now)).toEqual(measureReproduction(cut, now))
})

test('a flat tree says that its chain is hidden and leaves the generation interval as it is on its platform', () => {
  const flat = treeOf(Array.from({ length: 200 }, (_, i) => ({ at: i * 1000, parent: i === 0 ? -1 : 0 })), ['twitter'])
  const { chainHidden, halfSeconds } = measureReproduction(flat, 300_000)
  expect(chainHidden).toBe(true)
  const twitter = generationInterval(new DelayCounts(), delaysOf('twitter'))
  expect(shareUntil(twitter, halfSeconds * 1000)).toBeCloseTo(0.5, 3)
})

test('the generation interval is found again from trees that are cut off while they grow', () => {
  const random = seeded(3), counts = new DelayCounts(), naive: number[] = []
  for (let tree = 0; tree < 300; tree++) {
    const grown = simulatedTree({ R: () => 2.5, most: 2.5, evenness: Infinity, delays: delaysOfAllTrees, slower: 1, untilMs: 2 * hour, sizeMax: 50_000, random })!
    counts.add(grown, grown.size, 2 * hour)
    for (let node = 1; node < grown.size; node++) naive.push(grown.at[node]! - grown.at[grown.parent[node]!]!)
  }
  // Shares among what comes within an hour: a shape that the truth alone gives, without the prior and its cap.
  const many = { shares: delaysOfAllTrees.shares.map(() => 1 / delaysOfAllTrees.shares.length), kept: 1 }
  const within = (of: (ms: number) => number): number => of(hour / 6) / of(hour)
  const learnt = generationInterval(counts, many, Infinity)
  const truth = within((ms) => shareUntil(exact, ms)), cutOff = within((ms) => naive.filter((delay) => delay <= ms).length)
  expect(Math.abs(within((ms) => shareUntil(learnt, ms)) / truth - 1)).toBeLessThan(0.06)
  expect(cutOff / truth).toBeGreaterThan(1.08)
})

test('a prior that is learnt from whole trees has their shares, and unknown edges and flat trees are not asked', () => {
  const chain = treeOf([{ at: 0, parent: -1 }, { at: 5000, parent: 0 }, { at: 10_000, parent: 1 }, { at: 12_000, parent: 0, unknown: true }])
  const flat = treeOf(Array.from({ length: 50 }, (_, i) => ({ at: i * 1000, parent: i === 0 ? -1 : 0 })))
  const { shares } = learnGenerationPrior([chain, flat], 7)
  expect(shares[1]).toBeGreaterThan(0.6) // both edges last 5 s; one pseudo-edge lies everywhere
  const many = learnGenerationPrior(Array.from({ length: 200 }, () => chain), 7).shares
  expect(many[1]).toBeGreaterThan(0.99) // every edge counts in full
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
})
