import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mulberry32 } from '../normal-traffic.testing.ts'
import { exposures, exposuresAt, strongest } from './exposure.ts'
import { binOf, delayBins } from './generation-interval.ts'
import { delaysOfAllTrees } from './generation-prior.ts'
import { inferParents } from './inferred-parents.ts'
import { simulatedTree, treeOf } from './simulated-trees.testing.ts'

const hour = 3_600_000

test('exposure and the strongest call are the sums and maxima over all earlier mentions', () => {
  const mentions = fc.array(fc.record({ gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 400 * hour })), weight: fc.integer({ min: 0, max: 5 }) }), { minLength: 1, maxLength: 40 })
  fc.assert(fc.property(mentions, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: delayBins, maxLength: delayBins }), (some, densities) => {
    let clock = 0
    const calling = { times: Float64Array.from(some, ({ gap }) => (clock += gap)), weights: Float64Array.from(some, ({ weight }) => weight), density: Float64Array.from(densities) }
    const sums = exposures(calling), { node, call } = strongest(calling)
    expect(exposuresAt(calling, Int32Array.from(some, (_, i) => i))).toEqual(sums)
    some.forEach((_, i) => {
      const calls = some.slice(0, i).map(({ weight }, j) => weight * densities[binOf(calling.times[i]! - calling.times[j]!)]!)
      const most = Math.max(0, ...calls)
      expect(sums[i]).toBe(calls.reduce((sum, one) => sum + one, 0))
      expect(call[i]).toBe(most)
      expect(node[i]).toBe(most === 0 ? -1 : calls.lastIndexOf(most))
    })
  }))
})

test('an estimate never changes the tree, names an earlier mention, and leaves observed edges as they are', () => {
  const nodes = fc.array(fc.record({ gap: fc.integer({ min: 0, max: hour }), under: fc.nat(), followers: fc.integer({ min: -1, max: 1e6 }), unknown: fc.boolean() }), { minLength: 1, maxLength: 40 })
  fc.assert(fc.property(nodes, (some) => {
    let clock = 0
    const tree = treeOf(some.map(({ gap, under, ...rest }, i) => ({ ...rest, at: (clock += gap), parent: i === 0 ? -1 : rest.unknown ? 0 : under % i })))
    const before = structuredClone(tree), { parent, probability, root, inferred } = inferParents(tree, clock)
    expect(tree).toEqual(before)
    const flat = tree.size > 10 && tree.parent.every((above) => above <= 0)
    let estimates = 0
    for (let node = 1; node < tree.size; node++) {
      const estimated = flat || tree.flags[node] !== 0
      estimates += Number(estimated)
      if (!estimated) expect([parent[node], probability[node], root[node]]).toEqual([tree.parent[node], 1, Number(tree.parent[node] === 0)])
      expect(parent[node]).toBeGreaterThanOrEqual(0)
      expect(parent[node]).toBeLessThan(node)
      expect(probability[node]).toBeGreaterThan(0)
      expect(probability[node]).toBeLessThanOrEqual(1)
      expect(root[node]).toBeLessThanOrEqual(1)
    }
    expect(inferred).toBe(estimates)
    expect(parent[0]).toBe(-1)
  }))
})

test('where some edges are hidden the true parent is found more often than by the root or the latest, and as often as is said', () => {
  const random = mulberry32(9)
  let hidden = 0, found = 0, said = 0, root = 0, latest = 0
  for (let run = 0; run < 150; run++) {
    const tree = simulatedTree({ R: () => 1.8, most: 1.8, evenness: 0.1, delays: delaysOfAllTrees, slower: 1, untilMs: 12 * hour, sizeMax: 5000, random })
    if (tree === null || tree.size < 50) continue
    const parent = tree.parent.slice(), flags = tree.flags.slice()
    for (let node = 1; node < tree.size; node++) {
      if (random() >= 0.3) continue
      parent[node] = 0
      flags[node] = 4
    }
    const inferred = inferParents({ ...tree, parent, flags }, 12 * hour)
    for (let node = 1; node < tree.size; node++) {
      if (flags[node] === 0) continue
      hidden++
      found += Number(inferred.parent[node] === tree.parent[node])
      said += inferred.probability[node]!
      root += Number(tree.parent[node] === 0)
      latest += Number(tree.parent[node] === node - 1)
    }
  }
  expect(hidden).toBeGreaterThan(200)
  expect(found).toBeGreaterThan(1.3 * Math.max(root, latest))
  expect(Math.abs(found - said) / hidden).toBeLessThan(0.06)
})

test('in a flat cascade an account with many followers that spoke a moment ago is likelier than one with few', () => {
  const nodes = [{ at: 0, parent: -1, followers: 10 }, ...Array.from({ length: 30 }, (_, i) => ({ at: 20 * hour + i * 60_000, parent: 0, followers: i === 5 ? 5_000_000 : 10 }))]
  const { parent } = inferParents(treeOf(nodes), 21 * hour)
  expect(parent[8]).toBe(6)
  expect(parent[5]).not.toBe(6) // it came later
})
