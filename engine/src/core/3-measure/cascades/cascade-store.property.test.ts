// The store against the rule of docs/decisions/0011-cascades.md, recomputed over all mentions that are left.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NaiveMention } from '../../../../test/naive-cascades.ts'
import { CascadeStore } from './cascade-store.ts'
import { addMention, naiveCounters, naivelySaid, saidOf, someMentions } from './cascade-store.testing.ts'

const idsOf = (mentions: readonly NaiveMention[]): string[] => [...new Set(mentions.map((one) => one.id))]

/** Of mentions with one id only the first: whichever comes first counts, and orders of arrival are to be compared. */
const distinct = (mentions: readonly NaiveMention[]): NaiveMention[] => [...new Map([...mentions].reverse().map((one) => [one.id, one])).values()]

test('trees, measures and counters are those of the rule over the set, in whatever order mentions arrive', () => {
  fc.assert(fc.property(someMentions(24).chain((mentions) => fc.tuple(fc.constant(distinct(mentions)), fc.shuffledSubarray(distinct(mentions), { minLength: distinct(mentions).length }))), ([mentions, shuffled]) => {
    const store = new CascadeStore({ nodesMax: 100, quietSeconds: 1000 })
    for (const mention of shuffled) addMention(store, mention)
    expect(saidOf(store, idsOf(mentions))).toEqual(naivelySaid(mentions))
    expect(store.counters).toMatchObject(naiveCounters(mentions))
  }), { numRuns: 1000 })
})
