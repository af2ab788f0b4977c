// The evidence routes over a real embedded store: answers in the shape of the contract, pages that stand still while more comes in, accounts as keys.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakdownAnswerSchema, clustersAnswerSchema, evidenceMentionSchema, mentionsAnswerSchema, narrativesAnswerSchema, topicSpreadersAnswerSchema, type EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { tmpdir } from 'node:os'
import { accountKeys } from '../io/access/account-key.ts'
import { mentionBlocks, type TestRow } from '../io/clickhouse/native-rows.testing.ts'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { ask } from '../io/http/ask.testing.ts'
import { createHttp, type Http } from '../io/http/http.ts'
import { unasked } from '../io/http/unasked.testing.ts'
import { createLog } from '../io/log/log.ts'
import { NarrativeThread } from '../io/narrative-thread/narrative-thread.ts'
import { Evidence } from './evidence.ts'
import { screenReads } from './screen-reads.ts'

const { store } = await testStore()
const keys = accountKeys(new Uint8Array(32).fill(3))
const thread = new NarrativeThread()
const begin = Date.parse('2026-03-01T08:00:00Z')
const logged: string[] = []
let http: Http
let url = ''
let away = false
let token = 0

const insert = (rows: readonly TestRow[]) => store.insertMentions(`1:mentions:app-${token++}`, mentionBlocks(rows.length, 100, (i) => ({ seq: 1000 * token + i, topics: ['outage'], ...rows[i]! })))
/** A day before: ordinary talk. Now: a story that many tell in their own words, and one text that is pasted. */
const ordinary = ['今天网络有点慢', '宽带又断网了真烦', '断网半小时，修好了', '你们那里断网了吗', '断网，重启路由器就好']
const story = (i: number): string => `${['听说', '刚看到', '有人讲', '同事说', '新闻里说'][i % 5]}${['昨晚', '今早', '刚才'][i % 3]}，${['真的吗', '太吓人', '怎么办', '谁知道', ''][i % 5]}青龙桥机房起火${['。', '！', '？'][i % 3]}断网${i}小时`
const pasted = '大家别信谣言，青龙桥一切正常，运营商已经恢复服务'

beforeAll(async () => {
  await insert(Array.from({ length: 200 }, (_, i) => ({ id: `old:${i}`, ts: begin - 86_400_000 + i * 60_000, ingested: begin - 86_000_000, text: `${ordinary[i % 5]!}${i}`, author: `o${i}` })))
  await insert(Array.from({ length: 120 }, (_, i) => ({ id: `new:${i}`, ts: begin + i * 20_000, ingested: begin + i * 20_000 + 900, text: story(i), author: `n${i % 60}`, authorName: `名${i % 60}`, sentiment: i % 2 === 0 ? -0.5 : 0.5, platform: i % 3 === 0 ? 'zhihu' : 'weibo', url: `https://weibo.com/u/77${i}/Nabc`, parent: i > 40 ? 'new:3' : '', root: i > 40 ? 'new:3' : '' })))
  await insert(Array.from({ length: 12 }, (_, i) => ({ id: `paste:${i}`, ts: begin + 1_800_000 + i * 70, ingested: begin + 1_801_000, text: i % 2 === 0 ? pasted : `${pasted}！`, author: `p${i % 6}` })))
  await insert([{ id: 'late', ts: begin + 60_000, ingested: begin + 1_900_000, fate: 1 }])
  const { reader, told } = screenReads(store)
  const orAway = <Answer>(answer: () => Answer): Answer => { if (away) throw new StoreDown('gone'); return answer() }
  const failing = { query: async <Row>(...asked: Parameters<typeof reader.query>): Promise<Row[]> => orAway(() => reader.query<Row>(...asked)), queryChunks: (...asked: Parameters<typeof reader.queryChunks>) => orAway(() => reader.queryChunks(...asked)) }
  const evidence = new Evidence({ store: failing, told, keys, thread, now: () => begin + 3_600_000 })
  http = await createHttp({
    ...unasked, token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => begin + 3_600_000, clock: () => begin / 1000 + 3599,
    rulesOf: (id) => (id === 'outage' ? { id, name: { zh: '断网', en: 'Outage' }, query: '断网 OR 宽带' } : null), someTopics: () => ['outage'], evidence: () => evidence, logAccess: async ({ route }) => { logged.push(route) },
  })
  url = (await http.listen(0)).url
})
afterAll(async () => { await http.close(); await thread.close() })
const get = async (path: string) => {
  const answer = await ask(`${url}/api/topics/outage${path}`)
  return { status: answer.status, body: answer.json() }
}
const span = `from=${begin}&to=${begin + 3_600_000}`

