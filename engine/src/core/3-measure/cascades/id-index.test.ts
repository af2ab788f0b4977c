import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdIndex } from './id-index.ts'
import { Nodes, type NodeFacts } from './nodes.ts'

const facts: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: -1, platform: 0, sign: 0, flags: 0, topics: 0 }

test.each([{ nodesMax: 40, homes: 3 }, { nodesMax: 40, homes: 2 ** 32 }, { nodesMax: 2 ** 20, homes: 5 }])('$nodesMax ids of $homes homes are found until they are removed', ({ nodesMax, homes }) => {
  const id = fc.record({ idLow: fc.nat(2 ** 32 - 1).map((low) => Math.floor(low % homes)), idHigh: fc.nat(30).map((high) => (high << 27) >>> 0) })
  fc.assert(fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 200, size: 'max' }), (steps) => {
    const nodes = new Nodes(nodesMax)
    const index = new IdIndex(nodes)
    const naive = new Map<string, { node: number; idLow: number; idHigh: number }>()
    for (const [{ idLow, idHigh }, remove] of steps) {
      const key = `${idLow},${idHigh}`
      const here = naive.get(key)
      if (here && remove) {
        index.remove(here.node)
        nodes.release(here.node)
        naive.delete(key)
      } else if (!here && naive.size < nodesMax) {
        const node = nodes.create({ ...facts, idLow, idHigh })
        index.add(node)
        naive.set(key, { node, idLow, idHigh })
      }
      expect(index.find(idLow, idHigh)).toBe(naive.get(key)?.node ?? 0)
    }
    for (const one of naive.values()) expect(index.find(one.idLow, one.idHigh)).toBe(one.node)
  }), { numRuns: nodesMax > 1000 ? 5 : 300 })
})
