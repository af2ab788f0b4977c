// Query text → what it means. NOT binds tightest, then AND (or nothing between two operands), then OR; NEAR/n joins two terms.
import { said } from '@groundswell/schemas/problem.ts'
import type { Node, ParsedQuery, Term } from './ast.ts'
import { queryLimits } from './ast.ts'
import { lex, problemAt, Refusal } from './lex.ts'
import type { Piece } from './lex.ts'

/** Never throws. Refuses a query that names nothing to look for, such as `NOT a` or `NOT a OR NOT b`; of `NOT a OR b` it hints that it takes nearly all. */
export function parseQuery(query: string): ParsedQuery {
  try {
    const { pieces, hints } = lex(query)
    const node = new Parser(pieces).parse()
    if (!looksFor(node, false)) {
      throw new Refusal(0, query.length, said('only-not'))
    }
    const doubts = holdsOfNothing(node) ? [...hints, problemAt({ start: 0, end: query.length }, said('takes-nearly-all'))] : hints
    return { ok: true, node, hints: doubts }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem }
    throw error
  }
}

/** Whether some term or field stands under no NOT, or under one that another undoes. */
function looksFor(node: Node, negated: boolean): boolean {
  switch (node.kind) {
    case 'and': case 'or': return node.nodes.some((each) => looksFor(each, negated))
    case 'not': return looksFor(node.node, !negated)
    default: return !negated
  }
}

/** Whether the query is true of a mention of which every term and field in it is false. */
function holdsOfNothing(node: Node): boolean {
  switch (node.kind) {
    case 'and': return node.nodes.every(holdsOfNothing)
    case 'or': return node.nodes.some(holdsOfNothing)
    case 'not': return !holdsOfNothing(node.node)
    default: return false
  }
}

class Parser {
  readonly #pieces: readonly Piece[]
  #at = 0
  #depth = 0

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  parse(): Node {
    if (this.#next.kind === 'end') throw new Refusal(0, 1, said('query-empty'))
    const node = this.#or()
    const rest = this.#next
    if (rest.kind !== 'end') throw new Refusal(rest.start, rest.end, said('close-alone'))
    return node
  }

  get #next(): Piece {
    return this.#pieces[this.#at]!
  }

  #or(): Node {
    const nodes = [this.#and()]
    while (this.#next.kind === 'or') {
      this.#at += 1
      nodes.push(this.#and())
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes }
  }

  #and(): Node {
    const nodes = [this.#not()]
    for (;;) {
      const { kind } = this.#next
      if (kind === 'end' || kind === 'close' || kind === 'or') return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
      if (kind === 'and') this.#at += 1
      nodes.push(this.#not())
    }
  }

  #not(): Node {
    let negated = false
    while (this.#next.kind === 'not') {
      negated = !negated
      this.#at += 1
    }
    const node = this.#near()
    return negated ? { kind: 'not', node } : node
  }

  #near(): Node {
    const first = this.#next
    const left = this.#operand()
    const near = this.#next
    if (near.kind !== 'near') return left
    this.#at += 1
    const second = this.#next
    const right = this.#operand()
    const again = this.#next
    if (again.kind === 'near') throw new Refusal(again.start, again.end, said('near-three'))
    return { kind: 'near', distance: near.distance, left: termBeside(left, first), right: termBeside(right, second) }
  }

  #operand(): Node {
    const piece = this.#next
    this.#at += 1
    if (piece.kind === 'operand') return piece.operand
    if (piece.kind === 'open') return this.#bracketed(piece)
    throw this.#missing(piece)
  }

  #bracketed(open: Piece): Node {
    const first = this.#next
    if (first.kind === 'close') throw new Refusal(open.start, first.end, said('brackets-empty'))
    this.#depth += 1
    if (this.#depth > queryLimits.depthMax) throw new Refusal(open.start, open.end, said('brackets-deep', { max: queryLimits.depthMax }))
    const node = this.#or()
    const close = this.#next
    if (close.kind !== 'close') throw new Refusal(open.start, open.end, said('open-alone'))
    this.#depth -= 1
    this.#at += 1
    return node
  }

  /** An operand was needed here. */
  #missing(piece: Piece): Refusal {
    const before = this.#pieces[this.#at - 2]
    const after = before === undefined ? '' : before.kind === 'near' ? 'NEAR' : before.kind.toUpperCase()
    if (before !== undefined && ['AND', 'OR', 'NOT', 'NEAR'].includes(after)) {
      return new Refusal(before.start, before.end, said('nothing-after', { operator: after }))
    }
    if (piece.kind === 'close') return new Refusal(piece.start, piece.end, said('close-alone'))
    return new Refusal(piece.start, piece.end, said('nothing-before', { operator: piece.kind.toUpperCase() }))
  }
}

function termBeside(node: Node, piece: Piece): Term {
  if (node.kind === 'term') return node
  throw new Refusal(piece.start, piece.end, said('near-group'))
}
