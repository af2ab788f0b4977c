// The matcher of all topics: one pass over the text for every term, then only the topics that could hold are decided.
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { MentionView } from '../../1-decode/mention-view.ts'
import { field } from '../../1-decode/mention-view.ts'
import type { Matcher } from '../matcher-types.ts'
import { drawProblem } from '../query/ast.ts'
import { parseQuery } from '../query/parse.ts'
import { Automaton } from './automaton.ts'
import type { HitSink } from './automaton.ts'
import { FieldTests } from './field-tests.ts'
import { Occurrences } from './occurrences.ts'
import { leafKind, ProgramBuilder, verdict } from './program.ts'

/** Rules as `parseRules` gives them. Throws where a query is wrong: whoever compiles rules has checked them. */
export function compileMatcher(rules: Rules): Matcher {
  const builder = new ProgramBuilder()
  for (const { id, query } of rules.topics) {
    const parsed = parseQuery(query)
    if (!parsed.ok) throw new Error(`query of topic ${id}: ${parsed.problem.message}\n${drawProblem(query, parsed.problem)}`)
    builder.add(parsed.node)
  }
  return new TopicMatcher(rules.topics.map(({ id }) => id), builder)
}

class TopicMatcher implements Matcher, HitSink {
  readonly topics: readonly string[]
  readonly #automaton: Automaton
  readonly #fields: FieldTests
  readonly #occurrences: Occurrences
  readonly #kinds: Uint8Array
  readonly #leaves: Int32Array
  readonly #onYes: Int32Array
  readonly #onNo: Int32Array
  readonly #entries: Int32Array
  readonly #patternTerms: Groups
  readonly #termTopics: Groups
  readonly #patternTokens: Int32Array
  readonly #seen: Uint32Array // of each term: the mention in which it was seen last
  readonly #always: Uint32Array // bits of topics that may hold without any term
  readonly #candidates: Uint32Array // bits of topics to decide; cleared after each mention
  #mention = 0

  constructor(topics: readonly string[], builder: ProgramBuilder) {
    this.topics = topics
    this.#automaton = new Automaton(builder.patterns)
    this.#fields = new FieldTests(builder.fields)
    this.#occurrences = new Occurrences(builder.nears, builder.termsTotal)
    this.#kinds = Uint8Array.from(builder.kinds)
    this.#leaves = Int32Array.from(builder.leaves)
    this.#onYes = Int32Array.from(builder.onYes)
    this.#onNo = Int32Array.from(builder.onNo)
    this.#entries = Int32Array.from(builder.entries)
    this.#patternTerms = new Groups(builder.patternTerms)
    this.#patternTokens = Int32Array.from(builder.patternTokens)
    this.#seen = new Uint32Array(builder.termsTotal)
    this.#always = new Uint32Array(Math.ceil(topics.length / 32))
    this.#candidates = new Uint32Array(this.#always.length)
    const termTopics: number[][] = Array.from({ length: builder.termsTotal }, () => [])
    builder.triggers.forEach((terms, topic) => {
      if (terms === null) this.#always[topic >> 5]! |= 1 << (topic & 31)
      else for (const term of terms) termTopics[term]!.push(topic)
    })
    this.#termTopics = new Groups(termTopics)
  }

  match(view: MentionView, out: Uint16Array, at: number): number {
    this.#begin()
    const start = view.spans[2 * field.text]!
    if (start >= 0) this.#automaton.scan(view.bytes, start, view.spans[2 * field.text + 1]!, this)
    let end = at
    const candidates = this.#candidates
    for (let word = 0; word < candidates.length; word += 1) {
      let bits = candidates[word]! | this.#always[word]!
      if (bits === 0) continue
      candidates[word] = 0
      while (bits !== 0) {
        const topic = word * 32 + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
        if (this.#holds(topic, view)) out[end++] = topic
      }
    }
    return end
  }

  hit(reached: number, token: number): void {
    const automaton = this.#automaton
    for (let state = reached; state !== 0; state = automaton.below(state)) {
      const pattern = automaton.pattern(state)
      if (pattern < 0) continue // only the state reached may hold none itself
      const { ends, items } = this.#patternTerms
      for (let at = pattern === 0 ? 0 : ends[pattern - 1]!; at < ends[pattern]!; at += 1) this.#see(items[at]!, pattern, token)
    }
  }

  #see(term: number, pattern: number, token: number): void {
    if (this.#occurrences.wanted(term)) this.#occurrences.add(term, token - this.#patternTokens[pattern]! + 1, token)
    if (this.#seen[term] === this.#mention) return
    this.#seen[term] = this.#mention
    const { ends, items } = this.#termTopics
    for (let at = term === 0 ? 0 : ends[term - 1]!; at < ends[term]!; at += 1) {
      const topic = items[at]!
      this.#candidates[topic >> 5]! |= 1 << (topic & 31)
    }
  }

  #begin(): void {
    this.#mention += 1
    if (this.#mention > 0xffff_ffff) {
      this.#seen.fill(0)
      this.#mention = 1
    }
    this.#fields.begin()
    this.#occurrences.begin()
  }

  #holds(topic: number, view: MentionView): boolean {
    let at = this.#entries[topic]!
    while (at >= 0) at = this.#leafHolds(at, view) ? this.#onYes[at]! : this.#onNo[at]!
    return at === verdict.yes
  }

  #leafHolds(at: number, view: MentionView): boolean {
    const leaf = this.#leaves[at]!
    const kind = this.#kinds[at]!
    if (kind === leafKind.term) return this.#seen[leaf] === this.#mention
    return kind === leafKind.near ? this.#occurrences.near(leaf) : this.#fields.holds(leaf, view)
  }
}

/** Lists of numbers back to back: group i is items[ends[i − 1] … ends[i]). */
class Groups {
  readonly ends: Int32Array
  readonly items: Int32Array
  constructor(groups: readonly (readonly number[])[]) {
    this.items = Int32Array.from(groups.flat())
    let end = 0
    this.ends = Int32Array.from(groups, (group) => (end += group.length))
  }
}
