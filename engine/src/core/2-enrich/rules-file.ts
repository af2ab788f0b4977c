// A rules file's text → rules, or everything that is wrong with it, each with line, column and what to do. Never throws.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { inEnglish, said, type Said } from '@groundswell/schemas/problem.ts'
import { measureOf, rulesLimits, rulesSchema } from '@groundswell/schemas/rules.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { isCollection, isMap, isScalar, parseDocument, visit } from 'yaml'
import type { Document, Node, Scalar } from 'yaml'
import { columnOf, drawProblem } from './query/ast.ts'
import type { QueryProblem } from './query/ast.ts'
import { parseQuery } from './query/parse.ts'
import { placeInScalar } from './scalar-place.ts'
import { shapeProblem } from './shape-problem.ts'
import type { ShapeIssue } from './shape-problem.ts'
import { unreadable, yamlProblem } from './yaml-problem.ts'

/** `line` and `column` are 1-based; `path` is like `topics.0.query`, '' for the file; `message` is `said` in English and may have lines: the query and a caret. */
export interface RulesProblem { readonly line: number; readonly column: number; readonly path: string; readonly message: string; readonly said: Said }
export type ParsedRules = { readonly ok: true; readonly rules: Rules } | { readonly ok: false; readonly problems: readonly RulesProblem[] }

const problemsMax = 100
const aliasesMax = 1000
const secondsWindowMax = 7200

export function parseRules(text: string): ParsedRules {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > rulesLimits.bytesMax) {
    return { ok: false, problems: [ofFile(said('rules-long', { bytes, max: rulesLimits.bytesMax }))] }
  }
  const file = openText(text)
  if (file instanceof Error) return { ok: false, problems: [ofFile(yamlProblem('', file.message))] }
  const rules = file.found.length === 0 ? file.read() : null
  if (rules !== null) file.checkTopics(rules)
  return rules !== null && file.found.length === 0 ? { ok: true, rules } : { ok: false, problems: file.problems() }
}

