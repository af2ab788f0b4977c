// Who may ask over HTTP: who asks now, and the tokens of people and devices – listed, made, revoked.
import { roles, type Me, type WallProfile } from '@groundswell/schemas/access.ts'
import { z } from 'zod'
import { problemSchema, Refusal } from './answer.ts'
import { callerOf } from './caller.ts'
import type { KnownTokens } from './guard.ts'
import { parse, type Route } from './route.ts'

const wallProfileSchema = z.strictObject({
  id: z.string(), name: z.strictObject({ zh: z.string(), en: z.string() }),
  diagonalInches: z.number().describe('Of one screen'), columns: z.int(), rows: z.int(),
  resolution: z.strictObject({ width: z.int(), height: z.int() }).describe('Of the whole wall, pixels'), distanceM: z.number(),
  sound: z.boolean(), rotates: z.boolean(), day: z.strictObject({ from: z.int(), to: z.int() }).describe('Hours of the room\'s clock; dimmer outside of them'),
  lang: z.enum(['zh', 'en']).nullable().describe('null: as the browser prefers'),
}) satisfies z.ZodType<WallProfile>
const meSchema = z.strictObject({
  name: z.string().describe('Of the token; `operator` of the room\'s own, and where none is set'), role: z.enum(roles),
  wall: wallProfileSchema.nullable().describe('That the token belongs to; null where it belongs to none, or the settings have it no more'),
  walls: z.array(wallProfileSchema).describe('Of the settings; for a wall its own'),
}) satisfies z.ZodType<Me>

export const tokenSchema = z.strictObject({
  id: z.string(), name: z.string(), role: z.enum(roles), wall: z.string().nullable().describe('Of the settings; only of the role wall'),
  createdAt: z.iso.datetime(), createdBy: z.string(), lastUsedAt: z.iso.datetime().nullable().describe('null: never'),
})
export type TokenShown = z.infer<typeof tokenSchema>
const listSchema = z.strictObject({ tokens: z.array(tokenSchema), max: z.int().describe('No more are kept') })
export const newTokenSchema = z.strictObject({
  name: z.string().describe('Of the person or the device: what the log of actions says'), role: z.enum(roles, `a role is ${roles.join(', ')}`),
  wall: z.string().optional().describe('Only of the role wall; absent: the one wall of the settings'),
})
export const madeSchema = z.strictObject({
  token: tokenSchema, secret: z.string().describe('The token itself: it is told this once'), path: z.string().describe('To be opened once in its browser'),
})
export type TokenMade = z.infer<typeof madeSchema>

/** Why a token is not made; `status` as in HTTP. */
export class TokenUnmade extends Error {
  override readonly name = 'TokenUnmade'
  readonly status: 400 | 409 | 503
  readonly error: string
  readonly hint: string
  constructor(status: TokenUnmade['status'], { error, detail, hint }: { readonly error: string; readonly detail: string; readonly hint: string }) {
    super(detail)
    this.status = status
    this.error = error
    this.hint = hint
  }
}

export interface AccessDeps {
  readonly tokens: KnownTokens
  readonly tokenList: () => { readonly tokens: readonly TokenShown[]; readonly max: number }
  /** Throws TokenUnmade. */
  readonly tokenAdd: (asked: z.infer<typeof newTokenSchema> & { readonly by: string }) => Promise<TokenMade>
  /** null: there is no such id. Throws TokenUnmade. */
  readonly tokenRevoke: (id: string) => Promise<TokenShown | null>
  readonly walls: readonly WallProfile[]
}

const idPathSchema = z.strictObject({ id: z.string().min(1).max(64).describe('id of a token, as listed') })
const unmade = { description: 'It cannot be kept now', shape: problemSchema } as const

export function accessRoutes(deps: AccessDeps): Route[] {
  return [
    {
      method: 'GET', path: '/api/me', summary: 'Who asks, as the engine knows him, and the walls of the room', role: 'wall',
      answers: { 200: { description: 'Who asks', shape: meSchema } },
      handle: (request): Me => {
        const { name, role, wall: id = null } = callerOf(request)
        const wall = deps.walls.find((one) => one.id === id) ?? null
        return { name, role, wall, walls: role !== 'wall' ? deps.walls : wall === null ? [] : [wall] }
      },
    },
    {
      method: 'GET', path: '/api/tokens', summary: 'The tokens of people and devices, and when each was last used', role: 'operator',
      answers: { 200: { description: 'The tokens', shape: listSchema } },
      handle: () => deps.tokenList(),
    },
    {
      method: 'POST', path: '/api/tokens', summary: 'Makes a token; it is answered this once', role: 'operator', json: newTokenSchema,
      answers: { 201: { description: 'The token', shape: madeSchema }, 400: { description: 'The name or the wall is wrong', shape: problemSchema }, 409: { description: 'The name is taken, or there are too many', shape: problemSchema }, 503: unmade },
      handle: async (request, reply) => reply.status(201).send(await deps.tokenAdd({ ...parse(newTokenSchema, request.body, 'body'), by: callerOf(request).name }).catch(refuse)),
    },
    {
      method: 'DELETE', path: '/api/tokens/:id', summary: 'Revokes a token: no request and no connection with it is answered from now on', params: idPathSchema, role: 'operator',
      answers: { 200: { description: 'It is revoked', shape: tokenSchema }, 404: { description: 'No such token', shape: problemSchema }, 503: unmade },
      handle: async (request) => {
        const { id } = parse(idPathSchema, request.params, 'path')
        const revoked = await deps.tokenRevoke(id).catch(refuse)
        if (revoked === null) throw new Refusal(404, { error: 'unknown-token', detail: `there is no token ${id}`, hint: 'see /api/tokens' })
        return revoked
      },
    },
  ]
}

function refuse(error: unknown): never {
  if (!(error instanceof TokenUnmade)) throw error
  throw new Refusal(error.status, { error: error.error, detail: error.message, hint: error.hint })
}
