// The store against the rule of docs/decisions/0011-cascades.md, recomputed over all mentions that are left.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meanPairwiseDistance, naiveEdges, naiveTrees, type NaiveMention } from '../../../../test/naive-cascades.ts'
import { StateReader, StateUnreadable, StateWriter } from '../../state.ts'
import { CascadeStore, type CascadeStoreOptions } from './cascade-store.ts'
import { addMention, hashOf, naiveCounters, naivelySaid, saidOf, someMentions } from './cascade-store.testing.ts'

const roomy: CascadeStoreOptions = { nodesMax: 200, quietSeconds: 1000 }
const idsOf = (mentions: readonly NaiveMention[]): string[] => [...new Set(mentions.map((one) => one.id))]

/** Of mentions with one id only the first: whichever comes first counts, and orders of arrival are to be compared. */
const distinct = (mentions: readonly NaiveMention[]): NaiveMention[] => [...new Map([...mentions].reverse().map((one) => [one.id, one])).values()]

const inSomeOrder = (mentions: fc.Arbitrary<NaiveMention[]>): fc.Arbitrary<NaiveMention[]> =>
  mentions.chain((all) => fc.shuffledSubarray(distinct(all), { minLength: distinct(all).length }))

function saved(store: CascadeStore): Uint8Array<ArrayBuffer> {
  const out = new StateWriter()
  store.save(out)
  return out.written.slice()
}

function loaded(bytes: Uint8Array, options: CascadeStoreOptions): CascadeStore {
  const store = new CascadeStore(options)
  const from = new StateReader(bytes)
  store.load(from)
  expect(from.done).toBe(true)
  return store
}

test.each([{ ids: 6, numRuns: 1000 }, { ids: 24, numRuns: 500 }, { ids: 80, numRuns: 200 }])('trees, measures and counters of $ids ids are those of the rule over the set, in whatever order mentions arrive', ({ ids, numRuns }) => {
  fc.assert(fc.property(inSomeOrder(someMentions(ids)), (mentions) => {
    const store = new CascadeStore(roomy)
    mentions.forEach((mention, i) => {
      addMention(store, mention)
      if (ids < 10 || i % 7 === 0) expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions.slice(0, i + 1)))
    })
    expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions))
    expect(store.counters).toMatchObject(naiveCounters(mentions))
  }), { numRuns })
})

test('trees that find no room for a row are walked, and are as exact', () => {
  fc.assert(fc.property(inSomeOrder(someMentions(80)), fc.integer({ min: 2, max: 90 }), (mentions, rowWordsMax) => {
    const store = new CascadeStore({ ...roomy, rowWordsMax })
    mentions.forEach((mention, i) => {
      addMention(store, mention)
      if (i % 16 === 0) expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions.slice(0, i + 1)))
    })
    expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions))
    expect(store.counters).toMatchObject(naiveCounters(mentions))
  }), { numRuns: 150 })
})

test('of mentions with one id the first one counts', () => {
  fc.assert(fc.property(someMentions(12), (mentions) => {
    const store = new CascadeStore(roomy)
    for (const mention of mentions) addMention(store, mention)
    expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions))
    expect(store.counters).toMatchObject(naiveCounters(mentions))
  }), { numRuns: 200 })
})

test('what is left after evictions are the trees of the mentions left', () => {
  fc.assert(fc.property(someMentions(60), fc.integer({ min: 3, max: 50 }), fc.integer({ min: 0, max: 20 }), (mentions, nodesMax, quietSeconds) => {
    const store = new CascadeStore({ nodesMax, quietSeconds })
    const names = (platform: number): string => `p${platform}`
    let here: NaiveMention[] = []
    let evicted = 0
    let nodesEvicted = 0
    mentions.forEach((mention, i) => {
      const before = here
      const isNew = store.find(hashOf(mention.id).low, hashOf(mention.id).high) === -1
      addMention(store, mention)
      if (isNew) here = [...here, mention]
      here = here.filter(({ id }) => store.find(hashOf(id).low, hashOf(id).high) !== -1)
      const quietest = Math.min(...[...naiveTrees(before).values()].map((tree) => Math.floor(tree.lastAt / 1000)))
      const gone = [...naiveTrees(before).values()].filter((tree) => !here.some(({ id }) => tree.nodes.includes(id)))
      if (isNew && before.length === nodesMax) expect(gone.map((tree) => Math.floor(tree.lastAt / 1000))).toEqual([quietest])
      if (i % 5 === 4) {
        const clock = Math.max(...mentions.slice(0, i + 1).map((one) => Math.floor(one.at / 1000)))
        const kept = [...naiveTrees(here).values()].filter((tree) => clock - Math.floor(tree.lastAt / 1000) <= quietSeconds).flatMap((tree) => tree.nodes)
        store.settle(clock)
        here = here.filter(({ id }) => store.find(hashOf(id).low, hashOf(id).high) !== -1)
        expect(here.map((one) => one.id).sort()).toEqual(kept.sort())
      }
      const taken = store.takeEvicted(names)
      evicted += taken.length
      nodesEvicted += taken.reduce((sum, { tree }) => sum + tree.size, 0)
      expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(here))
      const { selfParents: _ever, ...counters } = naiveCounters(here)
      expect(store.counters).toMatchObject({ ...counters, evictedTrees: evicted })
    })
    expect(store.counters.evictedNodes).toBeGreaterThanOrEqual(nodesEvicted)
  }), { numRuns: 150 })
})

