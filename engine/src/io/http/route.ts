// One route of the API: everything that the server, the checks and the OpenAPI document need to know of it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Role } from '@groundswell/schemas/access.ts'
import type { z } from 'zod'
import { Refusal } from './answer.ts'

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
  const detail = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: no such parameter`
    if (issue.path.length === 0) return `the ${part}: ${issue.message}`
    const key = String(issue.path[0])
    return `${key}=${JSON.stringify(values[key] ?? null).slice(0, 100)}: ${issue.message}`
  }).join('; ')
  throw new Refusal(400, { error: `wrong-${part}`, detail, hint: 'see /api/openapi.json' })
}
