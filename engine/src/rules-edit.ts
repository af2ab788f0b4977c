// A rules file as a form edits it: what its topics are, what is wrong with it, and one topic changed in its text, while comments, order and all else stay.
import { said, type Said } from '@groundswell/schemas/problem.ts'
import { rulesLimits, rulesSchema, type TopicRules } from '@groundswell/schemas/rules.ts'
import { isCollection, isMap, isSeq, parseDocument, visit, type Document, type Node, type YAMLMap } from 'yaml'
import { parseQuery } from './core/2-enrich/query/parse.ts'
import { hintsOf, parseRules, type RulesProblem } from './core/2-enrich/rules-file.ts'
import { shapeProblem, type ShapeIssue } from './core/2-enrich/shape-problem.ts'
import { notesOf } from './pipeline/rules-notes.ts'

/** `topics`: as far as the text can be read, also where it has problems; null: it cannot. */
export interface RulesRead { readonly text: string; readonly topics: readonly unknown[] | null; readonly problems: readonly RulesProblem[]; readonly notes: readonly RulesProblem[] }

/** `at`: index of the topic in the file, null: a new one at the end. `topic` null: it is taken out. */
export interface TopicEdit { readonly at: number | null; readonly topic: Readonly<Record<string, unknown>> | null }

const keys = ['id', 'name', 'query', 'velocity', 'baseline', 'spread'] as const

export function readRulesForForm(text: string): RulesRead {
  const parsed = parseRules(text)
  if (!parsed.ok) return { text, topics: topicsIn(text), problems: parsed.problems, notes: [] }
  const notes = [...hintsOf(text, parsed.rules), ...notesOf(text, parsed.rules)].sort((a, b) => a.line - b.line || a.column - b.column)
  return { text, topics: topicsIn(text), problems: [], notes }
}

/** The same text with one topic changed; null: the text cannot be edited by a form: it is no YAML, has no list of topics, or another topic goes by a name (`&`) in this one. */
export function editTopic(text: string, edit: TopicEdit): string | null {
  try {
    return edited(text, edit)
  } catch {
    return null // what is taken out has a name that another topic goes by, names stand for more than is read, or something nests deeper than the stack
  }
}

function edited(text: string, { at, topic }: TopicEdit): string | null {
  const document = openRules(text)
  if (document === null) return null
  if (document.contents === null) document.contents = document.createNode({ topics: [] }) as never
  if (!isMap(document.contents)) return null
  if (!isSeq(document.get('topics', true))) {
    if (document.get('topics') != null) return null // something else stands there
    document.set('topics', document.createNode([]))
  }
  const list = document.get('topics', true)
  if (!isSeq(list)) return null
  if (topic === null) {
    if (at === null || at >= list.items.length) return null
    list.delete(at)
    if (list.items.length === 0) list.flow = true
  } else if (at === null || at >= list.items.length) {
    list.flow = false
    list.add(newTopic(document, topic))
  } else {
    const item = list.get(at, true)
    if (isMap(item)) changeTopic(document, item as YAMLMap, topic)
    else list.set(at, newTopic(document, topic))
  }
  return document.toString(writingOf(text))
}

function openRules(text: string): Document | null {
  if (text.length > rulesLimits.bytesMax) return null
  try {
    const document = parseDocument(text, { merge: true, logLevel: 'error' })
    return document.errors.length > 0 ? null : document
  } catch {
    return null // brackets that nest deeper than the stack: parseRules says so
  }
}

/** As far as they can be read, whatever they are; null: the text has no list of topics. */
export function topicsIn(text: string): readonly unknown[] | null {
  const document = openRules(text)
  if (document === null) return null
  try {
    const value: unknown = document.toJS({ maxAliasCount: 1000 })
    if (value === null) return []
    const topics = (value as { topics?: unknown }).topics ?? []
    return Array.isArray(topics) ? topics : null
  } catch {
    return null
  }
}

/** How the file is written already: indentation, and whether its lists are indented. Lines are never folded anew. */
function writingOf(text: string): { readonly indent: number; readonly indentSeq: boolean; readonly lineWidth: 0 } {
  const [, list] = /^topics:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- /m.exec(text) ?? []
  const indentSeq = list === undefined || list.length > 0
  return { indent: list !== undefined && list.length >= 2 && list.length <= 8 ? list.length : 2, indentSeq, lineWidth: 0 }
}

