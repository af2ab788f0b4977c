// The embedded ClickHouse as others meet it: over plain HTTP, killed in the middle of an insert, and left alone by its parent.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbeddedClickhouse } from './embedded.ts'
import type { EmbeddedClickhouse } from './embedded.ts'
import { mentionBlocks } from './native-rows.testing.ts'
import { openStore } from './store.ts'

const root = mkdtempSync(join(tmpdir(), 'groundswell-chdb-'))
let embedded: EmbeddedClickhouse
beforeAll(async () => { embedded = await startEmbeddedClickhouse({ directory: join(root, 'http') }) })
afterAll(async () => {
  await embedded?.stop()
  rmSync(root, { recursive: true, force: true })
})

const ask = async (query: Record<string, string>, init: RequestInit = {}) => {
  const response = await fetch(`${embedded.url}/?${new URLSearchParams(query).toString()}`, { ...init, headers: { 'X-ClickHouse-User': embedded.user, 'X-ClickHouse-Key': embedded.password, ...init.headers } })
  return { status: response.status, code: response.headers.get('x-clickhouse-exception-code'), text: await response.text() }
}
const post = (body: BodyInit, query: Record<string, string> = {}) => ask(query, { method: 'POST', body })

test('answers pings to anyone and queries only to who has the password', async () => {
  expect(await fetch(`${embedded.url}/ping`).then((response) => response.text())).toBe('Ok.\n')
  const refused = await fetch(`${embedded.url}/?query=SELECT+1`, { headers: { 'X-ClickHouse-User': embedded.user, 'X-ClickHouse-Key': 'wrong' } })
  expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([401, '516'])
  expect(await embedded.healthy()).toBe(true)
  const url = new URLSearchParams({ user: embedded.user, password: embedded.password, query: 'SELECT 1' })
  expect(await fetch(`${embedded.url}/?${url.toString()}`).then((response) => response.text())).toBe('1\n')
})

test('a parameter is as long as ClickHouse takes it', async () => {
  expect(await ask({ query: 'SELECT length({ids:String})', param_ids: 'x'.repeat(100_000) })).toMatchObject({ status: 200, text: '100000\n' })
})

test('serves what curl and dashboards ask for', async () => {
  expect(await ask({ query: 'SELECT 1 AS a, \'中\' AS b', default_format: 'JSONEachRow' })).toMatchObject({ status: 200, text: '{"a":1,"b":"中"}\n' })
  expect((await post('SELECT number FROM numbers(200000) FORMAT CSVWithNames')).text.split('"number"')).toHaveLength(2)
  expect(JSON.parse((await post('SELECT number FROM numbers(100000) FORMAT JSON')).text)).toMatchObject({ rows: 100_000 })
  expect((await ask({ query: 'SELECT {x:String}, {n:UInt8}', param_x: 'it\'s', param_n: '7' })).text).toBe('it\\\'s\t7\n')
  for (let i = 0; i < 10; i++) expect(await ask({ query: 'SELECT {x:String}' })).toMatchObject({ status: 400, code: '456' })
  expect((await ask({ query: 'SELECT getSetting(\'max_threads\')', max_threads: '3' })).text).toBe('3\n')
  expect((await ask({ query: 'SELECT getSetting(\'max_threads\') != 3' })).text).toBe('1\n')
  expect((await ask({ query: 'SELECT currentDatabase()', database: 'groundswell' })).text).toBe('groundswell\n')
  expect((await post('SHOW DATABASES')).text).toContain('groundswell\n')
  expect(await ask({ query: 'SELECT number, throwIf(number = 200000) FROM numbers(300000)', wait_end_of_query: '1' })).toMatchObject({ status: 500, code: '395' })
})

test('takes inserts in every way a server does', async () => {
  await post('CREATE TABLE groundswell.t (a UInt64, s String DEFAULT \'none\') ENGINE = MergeTree ORDER BY a')
  await post('INSERT INTO groundswell.t VALUES (1, \'one\'), (2, \'tw;o\')')
  await post('INSERT INTO t FORMAT JSONEachRow\n{"a":3}\n{"a":4,"s":"四"}\n', { database: 'groundswell' })
  await post('5\tfive\n', { query: 'INSERT INTO groundswell.t FORMAT TSV' })
  await ask({ query: 'INSERT INTO groundswell.t FORMAT CSV' }, { method: 'POST', body: new Uint8Array(gzipSync('6,six\n')), headers: { 'Content-Encoding': 'gzip' } })
  await post('{"b":7}', { query: 'INSERT INTO groundswell.t SELECT b, \'seven\' FROM input(\'b UInt64\') WHERE b > 1 FORMAT JSONEachRow' })
  expect((await post('SELECT * FROM groundswell.t ORDER BY a FORMAT CSV')).text).toBe('1,"one"\n2,"tw;o"\n3,"none"\n4,"四"\n5,"five"\n6,"six"\n7,"seven"\n')
  if (existsSync('/dev/shm')) expect(readdirSync('/dev/shm').filter((name) => name.startsWith(`groundswell-chdb-${embedded.pid}-`)).flatMap((name) => readdirSync(join('/dev/shm', name)))).toEqual([])
})

