import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PairIds } from './pair-ids.ts'
import { phraseLimits, phrasesOf, rowAt, type WeighedText } from './phrases.ts'

const text = fc.record({
  tokens: fc.array(fc.constantFrom('a', 'b', 'c', '断', '网'), { maxLength: 16 }), breaks: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), now: fc.integer({ min: 0, max: 5 }), before: fc.integer({ min: 0, max: 5 }),
}).map(({ tokens, breaks, now, before }): WeighedText => ({ tokens, joined: tokens.map((_, at) => at > 0 && (breaks[at]! || at % 3 > 0)), words: tokens.map((token) => token < 'd'), now, before, negative: Math.min(now, 2) }))

/** Every run of every text, by hand. */
function recount(texts: readonly WeighedText[], textsMin: number): Map<string, { length: number; texts: number; occurrences: number; now: number; before: number; negative: number }> {
  const found = new Map<string, { length: number; texts: number; occurrences: number; now: number; before: number; negative: number }>()
  for (const { tokens, joined, now, before, negative } of texts) {
    const here = new Map<string, { length: number; times: number }>()
    for (let first = 0; first < tokens.length; first++) {
      for (let length = 1; length <= phraseLimits.tokensMax && first + length <= tokens.length && (length === 1 || joined[first + length - 1]!); length++) {
        const run = tokens.slice(first, first + length).join(' ')
        here.set(run, { length, times: (here.get(run)?.times ?? 0) + 1 })
      }
    }
    for (const [run, { length, times }] of here) {
      const had = found.get(run) ?? { length, texts: 0, occurrences: 0, now: 0, before: 0, negative: 0 }
      found.set(run, { length, texts: had.texts + (now > 0 ? 1 : 0), occurrences: had.occurrences + times, now: had.now + now, before: had.before + before, negative: had.negative + negative })
    }
  }
  return new Map([...found].filter(([, { texts: held }]) => held >= textsMin))
}

test('runs are those that a recount of every text finds, with how often, and where each stands', () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (texts, textsMin) => {
    const phrases = phrasesOf(texts, textsMin)
    const found = new Map(phrases.levels.flatMap((level) => Array.from(level.position, (position, row) => {
      const run = Array.from(phrases.tokens.subarray(position, position + level.length), (token) => phrases.written[token]!).join(' ')
      expect(rowAt(phrases, position, level.length)).toBe(row)
      return [run, { length: level.length, texts: level.texts[row]!, occurrences: level.occurrences[row]!, now: level.now[row]!, before: level.before[row]!, negative: level.negative[row]! }] as const
    })))
    expect(found).toEqual(recount(texts, textsMin))
  }))
})

test('pairs of numbers have the number of their first coming, however many there are', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), { maxLength: 400 }), (pairs) => {
    const table = new PairIds(2), naive = new Map<string, number>()
    for (const [first, second] of pairs) {
      const key = `${first} ${second}`
      expect(table.get(first, second)).toBe(naive.get(key) ?? -1)
      if (!naive.has(key)) naive.set(key, naive.size)
      expect(table.add(first, second)).toBe(naive.get(key))
    }
    expect(table.size).toBe(naive.size)
  }))
})
