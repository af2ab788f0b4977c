// A text as a regular expression (RE2) that finds it in stored texts as queries do: folded, whole words, the same gaps (core/2-enrich/query/tokens.ts).
// The store keeps texts as they came, so each character is written out as all that fold to it; letters in mathematical dress are left out, for a text
// of them is hardly ever sought and they would make a pattern too long for an address.
import { codePointsMax, foldTable, partBits } from '../../core/2-enrich/fold.ts'
import { spellingsOf, type Token } from '../../core/2-enrich/query/tokens.ts'

const mathematical = { from: 0x1d400, to: 0x1d7ff } as const
const alone = String.raw`\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}々〇ー゛゜`
const letters = String.raw`\p{L}\p{N}\p{M}_`
const writing = String.raw`${letters}\p{So}`
const unseen = String.raw`\p{Cf}*` // joiners
const unseenBehindSymbol = String.raw`[\p{Cf}︀-️🏻-🏿]*` // variation selectors and skin tones, too
/** Not inside a longer word. */
const wordBegins = `(?:^|[^${letters}\\p{Cf}]|[${alone}])${unseenBehindSymbol}`
const wordEnds = `${unseenBehindSymbol}(?:$|[^${letters}\\p{Cf}]|[${alone}])`
const gap = {
  none: unseen,
  any: String.raw`[^${writing}]*[^${writing}\p{Cf}︀-️][^${writing}]*`, // what is unseen is no writing either, and separates nothing
  atMostSpace: String.raw`[\s\p{Z}\p{Cf}]*`,
  punctuation: String.raw`[^${writing}]*[^${writing}\s\p{Z}\p{Cf}︀-️][^${writing}]*`,
} as const

/** Longer ones are too much for an address, as parameters of a query travel. */
export const patternBytesMax = 12_000
export const isTooLong = (pattern: string): boolean => encodeURIComponent(pattern.replaceAll('\\', '\\\\')).length > patternBytesMax

/** Null: it has no letter, digit, character or symbol to look for. */
export function foldedPattern(text: string): string | null {
  const spellings = spellingsOf(text).filter((tokens) => tokens.length > 0)
  return spellings.length === 0 ? null : spellings.map(patternOf).join('|')
}

function patternOf(tokens: readonly Token[]): string {
  let pattern = tokens[0]!.word ? wordBegins : ''
  for (const [at, token] of tokens.entries()) {
    if (at > 0) pattern += between(tokens[at - 1]!, token)
    pattern += Array.from(token.text, (character) => classOf(character.codePointAt(0)!)).join(unseen)
    if (isSymbol.test(token.text) && at + 1 < tokens.length) pattern += unseenBehindSymbol
  }
  return tokens.at(-1)!.word ? pattern + wordEnds : pattern
}

function between(before: Token, token: Token): string {
  if (before.word && token.word) return gap.any
  if (before.word || token.word) return token.gap === 2 ? gap.punctuation : gap.atMostSpace
  return token.gap === 0 ? gap.none : gap.any
}

const isSymbol = /[\p{So}\p{Nd}]$/u // or a digit in a box
let dresses: Map<number, number[]> | null = null

/** All code points that fold to this one, as a class. */
function classOf(codePoint: number): string {
  dresses ??= unfolded()
  const all = [...new Set([codePoint, ...dresses.get(codePoint) ?? []])].map((each) => String.fromCodePoint(each).replace(/[\\\]^[\-|.$?*+(){}]/, String.raw`\$&`))
  return all.length === 1 ? all[0]! : `[${all.join('')}]`
}

function unfolded(): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (let codePoint = 0; codePoint < codePointsMax; codePoint++) {
    const folded = foldTable[codePoint]! >>> partBits
    if (folded === codePoint || (codePoint >= mathematical.from && codePoint <= mathematical.to)) continue
    const had = found.get(folded)
    if (had) had.push(codePoint)
    else found.set(folded, [codePoint])
  }
  return found
}
