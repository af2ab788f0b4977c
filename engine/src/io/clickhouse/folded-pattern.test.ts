import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameTokens, spellingsOf, tokensOf } from '../../core/2-enrich/query/tokens.ts'
import { foldedPattern, isTooLong } from './folded-pattern.ts'

/** JavaScript reads these patterns as RE2 does, but for the names of scripts. */
const found = (pattern: string, text: string): boolean => new RegExp(pattern.replaceAll(/\\p\{(Han|Hiragana|Katakana|Hangul|Thai)\}/g, String.raw`\p{sc=$1}`), 'su').test(text)
const asked = (sought: string, text: string): boolean => {
  const tokens = tokensOf(text)
  return spellingsOf(sought).some((spelling) => spelling.length > 0 && tokens.some((_, first) => first + spelling.length <= tokens.length && sameTokens(spelling, tokens, first, false)))
}

test('a text is found where a query for it would find it', () => {
  const piece = fc.constantFrom('断', '斷', '网', '網', '台', '臺', 'a', 'A', 'Ａ', 'b', '5', '５', '_', 'é', 'e\u0301', ' ', '\n', '\u3000', '，', '.', '-', '(', '[', '^', '\\', '\u200b', '👍', '👍🏽', '❤\ufe0f', '5\ufe0f，', 'か', 'カ', 'ー', 'ж', '한')
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')), text, text, (sought, before, behind) => {
    const pattern = foldedPattern(sought)
    expect(pattern === null).toBe(tokensOf(sought).length === 0)
    if (pattern === null) return
    for (const among of [`${before}${sought}${behind}`, before, `${before}断网 ab${behind}`]) expect([sought, among, found(pattern, among)]).toEqual([sought, among, asked(sought, among)])
  }), { numRuns: 1500, seed: 15 })
})

test.each([['a'.repeat(100), false], ['裏'.repeat(100), false], ['断 '.repeat(30), false], ['é '.repeat(50), true]])('%s is too long for an address: %s', (text, expected) => {
  expect(isTooLong(foldedPattern(text)!)).toBe(expected)
})
