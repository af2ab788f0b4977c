import { expect, test } from 'vitest'
import type { NaiveMention } from '../../../../test/naive-cascades.ts'
import { CascadeStore } from './cascade-store.ts'
import { addMention, hashOf } from './cascade-store.testing.ts'

const begin = 1_700_000_000_000
const mention = (number: number, more: Partial<NaiveMention> = {}): NaiveMention => ({ id: `m${number}`, at: begin + number * 1000, ...more })
const roomy = (): CascadeStore => new CascadeStore({ nodesMax: 10_000, quietSeconds: 3600 })
const nodeOf = (store: CascadeStore, number: number): number => store.find(hashOf(`m${number}`).low, hashOf(`m${number}`).high)

test('a parent that comes late gets those that waited for it at the root', () => {
  const store = roomy()
  addMention(store, mention(0))
  addMention(store, mention(2, { parent: 'm1', root: 'm0' }))
  expect(store.measuresOf(nodeOf(store, 0))).toMatchObject({ size: 2, depth: 1, unknownEdges: 1 })
  expect(store.counters).toMatchObject({ waiting: 1, moved: 0 })
  addMention(store, mention(1, { parent: 'm0', root: 'm0' }))
  expect(store.measuresOf(nodeOf(store, 0))).toMatchObject({ size: 3, depth: 2, unknownEdges: 0 })
  expect(store.counters).toMatchObject({ waiting: 0, moved: 1 })
})

test('the earliest mention of a ring is its root, and the ring opens where one of it finds its parent', () => {
  const store = roomy()
  addMention(store, mention(3, { parent: 'm9', root: 'm1' }))
  addMention(store, mention(2, { parent: 'm3' }))
  addMention(store, mention(1, { parent: 'm2' }))
  expect(store.counters).toMatchObject({ rings: 1, trees: 1, waiting: 1 })
  expect(store.parentOf(nodeOf(store, 1))).toBe(-1)
  expect(store.depthOf(nodeOf(store, 3))).toBe(1)
  addMention(store, mention(9))
  expect(store.counters).toMatchObject({ rings: 0, trees: 1, waiting: 0 })
  expect(store.treeOf(nodeOf(store, 9), String)).toMatchObject({ root: 'm9', size: 4, parent: Int32Array.of(-1, 2, 3, 0) })
})

test('a wait that finds no room is counted, and its mention stays where it is', () => {
  const store = new CascadeStore({ nodesMax: 10, quietSeconds: 3600, waitsMax: 1 })
  addMention(store, mention(1, { parent: 'm8' }))
  addMention(store, mention(2, { parent: 'm8' }))
  addMention(store, mention(8))
  expect(store.counters).toMatchObject({ waitsDropped: 1, trees: 1, nodes: 3 })
  expect(store.parentOf(nodeOf(store, 2))).toBe(-1)
})

test('a mention may wait for its parent and for its root, and so may all of a full room', () => {
  const store = new CascadeStore({ nodesMax: 3000, quietSeconds: 3600 })
  for (let i = 0; i < 3000; i++) addMention(store, mention(i, { parent: `m${10_000 + i}`, root: `m${20_000 + i}` }))
  expect(store.counters).toMatchObject({ waiting: 3000, waitsDropped: 0 })
})

test('a chain is walked without a stack, whichever end comes first', () => {
  const length = 4000
  for (const order of ['forwards', 'backwards']) {
    const store = roomy()
    for (let i = 0; i < length; i++) {
      const number = order === 'forwards' ? i : length - 1 - i
      addMention(store, mention(number, number === 0 ? {} : { parent: `m${number - 1}` }))
    }
    const { size, depth, leaves, maxBreadth, structuralVirality } = store.measuresOf(nodeOf(store, 0))
    expect({ size, depth, leaves, maxBreadth }).toEqual({ size: length, depth: length - 1, leaves: 1, maxBreadth: 1 })
    expect(structuralVirality).toBeCloseTo((length + 1) / 3, 9)
    expect(store.nodesOf(nodeOf(store, 0))).toHaveLength(length)
  }
})

test('accounts beyond 2,048 are estimated', () => {
  const store = roomy()
  addMention(store, mention(0))
  for (let i = 1; i <= 6000; i++) addMention(store, mention(i, { parent: 'm0', author: Math.imul(i, 0x9e3779b1) >>> 0 }))
  expect(Math.abs(store.measuresOf(nodeOf(store, 0)).authors / 6000 - 1)).toBeLessThan(0.05)
})

test('evicted trees wait to be taken: settle leaves the rest for the next time when 1,000 do', () => {
  const store = roomy()
  for (let i = 0; i < 2400; i += 2) {
    addMention(store, mention(i))
    addMention(store, mention(i + 1, { parent: `m${i}` }))
  }
  const late = begin / 1000 + 100_000
  store.settle(late)
  expect(() => store.save(undefined as never)).toThrow('not taken')
  expect(store.takeEvicted((platform) => `p${platform}`).map(({ tree }) => [tree.root, tree.size, tree.platforms[0]])).toHaveLength(1000)
  store.settle(late)
  expect(store.takeEvicted(String)).toHaveLength(200)
  expect(store.counters).toMatchObject({ nodes: 0, evictedTrees: 1200, evictedNodes: 2400 })
})

test('the largest trees come first, those of few mentions by when they were spoken of', () => {
  const store = roomy()
  const grow = (root: number, size: number): void => {
    addMention(store, mention(root))
    for (let i = 1; i < size; i++) addMention(store, mention(root + i, { parent: `m${root}` }))
  }
  grow(0, 3)
  grow(100, 40)
  grow(200, 3)
  grow(300, 20)
  grow(400, 1)
  expect(store.largest(10).map((root) => store.idOf(root))).toEqual(['m100', 'm300', 'm200', 'm0'])
  expect(store.largest(1).map((root) => store.idOf(root))).toEqual(['m100'])
  expect([...store.roots(2)].map((root) => store.idOf(root))).toEqual(['m300', 'm200', 'm100', 'm0'])
})
