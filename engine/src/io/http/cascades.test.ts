import { tmpdir } from 'node:os'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cascadeDetailSchema, type CascadeDetail } from '@groundswell/schemas/cascade-detail.ts'
import { topicNamesSchema, type CascadeRow, type RootWords } from '@groundswell/schemas/cascade.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { createLog } from '../log/log.ts'
import { ask } from './ask.testing.ts'
import type { CascadeReads } from './cascades.ts'
import { createHttp, type Http } from './http.ts'
import { unasked } from './unasked.testing.ts'

const row: CascadeRow = {
  root: 'weibo:1', size: 3, depth: 1, maxBreadth: 2, leaves: 2, structuralVirality: 4 / 3, durationSeconds: 60, reach: 12, firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-01T00:01:00.000Z', live: true, authors: 2, followersKnownShare: 1,
  textShare: 0, negative: 1, neutral: 1, positive: 1, unknownEdges: 0, lastHour: 3, topics: ['outage', 'gone'], platforms: [{ platform: 'weibo', mentions: 3, firstAt: '2026-01-01T00:00:00.000Z', lagSeconds: 0 }], reproduction: null,
}
const detail: CascadeDetail = {
  cascade: row, which: 'live', all: [], steps: [{ at: row.lastAt, size: 3, depth: 1, maxBreadth: 2 }], breadth: [1, 2], spreaders: [], leads: [], leadChanges: 0, forecast: null, edges: { observed: 2, unknown: 0, inferred: 0, underRoot: null },
}
const topicNames = { outage: { zh: '网络中断', en: 'Network outage' } }
const rules = { id: 'outage', name: topicNames.outage } as unknown as TopicRules
const words: RootWords = { text: '断网了', cut: false, at: row.firstAt, platform: 'weibo', kind: 'post', account: '00ff', of: null }
const bytes = Uint8Array.from({ length: 300 }, (_, i) => i & 255)
let asked: unknown[] = []
const known = new Set(['weibo:1'])
const reads: CascadeReads = {
  list: async (question) => { asked.push(question); return { cascades: [row], ...(question.words && { words: [words] }) } },
  detail: async (root, which) => { asked.push(root, which); return known.has(root) ? detail : null },
  tree: async (root, which) => (known.has(root) ? { which: which ?? 'live', bytes } : null),
  ids: async (root, which, nodes) => { asked.push(nodes); return known.has(root) ? { which: which ?? 'live', size: 3, ids: ['weibo:1', null] } : null },
  edges: async (root, which, nodes) => { asked.push(nodes); return known.has(root) ? { which: which ?? 'live', size: 3, edges: [] } : null },
  inferred: async (root, which) => (known.has(root) ? { which: which ?? 'live', inferred: 2, underRoot: 1, cut: 0, nodes: [2], parents: [1], probabilities: [0.64] } : null),
  story: async (root) => (known.has(root) ? { counted: 1, others: [{ root: 'weibo:7', at: '2026-01-01T00:00:00Z', platform: 'weibo', same: 'text', size: null }] } : null),
  rootOf: (mention) => (mention === 'weibo:2' ? 'weibo:1' : null),
}
const never = () => { throw new Error('not asked') }
let http: Http
let url = ''
const deps: Parameters<typeof createHttp>[0] = { ...unasked,
    version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 0, clock: () => 0, health: never, stats: never, topics: never, topic: never, rulesOf: (id) => (id === 'outage' ? rules : null),
    someTopics: never, series: never, history: never, spikes: never, doctor: never, backup: never, backupCopied: never, publish: never, deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, countdowns: never,
    metrics: { contentType: 'text/plain', text: never }, cascades: () => reads,
  }
async function listening(of: typeof deps) {
  const server = await createHttp(of)
  return { url: (await server.listen(0)).url, close: () => server.close() }
}
beforeAll(async () => {
  http = await createHttp(deps)
  url = (await http.listen(0)).url
})
afterAll(() => http.close())
beforeEach(() => { asked = [] })
const get = (path: string, headers: Record<string, string> = {}) => ask(`${url}/api/cascades${path}`, { headers })

test('a list is asked for by what it is ranked by, topic, platform and time', async () => {
  const answer = await get('?by=speed&topic=outage&platform=weibo&from=2026-01-01T00:00:00Z&to=1767312000000&limit=7')
  expect([answer.status, answer.json()]).toEqual([200, { by: 'speed', cascades: [row], limit: 7, topicNames }])
  expect(asked).toEqual([{ by: 'speed', topic: 'outage', platform: 'weibo', from: Date.UTC(2026, 0, 1), to: 1767312000000, limit: 7, words: false }])
  await get('')
  expect(asked[1]).toEqual({ by: 'size', topic: null, platform: null, from: null, to: null, limit: 100, words: false })
  expect((await get('?words=1')).json()).toEqual({ by: 'size', cascades: [row], limit: 100, topicNames, words: [words] })
})

