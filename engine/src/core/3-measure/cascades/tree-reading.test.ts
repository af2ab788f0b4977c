// A tree that is read in pieces while mentions go on is the one that was there when the reading began, or none.
import { expect, test } from 'vitest'
import { CascadeStore } from './cascade-store.ts'
import type { CascadeTree } from './cascade-tree.ts'
import type { NodeFacts } from './nodes.ts'

const begin = 1_700_000_000_000
const blank: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: begin, author: 0, followers: -1, platform: 0, sign: 0, flags: 0, topics: 0 }
const mixed = (number: number): number => Math.imul(number ^ (number >>> 15), 0x2c1b3c6d) >>> 0
const text = { bytes: new TextEncoder().encode('m1'), start: 0, end: 2 }

/** Mention `number` under another, times neither in order nor all different. */
function add(store: CascadeStore, number: number, parent: number): number {
  return store.add({ ...blank, idLow: mixed(number), idHigh: number, parentLow: parent === 0 ? 0 : mixed(parent), parentHigh: parent, at: begin + (mixed(number * 7) % 30_000) * 1000, author: number, followers: number % 90, platform: number % 5 }, text)
}

function grown(size: number, shape: (number: number) => number): CascadeStore {
  const store = new CascadeStore({ nodesMax: 200_000, quietSeconds: 172_800 })
  for (let number = 1; number <= size; number++) add(store, number, number === 1 ? 0 : shape(number))
  return store
}

const plain = (tree: CascadeTree): unknown => Object.fromEntries(Object.entries(tree).map(([name, column]) => [name, ArrayBuffer.isView(column) ? Array.from(column as Uint32Array) : column]))

/** `meanwhile`: what is done after each piece. Shared memory becomes ordinary, so that trees can be compared. */
function read(store: CascadeStore, meanwhile: (piece: number) => void): unknown {
  const reading = store.treeInPieces(store.find(mixed(1), 1), String)
  for (let piece = 0; ; piece++) {
    const { done, value } = reading.next()
    if (done) return value && plain(value)
    meanwhile(piece)
  }
}

const shapes = { star: () => 1, random: (number: number) => 1 + (mixed(number * 3) % (number - 1)), deep: (number: number) => Math.max(1, number - 1 - (mixed(number) % 400)) }

test.each(Object.entries(shapes))('a %s is the tree that was there, whatever is added meanwhile', (_name, shape) => {
  const size = 65_000
  const store = grown(size, shape)
  const before = plain(store.treeOf(store.find(mixed(1), 1), String))
  let number = size
  let pieces = 0
  const tree = read(store, () => {
    pieces++
    for (let more = 0; more < 300; more++) add(store, ++number, 1 + (mixed(number * 5) % (number - 1)))
  })
  expect(tree).toEqual(before)
  expect(pieces).toBeGreaterThan(8)
  expect(store.subtreeOf(store.find(mixed(1), 1))).toBe(size + 300 * pieces)
})

/** 9 waits for its parent, and the root for its own. */
function unsettled(): CascadeStore {
  const store = new CascadeStore({ nodesMax: 50_000, quietSeconds: 172_800 })
  add(store, 1, 200_000)
  for (let number = 2; number <= 45_000; number++) add(store, number, number === 9 ? 100_000 : number === 10 ? 9 : number < 9 ? 1 : Math.max(1, number % 8))
  return store
}

test.each([
  { what: 'comes under another', change: (store: CascadeStore) => add(store, 200_000, 0), isGone: true },
  { what: 'is evicted', change: (store: CascadeStore) => store.settle(2 ** 32), isGone: true },
  { what: 'gets a subtree', change: (store: CascadeStore) => add(store, 100_000, 40_000), isGone: false },
])('a tree that $what while it is walked: to be read anew? $isGone', ({ change, isGone }) => {
  const store = unsettled()
  const before = plain(store.treeOf(store.find(mixed(1), 1), String))
  const tree = read(store, (piece) => { if (piece === 0) change(store) })
  expect(tree).toEqual(isGone ? null : before)
  expect(read(unsettled(), (piece) => { if (piece > 10) change(store) })).toEqual(before) // what is copied already does not change
})

test('a tree in which a subtree moves while it is walked is to be read anew', () => {
  const store = new CascadeStore({ nodesMax: 50_000, quietSeconds: 172_800 })
  add(store, 1, 0)
  const { bytes } = text
  store.add({ ...blank, idLow: 3, idHigh: 3, parentLow: 4, parentHigh: 4, rootLow: mixed(1), rootHigh: 1 }, { bytes, start: 0, end: 2 })
  for (let number = 2; number <= 45_000; number++) add(store, number, 1)
  expect(read(store, (piece) => { if (piece === 0) store.add({ ...blank, idLow: 4, idHigh: 4, parentLow: mixed(2), parentHigh: 2 }, text) })).toBe(null)
  expect(read(store, () => undefined)).toEqual(plain(store.treeOf(store.find(mixed(1), 1), String)))
})
