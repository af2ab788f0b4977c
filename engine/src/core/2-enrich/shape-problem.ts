// What is wrong with the shape of rules, in words for whoever wrote the file: zod's issues name its own types.

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
}

const shownMax = 60
const kinds: Readonly<Record<string, string>> = { array: 'a list', object: 'keys with values, such as id: and query:', string: 'text', int: 'a whole number', number: 'a number' }

/** `value` is what the file has there; undefined: nothing. */
export function shapeProblem(issue: ShapeIssue, value: unknown): string {
  const last = issue.path.at(-1)
  const name = last === undefined ? 'the file' : typeof last === 'number' ? `entry ${last + 1} of ${String(issue.path.at(-2) ?? 'the list')}` : String(last)
  if (value === undefined && issue.path.length > 0) return `${name} is missing: add it`
  switch (issue.code) {
    case 'invalid_type':
      if (issue.path.length === 0) return `the file is ${shown(value)}: write topics: and a list of topics`
      if (issue.expected === 'string' && isPlain(value)) return `${name} is ${shown(value)}: quote it, "${String(value)}"`
      return `${name} is ${shown(value)}: write ${kinds[String(issue.expected)] ?? String(issue.expected)}`
    case 'too_small': return issue.origin === 'string' ? `${name} is empty: write something` : `${shown(value)} is not a ${name}: at least ${String(issue.minimum)}`
    case 'too_big':
      if (typeof value === 'string') return `${name} has ${value.length} characters: at most ${String(issue.maximum)}`
      return Array.isArray(value) ? `${name} has ${value.length} entries: at most ${String(issue.maximum)}` : `${shown(value)} is not a ${name}: at most ${String(issue.maximum)}`
    case 'invalid_value': return `${name} is ${shown(value)}: write ${(issue.values ?? []).map(String).join(', ')}`
    default: return `${name} is ${shown(value)}: ${issue.message}`
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

function shown(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a set of keys'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`
}
