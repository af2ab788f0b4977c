// A cascade as whoever asks the API meets it: while it is in memory, and when it has left: the same bytes, ids, edges and numbers.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { topicNamesSchema, type CascadeRow, type TopicNames } from '@groundswell/schemas/cascade.ts'
import { cascadeDetailSchema, type CascadeDetail, type CascadeEdge } from '@groundswell/schemas/cascade-detail.ts'
import { groundswell, tempFolder, waitUntil } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - id: outage
    name: { zh: 断网, en: Outage }
    query: 断网
`
const begin = Date.parse('2024-05-20T08:00:00Z')
const root = 'weibo:断网 ?/1%'
const ids = [root, ...Array.from({ length: 39 }, (_, i) => `weibo:${i + 2}`)]
/** A post, ten reposts of it, and three of each of these but the last, which has two; two others talk beside. */
const lines = [
  ...ids.map((id, node) => ({ id, ts: begin + node * 7001, platform: node % 10 === 9 ? 'zhihu' : 'weibo', author: `u${node % 35}`, followers: node * 10, verified: node === 3, authorName: node === 3 ? '央视' : '', text: node === 0 ? '断网了' : '转发', ...(node === 0 ? {} : { parent: node <= 10 ? root : ids[1 + ((node - 11) % 10)], root }) })),
  { id: 'other:1', ts: begin, text: '今天' }, { id: 'other:2', ts: begin + 1000, text: '转发', parent: 'other:1', root: 'other:1' },
]
const path = `/api/cascades/${encodeURIComponent(root)}`

let folder = ''
let engine: RunningEngine
const cleanUp: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  const made = await tempFolder('e2e-cascades')
  folder = made.folder
  cleanUp.push(made.remove)
  engine = await startEngine({ folder, rules })
  cleanUp.push(() => engine.end())
  const { status } = await engine.post(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
  expect(status).toBe(202)
  await engine.until('every mention is stored', ({ stored }) => stored === lines.length)
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

const list = async (query = ''): Promise<CascadeRow[]> => (await engine.get<{ cascades: CascadeRow[] }>(`/api/cascades${query}`)).cascades
const detail = async (): Promise<CascadeDetail & { readonly topicNames: TopicNames }> => cascadeDetailSchema.extend({ topicNames: topicNamesSchema }).parse(await engine.get(path))
const bytes = async (): Promise<Buffer> => Buffer.from(await (await fetch(`${engine.url}${path}/tree`)).arrayBuffer())
const idsOf = async (): Promise<(string | null)[]> => (await engine.get<{ ids: (string | null)[] }>(`${path}/ids`)).ids
const edges = async (): Promise<CascadeEdge[]> => (await engine.get<{ edges: CascadeEdge[] }>(`${path}/edges`)).edges

/** What changes when it leaves memory. */
const lasting = ({ live: _live, lastHour: _lastHour, reproduction: _reproduction, ...row }: CascadeRow): object => row

let before: { readonly row: CascadeRow; readonly detail: CascadeDetail; readonly bytes: Buffer; readonly edges: CascadeEdge[] }

test('in memory it is listed, told, and read by node', async () => {
  const rows = await list()
  expect(rows.map(({ root: of, size, depth, maxBreadth, leaves, topics, live }) => [of, size, depth, maxBreadth, leaves, topics, live])).toEqual([[root, 40, 2, 29, 29, ['outage'], true], ['other:1', 2, 1, 1, 1, [], true]])
  expect((await list('?topic=outage&platform=zhihu&by=speed')).map((row) => row.root)).toEqual([root])
  expect((await list('?by=R')).every(({ reproduction }) => reproduction !== null)).toBe(true)
  const told = await detail()
  expect(told).toMatchObject({ which: 'live', cascade: lasting(rows[0]!), breadth: [1, 10, 29], edges: { observed: 39, unknown: 0 }, all: [{ which: 'live', size: 40 }] })
  expect(told.steps.at(-1)).toMatchObject({ size: 40, depth: 2, maxBreadth: 29 })
  expect(told.spreaders[0]).toMatchObject({ node: 0, mention: root, generation: 0 })
  expect(told.spreaders.find(({ node }) => node === 3)).toMatchObject({ account: '央视', mention: ids[3], direct: 3 })
  expect(await idsOf()).toEqual(ids)
  before = { row: rows[0]!, detail: told, bytes: await bytes(), edges: await edges() }
  expect(decodeTree(before.bytes)).toMatchObject({ root, size: 40, platforms: ['weibo', 'zhihu'] })
  expect(before.edges[12]).toEqual({ node: 12, parent: 2, edge: 'observed', at: new Date(begin + 12 * 7001).toISOString(), platform: 'weibo', followers: 120, sentiment: before.edges[12]!.sentiment, text: before.edges[12]!.text, verified: false })
  expect((await fetch(`${engine.url}/api/cascades/${encodeURIComponent(ids[5]!)}`)).status).toBe(404)
})

test('once nobody has spoken of it for days it is read from the store, the same bytes', async () => {
  await engine.post(`${JSON.stringify({ id: 'later:1', ts: begin + 5 * 86_400_000, text: '早' })}\n`)
  await engine.until('the mention is stored', ({ stored }) => stored === lines.length + 1)
  await waitUntil('it has left memory', async () => (await list()).length === 0)
  const rows = await waitUntil('both are stored', async () => { const stored = await list('?from=2024-05-20T00:00:00Z'); return stored.length === 2 && stored })
  expect(lasting(rows[0]!)).toEqual(lasting(before.row))
  expect(rows[0]).toMatchObject({ live: false, lastHour: 0 })
  expect((await bytes()).equals(before.bytes)).toBe(true)
  expect([await edges(), await idsOf()]).toEqual([before.edges, ids])
  const told = await detail()
  const { which, cascade: _cascade, all, forecast, spreaders, topicNames: _names, ...same } = told
  expect(same).toEqual({ leads: before.detail.leads, leadChanges: before.detail.leadChanges, steps: before.detail.steps, breadth: before.detail.breadth, edges: before.detail.edges })
  expect([all.map((one) => one.which), forecast]).toEqual([[which], null])
  const named = ({ spreaders: told }: Pick<CascadeDetail, 'spreaders'>): string[] => told.map(({ node, account, mention }) => `${node} ${account} ${mention}`).sort()
  expect(named({ spreaders })).toEqual(named(before.detail))
})

test('a mention of it that is forgotten stays a node of which nobody knows the id', async () => {
  await groundswell(['forget', '--mention', ids[7]!, '--nats', engine.nats], { cwd: folder })
  const tree = Buffer.from(await (await fetch(`${engine.url}${path}/tree`)).arrayBuffer())
  expect([tree.equals(before.bytes), await idsOf()]).toEqual([true, ids.map((id, node) => (node === 7 ? null : id))])
})
