// Query text → what it means. NOT binds tightest, then AND (or nothing between two operands), then OR; NEAR/n joins two terms.
import type { Node, ParsedQuery, Term } from './ast.ts'
import { queryLimits } from './ast.ts'
import { lex, Refusal } from './lex.ts'
import type { Piece } from './lex.ts'

/** Never throws. Refuses a query that names nothing to look for, such as `NOT a` or `NOT a OR NOT b`; of `NOT a OR b` it hints that it takes nearly all. */
export function parseQuery(query: string): ParsedQuery {
  try {
    const { pieces, hints } = lex(query)
    const node = new Parser(pieces).parse()
    if (!looksFor(node, false)) {
      throw new Refusal(0, query.length, 'this only says what a mention must not have: add a term or field without NOT')
    }
    const doubts = holdsOfNothing(node) ? [...hints, { start: 0, end: query.length, message: widely }] : hints
    return { ok: true, node, hints: doubts }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem }
    throw error
  }
}

const widely = 'this also matches mentions that contain nothing of it, since an alternative has nothing but NOT: it may take nearly everything'

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
    if (this.#next.kind === 'end') throw new Refusal(0, 1, 'the query is empty: write at least one term')
    const node = this.#or()
    const rest = this.#next
    if (rest.kind !== 'end') throw new Refusal(rest.start, rest.end, 'this ) closes nothing: remove it or add ( before')
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
    if (again.kind === 'near') throw new Refusal(again.start, again.end, 'NEAR joins two terms, not three: write a NEAR/5 b AND b NEAR/5 c')
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
    if (first.kind === 'close') throw new Refusal(open.start, first.end, 'these brackets are empty: write a term between them or remove them')
    this.#depth += 1
    if (this.#depth > queryLimits.depthMax) throw new Refusal(open.start, open.end, `brackets nest deeper than ${queryLimits.depthMax}: write the query flatter`)
    const node = this.#or()
    const close = this.#next
    if (close.kind !== 'close') throw new Refusal(open.start, open.end, 'this ( is never closed: add ) where the group ends')
    this.#depth -= 1
    this.#at += 1
    return node
  }

  /** An operand was needed here. */
  #missing(piece: Piece): Refusal {
    const before = this.#pieces[this.#at - 2]
    const after = before === undefined ? '' : before.kind === 'near' ? 'NEAR' : before.kind.toUpperCase()
    if (before !== undefined && ['AND', 'OR', 'NOT', 'NEAR'].includes(after)) {
      return new Refusal(before.start, before.end, `${after} has no term after it: write one, or "${after}" in quotes to search for the word`)
    }
    if (piece.kind === 'close') return new Refusal(piece.start, piece.end, 'this ) closes nothing: remove it or add ( before')
    const name = piece.kind.toUpperCase()
    return new Refusal(piece.start, piece.end, `${name} has no term before it: write one, or "${name}" in quotes to search for the word`)
  }
}

function termBeside(node: Node, piece: Piece): Term {
  if (node.kind === 'term') return node
  throw new Refusal(piece.start, piece.end, 'NEAR takes a term or a quoted phrase on either side, not a group or a field')
}
