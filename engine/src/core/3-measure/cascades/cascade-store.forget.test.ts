// Who is forgotten stays a node: trees are of the shape that they had, and nothing that leaves the store says who it was.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NaiveMention } from '../../../../test/naive-cascades.ts'
import { StateReader, StateWriter } from '../../state.ts'
import { CascadeStore } from './cascade-store.ts'
import { addMention, hashOf, naiveCounters, naivelySaid, saidOf, someMentions } from './cascade-store.testing.ts'
import { forgottenName } from './forgotten-name.ts'

const begin = 1_700_000_000_000
const nodeOf = (store: CascadeStore, id: string): number => store.find(hashOf(id).low, hashOf(id).high)
const roomy = { nodesMax: 200, quietSeconds: 1000 }

function loaded(store: CascadeStore): CascadeStore {
  const out = new StateWriter()
  store.save(out)
  const other = new CascadeStore(roomy)
  other.load(new StateReader(out.written.slice()))
  return other
}

test('trees are those of mentions without an account, whenever they are forgotten, saved and loaded, and evicted trees do not hold them', () => {
  fc.assert(fc.property(someMentions(40), fc.array(fc.tuple(fc.nat(80), fc.nat(39)), { maxLength: 30 }), fc.nat(80), (mentions, forgetting, saving) => {
    let store = new CascadeStore(roomy)
    const forgotten = new Set<string>()
    mentions.forEach((mention, i) => {
      addMention(store, mention)
      for (const [, number] of forgetting.filter(([when]) => when === i)) {
        const node = nodeOf(store, `m${number}`)
        if (node > 0) store.forget(node)
        if (node > 0) forgotten.add(`m${number}`)
      }
      if (i === saving) store = loaded(store)
    })
    const ids = [...new Set(mentions.map(({ id }) => id))]
    const without = mentions.map((mention): NaiveMention => (forgotten.has(mention.id) ? { ...mention, author: 0 } : mention))
    expect(saidOf(store, ids)).toEqual(naivelySaid(without))
    expect(store.counters).toMatchObject({ ...naiveCounters(mentions), selfParents: store.counters.selfParents })
    for (const id of ids) expect(store.isForgotten(nodeOf(store, id))).toBe(forgotten.has(id))
    store.settle(2 ** 32)
    const known = new Set(ids.filter((id) => !forgotten.has(id)).map((id) => `${hashOf(id).low >>> 0} ${hashOf(id).high}`))
    for (const { tree } of store.takeEvicted(String)) {
      const hidden = [...tree.idLow].flatMap((low, node) => (known.has(`${low} ${tree.idHigh[node]}`) ? [] : [node]))
      for (const node of hidden) expect([tree.idLow[node], tree.idHigh[node], tree.author[node]]).toEqual([0, 0, 0])
      if (hidden[0] === 0) expect(tree.root).toMatch(/^forgotten:[0-9a-f]{32}$/)
      else expect(tree.root === '' || known.has(`${hashOf(tree.root).low >>> 0} ${hashOf(tree.root).high}`)).toBe(true)
    }
    expect(store.forgottenNodes).toEqual([])
  }), { numRuns: 300 })
})

test('a forgotten root is called as the store calls it, its children still find it, and a copy of it brings nothing back', () => {
  const store = new CascadeStore(roomy)
  addMention(store, { id: 'm1', at: begin, author: 7 })
  store.forget(nodeOf(store, 'm1'))
  addMention(store, { id: 'm2', at: begin + 1000, author: 8, parent: 'm1' })
  addMention(store, { id: 'm1', at: begin, author: 7 })
  const root = nodeOf(store, 'm1')
  expect([store.rootOf(nodeOf(store, 'm2')), store.idOf(root), store.authorOf(root)]).toEqual([root, forgottenName('m1'), 0])
  expect(store.treeOf(root, String)).toMatchObject({ root: forgottenName('m1'), size: 2, author: Uint32Array.of(0, 8), idLow: Uint32Array.of(0, hashOf('m2').low) })
  const out = new StateWriter()
  store.save(out)
  expect(Buffer.from(out.written).includes('m1')).toBe(false) // nor what is free again
})

test('an account is forgotten on the platform that it is of, in trees with a row too', () => {
  const store = new CascadeStore(roomy)
  for (let i = 0; i < 30; i++) addMention(store, { id: `m${i}`, at: begin + i * 1000, author: 5 + (i % 3), platform: i % 2, ...(i === 0 ? {} : { parent: 'm0' }) })
  expect(store.measuresOf(nodeOf(store, 'm0')).authors).toBe(3)
  store.forgetAccounts([6, 5]) // the account's hash by number of the platform
  const gone = Array.from({ length: 30 }, (_, i) => i).filter((i) => (i % 2 === 0 ? i % 3 === 1 : i % 3 === 0))
  expect([...store.forgottenNodes].sort((a, b) => a - b)).toEqual(gone.map((i) => nodeOf(store, `m${i}`)).sort((a, b) => a - b))
  store.forgetAccounts([7, 7, 7])
  store.forgetAccounts([5, 6])
  expect(store.measuresOf(nodeOf(store, 'm0'))).toMatchObject({ authors: 0, size: 30 })
})
