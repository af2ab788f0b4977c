// What a mention says itself, as tokens: folded (core/2-enrich/fold.ts), without links, names, emoji ([泪] is Weibo's), the words that a platform puts
// where nothing is said, and what others said before. A token is a Latin word, or a Han, Kana, Hangul or Thai character.
import { codePointsMax, foldedOf, part, partOf } from '../core/2-enrich/fold.ts'

export interface OwnTokens {
  readonly tokens: readonly string[]
  /** Of each token whether it goes on from the one before: nothing lies between two characters, and at most white space where one is a word. */
  readonly joined: readonly boolean[]
  /** Tokens of letters: words. */
  readonly words: readonly boolean[]
}

export const ownTokensMax = 400 // of one text; what is behind is left out

const others = /[/／]{2}[@＠]|(?<![\p{L}\p{N}_])RT ?[@＠]/iu
const boilerplate = /^(?:\s*(?:转发微博|快转微博|repost(?![\p{L}\p{N}])))+/iu
/** With links that were cut off, and the platform's words further on. */
const notWords = /https?:[!#-;=?-~]*|[@＠][\p{L}\p{N}\p{M}_-]*|\[[\p{L}\p{N}]{1,8}\]|转发微博|快转微博/giu

/** The part of a text that is its own, as it is written. */
export function ownPart(text: string): string {
  const end = text.search(others)
  return (end < 0 ? text : text.slice(0, end)).replace(boilerplate, '').trim()
}

export function ownTokens(text: string): OwnTokens {
  const tokens: string[] = [], joined: boolean[] = [], words: boolean[] = []
  let open = false // inside a word
  let gap: 'none' | 'space' | 'break' = 'break'
  for (const character of ownPart(text).replace(notWords, '\n,')) {
    const codePoint = character.codePointAt(0)!
    const role = partOf(codePoint)
    if (role === part.ignored) continue
    const isWord = role === part.letter
    if (!isWord && (role !== part.alone || isSymbol.test(character))) {
      gap = role === part.space && gap !== 'break' ? 'space' : 'break'
      open = false
      continue
    }
    const folded = characterOf(foldedOf(codePoint))
    if (isWord && open) tokens[tokens.length - 1] += folded
    else {
      if (tokens.length >= ownTokensMax) break
      joined.push(tokens.length > 0 && (gap === 'none' || (gap === 'space' && (isWord || words.at(-1)!))))
      tokens.push(folded)
      words.push(isWord)
    }
    open = isWord
    gap = 'none'
  }
  return { tokens, joined, words }
}

/** The same string each time: a text is tens of them, and there are as many texts as there is memory. */
const characterOf = (codePoint: number): string => (characters[codePoint] ??= String.fromCodePoint(codePoint))
const characters: string[] = Array.from({ length: codePointsMax })

const isSymbol = /^\p{So}$/u

/** Two texts of the same key say the same. */
export const keyOfTokens = ({ tokens }: Pick<OwnTokens, 'tokens'>): string => tokens.join('\u0001')

/** How tokens are written: a space between two words. */
export function written(tokens: readonly string[], words: readonly boolean[]): string {
  return tokens.reduce((text, token, at) => `${text}${at > 0 && words[at]! && words[at - 1]! ? ' ' : ''}${token}`, '')
}
