// What is wrong with the shape of rules, in words for whoever wrote the file: zod's issues name its own types.
import { said, saidOf, type Said } from '@groundswell/schemas/problem.ts'

/** An issue of zod's, as far as it is used here. */
export interface ShapeIssue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: unknown
  readonly origin?: unknown
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly values?: readonly unknown[]
  readonly params?: Readonly<Record<string, unknown>> | undefined
}

const shownMax = 60
const kinds: Readonly<Record<string, Said>> = { array: said('kind-list'), object: said('kind-keys'), string: said('kind-text'), int: said('kind-whole'), number: said('kind-number') }

/** `value` is what the file has there; undefined: nothing. */
export function shapeProblem(issue: ShapeIssue, value: unknown): Said {
  const last = issue.path.at(-1)
  const name = last === undefined ? said('name-file') : typeof last === 'number' ? said('name-entry', { at: last + 1, list: issue.path.length < 2 ? said('name-list') : String(issue.path.at(-2)) }) : String(last)
  if (value === undefined && issue.path.length > 0) return said('value-missing', { name })
  const given = shown(value)
  switch (issue.code) {
    case 'invalid_type':
      if (issue.path.length === 0) return said('file-is', { value: given })
      if (issue.expected === 'string' && isPlain(value)) return said('value-unquoted', { name, value: given, text: String(value) })
      return said('value-kind', { name, value: given, kind: kinds[String(issue.expected)] ?? String(issue.expected) })
    case 'too_small': return issue.origin === 'string' ? said('value-empty', { name }) : said('value-small', { value: given, name, min: String(issue.minimum) })
    case 'too_big': return tooBig(name, value, String(issue.maximum))
    case 'invalid_value': return said('value-kind', { name, value: given, kind: (issue.values ?? []).map(String).join(', ') })
    default: return said('value-other', { name, value: given, problem: saidOf(issue) ?? said('words', { words: issue.message }) })
  }
}

function tooBig(name: Said | string, value: unknown, max: string): Said {
  if (typeof value === 'string') return said('value-long', { name, length: value.length, max })
  return Array.isArray(value) ? said('value-many', { name, length: value.length, max }) : said('value-big', { value: shown(value), name, max })
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

function shown(value: unknown): Said | string {
  if (value === null) return said('shown-empty')
  if (Array.isArray(value)) return said('shown-list')
  if (typeof value === 'object') return said('shown-keys')
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`
}