test('a screen on a wall reads no texts', async () => {
  const wall = { name: 'a wall', role: 'wall' as const }
  const { url: other, close } = await listening({ ...deps, tokens: { ...unasked.tokens, ofSecret: () => wall } })
  expect((await ask(`${other}/api/cascades?words=1`, { headers: { authorization: 'Bearer its' } })).json()).toEqual({ by: 'size', cascades: [row], limit: 100, topicNames, words: null })
  expect(asked).toMatchObject([{ words: false }])
  await close()
})

test('a cascade is answered in the shape of the contract', async () => {
  const answer = await get('/weibo:1')
  expect([answer.status, cascadeDetailSchema.extend({ topicNames: topicNamesSchema }).parse(answer.json())]).toEqual([200, { ...detail, topicNames }])
  await get('/weibo:1?which=1767312000000')
  await get('/weibo:1?which=live')
  expect(asked).toEqual(['weibo:1', null, 'weibo:1', 1767312000000, 'weibo:1', 'live'])
})

test.each(['weibo:9 ?/#%', '../x', '微博:一/二', 'a+b&c=d', '%2F', '😀'.repeat(64), '字'.repeat(256)])('a root is any text, percent-encoded: %s', async (root) => {
  known.add(root)
  const path = encodeURIComponent(root)
  for (const part of ['', '/tree', '/ids', '/edges']) expect((await get(`/${path}${part}`)).status).toBe(200)
  expect(asked[0]).toBe(root)
})

test('the tree is bytes with a tag, which who has them sends back', async () => {
  const answer = await get('/weibo:1/tree')
  expect([answer.status, answer.headers['content-type'], answer.headers['content-length'], answer.headers['x-cascade-which'], answer.headers['cache-control']]).toEqual([200, 'application/octet-stream', '300', 'live', 'private, no-cache'])
  expect(Buffer.from(await (await fetch(`${url}/api/cascades/weibo:1/tree`)).arrayBuffer()).equals(bytes)).toBe(true)
  const tag = String(answer.headers['etag'])
  for (const had of [tag, `W/${tag}`, `"other", ${tag}`]) expect(await get('/weibo:1/tree', { 'if-none-match': had })).toMatchObject({ status: 304, text: '' })
  expect((await get('/weibo:1/tree', { 'if-none-match': '"other"' })).status).toBe(200)
})

test('likely parents are columns by node', async () => {
  expect((await get('/weibo:1/inferred')).json()).toEqual({ root: 'weibo:1', which: 'live', inferred: 2, underRoot: 1, cut: 0, nodes: [2], parents: [1], probabilities: [0.64] })
  expect((await get('/weibo:3/inferred')).status).toBe(404)
})

test('other roots of the story are cascades of their own', async () => {
  expect((await get('/weibo:1/story')).json()).toEqual({ root: 'weibo:1', counted: 1, others: [{ root: 'weibo:7', at: '2026-01-01T00:00:00Z', platform: 'weibo', same: 'text', size: null }] })
  expect((await get('/weibo:3/story')).status).toBe(404)
})

test('ids and edges are asked for by node, no more at once than is bounded', async () => {
  expect((await get('/weibo:1/ids?from=0&to=2')).json()).toEqual({ root: 'weibo:1', which: 'live', size: 3, from: 0, ids: ['weibo:1', null] })
  expect((await get('/weibo:1/edges?which=1767312000000')).json()).toEqual({ root: 'weibo:1', which: 1767312000000, size: 3, from: 0, edges: [] })
  await get('/weibo:1/ids?from=10&to=999999999')
  expect(asked).toEqual([{ from: 0, to: 2 }, { from: 0, to: 2000 }, { from: 10, to: 510 }])
})

test.each([
  { path: '?by=likes', status: 400, says: /by is one of size, speed, R/ },
  { path: '?limit=0', status: 400, says: /a limit is at least 1/ },
  { path: '?limit=201', status: 400, says: /a limit is at most 200/ },
  { path: '?sort=size', status: 400, says: /sort: no such parameter/ },
  { path: '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', status: 400, says: /is not before to/ },
  { path: '/weibo:1?which=newest', status: 400, says: /which is live, or the ms/ },
  { path: '/weibo:1/ids?from=5&to=5', status: 400, says: /from 5 is not before to 5/ },
  { path: '/weibo:1/ids?from=-1', status: 400, says: /a node is a whole number/ },
  { path: '/weibo:2', status: 404, says: /it is part of the cascade \\"weibo:1\\"/ },
  { path: '/weibo:3/tree', status: 404, says: /no cascade under \\"weibo:3\\".*\/api\/cascades/ },
  { path: `/${'a'.repeat(257)}`, status: 400, says: /root=/ },
])('$path is refused with $status', async ({ path, status, says }) => {
  const answer = await get(path)
  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(says)])
})
