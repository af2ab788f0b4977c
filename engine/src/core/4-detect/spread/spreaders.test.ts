import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mulberry32 } from '../normal-traffic.testing.ts'
import { contacts, outbreak } from './social-networks.testing.ts'
import { treeOf } from './simulated-trees.testing.ts'
import { pseudonymOf, spreadersMax, spreadersOf } from './spreaders.ts'

const trees = fc.array(fc.record({ at: fc.integer({ min: 0, max: 100_000 }), under: fc.nat(), author: fc.nat(12), followers: fc.integer({ min: -1, max: 900 }) }), { minLength: 1, maxLength: 50 })
  .map((nodes) => treeOf(nodes.map(({ under, ...node }, i) => ({ ...node, parent: i === 0 ? -1 : under % i }))))
const everybody = { limit: spreadersMax }

test('each account has the reposts, subtree, place and half time that a recount by walking up from every mention finds', () => {
  fc.assert(fc.property(trees, (tree) => {
    const spreaders = spreadersOf(tree, 1e9, everybody)
    const chain = (node: number): number[] => (node < 0 ? [] : [node, ...chain(tree.parent[node]!)])
    const below = (node: number): number[] => Array.from(tree.parent, (_, one) => one).filter((one) => chain(one).includes(node))
    const keyOf = (node: number): number => (tree.author[node] === 0 ? -1 - node : tree.author[node]!)
    const keys = [...new Set(Array.from(tree.parent, (_, node) => keyOf(node)))], nodes = Array.from(tree.parent, (_, node) => node)
    const drew = keys.filter((key) => nodes.some((node) => keyOf(node) !== key && chain(node).some((above) => keyOf(above) === key)))
    expect(spreaders).toHaveLength(drew.length)
    for (const { node, direct, subtree, generation, halfSeconds, account, without } of spreaders) {
      const key = keyOf(node), all = nodes.filter((one) => chain(one).some((above) => keyOf(above) === key)), own = nodes.filter((one) => keyOf(one) === key)
      expect({ direct, subtree, generation, account }).toEqual({ direct: nodes.filter((one) => own.includes(tree.parent[one]!)).length, subtree: all.length, generation: chain(node).length - 1, account: pseudonymOf(tree.author[node]!) })
      expect(below(node).length).toBe(Math.max(...own.map((one) => below(one).length)))
      const times = below(node).filter((one) => one !== node).map((one) => tree.at[one]!).sort((a, b) => a - b)
      expect(halfSeconds).toBe(times.length === 0 ? null : Math.max(0, times[Math.ceil(times.length / 2) - 1]! - tree.at[node]!) / 1000)
      expect(without.low).toBeLessThanOrEqual(without.share)
      expect(without.share).toBeLessThanOrEqual(without.high + 1e-12)
      expect(without.high).toBeCloseTo((all.length - own.length) / (tree.size - own.length), 12)
    }
  }), { numRuns: 60 })
})

test('without a leaf nobody is missing, without the root everybody, and a list is ranked by who is missing', () => {
  fc.assert(fc.property(trees, (tree) => {
    const spreaders = spreadersOf(tree, 1e9, everybody)
    const root = spreaders.find(({ account }) => tree.author[0] !== 0 && account === pseudonymOf(tree.author[0]!)) ?? spreaders.find(({ node }) => node === 0)
    if (root) expect(root.without).toEqual({ share: 1, low: 1, high: 1 })
    for (const { direct, without } of spreaders) if (direct === 0) expect(without.share).toBe(0)
    expect(spreaders.map(({ without }) => without.share)).toEqual(spreaders.map(({ without }) => without.share).sort((a, b) => b - a))
  }))
})

