// What a query means, and why one was refused.
import type { Said } from '@groundswell/schemas/problem.ts'
import type { Token } from './tokens.ts'

export interface Term {
  readonly kind: 'term'
  readonly text: string // as typed, without quotes and `*`
  readonly spellings: readonly (readonly Token[])[] // the composed one first; any of them matches
  readonly prefix: boolean // the last word is compared by its beginning
}

export type Comparison = '>' | '>=' | '<' | '<=' | '='

/** A condition on a field; false where the mention has no such field. */
export type Field =
  | { readonly kind: 'field'; readonly name: TextField; readonly value: string } // folded
  | { readonly kind: 'field'; readonly name: 'verified'; readonly value: boolean }
  | { readonly kind: 'field'; readonly name: 'followers'; readonly value: number; readonly comparison: Comparison }

export const textFields = ['platform', 'lang', 'kind', 'author', 'tag'] as const
export type TextField = (typeof textFields)[number]

/** Both terms, in either order, not overlapping, with at most `distance` tokens between them. */
export interface Near { readonly kind: 'near'; readonly left: Term; readonly right: Term; readonly distance: number }

export type Node =
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly Node[] } // two or more
  | { readonly kind: 'not'; readonly node: Node }
  | Near
  | Term
  | Field

/** What is wrong with a query, and where: code units from `start` to `end` (exclusive). */
export interface QueryProblem { readonly start: number; readonly end: number; readonly message: string; readonly said: Said } // message: `said` in English

export type ParsedQuery =
  | { readonly ok: true; readonly node: Node; readonly hints: readonly QueryProblem[] } // hints: legal, but perhaps not what was meant
  | { readonly ok: false; readonly problem: QueryProblem }

export const queryLimits = { depthMax: 64, distanceMax: 1000 } as const

/** The query's line with a caret under what is wrong. Wide characters get wide blanks, so that the caret stands right in a terminal. */
export function drawProblem(query: string, problem: QueryProblem): string {
  const lineStart = query.lastIndexOf('\n', problem.start - 1) + 1
  const newline = query.indexOf('\n', lineStart)
  const lineEnd = newline < 0 ? query.length : newline
  const from = Math.max(lineStart, problem.start - 40)
  const to = Math.min(lineEnd, Math.max(Math.min(problem.end, problem.start + 80), problem.start + 40))
  const before = from > lineStart ? '…' : ''
  const shown = before + query.slice(from, to) + (to < lineEnd ? '…' : '')
  const blanks = blank(before + query.slice(from, problem.start))
  const marked = query.slice(problem.start, Math.min(problem.end, to))
  return `${shown.replaceAll(/\p{Cc}/gu, ' ')}\n${blanks}^${'~'.repeat(Math.max(0, blank(marked).length + wide(marked) - 1))}`
}

/** 1-based column in code points of a place in the query's line. */
export function columnOf(query: string, at: number): number {
  return Array.from(query.slice(query.lastIndexOf('\n', at - 1) + 1, at)).length + 1
}

const widePattern = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const blank = (text: string): string => Array.from(text, (character) => (widePattern.test(character) ? '\u3000' : ' ')).join('')
const wide = (text: string): number => [...text].filter((character) => widePattern.test(character)).length