/** Only what is another than before is written anew. */
function changeTopic(document: Document, item: YAMLMap, topic: Readonly<Record<string, unknown>>): void {
  const before = (item.toJS(document) ?? {}) as Readonly<Record<string, unknown>>
  for (const key of keys) {
    const value = topic[key]
    if (value === undefined || value === null) {
      if (before[key] !== undefined) item.delete(key)
    } else if (!isSame(before[key], value)) setWithin(document, item, key, { before: before[key], value })
  }
}

/** A list keeps those of its items that are the same, a map those of its keys: their comments stay. */
function setWithin(document: Document, map: YAMLMap, key: string, { before, value }: { readonly before: unknown; readonly value: unknown }): void {
  const node = map.get(key, true)
  if (isMap(node) && isPlain(before) && isPlain(value)) {
    for (const name of Object.keys(before)) if (value[name] === undefined || value[name] === null) node.delete(name)
    for (const [name, inner] of Object.entries(value)) if (inner !== undefined && inner !== null && !isSame(before[name], inner)) {
      node.set(name, inner)
      quoteLines(node)
    }
    return
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(value)) {
    const left = before.map((item: unknown, at) => ({ item, node: node.items[at] }))
    node.items = value.map((item: unknown) => {
      const kept = left.findIndex((one) => isSame(one.item, item))
      return kept < 0 ? flowed(document, item) : left.splice(kept, 1)[0]!.node
    })
    node.flow = node.items.length === 0
    return
  }
  map.set(key, nodeOf(document, key, value))
}

function newTopic(document: Document, topic: Readonly<Record<string, unknown>>): YAMLMap {
  const node = document.createNode({}) as YAMLMap
  for (const key of keys) {
    const value = topic[key]
    if (value !== undefined && value !== null) node.set(key, nodeOf(document, key, value))
  }
  return node
}

/** As people write it: names, rules and the baseline in a line each. */
function nodeOf(document: Document, key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = document.createNode(value.map(() => null)) as { items: unknown[]; flow?: boolean }
    list.items = value.map((item: unknown) => flowed(document, item))
    list.flow = value.length === 0
    return list
  }
  return key === 'name' || key === 'baseline' ? flowed(document, value) : document.createNode(value)
}

function flowed(document: Document, value: unknown): unknown {
  const node = document.createNode(isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null)) : value)
  if (!isCollection(node)) return node
  node.flow = true
  quoteLines(node)
  return node
}

/** Text of several lines inside brackets is written in quotes: the package would write some of it so that it cannot be read again. */
function quoteLines(node: Node): void {
  visit(node, { Scalar: (_, scalar) => { if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = 'QUOTE_DOUBLE' } })
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]))
  if (!isPlain(a) || !isPlain(b)) return a === b
  const of = (value: Readonly<Record<string, unknown>>): string[] => Object.keys(value).filter((key) => value[key] !== undefined && value[key] !== null)
  return of(a).length === of(b).length && of(a).every((key) => isSame(a[key], b[key]))
}

const topicProblemsMax = 5

/** A topic as a form hands it over, by itself: its rules, or what is wrong with it. */
export function topicOf(topic: unknown): { readonly ok: true; readonly topic: TopicRules } | { readonly ok: false; readonly problem: Said } {
  const parsed = rulesSchema.safeParse({ topics: [topic] })
  if (!parsed.success) return { ok: false, problem: said('several', { problems: parsed.error.issues.slice(0, topicProblemsMax).flatMap((issue) => problemsOf(issue as ShapeIssue, topic)) }) }
  const only = parsed.data.topics[0]!
  const query = parseQuery(only.query)
  return query.ok ? { ok: true, topic: only } : { ok: false, problem: said('of-topic', { path: 'query', problem: query.problem.said }) }
}

function problemsOf(issue: ShapeIssue & { readonly keys?: readonly string[] }, topic: unknown): Said[] {
  const inTopic = issue.path.slice(2)
  const value = inTopic.reduce<unknown>((inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<PropertyKey, unknown>>)[step] : undefined), topic)
  const path = inTopic.map(String).join('.')
  const found = issue.code === 'unrecognized_keys' ? (issue.keys ?? []).slice(0, topicProblemsMax).map((key) => said('key-unknown', { key: key.slice(0, 80) })) : [shapeProblem(issue, value)]
  return found.map((problem) => (path === '' ? problem : said('of-topic', { path, problem })))
}
