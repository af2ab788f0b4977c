// All runs of tokens that several different texts hold, however long, with how often: level by level, for a run is only frequent where both
// of its shorter runs are (Agrawal & Srikant 1994, over positions instead of sets). Memory is two numbers a position; nothing is a string.
import { PairIds } from './pair-ids.ts'
import type { OwnTokens } from './own-tokens.ts'

export const phraseLimits = { tokensMax: 12 } as const

/** A text that several mentions say counts once as a text, and by its weights as mentions. */
export interface WeighedText extends OwnTokens { readonly now: number; readonly before: number; readonly negative: number }

/** Runs of one length, each a row of every column but the last two. */
export interface PhraseLevel {
  readonly length: number
  readonly position: Int32Array // where it stands first
  readonly texts: Int32Array // different texts of now that hold it
  readonly occurrences: Int32Array // in different texts of any time
  readonly now: Float64Array // mentions
  readonly before: Float64Array
  readonly negative: Float64Array // of now
  /** Where frequent runs of this length stand, ascending, and which. */
  readonly at: Int32Array
  readonly row: Int32Array
}

export interface Phrases {
  readonly levels: readonly PhraseLevel[] // of length 1, 2, …
  /** Token numbers by position; −1 between two texts. `joined`: 1 where a position goes on from the one before. */
  readonly tokens: Int32Array
  readonly joined: Uint8Array
  readonly textOf: Int32Array
  readonly written: readonly string[] // of each token number
  readonly words: Uint8Array // of each token number
}

/** Runs that at least `textsMin` different texts of now hold. */
export function phrasesOf(texts: readonly WeighedText[], textsMin: number): Phrases {
  const flat = flatten(texts)
  const levels: PhraseLevel[] = []
  let found: Found = { at: flat.places, id: flat.places.map((position) => flat.tokens[position]!), size: flat.written.length }
  for (let length = 1; length <= phraseLimits.tokensMax; length++) {
    const level = frequent(found, flat.textOf, { texts, textsMin, length })
    levels.push(level)
    if (level.position.length === 0) break
    found = pairs(level, flat.joined)
  }
  return { ...flat, levels }
}

/** The row in its level of the run of `length` at a position; −1: it is not frequent. */
export function rowAt({ levels }: Phrases, position: number, length: number): number {
  const level = levels[length - 1]
  if (level === undefined) return -1
  let low = 0, high = level.at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (level.at[middle]! < position) low = middle + 1
    else high = middle
  }
  return level.at[low] === position ? level.row[low]! : -1
}

type Flat = Omit<Phrases, 'levels'> & { readonly places: Int32Array } // places: positions that hold a token

function flatten(texts: readonly WeighedText[]): Flat {
  const positions = texts.reduce((sum, { tokens }) => sum + tokens.length + 1, 0)
  const tokens = new Int32Array(positions).fill(-1), joined = new Uint8Array(positions), textOf = new Int32Array(positions).fill(-1)
  const numbers = new TokenNumbers(), written: string[] = [], words: number[] = []
  let position = 0
  for (const [text, said] of texts.entries()) {
    for (const [at, token] of said.tokens.entries()) {
      const number = numbers.of(token)
      if (number === written.length) {
        written.push(token)
        words.push(said.words[at]! ? 1 : 0)
      }
      tokens[position] = number
      joined[position] = said.joined[at]! ? 1 : 0
      textOf[position++] = text
    }
    position++
  }
  return { tokens, joined, textOf, written, words: Uint8Array.from(words), places: indices(positions, (place) => tokens[place]! >= 0) }
}

/** A number for each different token, in the order in which they come; most are one character. */
class TokenNumbers {
  readonly #characters = new Int32Array(0x10000).fill(-1)
  readonly #others = new Map<string, number>()
  #size = 0

  of(token: string): number {
    if (token.length === 1) {
      const had = this.#characters[token.charCodeAt(0)]!
      return had >= 0 ? had : (this.#characters[token.charCodeAt(0)] = this.#size++)
    }
    const had = this.#others.get(token)
    if (had !== undefined) return had
    this.#others.set(token, this.#size)
    return this.#size++
  }
}

interface Found { readonly at: Int32Array; readonly id: Int32Array; readonly size: number }

/** Runs one longer: where two frequent ones stand beside each other, and the second goes on from the first. */
function pairs({ at, row }: PhraseLevel, joined: Uint8Array): Found {
  const place = new Int32Array(at.length), id = new Int32Array(at.length)
  const table = new PairIds(1 << 16)
  let count = 0
  for (let i = 0; i + 1 < at.length; i++) {
    if (at[i + 1] !== at[i]! + 1 || joined[at[i + 1]!] === 0) continue
    place[count] = at[i]!
    id[count++] = table.add(row[i]!, row[i + 1]!)
  }
  return { at: place.subarray(0, count), id: id.subarray(0, count), size: table.size }
}

interface Asked { readonly texts: readonly WeighedText[]; readonly textsMin: number; readonly length: number }

function frequent({ at, id, size }: Found, textOf: Int32Array, { texts, textsMin, length }: Asked): PhraseLevel {
  const seen = new Int32Array(size).fill(-1)
  const position = new Int32Array(size), held = new Int32Array(size), occurrences = new Int32Array(size)
  const now = new Float64Array(size), before = new Float64Array(size), negative = new Float64Array(size)
  for (let i = 0; i < at.length; i++) {
    const run = id[i]!, text = textOf[at[i]!]!
    occurrences[run]!++
    if (seen[run] === text) continue
    if (seen[run] === -1) position[run] = at[i]!
    seen[run] = text
    const weight = texts[text]!
    if (weight.now > 0) held[run]!++
    now[run]! += weight.now
    before[run]! += weight.before
    negative[run]! += weight.negative
  }
  const rows = new Int32Array(size).fill(-1)
  const kept = indices(size, (run) => held[run]! >= textsMin)
  for (let row = 0; row < kept.length; row++) rows[kept[row]!] = row
  const stay = indices(at.length, (i) => rows[id[i]!]! >= 0)
  const weights = (of: Float64Array): Float64Array => {
    const column = new Float64Array(kept.length)
    for (let row = 0; row < kept.length; row++) column[row] = of[kept[row]!]!
    return column
  }
  return {
    length, position: kept.map((run) => position[run]!), texts: kept.map((run) => held[run]!), occurrences: kept.map((run) => occurrences[run]!), now: weights(now), before: weights(before), negative: weights(negative),
    at: stay.map((i) => at[i]!), row: stay.map((i) => rows[id[i]!]!),
  }
}

/** Those below `size` that are wanted, ascending. */
function indices(size: number, isWanted: (index: number) => boolean): Int32Array {
  const found = new Int32Array(size)
  let count = 0
  for (let index = 0; index < size; index++) if (isWanted(index)) found[count++] = index
  return found.subarray(0, count)
}
