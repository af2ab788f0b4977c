import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duplicateLimits, groupsOf } from './near-duplicates.ts'

const words = ['断网', '了', '今天', '早上', '的', '新闻', '大家', '不要', '惊慌', '等待', '抢修', '运营商', '已经', '恢复', '服务', '请', '耐心', '街道', '居民', '说']
/** Texts of a few stories, each retold with a word or two changed. */
const retold = fc.array(fc.record({ story: fc.integer({ min: 0, max: 5 }), change: fc.array(fc.tuple(fc.nat(11), fc.nat(19)), { maxLength: 3 }) }), { maxLength: 60 })
  .map((all) => all.map(({ story, change }) => {
    const text = Array.from({ length: 12 }, (_, at) => words[(story * 7 + at * (story + 3)) % words.length]!)
    for (const [at, word] of change) text[at] = words[word]!
    return text.join('')
  }))

/** Runs of three characters; a text of fewer is one run. */
function triplesOf(text: string): Set<string> {
  const characters = Array.from(text)
  return new Set(characters.length < 3 ? [text] : characters.slice(2).map((_, at) => characters.slice(at, at + 3).join('')))
}

function jaccard(a: string, b: string): number {
  const [one, other] = [triplesOf(a), triplesOf(b)]
  const both = [...one].filter((triple) => other.has(triple)).length
  return both / (one.size + other.size - both)
}

/** Each text compared with every leader there is. */
function naive(texts: readonly string[]): number[][] {
  const groups: number[][] = []
  for (const [text, said] of texts.entries()) {
    const likes = groups.map((group) => jaccard(said, texts[group[0]!]!))
    const most = Math.max(0, ...likes)
    if (most >= duplicateLimits.likeMin) groups[likes.indexOf(most)]!.push(text)
    else groups.push([text])
  }
  return groups
}

test('groups are those of comparing every text with every leader', () => {
  fc.assert(fc.property(retold, (texts) => { expect(groupsOf(texts)).toEqual(naive(texts)) }), { seed: 4, numRuns: 200 })
})

test('two texts are one group where the sets of their triples are alike', () => {
  const pair = fc.tuple(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), fc.boolean()).map(([a, b, near]) => [a, near ? a.slice(b.length >> 3) + b.slice(0, 2) : b] as const)
  fc.assert(fc.property(pair, ([a, b]) => { expect(groupsOf([a, b])).toEqual(jaccard(a, b) >= duplicateLimits.likeMin ? [[0, 1]] : [[0], [1]]) }), { seed: 4, numRuns: 500 })
})

test('a text of many is not joined by way of a third that is like both', () => {
  const first = 'abcdefghijklmnop', between = 'cdefghijklmnopqr', last = 'fghijklmnopqrstu'
  expect(jaccard(first, last)).toBeLessThan(duplicateLimits.likeMin)
  expect(groupsOf([first, between, last])).toEqual([[0, 1], [2]])
})
