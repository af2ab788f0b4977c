// Guard, roles and tokens over HTTP, with the real tokens of a folder in memory: who shows what is whom, and no role may what a higher one may.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { roleRank, roles, type Role, type WallProfile } from '@groundswell/schemas/access.ts'
import type { FastifyRequest } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { Tokens } from '../access/tokens.ts'
import { MemoryDisk } from '../checkpoint/memory-disk.testing.ts'
import { createLog } from '../log/log.ts'
import { profilesOf, wallsSchema } from '../settings/walls.ts'
import { roleFor } from './admission.ts'
import { ask } from './ask.testing.ts'
import { callerOf } from './caller.ts'
import { createHttp, type HttpOptions } from './http.ts'
import { routesOf } from './routes.ts'
import { unasked } from './unasked.testing.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ending.splice(0).reverse()) await end() })
const roomToken = 'f00df00df00df00df00d'
const walls: WallProfile[] = profilesOf(wallsSchema.parse([{ id: 'lobby', distance: 12 }, { id: 'desk' }]))

async function open({ token = null, ...over }: Partial<HttpOptions> = {}) {
  const disk = new MemoryDisk()
  const tokens = await Tokens.open({ folder: '/data', disk, now: () => 1_767_254_400_000 })
  const options: HttpOptions = {
    ...unasked, token, listen: '127.0.0.1', hosts: [], dashboard: join(tmpdir(), 'groundswell-nothing-here'), log: createLog({ write: () => {} }), metrics: { contentType: 'text/plain', text: async () => 'up 1\n' },
    tokens, walls, tokenList: () => ({ tokens: tokens.list, max: 1000 }), tokenRevoke: (id) => tokens.revoke(id), ...over,
  }
  const http = await createHttp(options)
  ending.push(() => http.close())
  const { url } = await http.listen(0)
  const made = async (role: Role, wall: string | null = null) => (await tokens.add({ name: `a ${role}`, role, wall, by: 'operator' }))
  const cookieOf = async (secret: string): Promise<string> => (await ask(`${url}/wall?token=${secret}`)).headers['set-cookie']![0]!.split(';')[0]!
  return { url, http, options, tokens, made, cookieOf }
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

test('whom the guard did not let in is nobody, least of all the operator', () => {
  expect(() => callerOf({} as FastifyRequest)).toThrow('the guard has not let this request in')
})

test('no role reaches a handler of a higher one, on any route there is, and every role reaches its own', async () => {
  const reached: string[] = []
  const { options, made, url } = await open()
  const routes = routesOf(options, () => true)
  // Whatever a route does with what it is asked, it is not a refusal of the role.
  for (const role of roles) {
    const { secret } = await made(role, role === 'wall' ? 'lobby' : null)
    for (const route of routes.filter(({ open: isOpen }) => isOpen !== true)) {
      const path = route.path.replaceAll(/:\w+/g, 'x')
      const type = route.json === undefined ? 'application/x-ndjson' : 'application/json'
      const answer = await ask(`${url}${path}`, { method: route.method, headers: { ...bearer(secret), ...(route.method !== 'GET' && { 'content-type': type }) }, ...(route.method === 'POST' && { body: '{}' }) })
      const may = roleRank(role) >= roleRank(roleFor(route))
      expect(`${role} ${route.method} ${path}: ${answer.status === 403 && answer.json().error === 'not-permitted' ? 'refused' : 'let in'}`).toBe(`${role} ${route.method} ${path}: ${may ? 'let in' : 'refused'}`)
      if (may) reached.push(role)
    }
  }
  expect(new Set(reached)).toEqual(new Set(roles))
})

test('what a wall may is a short list, and whatever is added asks for more by itself', async () => {
  const { options } = await open()
  const ofWalls = routesOf(options, () => true).filter((route) => roleFor(route) === 'wall').map(({ method, path }) => `${method} ${path}`)
  expect(ofWalls.toSorted()).toEqual(['GET /api/cascades', 'GET /api/cascades/:root', 'GET /api/cascades/:root/tree', 'GET /api/me', 'GET /api/topics/:id/baseline', 'GET /api/topics/:id/countdown'])
  // These only work something out of what they are sent.
  const harmless = routesOf(options, () => true).filter((route) => route.method !== 'GET' && roleFor(route) !== 'operator').map(({ method, path }) => `${method} ${path}`)
  expect(['POST /api/rules/edit', 'POST /api/rules/preview']).toEqual(expect.arrayContaining(harmless))
  expect([roleFor({ method: 'GET' }), roleFor({ method: 'POST' }), roleFor({ method: 'DELETE' })]).toEqual(['viewer', 'operator', 'operator'])
})

test('a refusal of a role names what it needs and who asked; HEAD is no way around', async () => {
  const { url, made } = await open()
  const { secret } = await made('wall', 'lobby')
  const answer = await ask(`${url}/metrics`, { headers: bearer(secret) })
  expect([answer.status, answer.json()]).toEqual([403, expect.objectContaining({ error: 'not-permitted', detail: 'GET /metrics needs the role viewer, and "a wall" has the role wall', needs: 'viewer', role: 'wall' })])
  expect((await ask(`${url}/metrics`, { method: 'HEAD', headers: bearer(secret) })).status).toBe(403)
})

test.each([{ token: null }, { token: roomToken }])('a link makes its browser the wall, with the room\'s token $token', async ({ token }) => {
  const { url, made } = await open({ token })
  const { secret } = await made('wall', 'lobby')
  const first = await ask(`${url}/wall?token=${secret}&lang=en`)
  expect([first.status, first.headers.location, first.headers['cache-control']]).toEqual([303, '/wall?lang=en', 'no-store'])
  const cookie = first.headers['set-cookie']![0]!
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Max-Age=/)
  expect(cookie).not.toContain(secret)
  const me = await ask(`${url}/api/me`, { headers: { cookie: cookie.split(';')[0]! } })
  expect(me.json()).toEqual({ name: 'a wall', role: 'wall', wall: walls[0], walls: [walls[0]] })
  // What is in the cookie is no bearer token, and the other way round.
  expect((await ask(`${url}/api/me`, { headers: bearer(cookie.split(';')[0]!.split('=')[1]!) })).status).toBe(401)
  expect((await ask(`${url}/api/me`, { headers: { cookie: `groundswell=${secret}` } })).status).toBe(401)
})

