// All queries as one program of tests: each looks at one leaf and says where to go on, so that a query costs what it needs to
// be decided. Terms that several topics share are one leaf, and so are fields.
import type { Field, Node, Term } from '../query/ast.ts'
import { symbolsOf } from '../query/tokens.ts'

export const verdict = { yes: -1, no: -2 } as const

export interface NearLeaf { readonly left: number; readonly right: number; readonly distance: number } // terms
export const leafKind = { term: 0, near: 1, field: 2 } as const

/** Collects the queries of all topics, in order. */
export class ProgramBuilder {
  readonly patterns: number[][] = [] // symbols of each
  readonly patternTokens: number[] = [] // how many tokens long each is
  readonly patternTerms: number[][] = [] // the terms that each spells
  readonly nears: NearLeaf[] = []
  readonly fields: Field[] = []
  readonly kinds: number[] = [] // of each instruction: a leafKind
  readonly leaves: number[] = [] // … the index of the term, near or field
  readonly onYes: number[] = [] // … where to go on: an instruction or a verdict
  readonly onNo: number[] = []
  readonly entries: number[] = [] // of each topic
  readonly triggers: (ReadonlySet<number> | null)[] = [] // of each topic: without one of these terms it is false; null: always look
  termsTotal = 0
  readonly #termOf = new Map<string, number>()
  readonly #patternOf = new Map<string, number>()
  readonly #fieldOf = new Map<string, number>()

  add(query: Node): void {
    this.entries.push(this.#compile(query, verdict.yes, verdict.no))
    this.triggers.push(this.#triggersOf(query, false))
  }

  #compile(node: Node, yes: number, no: number): number {
    switch (node.kind) {
      case 'not': return this.#compile(node.node, no, yes)
      case 'and': return node.nodes.reduceRight((next, each) => this.#compile(each, next, no), yes)
      case 'or': return node.nodes.reduceRight((next, each) => this.#compile(each, yes, next), no)
      case 'term': return this.#emit([leafKind.term, this.#term(node)], yes, no)
      case 'near': return this.#emit([leafKind.near, this.#near(node)], yes, no)
      case 'field': return this.#emit([leafKind.field, this.#field(node)], yes, no)
      default: return node satisfies never
    }
  }

  #emit([kind, leaf]: readonly [number, number], yes: number, no: number): number {
    this.kinds.push(kind)
    this.leaves.push(leaf)
    this.onYes.push(yes)
    return this.onNo.push(no) - 1
  }

  #term(term: Term): number {
    const spellings = term.spellings.map((tokens) => ({ symbols: symbolsOf(tokens, term.prefix), tokens: tokens.length }))
    const key = spellings.map(({ symbols }) => symbols.join()).join(';')
    const known = this.#termOf.get(key)
    if (known !== undefined) return known
    const index = this.termsTotal++
    this.#termOf.set(key, index)
    for (const { symbols, tokens } of spellings) {
      const spelling = symbols.join()
      let pattern = this.#patternOf.get(spelling)
      if (pattern === undefined) {
        pattern = this.patterns.push(symbols) - 1
        this.#patternOf.set(spelling, pattern)
        this.patternTokens.push(tokens)
        this.patternTerms.push([])
      }
      this.patternTerms[pattern]!.push(index)
    }
    return index
  }

  #near(node: Node & { kind: 'near' }): number {
    return this.nears.push({ left: this.#term(node.left), right: this.#term(node.right), distance: node.distance }) - 1
  }

  #field(field: Field): number {
    const key = JSON.stringify(field)
    const known = this.#fieldOf.get(key)
    if (known !== undefined) return known
    const index = this.fields.push(field) - 1
    this.#fieldOf.set(key, index)
    return index
  }

  /** Terms of which one at least must be there for the node (or its negation) to hold; null where it may hold without any. */
  #triggersOf(node: Node, negated: boolean): ReadonlySet<number> | null {
    switch (node.kind) {
      case 'not': return this.#triggersOf(node.node, !negated)
      case 'field': return null
      case 'term': return negated ? null : new Set([this.#term(node)])
      case 'near': return negated ? null : new Set([this.#term(node.left)])
      default: break
    }
    const parts = node.nodes.map((each) => this.#triggersOf(each, negated))
    if ((node.kind === 'and') !== negated) {
      return parts.reduce((least, each) => (each !== null && (least === null || each.size < least.size) ? each : least), null)
    }
    const union = new Set<number>()
    for (const each of parts) {
      if (each === null) return null
      for (const term of each) union.add(term)
    }
    return union
  }
}