/** The yaml package throws where brackets nest deeper than the stack; a rules file nests five deep. */
function openText(text: string): RulesText | Error {
  try {
    return new RulesText(text)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

const ofFile = (what: Said): RulesProblem => ({ line: 1, column: 1, path: '', message: inEnglish(what), said: what })

/** The value at a path of plain data, whether it was written there or merged in. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string | number, unknown>>)[step] : undefined), value)
}

/** Hints about queries that are legal but perhaps not what was meant, placed like problems. For `check-rules`. */
export function hintsOf(text: string, rules: Rules): RulesProblem[] {
  const file = new RulesText(text)
  return rules.topics.flatMap(({ query, velocity = [] }, index) => {
    const parsed = parseQuery(query)
    const ofQuery = parsed.ok ? parsed.hints.map((hint) => file.queryProblem(['topics', index, 'query'], query, hint)) : []
    return [...ofQuery, ...velocity.flatMap(({ within }, at) => file.windowHint(['topics', index, 'velocity', at, 'within'], within))]
  })
}

/** The queries of what may not be rules, null where there is none to read; so that one run tells of everything that is wrong. */
function queriesIn(value: unknown): (string | null)[] {
  const topics = typeof value === 'object' && value !== null && 'topics' in value ? value.topics : null
  return !Array.isArray(topics) ? [] : topics.map((topic: unknown) => {
    const query = typeof topic === 'object' && topic !== null && 'query' in topic ? topic.query : null
    return typeof query === 'string' && query !== '' ? query : null
  })
}

type Path = readonly (string | number)[]

/** A problem whose line and column are not looked for yet: a file may have as many as it has words, and 100 are told. */
interface Found { readonly offset: number; readonly path: string; readonly said: Said }

class RulesText {
  readonly found: Found[] = []
  readonly #text: string
  readonly #document: Document.Parsed

  constructor(text: string) {
    this.#text = text
    // Of keys that are collections the package would tell the process.
    this.#document = parseDocument(text, { prettyErrors: false, merge: true, logLevel: 'error' })
    for (const { pos, code, message } of [...this.#document.errors, ...this.#document.warnings]) this.#report(pos[0], [], yamlProblem(code, message))
    this.#refuseOddKeys()
  }

  /** A key that is a list or a map: to read it, the package writes it out again and again, for a minute where a hundred lie in each other. */
  #refuseOddKeys(): void {
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (!isCollection(key)) return undefined
        this.#report(key.range?.[0] ?? 0, [], said('key-no-word'))
        return visit.BREAK
      },
    })
  }

  /** The first of what is wrong. */
  problems(): RulesProblem[] {
    return this.found.sort((a, b) => a.offset - b.offset).slice(0, problemsMax).map((found) => this.#placed(found))
  }

  /** The rules if their shape is right. */
  read(): Rules | null {
    let value: unknown
    try {
      value = this.#document.toJS({ maxAliasCount: aliasesMax })
    } catch (error) { // the yaml package refuses alias bombs and dangling aliases so
      this.#report(0, [], unreadable(error instanceof Error ? error.message : String(error)))
      return null
    }
    if (value === null || value === undefined) {
      this.#report(0, [], said('file-empty'))
      return null
    }
    const parsed = rulesSchema.safeParse(value)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) this.#reportShape(issue, value)
    queriesIn(value).forEach((query, index) => this.#checkQuery(query, index))
    return null
  }

  /** What the schema cannot say: ids twice, rules twice, queries. */
  checkTopics(rules: Rules): void {
    const seenIds = new Map<string, number>()
    rules.topics.forEach((topic, index) => {
      const before = seenIds.get(topic.id)
      if (before === undefined) seenIds.set(topic.id, index)
      else this.#report(this.#offsetOf(['topics', index, 'id']), ['topics', index, 'id'], said('topic-twice', { topic: topic.id, line: this.#lineOf(['topics', before, 'id']) }))
      this.#checkTwice(['topics', index, 'velocity'], (topic.velocity ?? []).map(({ count, within }) => `count ${count} within ${within}`))
      this.#checkTwice(['topics', index, 'spread'], (topic.spread ?? []).map((rule) => `${measureOf(rule).measure} ${measureOf(rule).threshold} within ${rule.within}`))
      this.#checkQuery(topic.query, index)
    })
  }

  queryProblem(path: Path, query: string, problem: QueryProblem): RulesProblem { return this.#placed(this.#inQuery(path, query, problem)) }

  #inQuery(path: Path, query: string, problem: QueryProblem): Found {
    const node = this.#document.getIn(path, true)
    const offset = isScalar(node) ? placeInScalar(this.#text, node as Scalar, problem.start) : this.#offsetOf(path)
    return { offset, path: path.join('.'), said: said('in-query', { problem: problem.said, column: columnOf(query, problem.start), drawn: drawProblem(query, problem) }) }
  }

  /** A window over two hours is counted in whole minutes. */
  windowHint(path: Path, within: string): RulesProblem[] {
    const seconds = durationSeconds(within) ?? 0
    if (seconds <= secondsWindowMax || seconds % 60 === 0) return []
    return [this.#placed({ offset: this.#offsetOf(path), path: path.join('.'), said: said('window-rounded', { within, counted: `${Math.ceil(seconds / 60)}m` }) })]
  }

  #checkQuery(query: string | null, index: number): void {
    const parsed = query === null ? null : parseQuery(query)
    if (query !== null && parsed?.ok === false) this.found.push(this.#inQuery(['topics', index, 'query'], query, parsed.problem))
  }

  #checkTwice(path: Path, names: readonly string[]): void {
    const seen = new Set<string>()
    names.forEach((name, index) => {
      if (!seen.has(name)) seen.add(name)
      else this.#report(this.#offsetOf([...path, index]), [...path, index], said('rule-twice', { rule: name }))
    })
  }

  #reportShape(issue: ShapeIssue & { readonly keys?: readonly string[] }, whole: unknown): void {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys ?? []) this.#report(this.#keyOffset(path, key), [...path, key], said('key-unknown', { key: key.slice(0, 80) }))
      return
    }
    this.#report(this.#offsetOf(path), path, shapeProblem({ ...issue, path }, valueAt(whole, path)))
  }

  #keyOffset(path: Path, key: string): number {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    if (!isMap(map)) return this.#offsetOf(path)
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
    return (pair?.key as Node | undefined)?.range?.[0] ?? this.#offsetOf(path)
  }

  /** Where the value at a path begins; of the nearest value around it where there is none. */
  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true)
      const range = (node as Node | null | undefined)?.range
      if (range !== undefined && range !== null) return range[0]
    }
    return 0
  }

  #lineOf(path: Path): number {
    return this.#place(this.#offsetOf(path)).line
  }

  #placed({ offset, path, said: what }: Found): RulesProblem { return { ...this.#place(offset), path, message: inEnglish(what), said: what } }

  #place(offset: number): { line: number; column: number } {
    // The package's own counter of lines leaves out those inside a quoted text that goes wrong.
    const before = this.#text.slice(0, offset)
    const lineStart = before.lastIndexOf('\n') + 1
    return { line: before.slice(0, lineStart).split('\n').length, column: Array.from(before.slice(lineStart)).length + 1 }
  }

  #report(offset: number, path: Path, what: Said): void {
    this.found.push({ offset, path: path.join('.'), said: what })
  }
}
