// Looks at what accounts call themselves: only operators may, and no name is shown before the look is in the log.
import { said } from '@groundswell/schemas/problem.ts'
import type { FastifyRequest } from 'fastify'
import { roles, type Role } from '@groundswell/schemas/access.ts'
import { z } from 'zod'
import { roleRefusal } from './admission.ts'
import { problemSchema, storeAway, refusal } from './answer.ts'
import { callerOf } from './caller.ts'
import { eventTime } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo } from './shapes.ts'

export const accessLogLimits = { rowsMax: 1000, queryCharsMax: 4000 } as const

/** A look: who, at which path with which query, when (ms). */
export interface Look { readonly by: string; readonly role: Role; readonly route: string; readonly query: string; readonly at: number }

const lookSchema = z.strictObject({ at: z.iso.datetime(), by: z.string().describe('Name of the token'), role: z.enum(roles), route: z.string().describe('What was looked at'), query: z.string().describe('With which filter') })
const querySchema = z.strictObject({
  by: z.string().max(64).optional().describe('Only of this token'), from: eventTime.optional(), to: eventTime.optional().describe('Exclusive'), limit: limitUpTo(accessLogLimits.rowsMax),
})
const answerSchema = z.strictObject({ looks: z.array(lookSchema).describe('Newest first'), limit: z.int() })
export interface LooksQuestion { readonly by: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number }

export interface AccessLogDeps {
  /** Resolves once the store has it; throws where it has not. */
  readonly logAccess: (look: Look) => Promise<void>
  /** Newest first. */
  readonly looks: (question: LooksQuestion) => Promise<readonly z.infer<typeof lookSchema>[]>
  readonly now: () => number
}

/** To be awaited before names are answered. Throws a Refusal where the caller is no operator, or the look cannot be logged. */
export async function logLook(request: FastifyRequest, { logAccess, now }: Pick<AccessLogDeps, 'logAccess' | 'now'>): Promise<void> {
  const caller = callerOf(request)
  const [route, query = ''] = request.url.split('?') as [string, string?]
  const no = roleRefusal(caller, 'operator', `names=1 on ${route.slice(0, 200)}`)
  if (no !== null) throw no
  try {
    await logAccess({ by: caller.name, role: caller.role, route: route.slice(0, accessLogLimits.queryCharsMax), query: query.slice(0, accessLogLimits.queryCharsMax), at: now() })
  } catch (error) {
    throw refusal(503, 'look-not-logged', { detail: said('look-not-logged', { words: (error as Error).message }), hint: said('without-names') })
  }
}

export function accessLogRoute({ looks }: AccessLogDeps): Route {
  return {
    method: 'GET', path: '/api/access-log', summary: 'Who looked at the names of accounts, newest first', query: querySchema, role: 'operator',
    answers: { 200: { description: 'The looks', shape: answerSchema }, 403: { description: 'Only operators may', shape: problemSchema }, 503: storeAway },
    handle: async (request) => {
      const { by = null, from = null, to = null, limit } = parse(querySchema, request.query, 'query')
      return { looks: await looks({ by, from, to, limit }), limit }
    },
  }
}
