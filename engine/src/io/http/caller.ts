// Who asks, as the guard found out.
import type { FastifyRequest } from 'fastify'
import type { Role } from '@groundswell/schemas/access.ts'

/** `wall`: the wall that a device's token belongs to. */
export interface Caller { readonly name: string; readonly role: Role; readonly wall?: string | null }

/** The room's own token, and everybody where none is set. */
export const theOperator: Caller = { name: 'operator', role: 'operator' }

const callers = new WeakMap<FastifyRequest, Caller>()
export const setCaller = (request: FastifyRequest, caller: Caller): void => { callers.set(request, caller) }
export const callerOf = (request: FastifyRequest): Caller => callers.get(request) ?? theOperator
