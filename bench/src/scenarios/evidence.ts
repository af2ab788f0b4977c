// How long the page of a topic waits for its evidence: 100,000 mentions of it among a million stored ones, over HTTP, and how long the engine's own thread is held.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Evidence } from '@groundswell/engine/src/app/evidence.ts'
import { screenReads } from '@groundswell/engine/src/app/screen-reads.ts'
import { accountKeys } from '@groundswell/engine/src/io/access/account-key.ts'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'
import { openStore, type ClickhouseStore } from '@groundswell/engine/src/io/clickhouse/store.ts'
import { createHttp } from '@groundswell/engine/src/io/http/http.ts'
import { unasked } from '@groundswell/engine/src/io/http/unasked.testing.ts'
import { createLog } from '@groundswell/engine/src/io/log/log.ts'
import { NarrativeThread } from '@groundswell/engine/src/io/narrative-thread/narrative-thread.ts'
import { quantile } from '../results.ts'

const stored = 1_000_000
const parts = 20
const aTopicIn = 10
const from = Date.parse('2026-06-15T00:00:00Z')
const seconds = 6 * 3600
const rounds = 20
const pageOf = 100 // as the page of a topic asks

export interface EvidenceRead { readonly p50Ms: number; readonly p95Ms: number; readonly bytes: number; readonly heldMs: number } // heldMs: longest that the engine's thread did nothing else, the client's reading included

