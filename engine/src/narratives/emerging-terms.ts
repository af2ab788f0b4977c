// Terms that are said now and were not before, without a dictionary: of all frequent runs of tokens those that hold together (mutual information of
// their parts: Sun, Shen & Tsou, COLING 1998), that end where they end (entropy of what stands beside them: Jin & Tanaka-Ishii, ACL 2006), ranked by
// the signed root of the log-likelihood ratio against the time before (Dunning 1993), a run inside a longer one that is nearly as frequent left out.
import { signedRoot } from './log-likelihood.ts'
import { phrasesOf, rowAt, type PhraseLevel, type Phrases, type WeighedText } from './phrases.ts'
import { written } from './own-tokens.ts'
import { PairIds } from './pair-ids.ts'

export interface EmergingTerm { readonly term: string; readonly count: number; readonly before: number; readonly score: number; readonly negative: number }

export interface TermsAsked {
  /** Different texts, with how many mentions say each. */
  readonly texts: readonly WeighedText[]
  /** Tokens of the topic's own query: its terms, and what is part of them, are no news. */
  readonly known: readonly (readonly string[])[]
  readonly limit: number
}

export const termLimits = { candidatesMax: 4000, hanTokensMin: 2, wordLettersMin: 2, textsMin: 3, aTextIn: 4000 } as const
const scoreMin = 2.58 // one in a hundred by chance
/** Nats. Beside one who stands there in two of three cases it is 0.64 at most with two neighbours. */
const entropyMin = 0.75
/** Nats: twenty times as often as by chance. */
const cohesionMin = 3
/** Of a term and one character more: a hundred and fifty times as often as by chance, or it is that term beside a word that goes with everything. */
const cohesionOfOneMoreMin = 5
/** A shorter run is left out where this share of its mentions hold the longer one. */
const insideShare = 0.6

interface Candidate { readonly level: PhraseLevel; readonly row: number; readonly score: number }

/** Most surprising first. */
export function emergingTerms({ texts, known, limit }: TermsAsked): EmergingTerm[] {
  const nowOf = texts.reduce((sum, { now }) => sum + now, 0), beforeOf = texts.reduce((sum, { before }) => sum + before, 0)
  const distinct = texts.reduce((sum, { now }) => sum + (now > 0 ? 1 : 0), 0)
  const phrases = phrasesOf(texts, Math.max(termLimits.textsMin, Math.ceil(distinct / termLimits.aTextIn)))
  const totals = { nowOf, beforeOf: Math.max(1, beforeOf) } // with nothing before, one mention that says nothing
  const ranked = candidatesOf(phrases, totals).filter((candidate) => !isKnown(tokensOf(phrases, candidate), known))
  const whole = wholeOnes(phrases, ranked.slice(0, termLimits.candidatesMax))
  return maximal(phrases, withoutLoose(phrases, whole)).slice(0, limit).map(({ level, row, score }) => ({
    term: termOf(phrases, level, row), count: level.now[row]!, before: (level.before[row]! / totals.beforeOf) * nowOf, score, negative: level.negative[row]!,
  }))
}

function candidatesOf(phrases: Phrases, { nowOf, beforeOf }: { readonly nowOf: number; readonly beforeOf: number }): Candidate[] {
  const found: Candidate[] = []
  for (const level of phrases.levels) {
    for (let row = 0; row < level.position.length; row++) {
      if (level.length === 1 && !isWord(phrases, level.position[row]!)) continue
      const score = signedRoot({ now: level.now[row]!, nowOf, before: level.before[row]!, beforeOf })
      if (score >= scoreMin || beforeOf === 1) found.push({ level, row, score })
    }
  }
  return found.sort((a, b) => b.score - a.score || b.level.length - a.level.length || a.level.position[a.row]! - b.level.position[b.row]!)
}

/** A word alone is one of letters, of two or more. */
function isWord({ tokens, words, written: texts }: Phrases, position: number): boolean {
  const token = tokens[position]!
  return words[token] === 1 && texts[token]!.length >= termLimits.wordLettersMin && !/^\d+$/u.test(texts[token]!)
}

/** Of the candidates those that hold together and end where they end. */
function wholeOnes(phrases: Phrases, candidates: readonly Candidate[]): Candidate[] {
  const byLevel = new Map<PhraseLevel, number[]>()
  for (const { level, row } of candidates) {
    const rows = byLevel.get(level)
    if (rows) rows.push(row)
    else byLevel.set(level, [row])
  }
  const sides = new Map([...byLevel].map(([level, rows]) => [level, sidesOf(phrases, level, rows)]))
  return candidates.filter(({ level, row }) => {
    const { left, right } = sides.get(level)!.get(row)!
    return Math.min(entropyOf(left), entropyOf(right)) >= entropyMin && cohesionOf(phrases, level, row) >= cohesionMin
  })
}

interface Sides { readonly left: Map<number, number>; readonly right: Map<number, number> }

const edge = -1

