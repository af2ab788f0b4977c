import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duplicateLimits, groupsOf, jaccard, triplesOf } from './near-duplicates.ts'

const words = ['断网', '了', '今天', '早上', '的', '新闻', '大家', '不要', '惊慌', '等待', '抢修', '运营商', '已经', '恢复', '服务', '请', '耐心', '街道', '居民', '说']
/** Texts of a few stories, each retold with a word or two changed. */
const retold = fc.array(fc.record({ story: fc.integer({ min: 0, max: 5 }), change: fc.array(fc.tuple(fc.nat(11), fc.nat(19)), { maxLength: 3 }) }), { maxLength: 60 })
  .map((all) => all.map(({ story, change }) => {
    const text = Array.from({ length: 12 }, (_, at) => words[(story * 7 + at * (story + 3)) % words.length]!)
    for (const [at, word] of change) text[at] = words[word]!
    return text.join('')
  }))

/** Each text compared with every leader there is. */
function naive(texts: readonly string[]): number[][] {
  const groups: number[][] = []
  for (const [text, said] of texts.entries()) {
    const likes = groups.map((group) => jaccard(triplesOf(said), triplesOf(texts[group[0]!]!)))
    const most = Math.max(0, ...likes)
    if (most >= duplicateLimits.likeMin) groups[likes.indexOf(most)]!.push(text)
    else groups.push([text])
  }
  return groups
}

test('groups are those of comparing every text with every leader', () => {
  fc.assert(fc.property(retold, (texts) => { expect(groupsOf(texts)).toEqual(naive(texts)) }), { seed: 4, numRuns: 200 })
})

test('shares of triples are those of sets', () => {
  fc.assert(fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (a, b) => {
    const [one, other] = [new Set(triplesOf(a)), new Set(triplesOf(b))]
    const both = [...one].filter((triple) => other.has(triple)).length
    expect(jaccard(triplesOf(a), triplesOf(b))).toBeCloseTo(both / (one.size + other.size - both))
  }))
})

test('a text of many is not joined by way of a third that is like both', () => {
  const first = 'abcdefghijklmnop', between = 'cdefghijklmnopqr', last = 'fghijklmnopqrstu'
  expect(jaccard(triplesOf(first), triplesOf(last))).toBeLessThan(duplicateLimits.likeMin)
  expect(groupsOf([first, between, last])).toEqual([[0, 1], [2]])
})
