// Prints what a stored mention costs: bytes a row and column as the tables are, and what other orders and codecs would cost.
// Run: node bench/src/clickhouse-sizes.ts FILE.ndjson[.gz] [rows]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { startEmbeddedClickhouse } from '../../engine/src/io/clickhouse/embedded.ts'
import { openStore } from '../../engine/src/io/clickhouse/store.ts'
import type { ClickhouseStore } from '../../engine/src/io/clickhouse/store.ts'

type Row = Record<string, unknown>
const perInsert = 50_000

/** What a producer sent, with what the engine adds. Topics are drawn by a seeded generator: 20, three in a hundred mentions each. */
function* rowsOf(file: string, rowsMax: number): Generator<Row[]> {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  const began = Date.now()
  let random = 42
  let rows: Row[] = []
  let count = 0
  for (let from = 0, end = text.indexOf('\n'); end >= 0 && count < rowsMax; from = end + 1, end = text.indexOf('\n', from)) {
    const given = JSON.parse(text.slice(from, end)) as Row
    const topics = Array.from({ length: 20 }, (_, i) => `topic-${i}`).filter(() => (random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff) % 100 < 3)
    const known = ['id', 'author', 'authorName', 'parent', 'root', 'lang', 'url', 'geo', 'text'].map((name) => [name, given[name] ?? ''])
    rows.push({
      ...Object.fromEntries(known), ts: given['ts'], ingested: new Date(began + Math.floor(count / 50)).toISOString(), stream: began, seq: 1 + Math.floor(count / 50), line: count % 50,
      platform: given['platform'] ?? 'unknown', kind: given['kind'] ?? (given['parent'] ? 'repost' : 'post'), followers: given['followers'] ?? -1, verified: given['verified'] === undefined ? -1 : Number(given['verified']),
      tags: given['tags'] ?? [], likes: given['likes'] ?? -1, reposts: given['reposts'] ?? -1, comments: given['comments'] ?? -1, sentiment: (random % 201) / 100 - 1, sentimentBy: 2, topics, extra: '', fate: 0,
    })
    count++
    if (rows.length === perInsert || count === rowsMax) {
      yield rows
      rows = []
    }
  }
  if (rows.length > 0) yield rows
}

/** CPU of a process in µs; NaN where there is no /proc. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN
    throw error
  }
}

const variants: readonly { readonly name: string; readonly change: (create: string) => string }[] = [
  { name: 'as shipped', change: (create) => create },
  { name: 'ORDER BY (ts, id)', change: (create) => create.replace(/ORDER BY \(.*?, line\)/s, 'ORDER BY (ts, id)') },
  { name: 'ORDER BY (platform, ts)', change: (create) => create.replace(/ORDER BY \(.*?, line\)/s, 'ORDER BY (platform, ts)') },
  { name: 'text ZSTD(3)', change: (create) => create.replace('`text` String CODEC(ZSTD(1))', '`text` String CODEC(ZSTD(3))') },
  { name: 'LZ4, no codecs', change: (create) => create.replace(/ CODEC\((?:[^()]|\([^()]*\))*\)/g, '') },
  { name: 'no LowCardinality', change: (create) => create.replace(/LowCardinality\(String\)/g, 'String') },
  { name: 'no skip indexes', change: (create) => create.replace(/,\s*INDEX [^,]*?GRANULARITY \d+/g, '') },
]

async function sizes(store: ClickhouseStore, pid: number, print: (line: string) => void): Promise<void> {
  const [table] = await store.query<{ create: string }>('SELECT create_table_query AS create FROM system.tables WHERE database = currentDatabase() AND name = \'mentions\'')
  await store.command('OPTIMIZE TABLE mentions FINAL')
  const columns = await store.query<{ name: string; type: string; codec: string; packed: number; plain: number }>(
    `SELECT name, type, compression_codec AS codec, data_compressed_bytes / (SELECT count() FROM mentions) AS packed, data_uncompressed_bytes / (SELECT count() FROM mentions) AS plain
     FROM system.columns WHERE database = currentDatabase() AND table = 'mentions' ORDER BY packed DESC`)
  print('column         bytes/row     plain  type and codec')
  for (const { name, type, codec, packed, plain } of columns) print(`${name.padEnd(12)} ${packed.toFixed(2).padStart(10)} ${plain.toFixed(1).padStart(9)}  ${type} ${codec}`)
  print('\nvariant                    bytes/row  µs of CPU/row to sort and write it, best of 4')
  for (const [i, { name, change }] of variants.entries()) {
    const to = `variant_${i}`
    const changed = change(table!.create)
    if (i > 0 && changed === table!.create) throw new Error(`variant ${name} changes nothing: the tables have moved on`)
    await store.command(changed.replace(/^CREATE TABLE \S+/, `CREATE TABLE ${to}`))
    await store.command(`SYSTEM STOP MERGES ${to}`)
    let spent = Number.POSITIVE_INFINITY
    for (let round = 0; round < 4; round++) {
      await store.command(`TRUNCATE TABLE ${to}`)
      const before = cpuOf(pid)
      await store.command(`INSERT INTO ${to} SELECT * FROM mentions ORDER BY seq, line SETTINGS max_block_size = ${perInsert}, min_insert_block_size_rows = ${perInsert}, max_insert_threads = 1`)
      spent = Math.min(spent, cpuOf(pid) - before)
    }
    await store.command(`SYSTEM START MERGES ${to}`)
    await store.command(`OPTIMIZE TABLE ${to} FINAL`)
    const [row] = await store.query<{ bytes: number; rows: number }>(`SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts WHERE active AND database = currentDatabase() AND table = '${to}'`)
    print(`${name.padEnd(24)} ${(row!.bytes / row!.rows).toFixed(1).padStart(11)} ${(spent / row!.rows).toFixed(2).padStart(14)}`)
    await store.command(`DROP TABLE ${to} SYNC`)
  }
}

async function main(file: string, rowsMax: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-sizes-'))
  const embedded = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...embedded, retentionDays: 3650 })
  try {
    let inserts = 0
    for (const rows of rowsOf(file, rowsMax)) await store.insertRows('mentions', `sizes:${inserts++}`, rows)
    const [row] = await store.query<{ rows: number }>('SELECT count() AS rows FROM mentions')
    process.stdout.write(`${row!.rows} mentions of ${file}, ClickHouse ${embedded.version}\n`)
    await sizes(store, embedded.pid, (line) => process.stdout.write(`${line}\n`))
  } finally {
    await store.close()
    await embedded.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const [file, rows = '500000'] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node bench/src/clickhouse-sizes.ts FILE.ndjson[.gz] [rows]\n')
  process.exitCode = 2
} else await main(file, Number(rows))
