// How long the API takes for a cascade of 100,000 mentions, in memory and among a year of stored ones, and for how long the engine's own thread is held by it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Cascades } from '@groundswell/engine/src/app/cascades.ts'
import { CascadeStore } from '@groundswell/engine/src/core/3-measure/cascades/cascade-store.ts'
import type { CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'
import { IdHash } from '@groundswell/engine/src/core/1-decode/hash.ts'
import { CascadesInMemory } from '@groundswell/engine/src/core/live-cascades.ts'
import { CascadeThread } from '@groundswell/engine/src/io/cascade-thread/cascade-thread.ts'
import { rowOfCascade } from '@groundswell/engine/src/io/clickhouse/cascade-rows.ts'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'
import { openStore, type ClickhouseStore } from '@groundswell/engine/src/io/clickhouse/store.ts'
import { createHttp } from '@groundswell/engine/src/io/http/http.ts'
import { createLog } from '@groundswell/engine/src/io/log/log.ts'
import { byTheirChildren, treeOf } from '../micro-cascade-binary.ts'
import { unasked } from '@groundswell/engine/src/io/http/unasked.testing.ts'

const rounds = 7
const yearRows = 2_000_000
const evictedAt = Date.parse('2026-06-15T00:00:00Z')

export interface CascadeRead {
  readonly milliseconds: number // median, from the request to the last byte
  readonly worst: number
  readonly bytes: number
  readonly cpuMs: number // of the engine's thread, mean of a request; the client's reading included, and what a busy machine adds not
  readonly heldMs: number // longest that the engine's thread did nothing else, the client's reading included
}

/** `npm run bench -- cascade-reads`. Nothing that the API keeps for a few seconds helps: each answer is worked out anew. */
export async function cascadeReads(): Promise<Record<string, unknown>> {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-bench-'))
  const embedded = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...embedded, retentionDays: 3650 })
  const thread = new CascadeThread()
  try {
    const tree = treeOf({ seed: 2, parent: byTheirChildren() })
    const insertMs = await fill(store, tree)
    const memory = memoryOf(tree)
    let now = 0
    const cascades = new Cascades({ live: memory, clock: () => Math.floor(tree.at.at(-1)! / 1000), store, told: (work) => work, thread, pseudonym: (hash) => hash, keys: { of: () => '' }, now: () => (now += 3_600_000) })
    const http = await createHttp({ ...unasked, ...nothingElse, cascades: () => cascades })
    const { url } = await http.listen(0)
    try {
      return { mentions: tree.size, storedCascades: yearRows, ...insertMs, ...await readAll(`${url}/api/cascades`) }
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

async function readAll(url: string): Promise<Record<string, CascadeRead>> {
  const asked = {
    'tree, stored': '/stored/tree', 'tree, in memory': '/in-memory/tree', 'one, stored': '/stored', 'one, in memory': '/in-memory', '500 ids, stored': '/stored/ids?from=50000',
    '2,000 edges, stored': '/stored/edges?from=50000', 'tree of a small one, stored': '/small:777777/tree', 'list by size, in memory': '', 'list by speed': '?by=speed', 'list by size, a month of stored ones': '?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z',
    'list by size, a year of stored ones': '?from=2025-07-01T00:00:00Z',
  }
  const found: Record<string, CascadeRead> = {}
  for (const [name, path] of Object.entries(asked)) found[name] = await read(`${url}${path}`)
  return found
}

async function read(url: string): Promise<CascadeRead> {
  const times: number[] = []
  let bytes = 0
  await body(url) // the thread is up, and code compiled
  const held = monitorEventLoopDelay({ resolution: 1 })
  held.enable()
  const cpu = process.threadCpuUsage()
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    bytes = await body(url)
    times.push(performance.now() - began)
  }
  held.disable()
  const { user, system } = process.threadCpuUsage(cpu)
  return { milliseconds: round(times.sort((a, b) => a - b)[rounds >> 1]!), worst: round(times.at(-1)!), bytes, cpuMs: round((user + system) / 1000 / rounds), heldMs: round(held.max / 1e6) }
}

async function body(url: string): Promise<number> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}: ${await answer.text()}`)
  return (await answer.arrayBuffer()).byteLength
}

/** A year of small cascades, and the large one twice as a room would insert it. */
async function fill(store: ClickhouseStore, tree: CascadeTree): Promise<{ readonly rowMs: number; readonly insertMs: number; readonly jsonBytes: number }> {
  await store.command(
    `INSERT INTO cascades (root, evictedAt, rootAt, firstAt, lastAt, size, depth, maxBreadth, leaves, structuralVirality, durationSeconds, authors, reach, platforms, topics, tree, hashes)
     SELECT concat('small:', toString(number)), toDateTime64('2025-07-01 00:00:00', 3, 'UTC') + number * 15 AS evicted, evicted - 200000, evicted - 200000, evicted - 190000, 2 + intDiv(rand(1), 500000000), 1, 2, 2, 1.33, 10000, 2, rand(2) / 1000,
       [('weibo', 2, evicted - 200000)], [concat('topic', toString(number % 50))], randomString(40), randomString(24) FROM numbers(${yearRows})`)
  const began = performance.now()
  const row = rowOfCascade({ tree: { ...tree, root: 'stored' }, topics: ['topic1'], evictedAt })
  const made = performance.now()
  await store.insertRows('cascades', 'large', [row])
  return { rowMs: round(made - began), insertMs: round(performance.now() - made), jsonBytes: JSON.stringify(row).length }
}

/** The same tree in memory under another id. */
function memoryOf(tree: CascadeTree): CascadesInMemory {
  const store = new CascadeStore({ nodesMax: 200_000, quietSeconds: 172_800 })
  const hash = new IdHash()
  const root = new TextEncoder().encode('in-memory')
  hash.of(root, 0, root.length)
  const of = (node: number): { low: number; high: number } => (node === 0 ? { low: hash.low, high: hash.high } : { low: tree.idLow[node]!, high: tree.idHigh[node]! })
  for (let node = 0; node < tree.size; node++) {
    const parent = node === 0 ? { low: 0, high: 0 } : of(tree.parent[node]!)
    const { low, high } = of(node)
    store.add({
      idLow: low, idHigh: high, parentLow: parent.low, parentHigh: parent.high, rootLow: 0, rootHigh: 0, at: tree.at[node]!, author: tree.author[node]!, followers: tree.followers[node]!,
      platform: tree.platform[node]!, sign: tree.sign[node]!, flags: tree.flags[node]! & 3, topics: 0,
    }, { bytes: root, start: 0, end: root.length })
  }
  return new CascadesInMemory({ store, clock: () => Math.floor(tree.at.at(-1)! / 1000), platformName: (platform) => tree.platforms[platform] ?? '', topicsOf: () => [] })
}

const never = (): never => { throw new Error('not asked') }
const nothingElse = {
  version: '1', token: null, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ level: 'error' }), now: Date.now, clock: () => null, health: never, stats: never, topics: never, topic: never, rulesOf: never, someTopics: never,
  series: never, history: never, spikes: never, doctor: never, backup: never, backupCopied: never, publish: never, deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, countdowns: never, metrics: { contentType: 'text/plain', text: never },
}
const round = (value: number): number => Number(value.toFixed(1))