test('without a token on loopback everybody is the operator; whoever shows one of ours is who it says, or nobody', async () => {
  const { url, made, tokens, cookieOf } = await open()
  expect((await ask(`${url}/api/me`)).json()).toEqual({ name: 'operator', role: 'operator', wall: null, walls })
  const { token, secret } = await made('viewer')
  const cookie = await cookieOf(secret)
  expect((await ask(`${url}/api/me`, { headers: bearer(secret) })).json()).toMatchObject({ name: 'a viewer', role: 'viewer', walls })
  await tokens.revoke(token.id)
  for (const headers of [bearer(secret), { cookie }]) {
    const answer = await ask(`${url}/api/me`, { headers })
    expect([answer.status, answer.json().error]).toEqual([401, 'token-revoked'])
  }
  // A proxy in front may pass on tokens, and other sites' cookies come along: they are not ours, and say nothing.
  for (const headers of [bearer('of-a-proxy'), { cookie: 'groundswell=of-another-engine' }]) expect((await ask(`${url}/api/me`, { headers })).json().role).toBe('operator')
  expect((await ask(`${url}/wall?token=${secret}`)).status).toBe(401)
})

test('a browser whose token was revoked is told so in words, and lets go of it only when somebody asks it to', async () => {
  const { url, made, tokens, cookieOf } = await open()
  const { token, secret } = await made('wall', 'lobby')
  const cookie = await cookieOf(secret)
  await tokens.revoke(token.id)
  const page = await ask(`${url}/wall`, { headers: { cookie, accept: 'text/html' } })
  expect([page.status, page.headers['content-type'], page.text]).toEqual([401, 'text/html; charset=utf-8', expect.stringContaining('此设备的访问权已失效')])
  expect((await ask(`${url}/assets/font.woff2`, { headers: { cookie } })).status).toBe(404) // let in: its words may need one
  const gone = await ask(`${url}/?token=`, { headers: { cookie } })
  expect([gone.status, gone.headers.location, gone.headers['set-cookie']![0]]).toEqual([303, '/', expect.stringMatching(/^groundswell=; .*Max-Age=0$/)])
})

test('with the room\'s token, its holder and the others are told apart, and a wrong one is nobody', async () => {
  const { url, made } = await open({ token: roomToken })
  const { secret } = await made('operator')
  expect((await ask(`${url}/api/me`)).status).toBe(401)
  expect((await ask(`${url}/api/me`, { headers: bearer(roomToken) })).json().name).toBe('operator')
  expect((await ask(`${url}/api/me`, { headers: bearer(secret) })).json().name).toBe('a operator')
  expect((await ask(`${url}/api/me`, { headers: bearer(`${secret}x`) })).json().error).toBe('token-revoked')
})

test('the live feed lets in what the API lets in, and says why a revoked token may not stay', async () => {
  const { http, made, tokens, cookieOf } = await open({ token: roomToken })
  const request = (headers: Record<string, string>) => ({ headers: { host: 'localhost', ...headers } }) as unknown as Parameters<typeof http.refusal>[0]
  const { token, secret } = await made('wall', 'lobby')
  const cookie = await cookieOf(secret)
  expect(http.refusal(request({}))).toContain('the request shows no valid token')
  expect([http.refusal(request({ cookie })), http.lost(request({ cookie }))]).toEqual([null, null])
  await tokens.revoke(token.id)
  expect([http.refusal(request({ cookie })), http.lost(request({ cookie }))]).toEqual([null, expect.stringContaining('not valid any more')])
  expect(http.lost(request({}))).toBeNull()
})

test('a wall of the settings that is gone leaves its device without a profile', async () => {
  const { url, made } = await open()
  const { secret } = await made('wall', 'sold')
  expect((await ask(`${url}/api/me`, { headers: bearer(secret) })).json()).toMatchObject({ role: 'wall', wall: null, walls: [] })
})

test('/wall/ leads to /wall, where relative addresses of files are right', async () => {
  const { url } = await open()
  const answer = await ask(`${url}/wall/?lang=en`)
  expect([answer.status, answer.headers.location]).toEqual([308, '/wall?lang=en'])
  expect((await ask(`${url}/wall`)).text).toContain('npm run build')
})
