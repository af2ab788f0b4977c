// The narratives of a topic's mentions: what they say, near-duplicates as one, and which terms the time before did not have.
import type { NarrativesAnswer } from '@groundswell/schemas/evidence.ts'
import { parseQuery } from '../core/2-enrich/query/parse.ts'
import type { Node } from '../core/2-enrich/query/ast.ts'
import { emergingTerms } from './emerging-terms.ts'
import { groupsOf } from './near-duplicates.ts'
import { keyOfTokens, ownPart, ownTokens, type OwnTokens } from './own-tokens.ts'
import { accountOf, type SaidRow } from './said-rows.ts'

export const toldLimits = { charactersMin: 4, shownCharactersMax: 400 } as const // of a text: of fewer, all say the same sooner or later

export interface NarrativesAsked {
  readonly now: Iterable<SaidRow>
  readonly before: Iterable<SaidRow>
  /** Of the topic. */
  readonly query: string
  readonly textsMax: number
  readonly termsMax: number
}
export type Narratives = Pick<NarrativesAnswer, 'looked' | 'texts' | 'terms'>

/** A text that several say; `rows` of now, none where only the time before has it. */
interface Text extends OwnTokens { readonly rows: SaidRow[]; before: number }

export function tellNarratives({ now, before, query, textsMax, termsMax }: NarrativesAsked): Narratives {
  const texts = new Map<string, Text>()
  let looked = 0
  for (const row of now) {
    const text = textOf(texts, row)
    if (!text) continue
    text.rows.push(row)
    looked++
  }
  for (const row of before) {
    const text = textOf(texts, row)
    if (text) text.before++
  }
  const weighed = [...texts.values()].map(({ tokens, joined, words, rows, before: times }) => ({ tokens, joined, words, now: rows.length, before: times, negative: negativeOf(rows) }))
  return { looked, texts: textsOf([...texts.values()].filter(({ rows }) => rows.length > 0), textsMax), terms: emergingTerms({ texts: weighed, known: knownTerms(query), limit: termsMax }) }
}

/** Null: it has no words of its own. */
function textOf(texts: Map<string, Text>, { text }: SaidRow): Text | null {
  const own = ownTokens(text)
  if (own.tokens.length === 0) return null
  const key = keyOfTokens(own)
  const had = texts.get(key)
  if (had) return had
  const made = { ...own, rows: [], before: 0 }
  texts.set(key, made)
  return made
}

const negativeOf = (rows: readonly SaidRow[]): number => rows.reduce((sum, { negative }) => sum + negative, 0)

function textsOf(texts: readonly Text[], max: number): NarrativesAnswer['texts'] {
  const leading = texts.filter(({ tokens }) => lengthOf(tokens) >= toldLimits.charactersMin).map(({ tokens, rows }) => ({ tokens, rows, first: firstOf(rows) }))
    .sort((a, b) => b.rows.length - a.rows.length || a.first.at - b.first.at)
  return groupsOf(leading.map(({ tokens }) => tokens.join('')))
    .map((group) => ({ leader: leading[group[0]!]!, rows: group.flatMap((text) => leading[text]!.rows), first: firstOf(group.map((text) => leading[text]!.first)) }))
    .sort((a, b) => b.rows.length - a.rows.length || a.first.at - b.first.at).slice(0, max)
    .map(({ leader, rows, first }) => ({
      text: shown(leader.first.text), count: rows.length, accounts: new Set(rows.map(accountOf).filter((account) => account !== '')).size, firstAt: first.at, lastAt: rows.reduce((last, { at }) => Math.max(last, at), 0),
      negative: negativeOf(rows), platforms: [...new Set(rows.map(({ platform }) => platform))].sort(), example: first.id,
    }))
}

const lengthOf = (tokens: readonly string[]): number => tokens.reduce((sum, token) => sum + [...token].length, 0)
const firstOf = (rows: readonly SaidRow[]): SaidRow => rows.reduce((first, row) => (row.at < first.at || (row.at === first.at && row.id < first.id) ? row : first))

/** As it was written, its own part. */
export function shown(text: string): string {
  const characters = [...ownPart(text)]
  return characters.length <= toldLimits.shownCharactersMax ? characters.join('') : `${characters.slice(0, toldLimits.shownCharactersMax).join('')}…`
}

/** Tokens of what a query looks for; what it excludes is no term of the topic. A query that cannot be read has none. */
export function knownTerms(query: string): string[][] {
  const parsed = parseQuery(query)
  return parsed.ok ? termsOf(parsed.node) : []
}

function termsOf(node: Node): string[][] {
  switch (node.kind) {
    case 'and': case 'or': return node.nodes.flatMap(termsOf)
    case 'near': return [...termsOf(node.left), ...termsOf(node.right)]
    case 'term': return node.spellings.map((spelling) => spelling.map(({ text }) => text))
    case 'not': case 'field': return []
    default: return node satisfies never
  }
}