test('what hangs below an account that speaks while others draw many more would partly have come anyway', () => {
  const star = Array.from({ length: 300 }, (_, i) => ({ at: 1000 * (i + 1), parent: 0 }))
  const hub = { at: 30_500, parent: 0, author: 7 }
  const tree = treeOf([{ at: 0, parent: -1 }, ...star, hub, ...Array.from({ length: 20 }, (_, i) => ({ at: 31_000 + 5000 * i, parent: 301 }))])
  const crowded = spreadersOf(tree, 400_000, everybody).find(({ account }) => account === pseudonymOf(7))!
  const alone = spreadersOf(treeOf([{ at: 0, parent: -1 }, { at: 9e8, parent: 0, author: 7 }, ...Array.from({ length: 20 }, (_, i) => ({ at: 9e8 + 5000 * (i + 1), parent: 1 }))]), 1e9, everybody).find(({ account }) => account === pseudonymOf(7))!
  expect(crowded.without.share / crowded.without.high).toBeLessThan(0.9)
  expect(alone.without.share / alone.without.high).toBeGreaterThan(0.97)
})

const worlds = [
  { follow: 30, passOn: 0.035, near: 0.8, keen: 1 }, { follow: 30, passOn: 0.035, near: 0.8, keen: 0.1 }, { follow: 30, passOn: 0.035, near: 0.8, keen: 0.035 },
  { follow: 15, passOn: 0.08, near: 0.5, keen: 0.08 }, { follow: 15, passOn: 0.08, near: 1, keen: 0.08 },
]
test.each(worlds)('in simulated worlds the interval holds who is missing without somebody, in about 80 of 100: $keen care, $near of followers are near', (world) => {
  const random = mulberry32(2)
  let told = 0, held = 0
  for (let run = 0; run < 100; run++) {
    const network = contacts({ people: 3000, rootFollowers: 400, ...world }, random), { order, at, from } = outbreak(network), place = new Map(order.map((person, i) => [person, i]))
    if (order.length < 40 || order.length > 2500) continue
    const tree = treeOf(order.map((person) => ({ at: at[person]!, parent: person === 0 ? -1 : place.get(from[person]!)!, author: person + 1 })))
    for (const { node, without } of spreadersOf(tree, Infinity, { limit: 5 })) {
      if (node === 0) continue
      const missing = 1 - outbreak(network, tree.author[node]! - 1).order.length / (order.length - 1)
      told++
      held += Number(without.low - 1e-9 <= missing && missing <= without.high + 1e-9)
    }
  }
  expect(told).toBeGreaterThan(80)
  expect(held / told).toBeGreaterThanOrEqual(0.74)
})

test('names and ids come from the caller alone, and an account has one pseudonym everywhere', () => {
  const tree = treeOf([{ at: 0, parent: -1, author: 0x7f3a2c19 }, { at: 1000, parent: 0, author: 5 }, { at: 2000, parent: 1, author: 6 }])
  const [first, second] = spreadersOf(tree, 5000, { limit: 2, nameOf: (author) => (author === 5 ? 'CCTV' : null), mentionOf: (node) => `id${node}` })
  expect([first!.account, first!.mention]).toEqual(['7f3a-2c19', 'id0'])
  expect([second!.account, second!.mention]).toEqual(['CCTV', 'id1'])
  expect(spreadersOf(tree, 5000, { limit: 2 }).map(({ mention }) => mention)).toEqual(['root', null])
  expect([pseudonymOf(5), pseudonymOf(0)]).toEqual(['0000-0005', ''])
})

test('parents that are an estimate can stand in for those of a flat tree, and what comes later is not looked at', () => {
  const tree = treeOf([{ at: 0, parent: -1 }, { at: 1000, parent: 0, author: 5 }, { at: 2000, parent: 0 }, { at: 3000, parent: 0 }, { at: 90_000, parent: 1 }])
  expect(spreadersOf(tree, 5000, everybody).map(({ node }) => node)).toEqual([0])
  expect(spreadersOf(tree, 5000, { ...everybody, parents: Int32Array.of(-1, 0, 1, 1) }).find(({ node }) => node === 1)!.direct).toBe(2)
})
