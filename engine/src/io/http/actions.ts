// `/api/actions`: what people do about alerts goes onto the stream, and the log of it.
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { randomUUID } from 'node:crypto'
import { actionLimits, actionSchema, personSchema, type Action, type ActionRow } from '@groundswell/schemas/action.ts'
import { z } from 'zod'
import { StreamDown, StreamFull, StreamRefused } from '../../stream-errors.ts'
import { alertsRoute, type AlertDesk } from './alerts.ts'
import { problemSchema, storeAway, refusal } from './answer.ts'
import { callerOf } from './caller.ts'
import { time } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo } from './shapes.ts'

export interface ActionsAsked { readonly alert: string | null; readonly topic: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number } // ms; `to` is exclusive

export interface ActionDesk {
  /** Resolves with its place in the stream, which has it now; throws a Refusal where it names what is not there. */
  act(asked: { readonly id: string; readonly by: string; readonly action: Action }): Promise<{ readonly seq: number }>
  /** Newest first. */
  actions(asked: ActionsAsked): Promise<readonly ActionRow[]>
}

export interface ActionDeps {
  /** Absent: nobody can act here, and there are no such routes. */
  readonly desk?: ActionDesk & AlertDesk
}

const listMax = 1000
const actQuerySchema = z.strictObject({
  id: z.string().regex(/^[\w.:-]{1,64}$/, codedText('action-id')).optional().describe('Of this action, made up by who asks: asking again with it does nothing again'),
})
const listQuerySchema = z.strictObject({
  alert: z.string().min(1).max(actionLimits.idCharsMax).optional(),
  topic: z.string().min(1).max(actionLimits.idCharsMax).optional().describe('Silences and pins of it, and actions about its alerts'),
  from: time.optional(), to: time.optional(), limit: limitUpTo(listMax),
})
export const actionRowSchema = z.strictObject({ id: z.string(), at: z.int().describe('ms since 1970, clock of the stream'), by: personSchema, action: actionSchema })

/** With those of the alerts that they are about. */
export function actionRoutes({ desk }: ActionDeps): Route[] {
  return desk ? [act(desk), list(desk), alertsRoute(desk)] : []
}

function act(desk: ActionDesk): Route {
  return {
    method: 'POST', path: '/api/actions', summary: 'Somebody does something about an alert or a topic: every wall shows it with its next frame', role: 'operator', query: actQuerySchema, json: actionSchema,
    answers: {
      202: { description: 'The stream has it', shape: z.strictObject({ id: z.string(), seq: z.int() }) }, 400: { description: 'It is no action, or its end is out of reach', shape: problemSchema },
      404: { description: 'There is no such alert or topic', shape: problemSchema }, 409: { description: 'As many topics are silenced as can be', shape: problemSchema }, 503: { description: 'The stream or the store is away', shape: problemSchema },
    },
    handle: async (request, reply) => {
      const { id = randomUUID() } = parse(actQuerySchema, request.query, 'query')
      const action = parse(actionSchema, request.body, 'body')
      try {
        return await reply.status(202).send({ id, seq: (await desk.act({ id, by: callerOf(request).name.slice(0, actionLimits.nameCharsMax), action })).seq })
      } catch (error) {
        throw refusalOf(error, id)
      }
    },
  }
}

function list(desk: ActionDesk): Route {
  return {
    method: 'GET', path: '/api/actions', summary: 'What people did about alerts and topics, newest first', query: listQuerySchema,
    answers: { 200: { description: 'The rows of the log', shape: z.strictObject({ actions: z.array(actionRowSchema), limit: z.int() }) }, 503: storeAway },
    handle: async (request) => {
      const { alert = null, topic = null, from = null, to = null, limit } = parse(listQuerySchema, request.query, 'query')
      return { actions: await desk.actions({ alert, topic, from, to, limit }), limit }
    },
  }
}

/** A stream that did not answer may have it: whoever asks again with the id does it once. */
function refusalOf(error: unknown, id: string): unknown {
  const again = said('act-again', { id })
  if (error instanceof StreamFull) return refusal(503, 'stream-full', { detail: said('stream-full'), hint: again, more: { id } }, { 'retry-after': '10' })
  if (error instanceof StreamDown) return refusal(503, 'nats-down', { detail: said('nats-down'), hint: again, more: { id } }, { 'retry-after': '5' })
  if (error instanceof StreamRefused) return refusal(503, 'stream-refused', { detail: said('words', { words: error.message }), hint: said('raise-payload'), more: { id } })
  return error
}