test('an evicted tree is the one that was there', () => {
  fc.assert(fc.property(someMentions(30), (mentions) => {
    const store = new CascadeStore(roomy)
    for (const mention of mentions) addMention(store, mention)
    const live = [...store.roots(2)].map((root) => store.treeOf(root, String))
    store.settle(2 ** 32)
    const byRoot = (trees: readonly { readonly idLow: Uint32Array }[]): unknown[] => [...trees].sort((a, b) => a.idLow[0]! - b.idLow[0]!)
    expect(byRoot(store.takeEvicted(String).map(({ tree }) => tree))).toEqual(byRoot(live))
    expect(store.counters).toMatchObject({ nodes: 0, trees: 0, waiting: 0, rings: 0, evictedNodes: idsOf(mentions).length })
  }), { numRuns: 200 })
})

test('a loaded store goes on as the saved one', () => {
  const options = { nodesMax: 30, quietSeconds: 15 }
  fc.assert(fc.property(someMentions(50), fc.nat(100), (mentions, at) => {
    const one = new CascadeStore(options)
    for (const mention of mentions.slice(0, at)) addMention(one, mention)
    one.takeEvicted(String)
    const other = loaded(saved(one), options)
    expect(saved(other)).toHaveLength(saved(one).length)
    expect(saidOf(other, idsOf(mentions))).toEqual(saidOf(one, idsOf(mentions)))
    mentions.slice(at).forEach((mention, i) => {
      expect(addMention(other, mention)).toBe(addMention(one, mention))
      if (i % 4 === 0) for (const store of [one, other]) store.settle(Math.floor(mention.at / 1000))
      expect(other.counters).toEqual(one.counters)
    })
    expect(saidOf(other, idsOf(mentions))).toEqual(saidOf(one, idsOf(mentions)))
    expect(other.takeEvicted(String)).toEqual(one.takeEvicted(String))
    expect(other.largest(10)).toEqual(one.largest(10))
  }), { numRuns: 300 })
})

test('a damaged state is refused or is a forest all the same', () => {
  fc.assert(fc.property(someMentions(20), fc.nat(), fc.integer({ min: 1, max: 255 }), (mentions, where, flip) => {
    const store = new CascadeStore(roomy)
    for (const mention of mentions) addMention(store, mention)
    const bytes = saved(store)
    bytes[where % bytes.length]! ^= flip
    try {
      const other = loaded(bytes, roomy)
      for (const root of other.roots(1)) expect(other.nodesOf(root)).toHaveLength(other.measuresOf(root).size)
      for (const mention of mentions) addMention(other, mention)
      other.settle(2 ** 32)
    } catch (error) {
      expect(error).toBeInstanceOf(StateUnreadable)
    }
    expect(() => loaded(saved(store).subarray(0, where % saved(store).length), roomy)).toThrow(StateUnreadable)
  }), { numRuns: 500 })
})

test('structural virality is the mean distance over all pairs, to a billionth', () => {
  fc.assert(fc.property(inSomeOrder(someMentions(40)), (mentions) => {
    const store = new CascadeStore(roomy)
    for (const mention of mentions) addMention(store, mention)
    const edges = naiveEdges(mentions)
    for (const { root, nodes } of naiveTrees(mentions).values()) {
      const { structuralVirality } = store.measuresOf(store.find(hashOf(root).low, hashOf(root).high))
      expect(Math.abs(structuralVirality - meanPairwiseDistance(nodes, edges))).toBeLessThan(1e-9)
    }
  }), { numRuns: 200 })
})
