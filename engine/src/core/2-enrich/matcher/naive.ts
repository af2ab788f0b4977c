// The query's meaning, written down in the plainest way: what the matcher must agree with. For tests and explanations, not for speed.
import { foldText } from '../fold.ts'
import type { Comparison, Field, Near, Node, Term } from '../query/ast.ts'
import { sameTokens, tokensOf } from '../query/tokens.ts'
import type { Token } from '../query/tokens.ts'

/** A mention as an object; absent fields are null, undefined or not there. */
export interface PlainMention {
  readonly text: string
  readonly platform?: string | null | undefined
  readonly lang?: string | null | undefined
  readonly kind?: string | null | undefined
  readonly author?: string | null | undefined
  readonly verified?: boolean | null | undefined
  readonly followers?: number | null | undefined
  readonly tags?: readonly string[] | null | undefined
}

export function matchesNaively(query: Node, mention: PlainMention): boolean {
  return holds(query, mention, tokensOf(mention.text))
}

function holds(node: Node, mention: PlainMention, tokens: readonly Token[]): boolean {
  switch (node.kind) {
    case 'and': return node.nodes.every((each) => holds(each, mention, tokens))
    case 'or': return node.nodes.some((each) => holds(each, mention, tokens))
    case 'not': return !holds(node.node, mention, tokens)
    case 'term': return placesOf(node, tokens).length > 0
    case 'near': return isNear(node, tokens)
    case 'field': return fieldHolds(node, mention)
    default: return node satisfies never
  }
}

interface Place { readonly start: number; readonly end: number }

function placesOf(term: Term, tokens: readonly Token[]): Place[] {
  const places: Place[] = []
  for (const spelling of term.spellings) {
    for (let start = 0; start + spelling.length <= tokens.length; start += 1) {
      if (sameTokens(spelling, tokens, start, term.prefix)) places.push({ start, end: start + spelling.length - 1 })
    }
  }
  return places
}

function isNear({ left, right, distance }: Near, tokens: readonly Token[]): boolean {
  const close = (first: Place, second: Place) => second.start > first.end && second.start - first.end - 1 <= distance
  const rights = placesOf(right, tokens)
  return placesOf(left, tokens).some((a) => rights.some((b) => close(a, b) || close(b, a)))
}

function fieldHolds(field: Field, mention: PlainMention): boolean {
  switch (field.name) {
    case 'verified': return mention.verified === field.value
    case 'followers': return typeof mention.followers === 'number' && compares(mention.followers, field.comparison, field.value)
    case 'tag': return (mention.tags ?? []).some((tag) => foldText(tag) === field.value)
    default: return typeof mention[field.name] === 'string' && foldText(mention[field.name]!) === field.value
  }
}

function compares(left: number, comparison: Comparison, right: number): boolean {
  if (comparison === '=') return left === right
  if (comparison.endsWith('=') && left === right) return true
  return comparison.startsWith('>') ? left > right : left < right
}
