// Who asks, as the guard found out.
import type { FastifyRequest } from 'fastify'
import type { Role } from '@groundswell/schemas/access.ts'

/** `wall`: the wall that a device's token belongs to. */
export interface Caller { readonly name: string; readonly role: Role; readonly wall?: string | null }

/** The room's own token, and everybody where none is set. */
export const theOperator: Caller = { name: 'operator', role: 'operator' }

const callers = new WeakMap<FastifyRequest, Caller>()
export const setCaller = (request: FastifyRequest, caller: Caller): void => { callers.set(request, caller) }
/** Throws of a route that is open: nobody is known there, so nobody may do anything. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error('the guard has not let this request in: a route that is open asks for nobody')
  return caller
}
