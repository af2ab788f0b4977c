// What the API says of a whole tree, against a recomputation over random trees; and the thread that works it out.
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { cascadeDetailLimits, cascadeDetailSchema } from '@groundswell/schemas/cascade-detail.ts'
import { edgeRows, growthOf, inferredEdges, lastOf, studyCascade } from './cascade-study.ts'
import { layOut } from './core/3-measure/cascades/measure-tree.ts'
import { treeArbitrary, treeOf } from './core/3-measure/cascades/trees.testing.ts'
import { CascadeThread } from './io/cascade-thread/cascade-thread.ts'

const thread = new CascadeThread()
afterAll(() => thread.close())

test('each step says what had come by then, and the last one all of it', () => {
  fc.assert(fc.property(treeArbitrary(), (tree) => {
    const layout = layOut(tree)
    const steps = growthOf(tree, layout)
    expect(steps.length).toBeLessThanOrEqual(cascadeDetailLimits.stepsMax)
    for (const step of steps) {
      const come = [...tree.at.keys()].filter((node) => tree.at[node]! <= Date.parse(step.at)).map((node) => layout.generation[node]!)
      const breadths = come.map((generation) => come.filter((other) => other === generation).length)
      expect(step).toEqual({ at: step.at, size: come.length, depth: Math.max(...come), maxBreadth: Math.max(...breadths) })
    }
    expect(steps.at(-1)).toMatchObject({ at: new Date(lastOf(tree)).toISOString(), size: tree.size, depth: layout.breadth.length - 1 })
  }), { numRuns: 200 })
})

test('likely parents came earlier, and every estimate is listed, cut or under the root', () => {
  fc.assert(fc.property(treeArbitrary(40), (tree) => {
    const { inferred, underRoot, cut, nodes, parents, probabilities } = inferredEdges(tree)
    expect(inferred).toBe(studyCascade(tree, null).edges.inferred)
    expect(nodes.length + cut + underRoot).toBe(inferred)
    expect([parents.length, probabilities.length]).toEqual([nodes.length, nodes.length])
    for (const [i, node] of nodes.entries()) expect(tree.at[parents[i]!]!).toBeLessThanOrEqual(tree.at[node]!)
    expect(parents.every((parent) => parent > 0) && probabilities.every((one) => one >= 0 && one <= 1)).toBe(true)
  }), { numRuns: 200 })
})

test('the study of any tree has the shape of the contract, and says nothing of the future of one that is over', () => {
  const shape = cascadeDetailSchema.pick({ steps: true, breadth: true, spreaders: true, leads: true, leadChanges: true, forecast: true, edges: true })
  fc.assert(fc.property(treeArbitrary(30), fc.boolean(), (tree, isOver) => {
    const { reproduction, ...study } = studyCascade(tree, isOver ? null : lastOf(tree) + 60_000)
    shape.parse(JSON.parse(JSON.stringify(study)))
    expect(study.breadth.reduce((sum, count) => sum + count, 0)).toBe(tree.size)
    expect(study.edges.observed + study.edges.unknown).toBe(tree.size - 1)
    if (isOver) expect([reproduction, study.forecast]).toEqual([null, null])
  }), { numRuns: 60 })
})

test('edges are told by node, with what is not known as null', () => {
  const tree = treeOf([{ parent: -1, followers: 5, flags: 1 }, { parent: 0, sign: -1, flags: 4, at: 1500 }, { parent: 1, sign: 1, flags: 2, platform: 1, followers: 0 }], { platforms: ['weibo', 'x'] })
  expect(edgeRows(tree, { from: 0, to: 3 })).toEqual([
    { node: 0, parent: null, edge: 'root', at: '1970-01-01T00:00:00.000Z', platform: 'weibo', followers: 5, sentiment: 'neutral', text: true, verified: false },
    { node: 1, parent: 0, edge: 'unknown', at: '1970-01-01T00:00:01.500Z', platform: 'weibo', followers: null, sentiment: 'negative', text: false, verified: false },
    { node: 2, parent: 1, edge: 'observed', at: '1970-01-01T00:00:02.000Z', platform: 'x', followers: 0, sentiment: 'positive', text: false, verified: true },
  ])
})

test('the thread answers what is worked out here, of a tree and of its bytes; what cannot be read rejects, and it goes on', async () => {
  const tree = fc.sample(treeArbitrary(), { numRuns: 1, seed: 3 })[0]!
  expect(await thread.run({ kind: 'study', of: tree, now: null })).toEqual(studyCascade(tree, null))
  expect(Buffer.from(await thread.run({ kind: 'bytes', of: tree })).equals(encodeTree(tree))).toBe(true)
  expect(await thread.run({ kind: 'edges', of: encodeTree(tree), from: 1, to: 1000 })).toEqual({ size: tree.size, edges: edgeRows(tree, { from: 1, to: tree.size }) })
  await expect(thread.run({ kind: 'edges', of: new Uint8Array(9), from: 0, to: 1 })).rejects.toThrow(/no cascade/)
  expect(await thread.run({ kind: 'times', of: tree, from: 0, to: 1 })).toEqual({ size: tree.size, at: [tree.at[0]] })
})

test('who asks while sixteen others wait is told to come again', async () => {
  const tree = treeOf(Array.from({ length: 2000 }, (_, node) => ({ parent: node - 1 })))
  const asked = await Promise.allSettled(Array.from({ length: 40 }, () => thread.run({ kind: 'study', of: tree, now: null })))
  const refused = asked.filter((one) => one.status === 'rejected')
  expect(refused.length).toBe(24)
  for (const { reason } of refused) expect(reason).toMatchObject({ name: 'CascadesBusy' })
})
