// Coordination against everything worked out anew, and saved and loaded at any moment.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reloaded } from '../../../../test/saved.ts'
import type { Shared } from './coordination-evidence.ts'
import { Coordination } from './coordination.ts'
import { NaiveCoordination } from './naive-coordination.testing.ts'

const room = { onceMax: 1024, objectsMax: 1024, pairsMax: 1024, candidatesMax: 256, accountsMax: 64 }
const begin = 1_700_000_000
const sets: readonly (readonly string[])[] = [[], ['a'], ['b'], ['a', 'b']]
const topicsOf = (set: number): readonly string[] => sets[set]!

interface Step { readonly gap: number; readonly account: number; readonly late: number; readonly topics: number; readonly kind: number; readonly object: number }
const gap = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 90 }) }, { weight: 3, arbitrary: fc.integer({ min: 90, max: 4000 }) }, { weight: 1, arbitrary: fc.constantFrom(7200, 40_000, 86_400, 200_000) })
const late = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 90 }))
/** A few accounts share one object, one after the other. */
const round = fc.record({
  gap, topics: fc.integer({ min: 0, max: 3 }), kind: fc.integer({ min: 0, max: 4 }), object: fc.integer({ min: 1, max: 60 }),
  sharers: fc.array(fc.record({ account: fc.integer({ min: 0, max: 6 }), late, gap: fc.integer({ min: 0, max: 25 }) }), { minLength: 1, maxLength: 5 }),
})
const steps = fc.array(round, { minLength: 5, maxLength: 60 }).map((rounds) => rounds.flatMap(({ gap: before, sharers, ...object }): Step[] => sharers.map((sharer, i) => ({ ...object, ...sharer, gap: i === 0 ? before : sharer.gap }))))

const sharedBy = ({ account, topics, kind, object, late }: Step, second: number): Shared => ({
  topics, author: account, second: second - late,
  textLow: kind === 0 ? object : kind === 4 ? 1 + object % 2 : 0, textHigh: kind === 0 ? Math.imul(object, 77) >>> 0 : 0, // 4: two texts under all roots
  link: kind === 1 || kind === 3 ? object : 0,
  rootLow: kind >= 2 ? object : 0, rootHigh: kind >= 2 ? Math.imul(object, 0x9e3779b1) >>> 0 : 0,
})

let found = 0

test('groups and evidence are those of a recomputation over all that was shared, whatever came late, and after loading', () => {
  fc.assert(fc.property(steps, fc.nat(250), (all, savedAt) => {
    let ours = new Coordination(room)
    const naive = new NaiveCoordination()
    let second = begin
    let lookedAt = -1
    let tested = 0
    for (const [i, step] of all.entries()) {
      second += step.gap
      const shared = sharedBy(step, second)
      ours.share(shared)
      naive.share(shared)
      if (i === savedAt) ours = reloaded(ours, new Coordination(room))
      if (i % 5 !== 4 || second < lookedAt + 10) continue
      const evidence = ours.close(second, topicsOf)
      if (ours.lookedAt !== second) continue
      lookedAt = second
      const expected = naive.look(second, topicsOf)
      for (let account = 1; account <= 6; account++) expect(ours.isCoordinated(account)).toBe(expected.accounts.has(account))
      for (const told of evidence) expect(expected.evidence).toContainEqual(told)
      tested += expected.evidence.length
    }
    found += Math.min(1, tested)
  }), { numRuns: 1000, seed: 5 })
  expect(found).toBeGreaterThan(150)
})
