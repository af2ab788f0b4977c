// One bit of one part is flipped on the disk: doctor --deep and backup find it, what is asked to be forgotten is refused in bounded time, and nothing stays behind that blocks.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { groundswell } from '../../test/processes.ts'
import { beginFormat } from '../cli/data-format.ts'
import { deepChecks, lookDeep } from './deep.ts'
import { forget, isForgotten } from '../io/clickhouse/forget.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'

const rowsOf = (author: string) => Array.from({ length: 500 }, (_, i) => ({ id: `${author}:${i}`, ts: '2026-01-01 00:00:00', ingested: '2026-01-01 00:00:00', author: i % 7 === 0 ? 'gone' : author, text: `${author} says ${Math.sin(i)}`, platform: 'weibo' }))

test('a damaged part is found by doctor --deep and backup; it refuses to forget, by name, and blocks neither what is stored later nor what is forgotten once it is taken out', async () => {
  const [data, elsewhere] = ['data', 'elsewhere'].map((name) => mkdtempSync(join(tmpdir(), `groundswell-damage-${name}-`))) as [string, string]
  onTestFinished(() => { for (const folder of [data, elsewhere]) rmSync(folder, { recursive: true, force: true }) })
  const directory = join(data, 'clickhouse')
  beginFormat(data, '0.1.0')
  const before = await testStore({ directory, until: onTestFinished })
  for (const author of ['a', 'b']) await before.store.insertRows('mentions', author, rowsOf(author))
  const [part] = await before.store.query<{ name: string; path: string }>('SELECT name, path FROM system.parts WHERE active AND database = currentDatabase() AND table = \'mentions\' ORDER BY name')
  await before.end()
  const file = join(part!.path, 'data.bin')
  const bytes = readFileSync(file)
  bytes[Math.floor(bytes.length * 0.7)]! ^= 1
  writeFileSync(file, bytes)

  const doctor = await groundswell(['doctor', '--deep', '--data', data], { cwd: data })
  expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining(`mentions: part ${part!.name} is damaged`)])
  const backup = await groundswell(['backup', join(elsewhere, 'kept.tar'), '--data', data], { cwd: data })
  expect([backup.code, backup.stderr, JSON.parse(backup.stdout).damage]).toEqual([1, expect.stringMatching(/THIS BACKUP HOLDS DAMAGED DATA/), [expect.stringContaining(part!.name)]])

  const { store } = await testStore({ directory, until: onTestFinished })
  await expect(forget(store, { token: 't', author: 'gone' })).rejects.toMatchObject({ name: 'StoreRefused', message: expect.stringMatching(new RegExp(`mentions.*${part!.name}`, 's')) })
  expect(await store.query('SELECT mutation_id FROM system.mutations WHERE database = currentDatabase() AND NOT is_done')).toEqual([])
  expect(await isForgotten(store, { author: 'gone' })).toBe(false)
  await store.insertRows('mentions', 'c', rowsOf('c'))

  const tables = await store.query<{ name: string; engine: string }>('SELECT name, engine FROM system.tables WHERE database = currentDatabase()')
  const found = deepChecks(await lookDeep(store, tables))
  expect(found.map(({ state }) => state), JSON.stringify(found)).toEqual(['wrong'])
  expect(found[0]).toMatchObject({ found: expect.stringContaining(`mentions: part ${part!.name} is damaged`), mend: expect.stringContaining(`DETACH PART '${part!.name}'`) })

  await store.command(`ALTER TABLE mentions DETACH PART '${part!.name}'`)
  expect(deepChecks(await lookDeep(store, tables))).toMatchObject([{ state: 'ok' }])
  const { mentions } = await forget(store, { token: 't2', author: 'gone' })
  expect(mentions).toBeGreaterThanOrEqual(72)
  expect(await store.query('SELECT count() AS n FROM mentions WHERE author = \'gone\'')).toEqual([{ n: 0 }])
  expect(await isForgotten(store, { author: 'gone' })).toBe(true)
})

test('a table that does not come to an end is told, and the next is read all the same', async () => {
  const query = async (sql: string) => (sql.includes('`slow`') ? new Promise(() => undefined) : [{ part_path: 'p', is_passed: 1, message: '' }])
  const tables = [{ name: 'slow', engine: 'MergeTree' }, { name: 'view', engine: 'MaterializedView' }, { name: 'quick', engine: 'ReplacingMergeTree' }]
  const found = await lookDeep({ query } as Parameters<typeof lookDeep>[0], tables, { tableMs: 1, afterMs: 5 })
  expect(found.map(({ table, parts }) => [table, parts])).toEqual([['slow', 0], ['quick', 1]])
  expect(deepChecks(found)).toMatchObject([{ state: 'wrong', found: 'slow could not be read to its end: no answer within 0.006 s' }])
})
