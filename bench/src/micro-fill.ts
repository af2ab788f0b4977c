// `node bench/src/micro-fill.ts [mentions] [--save]`: what it costs to give topics their past of 35 days from the store. Real mentions
// (../shared/data, as often as it takes) are spread over the 35 days; a topic that is new is matched again, unchanged ones are counted.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { countedSpans, matchedAgain } from '@groundswell/engine/src/app/known-past.ts'
import { Baseline } from '@groundswell/engine/src/core/3-measure/baseline.ts'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'
import { pastCounts, storedHours } from '@groundswell/engine/src/io/clickhouse/past.ts'
import { openStore, type ClickhouseStore } from '@groundswell/engine/src/io/clickhouse/store.ts'
import { openPool, shareRules } from '@groundswell/engine/src/io/pool/pool.ts'
import { fillTopics } from '@groundswell/engine/src/pipeline/fill.ts'
import { resultOf, saveResult } from './results.ts'

const { values: { save }, positionals: [mentions = '2000000'] } = parseArgs({ allowPositionals: true, options: { save: { type: 'boolean', default: false } } })
const total = Number(mentions)
const files = ['twitter-topics', 'weibo-cascades'].map((name) => fileURLToPath(new URL(`../../../shared/data/${name}/mentions.ndjson.gz`, import.meta.url)))
const spanSeconds = 35 * 86_400
const clock = 1_780_000_000
const rowsAnInsert = 50_000
const stream = 1
const rules = shareRules(1, `topics:\n${['the OR and', '转发 OR 微博', 'Syria OR Obama', '奥运 OR 北京'].map((query, i) => `  - { id: new-${i}, query: '${query}' }\n`).join('')}`)
const topics = ['new-0', 'new-1', 'new-2', 'new-3']
const from = { stream, beforeSeq: 1e9, newestSecond: clock }

if (files.every((file) => existsSync(file))) await measure()
else console.log('left out: ../shared/data is not here')

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-fill-'))
  const embedded = await startEmbeddedClickhouse({ directory: folder })
  const store = await openStore({ ...embedded, retentionDays: 36_500 })
  const pool = openPool(1)
  try {
    await load(store)
    const hours = await timed(() => storedHours(store, from))
    let bytes = 0
    const rematch = await timed(async () => {
      const { known, past } = await matchedAgain(store, from, console)
      const matching = { run: async (raw: Parameters<typeof pool.run>[0], of: typeof rules) => [await pool.run(raw, of)] }
      for await (const command of fillTopics({ pool: matching, rules, topics, rulesTopics: topics, clock, past, known, stream })) bytes += JSON.stringify(command).length
    })
    const steady = await timed(async () => {
      await countedSpans(store, from)
      let counted = 0
      for await (const { hours } of pastCounts(store, ['twitter', 'weibo'], from)) counted += hours.count.reduce((sum, count) => sum + count, 0)
      return counted
    })
    const result = resultOf('fill', { mentions: total, days: 35, topics: topics.length, workers: pool.workers }, {
      storedHoursSeconds: hours.seconds, rematchSeconds: rematch.seconds, rematchedASecond: Math.round(total / rematch.seconds), commandBytes: bytes,
      steadySeconds: steady.seconds, steadyCounted: steady.value, ...learning(),
    })
    console.log(JSON.stringify(result))
    if (save) console.error(`saved: ${saveResult(result)}`)
  } finally {
    await pool.close()
    await store.close()
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of one topic: four weeks by the hour, and a week by slices. */
function learning(): { readonly hourNs: number; readonly sliceNs: number } {
  const rounds = 200
  const hours = Array.from({ length: 672 }, (_, i): [number, number] => [480_000 + i, (i * 7919) % 50])
  let began = performance.now()
  for (let round = 0; round < rounds; round++) new Baseline().warmUp(hours, 480_672)
  const hourNs = Math.round(((performance.now() - began) * 1e6) / rounds / hours.length)
  began = performance.now()
  for (let round = 0; round < rounds; round++) {
    const baseline = new Baseline()
    for (let slice = 0; slice < 2016; slice++) baseline.learn(5_768_064 + slice, (slice * 7919) % 7)
  }
  return { hourNs, sliceNs: Math.round(((performance.now() - began) * 1e6) / rounds / 2016) }
}

async function load(store: ClickhouseStore): Promise<void> {
  let rows: Record<string, unknown>[] = []
  let n = 0
  const flush = async (): Promise<void> => {
    await store.insertRows('mentions', `fill:${n}`, rows)
    rows = []
  }
  while (n < total) {
    for (const file of files) {
      for (const line of gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')) {
        const { platform, text, author } = JSON.parse(line) as { platform: string; text: string | null; author: string | null }
        const ts = new Date((clock - spanSeconds + Math.floor((n * spanSeconds) / total)) * 1000).toISOString().replace('Z', '')
        rows.push({ id: `m:${n}`, ts, ingested: ts, stream, seq: n, line: 0, platform, author: author ?? '', text: text ?? '', topics: [platform], followers: -1, verified: -1, likes: -1, reposts: -1, comments: -1 })
        if (rows.length === rowsAnInsert) await flush()
        if (++n === total) return flush()
      }
    }
  }
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly seconds: number; readonly value: Value }> {
  const began = performance.now()
  const value = await work()
  return { seconds: Number(((performance.now() - began) / 1000).toFixed(3)), value }
}