test.each([
  { what: 'a GET that writes', answer: () => ask({ query: 'CREATE TABLE x (a UInt8) ENGINE = Memory' }), status: 403, code: '164' },
  { what: 'a syntax error', answer: () => post('SELEC 1'), status: 400, code: '62' },
  { what: 'an unknown table', answer: () => post('SELECT * FROM nosuch'), status: 404, code: '60' },
  { what: 'an unknown database', answer: () => ask({ query: 'SELECT 1', database: 'nosuch' }), status: 404, code: '81' },
  { what: 'an unknown setting', answer: () => ask({ query: 'SELECT 1', nosuch_setting: '1' }), status: 400, code: '115' },
  { what: 'a session', answer: () => ask({ query: 'SELECT 1', session_id: 'a' }), status: 501, code: '48' },
  { what: 'an unknown encoding', answer: () => ask({ query: 'SELECT 1' }, { method: 'POST', body: 'x', headers: { 'Content-Encoding': 'br' } }), status: 501, code: '48' },
])('refuses $what in ClickHouse\'s own words', async ({ answer, status, code }) => {
  const refused = await answer()
  expect(refused).toMatchObject({ status, code })
  expect(refused.text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: .+\\([A-Z_]+\\)`, 's'))
})

test('what is on disk is readable by its owner only', async () => {
  const directory = join(root, 'private')
  const child = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...child, retentionDays: 3650 })
  await store.insertMentions('1:mentions:1', mentionBlocks(10, 10, () => ({})))
  await store.close()
  await child.stop()
  const all = ['.', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]
  expect(all.some((path) => path.endsWith('.bin'))).toBe(true)
  expect(all.filter((path) => !lstatSync(join(directory, path)).isSymbolicLink() && (lstatSync(join(directory, path)).mode & 0o77) !== 0)).toEqual([])
})

test('a free port is below those that systems give to whoever asks for any: when the child dies nobody else gets it before the next one', () => {
  expect(Number(new URL(embedded.url).port)).toBeLessThan(32_768)
})

test('a port that is taken is named', async () => {
  const port = Number(new URL(embedded.url).port)
  await expect(startEmbeddedClickhouse({ directory: join(root, 'other'), port })).rejects.toThrow(new RegExp(`port ${port} on 127.0.0.1 is taken`))
})

test('a directory that is in use is waited for', async () => {
  const directory = join(root, 'shared')
  const first = await startEmbeddedClickhouse({ directory })
  const second = startEmbeddedClickhouse({ directory })
  await first.stop()
  const child = await second
  expect(await child.healthy()).toBe(true)
  await child.stop()
})

test('what was acknowledged before a kill -9 is there exactly once, and a retry fills in the rest', async () => {
  const directory = join(root, 'killed')
  const blocks = (k: number, perBlock: number) => mentionBlocks(4000, perBlock, () => ({ line: k, topics: ['a'] }))
  let child = await startEmbeddedClickhouse({ directory })
  let store = await openStore({ ...child, retentionDays: 3650 })
  const acknowledged = new Set<number>()
  const { pid } = child
  await Promise.all(Array.from({ length: 12 }, async (_, k) => {
    try {
      await store.insertMentions(`1:mentions:${k}`, blocks(k, 1000))
      acknowledged.add(k)
      if (acknowledged.size === 4) process.kill(pid, 'SIGKILL')
    } catch (error) {
      expect(error).toMatchObject({ name: 'StoreDown', retry: true })
    }
  }))
  expect(await child.exited).toMatchObject({ expected: false })
  await store.close()
  child = await startEmbeddedClickhouse({ directory })
  store = await openStore({ ...child, retentionDays: 3650 })
  const stored = new Map((await store.query<{ line: number; n: number }>('SELECT line, count() AS n FROM mentions GROUP BY line')).map(({ line, n }) => [line, n]))
  expect(acknowledged.size).toBeGreaterThanOrEqual(4)
  for (const k of acknowledged) expect(stored.get(k)).toBe(4000)
  for (const n of stored.values()) expect(n).toBe(4000)
  for (let k = 0; k < 12; k++) await store.insertMentions(`1:mentions:${k}`, blocks(k, 777))
  expect(await store.query('SELECT count() AS n, uniqExact(line) AS inserts FROM mentions')).toEqual([{ n: 48_000, inserts: 12 }])
  expect(await store.query('SELECT sum(mentions) AS n FROM topic_minutes')).toEqual([{ n: 48_000 }])
  await store.close()
  await child.stop()
})

test('ends when its parent is killed', async () => {
  const module = fileURLToPath(new URL('./embedded.ts', import.meta.url))
  const script = `const { startEmbeddedClickhouse } = await import(${JSON.stringify(module)}); const child = await startEmbeddedClickhouse({ directory: ${JSON.stringify(join(root, 'orphan'))} }); console.log(child.url); setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(parent.stdout, 'data') as [Buffer]
  const url = line.toString().trim()
  expect(await fetch(`${url}/ping`).then((response) => response.ok)).toBe(true)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await expect.poll(() => fetch(`${url}/ping`).then(() => 'serves', () => 'gone')).toBe('gone')
})
