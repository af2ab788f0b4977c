import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crossPlatform, leadsMax } from './cross-platform.ts'
import { treeOf } from './simulated-trees.testing.ts'

const names = ['weibo', 'x', 'y']
const trees = fc.array(fc.record({ at: fc.integer({ min: 0, max: 20_000 }), platform: fc.nat(2) }), { minLength: 1, maxLength: 60 })
  .map((nodes) => treeOf(nodes.map((node, i) => ({ ...node, parent: i === 0 ? -1 : 0 })), names))

test('platforms, first mover, lags and leads are those that a recount at every mention finds', () => {
  fc.assert(fc.property(trees, fc.integer({ min: 0, max: 21_000 }), (tree, now) => {
    const { platforms, leads, leadChanges } = crossPlatform(tree, now)
    const nodes = Array.from({ length: tree.size }, (_, node) => node).filter((node) => node === 0 || tree.at[node]! <= now).sort((a, b) => tree.at[a]! - tree.at[b]! || a - b)
    const naive = names.map((platform, place) => ({ platform, of: nodes.filter((node) => tree.platform[node] === place) })).filter(({ of }) => of.length > 0)
    const first = Math.min(...nodes.map((node) => tree.at[node]!))
    expect(new Map(platforms.map(({ platform, mentions, firstAt, lagSeconds }) => [platform, { mentions, firstAt, lagSeconds }])))
      .toEqual(new Map(naive.map(({ platform, of }) => [platform, { mentions: of.length, firstAt: new Date(tree.at[of[0]!]!).toISOString(), lagSeconds: (tree.at[of[0]!]! - first) / 1000 }])))
    expect(platforms.map(({ lagSeconds }) => lagSeconds)).toEqual(platforms.map(({ lagSeconds }) => lagSeconds).sort((a, b) => a - b))
    const changes: { platform: string; at: string }[] = []
    nodes.forEach((node, i) => {
      const counts = names.map((_, place) => nodes.slice(0, i + 1).filter((one) => tree.platform[one] === place).length)
      const most = Math.max(...counts), leaders = names.filter((_, place) => counts[place] === most)
      if (leaders.length === 1 && leaders[0] !== changes.at(-1)?.platform) changes.push({ platform: leaders[0]!, at: new Date(tree.at[node]!).toISOString() })
    })
    expect(leads).toEqual(changes.slice(-leadsMax))
    expect(leadChanges).toBe(changes.length - 1)
  }))
})

test('a platform that keeps drawing level and ahead is told by its latest leads, and all are counted', () => {
  const nodes = Array.from({ length: 402 }, (_, i) => ({ at: i * 1000, parent: i === 0 ? -1 : 0, platform: Math.floor((i + 1) / 2) % 2 }))
  const { leads, leadChanges } = crossPlatform(treeOf(nodes, names), 1e9)
  expect(leadChanges).toBeGreaterThan(leadsMax)
  expect(leads).toHaveLength(leadsMax)
})
