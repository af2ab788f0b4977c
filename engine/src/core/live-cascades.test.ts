// Lists of the cascades in memory against a naive recomputation, over random mentions; and roots by their id or hash.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { naiveTrees, type NaiveMention } from '../../test/naive-cascades.ts'
import { CascadeStore } from './3-measure/cascades/cascade-store.ts'
import { addMention, someMentions } from './3-measure/cascades/cascade-store.testing.ts'
import { IdHash } from './1-decode/hash.ts'
import { CascadesInMemory, hashOfName, nameOfRoot, type LiveQuestion, type Pieces } from './live-cascades.ts'

const begin = 1_700_000_000
const platformName = (platform: number): string => ['weibo', 'zhihu', 'news', 'x'][platform]!
const hash = new IdHash()
function wordsOf(id: string): { readonly low: number; readonly high: number } {
  hash.ofText(id)
  return { low: hash.low, high: hash.high }
}
const anything = { topic: null, platform: null, fromMs: null, toMs: null } as const

function memoryOf(mentions: readonly NaiveMention[], clock: number) {
  const store = new CascadeStore({ nodesMax: 1000, quietSeconds: 172_800 })
  for (const mention of mentions) addMention(store, mention)
  return new CascadesInMemory({ store, clock: () => clock, platformName, topicsOf: (set) => (set === 0 ? [] : [`t${set}`]) })
}

function whole<Answer>(pieces: Pieces<Answer>): Answer {
  for (;;) {
    const { done, value } = pieces.next()
    if (done) return value
  }
}

/** Duplicates are none of the store's business: the first of an id counts. */
const once = (mentions: readonly NaiveMention[]): NaiveMention[] => [...new Map(mentions.toReversed().map((mention) => [mention.id, mention])).values()]

test('lists are those of a recomputation: by size and by speed, of a platform and of a time', () => {
  fc.assert(fc.property(someMentions(60), fc.integer({ min: 3580, max: 3640 }), fc.nat(3), fc.constantFrom('size', 'speed'), (mentions, age, max, by) => {
    const clock = begin + age
    const known = once(mentions)
    const at = new Map(known.map((mention) => [mention.id, mention]))
    const memory = memoryOf(known, clock)
    const asked: LiveQuestion[] = [{ ...anything, by, max: max + 1 }, { ...anything, by, max: 100, platform: 'zhihu' }, { ...anything, by, max: 100, toMs: (begin + 10) * 1000 }]
    for (const question of asked) {
      const naive = [...naiveTrees(known).values()].filter(({ nodes }) => nodes.length > 1).map(({ nodes }) => [...nodes].map((id) => at.get(id)!))
        .filter((nodes) => question.platform === null || nodes.some(({ platform = 0 }) => platformName(platform) === question.platform))
        .filter((nodes) => question.toMs === null || Math.min(...nodes.map((node) => node.at)) < question.toMs)
        .map((nodes) => ({ size: nodes.length, lastHour: nodes.filter((node) => node.at >= (clock + 1) * 1000 - 3_600_000).length }))
      const count = (row: { readonly size: number; readonly lastHour: number }): number => (by === 'size' ? row.size : row.lastHour)
      const rows = whole(memory.rankCascades(question))
      expect(rows.map(count)).toEqual(naive.map(count).filter((one) => one > 0).sort((a, b) => b - a).slice(0, question.max))
      const either = (row: { readonly size: number; readonly lastHour: number }): string => `${row.size}/${row.lastHour}`
      for (const row of rows) expect(naive.map(either)).toContain(either(row))
    }
  }), { numRuns: 150 })
})

const encoder = new TextEncoder()
function add(store: CascadeStore, id: string, parent?: string): void {
  const named = parent === undefined ? { low: 0, high: 0 } : wordsOf(parent)
  const { low, high } = wordsOf(id)
  const bytes = encoder.encode(id)
  store.add({ idLow: low, idHigh: high, parentLow: named.low, parentHigh: named.high, rootLow: 0, rootHigh: 0, at: begin * 1000, author: 0, followers: 7, platform: 0, sign: 0, flags: 0, topics: 1 }, { bytes, start: 0, end: bytes.length })
}

test('a root is found by its id, its tree has its name, and what stands below it says whose it is', () => {
  const store = new CascadeStore({ nodesMax: 10, quietSeconds: 172_800 })
  const memory = new CascadesInMemory({ store, clock: () => begin, platformName, topicsOf: () => ['outage'] })
  add(store, 'm1')
  add(store, 'm2', 'm1')
  expect(memory.cascade('m1')).toMatchObject({ root: 'm1', size: 2, depth: 1, lastHour: 2, reach: 14, topics: ['outage'], platforms: [{ platform: 'weibo', mentions: 2, lagSeconds: 0 }] })
  expect(whole(memory.cascadeTree('m1'))).toMatchObject({ root: 'm1', size: 2 })
  const { low, high } = wordsOf('m1')
  expect(memory.cascade(nameOfRoot('', low, high))?.root).toBe('m1')
  expect([memory.cascade('m2'), whole(memory.cascadeTree('m2')), memory.cascade('m3'), memory.rootOf('m2'), memory.rootOf('m3')]).toEqual([null, null, null, 'm1', null])
})

test('a tree that comes under another between two pieces of a list is left out', () => {
  const store = new CascadeStore({ nodesMax: 100_000, quietSeconds: 172_800 })
  const memory = new CascadesInMemory({ store, clock: () => begin, platformName, topicsOf: () => [] })
  add(store, 'm1')
  for (let i = 2; i < 60_000; i++) add(store, `m${i}`, 'm1')
  add(store, 'above', 'first')
  add(store, 'below', 'above')
  const pieces = memory.rankCascades({ ...anything, by: 'size', max: 10 })
  expect([pieces.next(), memory.cascade('above')?.size]).toEqual([{ done: false, value: undefined }, 2])
  add(store, 'first')
  expect(whole(pieces).map(({ root }) => root)).toEqual(['m1'])
})

test.each(['weibo:1', 'hash:12', 'hash:00000000000000zz'])('%s is no hash', (name) => { expect(hashOfName(name)).toBe(null) })
test('a hash is read as it is written', () => { expect(hashOfName(nameOfRoot('', 0xfedcba98, 1))).toEqual({ low: 0xfedcba98, high: 1 }) })
