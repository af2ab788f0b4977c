// Where in a text the terms of a query are met, in UTF-16 units of the text as it was written: for whoever shows why a mention matched. The plain reading
// of naive.ts with places; for examples, not for speed.
import { foldedOf, part, partOf } from './fold.ts'
import type { Near, Node, Term } from './query/ast.ts'
import { sameTokens, type Token } from './query/tokens.ts'

/** [start, end) in UTF-16 units. */
export type TextSpan = readonly [start: number, end: number]

interface PlacedToken extends Token { readonly start: number; readonly end: number }

/** Ascending, none touches another. Terms under a NOT are looked for by nobody; those of a NEAR only where they stand near each other. */
export function spansOf(query: Node, text: string): TextSpan[] {
  const tokens = placedTokensOf(text)
  const spans: TextSpan[] = []
  gather(query, { tokens, spans, negated: false })
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const joined: [number, number][] = []
  for (const [start, end] of spans) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([start, end])
  }
  return joined
}

/** As `tokensOf`, with the place of each; what is ignored inside or right behind a token belongs to it, so that no emoji is cut in two. */
export function placedTokensOf(text: string): PlacedToken[] {
  const tokens: { text: string; word: boolean; gap: Token['gap']; start: number; end: number }[] = []
  let gap: Token['gap'] = 0
  let open = false
  let at = 0
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    const role = partOf(codePoint)
    const last = tokens.at(-1)
    const next = at + character.length
    if (role === part.ignored) {
      if (last?.end === at) last.end = next
    } else if (role === part.letter || role === part.alone) {
      const folded = String.fromCodePoint(foldedOf(codePoint))
      if (role === part.letter && open && last) {
        last.text += folded
        last.end = next
      } else tokens.push({ text: folded, word: role === part.letter, gap: last ? gap : 0, start: at, end: next })
      open = role === part.letter
      gap = 0
    } else {
      gap = role === part.punctuation ? 2 : gap === 2 ? 2 : 1
      open = false
    }
    at = next
  }
  return tokens
}

interface Gathering { readonly tokens: readonly PlacedToken[]; readonly spans: TextSpan[]; readonly negated: boolean }

function gather(node: Node, into: Gathering): void {
  switch (node.kind) {
    case 'and': case 'or': for (const one of node.nodes) gather(one, into); return
    case 'not': return gather(node.node, { ...into, negated: !into.negated })
    case 'field': return
    case 'term': if (!into.negated) into.spans.push(...placesOf(node, into.tokens).map((place) => spanOf(place, into.tokens))); return
    case 'near': if (!into.negated) into.spans.push(...nearPlaces(node, into.tokens).map((place) => spanOf(place, into.tokens))); return
    default: node satisfies never
  }
}

/** In tokens, the last included. */
interface Place { readonly first: number; readonly last: number }

const spanOf = ({ first, last }: Place, tokens: readonly PlacedToken[]): TextSpan => [tokens[first]!.start, tokens[last]!.end]

function placesOf(term: Term, tokens: readonly Token[]): Place[] {
  const places: Place[] = []
  for (const spelling of term.spellings) {
    for (let first = 0; first + spelling.length <= tokens.length; first++) {
      if (sameTokens(spelling, tokens, first, term.prefix)) places.push({ first, last: first + spelling.length - 1 })
    }
  }
  return places
}

function nearPlaces({ left, right, distance }: Near, tokens: readonly Token[]): Place[] {
  const lefts = placesOf(left, tokens)
  const rights = placesOf(right, tokens)
  const close = (a: Place, b: Place): boolean => b.first > a.last && b.first - a.last - 1 <= distance
  const pairs = lefts.flatMap((a) => rights.filter((b) => close(a, b) || close(b, a)).map((b) => [a, b] as const))
  return pairs.flat()
}