/** `npm run bench -- evidence`. Each answer is read anew; totals of a list that stands still are kept, as on the page. */
export async function evidence(): Promise<Record<string, unknown>> {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-bench-'))
  const embedded = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...embedded, retentionDays: 3650 })
  const thread = new NarrativeThread()
  try {
    await fill(store)
    const [held] = await store.query<{ topic: number }>('SELECT countIf(has(topics, \'outage\')) AS topic FROM mentions')
    const { reader, told } = screenReads(store)
    const keys = accountKeys(new Uint8Array(32).fill(1))
    const reads = new Evidence({ store: reader, told, keys, thread, now: Date.now })
    const http = await createHttp({
      ...unasked, token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ level: 'error' }), now: Date.now, clock: () => from / 1000 + seconds,
      rulesOf: (id) => ({ id, name: { zh: '停电', en: 'Outage' }, query: '停电' }), evidence: () => reads,
    })
    const { url } = await http.listen(0)
    try {
      return { mentions: stored, ofTheTopic: held?.topic, rounds, ...await readAll(`${url}/api/topics/outage`) }
    } finally {
      await http.close()
    }
  } finally {
    await thread.close()
    await store.close()
    await embedded.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function readAll(url: string): Promise<Record<string, EvidenceRead>> {
  const span = `from=${from}&to=${from + seconds * 1000}`
  const { mentions: [one] } = await (await fetch(`${url}/mentions?${span}&limit=1`)).json() as { readonly mentions: readonly { readonly account: string }[] }
  if (one === undefined) throw new Error('the topic has no mention')
  const asOf = from + 2 * seconds * 1000
  const page = (more: string): string => `/mentions?${span}&asOf=${asOf}&limit=${pageOf}${more}`
  const places = { 'first page': 0, 'at 50,000': 50_000, 'at 99,000': 99_000 }
  const orders = ['newest', 'oldest', 'followers', 'engagement'].flatMap((order) => Object.entries(places).map(([name, offset]) => [`mentions, ${order}, ${name}`, page(`&order=${order}&offset=${offset}`)]))
  const arrivals = Object.entries(places).map(([name, offset]) => [`mentions by arrival, newest, ${name}`, page(`&by=ingest&offset=${offset}`)])
  const asked = {
    'mentions, anew, newest': `/mentions?${span}&limit=${pageOf}`, ...Object.fromEntries(orders), ...Object.fromEntries(arrivals),
    'mentions, negative ones of two platforms': page('&sentiment=negative&platform=weibo,zhihu'), 'mentions of a text': page(`&text=${encodeURIComponent('抢修')}`), 'mentions of an account': page(`&author=${one.account}`),
    'breakdown by minute': `/breakdown?${span}&step=1m`, 'breakdown of negative ones by 10 s': `/breakdown?${span}&step=10s&sentiment=negative`, 'breakdown of ten minutes': `/breakdown?from=${from + 3_600_000}&to=${from + 4_200_000}&step=1s`,
    'spreaders': `/spreaders?${span}`, 'clusters': `/clusters?${span}`, 'narratives, all': `/narratives?${span}`, 'narratives of ten minutes': `/narratives?from=${from + 3_600_000}&to=${from + 4_200_000}`, 'one mention': '/../../mentions/weibo:500000',
  }
  const found: Record<string, EvidenceRead> = {}
  for (const [name, path] of Object.entries<string>(asked)) found[name] = await read(`${url}${path}`, /narratives|clusters|spreaders/.test(name) ? rounds / 4 : rounds)
  return found
}

async function read(url: string, times: number): Promise<EvidenceRead> {
  const took: number[] = []
  let bytes = 0
  for (let warm = 0; warm < 2; warm++) await body(url) // the thread is up, code compiled, the store's cache warm
  const held = monitorEventLoopDelay({ resolution: 1 })
  held.enable()
  for (let round = 0; round < times; round++) {
    const began = performance.now()
    bytes = await body(url)
    took.push(performance.now() - began)
  }
  held.disable()
  return { p50Ms: rounded(quantile(took, 0.5)), p95Ms: rounded(quantile(took, 0.95)), bytes, heldMs: rounded(held.max / 1e6) }
}

async function body(url: string): Promise<number> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}: ${await answer.text()}`)
  return (await answer.arrayBuffer()).byteLength
}

/** Mentions at an even rate, in parts as a room would insert them; texts are of a few hundred thousand different ones. */
async function fill(store: ClickhouseStore): Promise<void> {
  const rows = stored / parts
  for (let part = 0; part < parts; part++) {
    await store.command(
      `INSERT INTO mentions (id, ts, ingested, stream, seq, line, platform, kind, author, authorName, followers, verified, parent, root, lang, url, geo, likes, reposts, comments, sentiment, sentimentBy, topics, text, fate)
       SELECT concat('weibo:', toString(n)), toDateTime64('2026-06-15 00:00:00', 3, 'UTC') + n * ${seconds / stored} AS ts, ts + 1, 1, intDiv(n, 50), n % 50, ['weibo', 'douyin', 'zhihu', 'wechat', 'toutiao'][1 + rand(1) % 5], ['post', 'repost', 'comment'][1 + rand(2) % 3],
         concat('u', toString(rand(3) % 200000)), concat('名', toString(rand(3) % 200000)), rand(4) % 1000000, rand(5) % 2, if(rand(6) % 2 = 0, '', concat('weibo:', toString(intDiv(n * (rand(7) % 1000), 1000)))), '', 'zh', '', concat('CN-', toString(11 + rand(8) % 31)),
         rand(9) % 100, rand(10) % 100, rand(11) % 100, (rand(12) % 2000) / 1000 - 1, 2, if(rand(13) % ${aTopicIn} = 0, ['outage'], []),
         if(rand(14) % 3 = 0, '', concat(['听说', '刚才', '今早', '有人讲', '看到'][1 + rand(15) % 5], ['城南', '城北', '青龙桥', '开发区', '老街'][1 + rand(16) % 5], '停电了，', ['正在抢修', '什么时候来电', '电梯里有人', '已经投诉', '太热了'][1 + rand(17) % 5], toString(rand(18) % 500), ['小时', '户', '人', '次'][1 + rand(19) % 4], '，供电局说请大家耐心等待')), 0
       FROM (SELECT number + ${part * rows} AS n FROM numbers(${rows}))`)
  }
}

const rounded = (value: number): number => Number(value.toFixed(1))