/** What stands beside each of these rows, and how often. */
function sidesOf({ tokens, joined }: Phrases, { at, row, length, position: all }: PhraseLevel, rows: readonly number[]): Map<number, Sides> {
  const isAsked = new Uint8Array(all.length)
  for (const asked of rows) isAsked[asked] = 1
  const left = new Neighbours(), right = new Neighbours()
  for (let i = 0; i < at.length; i++) {
    const asked = row[i]!
    if (isAsked[asked] === 0) continue
    const position = at[i]!, behind = position + length
    left.add(asked, joined[position] === 1 ? tokens[position - 1]! : edge)
    right.add(asked, joined[behind] === 1 ? tokens[behind]! : edge)
  }
  const sides = new Map(rows.map((asked): [number, Sides] => [asked, { left: new Map(), right: new Map() }]))
  left.each((asked, neighbour, count) => { sides.get(asked)!.left.set(neighbour, count) })
  right.each((asked, neighbour, count) => { sides.get(asked)!.right.set(neighbour, count) })
  return sides
}

/** Counts of pairs, without an object for any of the millions of times that one is met. */
class Neighbours {
  readonly #pairs = new PairIds()
  #counts = new Int32Array(1 << 12)

  add(row: number, neighbour: number): void {
    const pair = this.#pairs.add(row, neighbour)
    if (pair === this.#counts.length) {
      const counts = new Int32Array(pair * 2)
      counts.set(this.#counts)
      this.#counts = counts
    }
    this.#counts[pair]!++
  }

  /** In the order in which they were met first. */
  each(tell: (row: number, neighbour: number, count: number) => void): void {
    for (let pair = 0; pair < this.#pairs.size; pair++) tell(this.#pairs.firstOf(pair), this.#pairs.secondOf(pair), this.#counts[pair]!)
  }
}

/** Where a text or a sentence begins or ends, each time is another neighbour: nothing is more of a boundary. */
export function entropyOf(neighbours: ReadonlyMap<number, number>): number {
  let all = 0
  for (const count of neighbours.values()) all += count
  let entropy = 0
  for (const [neighbour, count] of neighbours) entropy += neighbour === edge ? (count / all) * Math.log(all) : (count / all) * Math.log(all / count)
  return entropy
}

/** The least mutual information over all places where it may be cut in two; of a single word none is needed. */
function cohesionOf(phrases: Phrases, level: PhraseLevel, row: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let cut = 1; cut < level.length; cut++) least = Math.min(least, informationOf(phrases, { level, row }, cut))
  return least
}

/** Nats: how much more often the two parts stand together than they would by chance. */
function informationOf(phrases: Phrases, { level, row }: Pick<Candidate, 'level' | 'row'>, cut: number): number {
  const position = level.position[row]!, behind = level.length - cut
  const left = rowAt(phrases, position, cut), right = rowAt(phrases, position + cut, behind)
  const together = level.occurrences[row]! * phrases.levels[0]!.at.length
  return Math.log(together / (phrases.levels[cut - 1]!.occurrences[left]! * phrases.levels[behind - 1]!.occurrences[right]!))
}

/** Without those that are another, more surprising term and a loose character before or behind it. */
function withoutLoose(phrases: Phrases, terms: readonly Candidate[]): Candidate[] {
  const scores = new Map(terms.map(({ level, row, score }) => [`${level.length} ${row}`, score]))
  return terms.filter((term) => {
    const { length } = term.level, position = term.level.position[term.row]!
    const isLoose = (start: number, cut: number): boolean =>
      (scores.get(`${length - 1} ${rowAt(phrases, position + start, length - 1)}`) ?? 0) > term.score && phrases.words[phrases.tokens[position + (start === 0 ? length - 1 : 0)]!] === 0 && informationOf(phrases, term, cut) < cohesionOfOneMoreMin
    return length < 2 || !(isLoose(0, length - 1) || isLoose(1, 1))
  })
}

/** Runs that are not, most of the time, part of a longer one that is a term, too. */
function maximal(phrases: Phrases, terms: readonly Candidate[]): Candidate[] {
  const longest = terms.toSorted((a, b) => b.level.length - a.level.length)
  const inside = new Set<string>()
  for (const { level, row } of longest) {
    const position = level.position[row]!
    for (let length = 1; length < level.length; length++) {
      for (let start = 0; start + length <= level.length; start++) {
        const shorter = phrases.levels[length - 1]!, part = rowAt(phrases, position + start, length)
        if (level.now[row]! >= insideShare * shorter.now[part]!) inside.add(`${length} ${part}`)
      }
    }
  }
  return terms.filter(({ level, row }) => !inside.has(`${level.length} ${row}`))
}

function tokensOf({ tokens, written: texts }: Phrases, { level, row }: Candidate): string[] {
  const position = level.position[row]!
  return Array.from({ length: level.length }, (_, at) => texts[tokens[position + at]!]!)
}

function termOf(phrases: Phrases, level: PhraseLevel, row: number): string {
  const position = level.position[row]!
  const words = Array.from({ length: level.length }, (_, at) => phrases.words[phrases.tokens[position + at]!] === 1)
  return written(tokensOf(phrases, { level, row, score: 0 }), words)
}

const isKnown = (tokens: readonly string[], known: readonly (readonly string[])[]): boolean =>
  known.some((term) => term.some((_, first) => tokens.every((token, at) => term[first + at] === token)))
