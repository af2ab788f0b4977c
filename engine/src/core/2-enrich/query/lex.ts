// Cuts a query into its pieces: brackets, operators, terms, phrases and fields; says where a piece is wrong.
import { mentionKinds } from '@groundswell/schemas/mention.ts'
import { inEnglish, joined, said, type Said } from '@groundswell/schemas/problem.ts'
import { foldText } from '../fold.ts'
import { queryLimits, textFields } from './ast.ts'
import type { Comparison, Field, QueryProblem, Term, TextField } from './ast.ts'
import { spellingsOf } from './tokens.ts'

export type Piece = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' }
  | { readonly kind: 'near'; readonly distance: number }
  | { readonly kind: 'operand'; readonly operand: Term | Field }
)
export interface Pieces { readonly pieces: readonly Piece[]; readonly hints: readonly QueryProblem[] }

/** Thrown within the parser only; `parseQuery` answers it as a value. */
export class Refusal extends Error {
  readonly problem: QueryProblem
  constructor(start: number, end: number, what: Said) {
    super(what.code)
    this.problem = problemAt({ start, end }, what)
  }
}

export const problemAt = ({ start, end }: { readonly start: number; readonly end: number }, what: Said): QueryProblem => ({ start, end, message: inEnglish(what), said: what })

const brackets: Readonly<Record<string, 'open' | 'close'>> = { '(': 'open', '（': 'open', ')': 'close', '）': 'close' }
const closers: Readonly<Record<string, string>> = { '"': '"', '＂': '＂', '“': '”' }
const bareEnd = /[\s()（）"＂“]|$/gu
/** Latin words that symbols belong to: C++, C#, .NET. */
const symbolsBeside = /^(?:[.@][A-Za-z0-9_]+|[A-Za-z0-9_]+[+#%$^~=]+)$/u
const briefMax = 40
const hintsMax = 20 // of a query
const comparisonAt = /followers\s*(>=|<=|≥|≤|[><=＞＜＝]{1,2})\s*/iuy
const fieldAt = /([A-Za-z_]+)(?:[:]|：(?=\S))/uy

/** The pieces of a query, ended by one of kind `end`. Throws a Refusal. */
export function lex(query: string): Pieces {
  const pieces: Piece[] = []
  const hints: QueryProblem[] = []
  let at = 0
  while (at < query.length) {
    const character = query[at]!
    const bracket = brackets[character]
    if (/\s/u.test(character)) {
      at += 1
      continue
    }
    const piece = bracket === undefined ? operandAt(query, at, hints) : { kind: bracket, start: at, end: at + 1 }
    pieces.push(piece)
    at = piece.end
  }
  pieces.push({ kind: 'end', start: query.length, end: query.length })
  return { pieces, hints }
}

function operandAt(query: string, start: number, hints: QueryProblem[]): Piece {
  if (closers[query[start]!] !== undefined) {
    const quoted = readQuoted(query, start)
    return { kind: 'operand', start, end: quoted.end, operand: termOf(quoted.text, { start, end: quoted.end }, false) }
  }
  const field = followersAt(query, start) ?? namedFieldAt(query, start)
  if (field !== null) return field
  const end = endOfBare(query, start)
  const word = query.slice(start, end)
  const operator = operatorOf(word, { start, end })
  if (operator !== null) return operator
  hint(word, { start, end }, hints)
  return { kind: 'operand', start, end, operand: termOf(word, { start, end }, true) }
}

interface Place { readonly start: number; readonly end: number }

function operatorOf(word: string, place: Place): Piece | null {
  if (word === 'AND' || word === 'OR' || word === 'NOT') return { kind: word.toLowerCase() as 'and' | 'or' | 'not', ...place }
  if (!/^NEAR(?:\/|$)/u.test(word)) return null
  const distance = /^NEAR\/(\d{1,9})$/u.exec(word)?.[1]
  if (distance === undefined) {
    throw new Refusal(place.start, place.end, said('near-number', { word: brief(word) }))
  }
  if (Number(distance) > queryLimits.distanceMax) {
    throw new Refusal(place.start, place.end, said('near-far', { word, max: queryLimits.distanceMax }))
  }
  return { kind: 'near', distance: Number(distance), ...place }
}

/** The beginning of something that may be very long, for a message. */
function brief(text: string): string {
  return text.length <= briefMax ? text : `${text.slice(0, briefMax).replace(/[\ud800-\udbff]$/u, '')}…`
}

const written = (word: string): string => spellingsOf(word)[0]!.map((token) => token.text).join(' ')

function hint(word: string, place: Place, hints: QueryProblem[]): void {
  if (hints.length >= hintsMax) return
  if (/^(?:and|or|not|near\/\d+)$/iu.test(word)) {
    hints.push(problemAt(place, said('lower-operator', { word, operator: word.toUpperCase() })))
  } else if (/\||&/u.test(word)) {
    hints.push(problemAt(place, said('symbol-operator', { word: brief(word) })))
  } else if (symbolsBeside.test(word)) {
    const symbols = joined([...new Set(word.match(/[+#%$^~=.@]/gu))])
    hints.push(problemAt(place, said('symbols-dropped', { word: brief(word), written: written(word), symbols })))
  }
}

function termOf(text: string, { start, end }: Place, bare: boolean): Term {
  const star = text.search(/[*＊]/u)
  const prefix = star >= 0
  const body = prefix ? text.slice(0, star) : text
  const spellings = spellingsOf(body)
  const tokens = spellings[0]!
  if (!prefix && tokens.length === 0) {
    throw new Refusal(start, end, text.trim() === '' ? said('phrase-empty') : said('nothing-to-search', { word: brief(text) }))
  }
  if (bare && /^[-!－！]/u.test(text)) throw new Refusal(start, end, said('minus', { sign: text[0]!, rest: brief(text.slice(1)), word: brief(text) }))
  if (prefix) checkStar(text, star, { start, end })
  return { kind: 'term', text: body.trim(), spellings, prefix }
}

/** `*` ends a term whose last word is Latin and has two characters or more. */
function checkStar(text: string, star: number, { start, end }: Place): void {
  const tail = text.slice(star + 1)
  if (/\S/u.test(tail)) {
    throw new Refusal(start, end, said('star-inside', { word: brief(text), start: brief(text.slice(0, star).trim()) }))
  }
  const last = spellingsOf(text.slice(0, star))[0]!.at(-1)
  const joined = /[\p{L}\p{N}\p{M}_]$/u.test(text.slice(0, star))
  if (/^\s*[*＊]\s*$/u.test(text)) throw new Refusal(start, end, said('star-alone'))
  if (last === undefined || !joined) throw new Refusal(start, end, said('star-no-word', { word: brief(text) }))
  if (!last.word) throw new Refusal(start, end, said('star-han', { word: brief(text) }))
  if ([...last.text].length < 2) throw new Refusal(start, end, said('star-short', { word: last.text }))
}

function followersAt(query: string, start: number): Piece | null {
  comparisonAt.lastIndex = start
  const found = comparisonAt.exec(query)
  if (found === null) return null
  const from = start + found[0].length
  const end = endOfBare(query, from)
  const comparison = foldText(found[1]!).replace('≥', '>=').replace('≤', '<=')
  const value = foldText(query.slice(from, end))
  if (!['>', '>=', '<', '<=', '='].includes(comparison)) throw new Refusal(start, from, said('followers-sign', { sign: comparison }))
  if (!/^\d{1,15}$/u.test(value)) throw new Refusal(from, Math.max(end, from + 1), said('followers-number', { sign: comparison, value: value === '' ? said('shown-nothing') : brief(value) }))
  return { kind: 'operand', start, end, operand: { kind: 'field', name: 'followers', comparison: comparison as Comparison, value: Number(value) } }
}

function namedFieldAt(query: string, start: number): Piece | null {
  fieldAt.lastIndex = start
  const found = fieldAt.exec(query)
  if (found === null) return null
  const name = found[1]!.toLowerCase()
  const known = name === 'verified' || (textFields as readonly string[]).includes(name)
  const from = start + found[0].length
  if (!known && found[0].endsWith('：')) return null // iPhone：坏了 is a phrase
  if (name === 'followers') throw new Refusal(start, from, said('followers-colon'))
  if (!known) {
    throw new Refusal(start, from, said('field-unknown', { field: brief(found[1]!), fields: textFields.map((field) => `${field}:`).join(' ') }))
  }
  const quoted = closers[query[from] ?? ''] === undefined ? null : readQuoted(query, from)
  const end = quoted?.end ?? endOfBare(query, from)
  const value = foldText(quoted?.text ?? query.slice(from, end))
  if (value === '') throw new Refusal(start, from, said('field-empty', { field: name }))
  return { kind: 'operand', start, end, operand: fieldOf(name, value, { start: from, end }) }
}

function fieldOf(name: string, value: string, { start, end }: Place): Field {
  if (name === 'verified') {
    if (value !== 'true' && value !== 'false') throw new Refusal(start, end, said('verified-value', { value: brief(value) }))
    return { kind: 'field', name, value: value === 'true' }
  }
  if (name === 'kind' && !(mentionKinds as readonly string[]).includes(value)) throw new Refusal(start, end, said('kind-unknown', { value: brief(value), kinds: mentionKinds.join(', ') }))
  if (name === 'platform' && !/^[a-z0-9_-]+$/u.test(value)) throw new Refusal(start, end, said('platform-impossible', { value: brief(value) }))
  return { kind: 'field', name: name as TextField, value }
}

function readQuoted(query: string, start: number): { text: string; end: number } {
  const closer = closers[query[start]!]!
  let text = ''
  for (let at = start + 1; at < query.length; at += 1) {
    const character = query[at]!
    if (character === closer) return { text, end: at + 1 }
    if (character === '\\' && (query[at + 1] === closer || query[at + 1] === '\\')) at += 1
    text += query[at]
  }
  throw new Refusal(start, start + 1, said('quote-open', { closer }))
}

function endOfBare(query: string, start: number): number {
  bareEnd.lastIndex = start
  return bareEnd.exec(query)?.index ?? query.length
}
