// How a text is read, by the matcher and by the query alike.
//
// The symbol stream: a text becomes tokens, each code point folded (fold.ts).
//   word      a run of letters, digits, marks and `_`: one token
//   alone     each Han, Kana, Hangul or Thai character, each symbol and emoji: a token by itself
//   ignored   joiners, variation selectors, skin tones, soft hyphens: as if they were not there
//   anything else separates. A run of separators between two tokens is a gap: 1 if all of it is white space, 2 if not, 0 if there is none.
//
// A term is tokens too and matches the same tokens in a row, where between two of them
//   word, word    any gap (there always is one)
//   alone, alone  no gap where the term has none ("断网" is not in "断，网"); some gap where it has one
//   otherwise     at most white space ("5G网络" and "5G 网络" are one) unless the term has punctuation there; then the text has some too
// and its last word is compared by its beginning if the term ends in `*`.
//
// Written as symbols, the same in text and term, so that an automaton finds every term at once:
//   each word is `_letters_`, two words share the `_` between them; `|` stands where a gap counts:
//   between two alone tokens for any gap, between a word and an alone token for punctuation.
//   "断网 5G，坏" is 断 网 _ 5 g _ | 坏
import { foldedOf, part, partOf } from '../fold.ts'

export type Gap = 0 | 1 | 2
export interface Token {
  readonly text: string // folded
  readonly word: boolean
  readonly gap: Gap // before it; 0 for the first
}

/** Symbols that are no code points. */
export const symbol = { boundary: -1, gap: -2 } as const

export function tokensOf(text: string): Token[] {
  const tokens: { text: string; word: boolean; gap: Gap }[] = []
  let gap: Gap = 0
  let open = false
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    const role = partOf(codePoint)
    if (role === part.ignored) continue
    if (role === part.letter || role === part.alone) {
      const folded = String.fromCodePoint(foldedOf(codePoint))
      if (role === part.letter && open) tokens.at(-1)!.text += folded
      else tokens.push({ text: folded, word: role === part.letter, gap: tokens.length === 0 ? 0 : gap })
      open = role === part.letter
      gap = 0
    } else {
      gap = role === part.punctuation ? 2 : gap === 2 ? 2 : 1
      open = false
    }
  }
  return tokens
}

/** The term as it may be spelt: composed (é, が) and, where that differs, decomposed (e + ◌́, か + ◌゙). */
export function spellingsOf(text: string): Token[][] {
  const composed = tokensOf(text.normalize('NFC'))
  const decomposed = tokensOf(text.normalize('NFD'))
  return keyOf(composed) === keyOf(decomposed) ? [composed] : [composed, decomposed]
}

const keyOf = (tokens: readonly Token[]): string => tokens.map((token) => `${token.gap}${token.text}`).join(' ')

/** The symbols of a term; without its last boundary where only the beginning of its last word is asked for. */
export function symbolsOf(tokens: readonly Token[], prefix: boolean): number[] {
  const symbols: number[] = []
  let before: Token | undefined
  for (const token of tokens) {
    if (before !== undefined && gapCounts(before, token)) symbols.push(symbol.gap)
    if (token.word && before?.word !== true) symbols.push(symbol.boundary)
    for (const character of token.text) symbols.push(character.codePointAt(0)!)
    if (token.word) symbols.push(symbol.boundary)
    before = token
  }
  if (prefix) symbols.pop()
  return symbols
}

/** Whether the gap between two tokens in a row is one that counts. */
export function gapCounts(before: Token, token: Token): boolean {
  if (before.word && token.word) return false
  return before.word || token.word ? token.gap === 2 : token.gap > 0
}

/** Whether the tokens of a spelling stand in the text from token `first` on; with `prefix` its last word is compared by its beginning. */
export function sameTokens(spelling: readonly Token[], tokens: readonly Token[], first: number, prefix: boolean): boolean {
  return spelling.every((asked, at) => {
    const found = tokens[first + at]!
    if (asked.word !== found.word) return false
    const begins = prefix && at === spelling.length - 1
    if (begins ? !found.text.startsWith(asked.text) : found.text !== asked.text) return false
    if (at === 0) return true
    const before = spelling[at - 1]!
    if (before.word && asked.word) return true
    if (before.word || asked.word) return (asked.gap === 2) === (found.gap === 2)
    return (asked.gap === 0) === (found.gap === 0)
  })
}