test('a page stands still while more comes in, and its next page goes on from it', async () => {
  const first = mentionsAnswerSchema.parse((await get(`/mentions?${span}&limit=50`)).body)
  expect([first.total, first.mentions.length, first.asOf]).toEqual([132, 50, begin + 119 * 20_000 + 901])
  await insert([{ id: 'after', ts: begin + 3_000_000, ingested: begin + 3_000_000, text: '又断网了', author: 'z' }])
  const ids = first.mentions.map(({ id }) => id)
  for (let offset = 50; offset < 132; offset += 50) {
    const page = mentionsAnswerSchema.parse((await get(`/mentions?${span}&limit=50&offset=${offset}&asOf=${first.asOf}`)).body)
    expect([page.total, page.offset, page.asOf]).toEqual([132, offset, first.asOf])
    ids.push(...page.mentions.map(({ id }) => id))
  }
  expect([ids.length, new Set(ids).size, ids.includes('after'), ids.includes('late')]).toEqual([132, 132, false, false])
  expect((await get(`/mentions?${span}&limit=1`)).body).toMatchObject({ total: 133, mentions: [{ id: 'after' }] })
})

test('accounts are keys that filter, and names are told to operators once the look is logged', async () => {
  const { mentions: [plain] } = mentionsAnswerSchema.parse((await get(`/mentions?${span}&order=oldest&limit=1`)).body)
  expect([plain!.account, plain!.name, plain!.url, logged]).toEqual([keys.of('zhihu', 'n0'), null, '', []])
  expect((await get(`/mentions?${span}&author=${plain!.account}`)).body).toMatchObject({ total: 2 })
  expect((await get(`/mentions?${span}&order=oldest&limit=1&names=1`)).body.mentions[0]).toMatchObject({ name: '名0', url: 'https://weibo.com/u/770/Nabc' })
  expect(logged).toEqual(['/api/topics/outage/mentions'])
  expect((await get(`/mentions?${span}&author=nobody`)).status).toBe(400)
})

test('columns reach over the span in whole steps and hold only what is in it', async () => {
  const answer = breakdownAnswerSchema.parse((await get(`/breakdown?from=${begin + 30_000}&to=${begin + 150_000}&step=1m`)).body)
  expect(answer).toMatchObject({ from: begin, to: begin + 180_000, stepMs: 60_000, steps: 3, total: 6 })
  expect(answer.sentiment.negative.map((count, i) => count + answer.sentiment.positive[i]!)).toEqual([1, 3, 2])
  expect((await get(`/breakdown?${span}`)).body).toMatchObject({ stepMs: 60_000, steps: 60 })
  expect((await get(`/breakdown?from=${begin}&to=${begin + 30 * 86_400_000}`)).body).toMatchObject({ stepMs: 3_600_000, steps: 720 })
  expect((await get(`/breakdown?from=${begin}&to=${begin + 30 * 86_400_000}&step=1m`)).body).toMatchObject({ error: 'too-many-points' })
})

test('narratives tell the story that is new, with its exact words, and a pasted text as one', async () => {
  const answer = narrativesAnswerSchema.parse((await get(`/narratives?${span}&asOf=${begin + 2_900_000}`)).body)
  expect([answer.looked, answer.total]).toEqual([132, 132])
  const found = answer.terms.find(({ term }) => term === '青龙桥机房起火')
  expect(found).toMatchObject({ count: 120, before: 0, negative: 60 })
  expect(answer.terms.filter(({ term }) => '青龙桥机房起火'.includes(term) && term !== '青龙桥机房起火' && term !== '青龙桥')).toEqual([])
  expect(answer.terms.map(({ term }) => term)).not.toContain('断网')
  expect(answer.texts.find(({ text }) => text.startsWith('大家别信谣言'))).toMatchObject({ count: 12, accounts: 6, example: 'paste:0', firstAt: begin + 1_800_000, lastAt: begin + 1_800_770, platforms: ['weibo'] })
})

test('spreaders are ranked by what they drew, clusters by how many accounts said the same at once', async () => {
  expect(topicSpreadersAnswerSchema.parse((await get(`/spreaders?${span}`)).body)).toEqual({ topic: 'outage', accounts: 1, spreaders: [{
    account: keys.of('zhihu', 'n3'), name: null, platform: 'zhihu', followers: null, verified: null, mentions: 2, drawn: 78, share: 78 / 79, firstAt: begin + 60_000, halfMs: 39 * 20_000, root: 'new:3' }] })
  expect((await get(`/spreaders?${span}&names=1`)).body.spreaders[0].name).toBe('名3')
  const { clusters, looked, cut } = clustersAnswerSchema.parse((await get(`/clusters?${span}&asOf=${begin + 2_900_000}`)).body)
  expect([looked, cut, clusters]).toEqual([132, false, [{ at: begin + 1_800_000, text: pasted, count: 12, accounts: 6, platforms: ['weibo'] }]])
})

test('a mention is found by its id, and what is not there is said to be so', async () => {
  const one = await ask(`${url}/api/mentions/${encodeURIComponent('new:3')}`)
  expect(evidenceMentionSchema.parse(one.json())).toMatchObject({ id: 'new:3', name: null, url: '', account: keys.of('zhihu', 'n3'), sentiment: 0.5 })
  expect([(await ask(`${url}/api/mentions/nothing`)).json(), (await ask(`${url}/api/topics/nothing/mentions`)).json()]).toMatchObject([{ error: 'unknown-mention' }, { error: 'unknown-topic' }])
})

