// One route of the API: everything that the server, the checks and the OpenAPI document need to know of it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Role } from '@groundswell/schemas/access.ts'
import { said, saidOf, type Said } from '@groundswell/schemas/problem.ts'
import type { z } from 'zod'
import { refusal } from './answer.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With fastify's `:name` parameters. */
  readonly path: string
  readonly summary: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** Least role that may ask; absent: viewer to read, operator for all else. */
  readonly role?: Role
  /** A body of JSON, parsed by `parse(shape, request.body, 'body')`. */
  readonly json?: z.ZodType
  readonly body?: { readonly type: string; readonly description: string }
  /** By status; the shape, or the media type of what is no JSON. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly shape?: z.ZodType; readonly type?: string }>>
  /** Answered without the token. */
  readonly open?: boolean
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** Parses the question's part by its shape, or throws a Refusal that names each wrong value. */
export function parse<Shape extends z.ZodType>(shape: Shape, given: unknown, part: 'query' | 'path' | 'body'): z.output<Shape> {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  const values = (given ?? {}) as Record<string, unknown>
  const problems = parsed.error.issues.slice(0, problemsMax).map((issue) => {
    if (issue.code === 'unrecognized_keys') return said('parameter-unknown', { names: issue.keys.join(', ') })
    const problem = wantedOf(issue as Issue)
    if (issue.path.length === 0) return said('part', { part: said(`part-${part}`), problem })
    const key = String(issue.path[0])
    return said('parameter', { key, value: (JSON.stringify(values[key] ?? null)).slice(0, 100), problem })
  })
  throw refusal(400, `wrong-${part}`, { detail: said('several', { problems }), hint: said('see-openapi') })
}

const problemsMax = 20
type Issue = Parameters<typeof saidOf>[0] & { readonly code: string; readonly origin?: string; readonly expected?: string; readonly minimum?: number; readonly maximum?: number; readonly values?: readonly unknown[] }

/** What a shape says of a wrong value; where it says nothing, what it wants by zod's issue. */
function wantedOf(issue: Issue): Said {
  const own = saidOf(issue)
  if (own !== null) return own
  if (!/^(?:Invalid|Too) /.test(issue.message)) return said('words', { words: issue.message }) // of a shape that has words without a code
  const { code, origin, expected = '', minimum = 0, maximum = 0, values = [], message } = issue
  switch (code) {
    case 'invalid_type': return said('wants', { kind: kinds[expected] ?? expected })
    case 'invalid_value': return said('wants-one-of', { values: values.map(String).join(', ') })
    case 'too_small': return origin !== 'string' ? said('wants-least', { min: minimum }) : minimum === 1 ? said('wants-something') : said('wants-chars-least', { min: minimum })
    case 'too_big': return origin === 'string' ? said('wants-chars-most', { max: maximum }) : origin === 'array' ? said('wants-entries-most', { max: maximum }) : said('wants-most', { max: maximum })
    default: return said('words', { words: message })
  }
}

const kinds: Readonly<Record<string, Said>> = { array: said('kind-list'), object: said('kind-object'), record: said('kind-object'), string: said('kind-text'), int: said('kind-whole'), number: said('kind-number') }
