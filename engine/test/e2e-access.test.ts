// Access from outside: a device's link makes a browser the wall, which reads what a wall may and no more; revoking it cuts its socket; tokens and
// what was revoked survive a restart; names are shown to operators alone, and each look is in the log.
import { io as connect } from 'socket.io-client'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Me } from '@groundswell/schemas/access.ts'
import type { EvidenceMention } from '@groundswell/schemas/evidence.ts'
import { groundswell, tempFolder, waitUntil } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 500, within: 2h } ] }\n'
const settings = 'canaryEvery: off\nblindAfter: off\nwalls:\n  - { id: lobby, name: { zh: 大厅, en: Lobby }, columns: 3, rows: 2, resolution: 5760x2160, distance: 12, sound: on, day: 6-23, lang: zh }\n  - { id: office }\n'

let folder = ''
let remove: () => Promise<void>
let engine: RunningEngine
beforeAll(async () => {
  ({ folder, remove } = await tempFolder('e2e-access'))
  engine = await startEngine({ folder, rules, settings, fromNothing: true })
})
afterAll(async () => {
  await engine?.end()
  await remove?.()
})

interface Printed { readonly id: string; readonly token: string; readonly link: string; readonly name: string; readonly wall: string | null }
async function tokens(...args: string[]): Promise<Printed[]> {
  const { code, stdout, stderr } = await groundswell(['tokens', ...args, '--data', 'data', '--http', new URL(engine.url).port], { cwd: folder })
  expect(code, stderr).toBe(0)
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Printed)
}
const asked = async (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> => (await fetch(engine.url + path, { method, headers })).status
const me = async (headers: Record<string, string>): Promise<Me> => await (await fetch(`${engine.url}/api/me`, { headers })).json() as Me
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
/** As a browser opens a link. */
async function cookieOf(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/wall'])
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

let lobby: Printed
let cookie = ''
let viewer: Printed

test('the link of a device makes its browser that wall, which may what a wall shows and nothing else', async () => {
  [lobby] = await tokens('add', '--name', '大厅左', '--role', 'wall', '--wall', 'lobby') as [Printed]
  expect(lobby.link).toBe(`${engine.url}/wall?token=${lobby.token}`)
  cookie = await cookieOf(lobby.link)
  const profile = { id: 'lobby', name: { zh: '大厅', en: 'Lobby' }, diagonalInches: 55, columns: 3, rows: 2, resolution: { width: 5760, height: 2160 }, distanceM: 12, sound: true, rotates: true, day: { from: 6, to: 23 }, lang: 'zh' }
  expect(await me({ cookie })).toEqual({ name: '大厅左', role: 'wall', wall: profile, walls: [profile] })
  // A store that a busy machine keeps waiting is told as 503: no matter of who asks.
  for (const path of ['/api/topics/outage/countdown', '/api/topics/outage/baseline', '/api/cascades', '/api/health']) await expect.poll(async () => `${path} ${await asked(path, { cookie })}`).toBe(`${path} 200`)
  for (const path of ['/api/stats', '/api/topics', '/api/spikes', '/api/tokens', '/api/doctor', '/api/access-log', '/metrics']) expect(`${path} ${await asked(path, { cookie })}`).toBe(`${path} 403`)
  for (const path of ['/api/mentions', '/api/backup', '/api/tokens']) expect(`${path} ${await asked(path, { cookie, 'content-type': path === '/api/tokens' ? 'application/json' : 'application/x-ndjson' }, 'POST')}`).toBe(`${path} 403`)
})

test('a viewer reads and may not act; who shows nothing on loopback is the operator', async () => {
  [viewer] = await tokens('add', '--name', 'press office', '--role', 'viewer') as [Printed]
  expect(viewer.link).toBe(`${engine.url}/?token=${viewer.token}`)
  expect([await asked('/api/stats', bearer(viewer.token)), await asked('/api/tokens', bearer(viewer.token)), await asked('/api/backup', bearer(viewer.token), 'POST')]).toEqual([200, 403, 403])
  expect(await me({})).toMatchObject({ name: 'operator', role: 'operator', wall: null, walls: [{ id: 'lobby' }, { id: 'office' }] })
})

test('names of accounts are for operators, and each look is in the log; for all others an account is a key', async () => {
  await engine.post('{"id":"m1","ts":1716206400000,"text":"断网了","platform":"weibo","author":"u-77","name":"张三"}\n')
  await engine.until('it is stored', ({ stored }) => stored === 1)
  const mention = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${engine.url}/api/mentions/m1${query}`, { headers })
    return { status: answer.status, body: await answer.json() as EvidenceMention }
  }
  const masked = await mention('', bearer(viewer.token))
  expect(masked.body).toMatchObject({ name: null, account: expect.stringMatching(/^[0-9a-f]{16}$/) as string })
  expect((await mention('?names=1', bearer(viewer.token))).status).toBe(403)
  expect((await mention('?names=1')).status).toBe(200)
  const { looks } = await engine.get<{ looks: unknown[] }>('/api/access-log')
  expect(looks).toEqual([expect.objectContaining({ by: 'operator', role: 'operator', route: '/api/mentions/m1', query: 'names=1' })])
})

test('a revoked wall is cut off within a second, cannot come back, and is told why; the next start knows it too, and the tokens that stay', async () => {
  const socket = connect(engine.url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 50, extraHeaders: { cookie } })
  onTestFinished(() => { socket.disconnect() })
  await new Promise((resolve) => { socket.once('snapshot', resolve) })
  const ended = new Promise((resolve) => { socket.once('disconnect', resolve) })
  const told = new Promise<string>((resolve) => { socket.once('connect_error', ({ message }) => resolve(message)) })
  expect(await tokens('revoke', '大厅左')).toMatchObject([{ id: lobby.id, revoked: true }])
  await ended
  expect(await told).toContain('not valid any more')
  // It does not become the operator, whom loopback takes who shows nothing.
  expect([await asked('/api/me', { cookie }), await asked('/api/me', bearer(lobby.token)), await asked('/wall', { cookie })]).toEqual([401, 401, 401])
  await engine.stop()
  const [office] = await tokens('add', '--name', 'office', '--role', 'wall', '--wall', 'office') as [Printed]
  expect((await tokens('list')).map(({ name, wall }) => [name, wall])).toEqual([['press office', null], ['office', 'office']])
  engine = await startEngine({ folder })
  expect([await asked('/api/me', { cookie }), await asked('/api/stats', bearer(viewer.token)), await asked('/api/stats', bearer(office.token))]).toEqual([401, 200, 403])
  await waitUntil('the list says that they were used', async () => (await engine.get<{ tokens: { lastUsedAt: string | null }[] }>('/api/tokens')).tokens.every(({ lastUsedAt }) => lastUsedAt !== null))
})