test.each([
  { path: '/mentions?offset=1000001', says: /offset.*at most 1000000/ }, { path: '/mentions?limit=201', says: /limit.*at most 200/ }, { path: '/mentions?by=both', says: /by is event or ingest/ }, { path: '/mentions?order=best', says: /order is one of/ },
  { path: '/mentions?text=%2C%2C', says: /no letter, digit, character or symbol/ }, { path: `/mentions?text=${'a'.repeat(101)}`, says: /at most 100 characters/ }, { path: '/mentions?sentiment=angry', says: /a sentiment is one of/ }, { path: '/mentions?kind=post,x', says: /a kind is one of/ },
  { path: '/mentions?platform=A%20B', says: /a platform is of/ }, { path: `/clusters?from=${begin}&to=${begin}`, says: /is not before/ }, { path: '/narratives?names=1', says: /no such parameter/ }, { path: '/breakdown?step=1x', says: /a step is a whole number/ }, { path: '/spreaders?limit=51', says: /at most 50/ },
])('$path is refused with what is wrong', async ({ path, says }) => {
  const { status, body } = await get(path)
  expect([status, `${body.detail}`]).toEqual([400, expect.stringMatching(says)])
})

test.each(['mentions', 'breakdown', 'narratives', 'spreaders', 'clusters'])('while the store is away %s says so', async (route) => {
  away = true
  try {
    expect(await get(`/${route}?${span}&geo=CN-${route.length}`)).toMatchObject({ status: 503, body: { error: 'store-down' } })
  } finally {
    away = false
  }
})

test('texts are read for one who asks after the other, and keep nobody waiting for mentions', async () => {
  const reading = Promise.withResolvers<never[]>()
  let readers = 0
  const query = (async (sql: string) => {
    if (!sql.includes('AS worded')) return sql.includes('AS counts') ? [{ at: [0], counts: [3] }] : []
    readers++
    return reading.promise
  }) as unknown as typeof store.query
  const wanted = new AbortController().signal
  const evidence = new Evidence({ store: { query, queryChunks: async function* () {} }, told: (work) => work, keys, thread, now: () => begin })
  const filter: EvidenceFilter = { from: 0, to: begin, by: 'event', asOf: null, platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
  const told = Array.from({ length: 4 }, () => evidence.narratives('outage', filter, { query: '断网' }, wanted))
  expect(await evidence.mentions('outage', filter, { order: 'newest', offset: 0, limit: 1, names: false }, wanted)).toMatchObject({ total: 3 })
  expect(readers).toBe(1)
  reading.resolve([])
  expect((await Promise.all(told)).map(({ total }) => total)).toEqual([0, 0, 0, 0])
})

test('who has gone has nothing read for him, and who counts the same beside him is told', async () => {
  const reading: AbortSignal[] = []
  const query = ((_sql: string, _params: unknown, until: AbortSignal) => {
    reading.push(until)
    if (reading.length > 1) return Promise.resolve(_sql.includes('AS counts') ? [{ at: [0], counts: [3] }] : [])
    return new Promise((_, reject) => { until.addEventListener('abort', () => { reject(new StoreDown('given up')) }) })
  }) as unknown as typeof store.query
  const evidence = new Evidence({ store: { query, queryChunks: async function* () {} }, told: (work) => work, keys, thread, now: () => begin })
  const own = await createHttp({
    ...unasked, token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => begin, clock: () => begin / 1000,
    rulesOf: (id) => ({ id, name: { zh: '断网', en: 'Outage' }, query: '断网' }), someTopics: () => ['outage'], evidence: () => evidence,
  })
  try {
    const path = `${(await own.listen(0)).url}/api/topics/outage/mentions?${span}&asOf=${begin + 3_600_000}`
    const tab = new AbortController()
    const first = fetch(path, { signal: tab.signal }).catch((error: Error) => error.name)
    await expect.poll(() => reading.length).toBe(1)
    const second = fetch(path).then((answer) => answer.json())
    tab.abort()
    expect([await first, await second]).toMatchObject(['AbortError', { total: 3 }])
    expect(reading.map(({ aborted }) => aborted)).toEqual([true, false, false])
  } finally {
    await own.close()
  }
})

test('texts of who has gone while he waited are not read, those of who stays are', async () => {
  const tab = new AbortController()
  const first = thread.run({ kind: 'moments', rows: [], max: 1 })
  const second = thread.run({ kind: 'moments', rows: [], max: 1 }, tab.signal)
  tab.abort()
  await expect(second).rejects.toMatchObject({ name: 'AbortError' })
  expect([await first, await thread.run({ kind: 'moments', rows: [], max: 1 }, new AbortController().signal)]).toEqual([{ looked: 0, clusters: [] }, { looked: 0, clusters: [] }])
})
