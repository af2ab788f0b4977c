import fc from 'fast-check'
import { expect, test } from 'vitest'
import { momentLimits, momentsOf, type Moment, type Said } from './same-second.ts'

const said = fc.array(fc.record({ at: fc.integer({ min: 0, max: 6000 }), account: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e'), words: fc.constantFrom('x', 'y') }), { maxLength: 40 })

/** All windows of all words, tried from the largest. */
function naive(all: readonly Said[], limit: number): Moment[] {
  const windows = all.map((first, number) => {
    const members = [...all.keys()].filter((other) => all[other]!.words === first.words && all[other]!.at <= first.at + momentLimits.withinMs && (all[other]!.at > first.at || (all[other]!.at === first.at && other >= number))).sort((a, b) => all[a]!.at - all[b]!.at || a - b)
    return { at: first.at, accounts: new Set(members.map((member) => all[member]!.account).filter((account) => account !== '')).size, members }
  }).filter(({ accounts }) => accounts >= momentLimits.accountsMin)
  const byMost = (a: Moment, b: Moment): number => b.accounts - a.accounts || b.members.length - a.members.length || a.at - b.at || a.members[0]! - b.members[0]!
  const chosen: Moment[] = []
  for (const window of windows.sort(byMost)) if (!chosen.some(({ members }) => members.some((member) => window.members.includes(member)))) chosen.push(window)
  return chosen.slice(0, limit)
}

test('moments are those that a look at every window finds', () => {
  fc.assert(fc.property(said, (all) => { expect(momentsOf(all, 50)).toEqual(naive(all, 50)) }), { numRuns: 500 })
})

test('a window is not begun too early: three within a second are found behind one that came before', () => {
  const at = [0, 900, 1100, 1200]
  expect(momentsOf(at.map((ms, i) => ({ at: ms, account: `a${i}`, words: 'x' })), 50)).toEqual([{ at: 900, accounts: 3, members: [1, 2, 3] }])
})
