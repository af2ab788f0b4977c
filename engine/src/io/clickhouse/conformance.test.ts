// What the engine asks of ClickHouse, asked of the embedded one always, and of a server where GROUNDSWELL_TEST_CLICKHOUSE names one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deadLetterColumns } from '@groundswell/schemas/mention-columns.ts'
import { checkTables } from './check-tables.ts'
import { deadLettersOf, lettersFound, noteReplayed, reasonsOf, withBytes, type LetterFilter } from './dead-letters.ts'
import { startEmbeddedClickhouse } from './embedded.ts'
import type { EmbeddedClickhouse } from './embedded.ts'
import { forget } from './forget.ts'
import { migrate, migrationsOnDisk } from './migrate.ts'
import { mentionBlocks, nativeBlock } from './native-rows.testing.ts'
import { pastCounts, pastMentions, storedHours } from './past.ts'
import { positionOf, rulesAt, seriesOf, spikesOf, storedCount } from './reads.ts'
import { setRetention } from './retention.ts'
import { openStore } from './store.ts'
import type { ClickhouseStore, StoreOptions } from './store.ts'

const day = 86_400_000
const server = process.env['GROUNDSWELL_TEST_CLICKHOUSE']
const targets: readonly ('embedded' | 'server')[] = server === undefined ? ['embedded'] : ['embedded', 'server']

describe.each(targets)('ClickHouse, %s', (target) => {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-store-'))
  let embedded: EmbeddedClickhouse | null = null
  let where: Omit<StoreOptions, 'retentionDays'>
  let store: ClickhouseStore

  beforeAll(async () => {
    if (target === 'embedded') where = embedded = await startEmbeddedClickhouse({ directory })
    else {
      const url = new URL(server!)
      where = { url: url.origin, user: decodeURIComponent(url.username) || 'default', password: decodeURIComponent(url.password), database: `groundswell_test_${process.pid}_${Date.now()}` }
    }
    store = await openStore({ ...where, retentionDays: 3650 })
  })
  afterAll(async () => {
    if (target === 'server') await store?.command(`DROP DATABASE ${where.database}`)
    await store?.close()
    await embedded?.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const emptied = async (...tables: string[]) => { for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`) }

  test('answers a ping', () => store.ping())

  test('migrates once, and refuses a file that was changed after it was applied', async () => {
    expect(await migrate(store)).toEqual([])
    const [first, ...rest] = migrationsOnDisk()
    await expect(migrate(store, [{ ...first!, sql: `${first!.sql}-- touched` }, ...rest])).rejects.toThrow(/0001_mentions\.sql was changed/)
    await expect(migrate(store, rest)).rejects.toThrow(/0001_mentions\.sql is not known here/)
  })

  test('any migration may be applied twice, as after a crash between its statements and its note: nothing is changed by that', async () => {
    const shapes = () => store.query('SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() AND name NOT LIKE \'.%\' ORDER BY name')
    const before = await shapes()
    await store.insertMentions('1:mentions:twice', mentionBlocks(3, 3, (i) => ({ id: `twice${i}` })))
    await store.command('TRUNCATE TABLE migrations')
    expect(await migrate(store)).toEqual(migrationsOnDisk().map(({ name }) => name))
    expect([await shapes(), await storedCount(store)]).toEqual([before, 3])
  })

  test('every table deduplicates, and one that does not is refused by name', async () => {
    await checkTables(store)
    await store.command('CREATE TABLE careless (a UInt8) ENGINE = MergeTree ORDER BY a')
    await expect(checkTables(store)).rejects.toThrow(/ALTER TABLE careless MODIFY SETTING non_replicated_deduplication_window/)
    await store.command('DROP TABLE careless')
  })

  test('the same rows under the same token are stored and rolled up once, however they are cut into blocks', async () => {
    await emptied('mentions', 'topic_minutes')
    const of = (i: number) => ({ topics: i % 2 ? ['outage'] : ['outage', 'price'], sentiment: [-0.5, -0.05, 0.05, 0.06, 0.5][i % 5]!, fate: i % 10 === 9 ? 3 : i % 10 === 8 ? 1 : 0 })
    for (const perBlock of [1000, 1000, 333, 3000, 2999, 1]) await store.insertMentions('1:mentions:1-3000', mentionBlocks(3000, perBlock, of))
    expect(await storedCount(store)).toBe(2700)
    expect(await store.query('SELECT topic, sum(mentions) AS n, sumIf(mentions, sign < 0) AS negative, sumIf(mentions, sign > 0) AS positive FROM topic_minutes GROUP BY topic ORDER BY topic'))
      .toEqual([{ topic: 'outage', n: 2400, negative: 600, positive: 600 }, { topic: 'price', n: 1200, negative: 300, positive: 300 }])
    await store.insertMentions('1:mentions:3001-6000', mentionBlocks(3000, 500, of))
    expect(await storedCount(store)).toBe(5400)
  })

  test('an insert of duplicates only stores nothing', async () => {
    await emptied('mentions')
    await store.insertMentions('1:mentions:7-8', mentionBlocks(3, 2, () => ({ fate: 3 })))
    expect(await storedCount(store)).toBe(0)
  })

  test('stores 50,000 rows of 17 MB in one part, every byte as it was', async () => {
    await emptied('mentions')
    const text = '突发：“断网” it\'s \\ "down"\n\t😀'.repeat(6)
    await store.insertMentions('1:mentions:big', mentionBlocks(50_000, 2500, (i) => ({ text: text + i, author: `u${i}`, tags: ['a', `标签${i % 7}`] })))
    expect(await store.query('SELECT count() AS n, uniqExact(author) AS authors, sum(length(tags)) AS tags, countIf(text = concat({text:String}, toString(seq - 1))) AS same FROM mentions', { text }))
      .toEqual([{ n: 50_000, authors: 50_000, tags: 100_000, same: 50_000 }])
    expect(await store.query('SELECT count() AS parts FROM system.parts WHERE active AND table = \'mentions\' AND database = currentDatabase()')).toEqual([{ parts: 1 }])
  })

  test('answers while inserts are under way', async () => {
    await emptied('mentions')
    const inserts = Array.from({ length: 6 }, (_, k) => store.insertMentions(`1:mentions:c${k}`, mentionBlocks(5000, 1000, () => ({ line: k }))))
    const counts = await Promise.all(Array.from({ length: 12 }, () => storedCount(store)))
    for (const count of counts) expect(count % 5000).toBe(0)
    await Promise.all(inserts)
    expect(await storedCount(store)).toBe(30_000)
  })

  test('a failure names its code, and does not spoil the next answer', async () => {
    await expect(store.query('SELECT nosuch')).rejects.toMatchObject({ name: 'StoreRefused', retry: false, code: 47 })
    await expect(store.query('SELECT number, throwIf(number = 300000) FROM numbers(500000)')).rejects.toMatchObject({ name: 'StoreRefused' })
    for (let i = 0; i < 12; i++) expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await expect(store.query('SELEC 1')).rejects.toMatchObject({ code: 62 })
    await expect(store.insertMentions('t', [Uint8Array.of(27, 1, 2, 3)])).rejects.toThrow(/Native/)
  })

  test.each(['plain', 'it\'s', 'a\\b', '中文“引号”', 'tab\tand\nline', '\'; DROP TABLE mentions; --', '{x:String}', '😀', ''])('binds %j as it is', async (x) => {
    expect(await store.query('SELECT {x:String} AS x, {list:Array(String)} AS list', { x, list: [x, 'b'] })).toEqual([{ x, list: [x, 'b'] }])
  })

  test('streams a long answer in whole lines, and throws where it breaks off', async () => {
    let lines = 0
    for await (const chunk of store.queryChunks('SELECT number, \'中\' AS text FROM numbers(300000)')) {
      expect(chunk.at(-1)).toBe(10)
      for (const byte of chunk) if (byte === 10) lines++
    }
    expect(lines).toBe(300_000)
    const read = async () => { for await (const _ of store.queryChunks('SELECT number, throwIf(number = 300000) FROM numbers(500000)')) continue }
    await expect(read()).rejects.toMatchObject({ name: 'StoreRefused', code: 395 })
  })

  test('old event times stay; retention goes by ingest time and follows the setting', async () => {
    await emptied('mentions')
    const now = Date.now()
    const ages = [0, 3, 40] // days since they came in
    await store.insertMentions('1:mentions:old', mentionBlocks(6, 2, (i) => ({ ts: i % 2 ? Date.UTC(2007, 0, 1) : Date.UTC(2010, 11, 2), ingested: now - ages[i >> 1]! * day })))
    await store.command('OPTIMIZE TABLE mentions FINAL')
    expect(await store.query('SELECT toYear(ts) AS year, count() AS n FROM mentions GROUP BY year ORDER BY year')).toEqual([{ year: 2007, n: 3 }, { year: 2010, n: 3 }])
    expect(await setRetention(store, 30)).toEqual(['mentions', 'dead_letters', 'topic_minutes', 'replayed_letters', 'cascades'])
    expect(await setRetention(store, 30)).toEqual([])
    await store.command('ALTER TABLE mentions MATERIALIZE TTL SETTINGS mutations_sync = 2')
    await store.command('OPTIMIZE TABLE mentions FINAL')
    expect(await storedCount(store)).toBe(4)
    await setRetention(store, 3650)
  })

  test('reads back position, rules and spikes', async () => {
    await store.insertRows('positions', 'p1', [{ stream: 7, first: 1, last: 10, rows: 5 }])
    await store.insertRows('positions', 'p2', [{ stream: 7, first: 11, last: 30, rows: 2 }])
    expect([await positionOf(store, 7), await positionOf(store, 8)]).toEqual([30, 0])
    await store.insertRows('rules', 'r1', [{ stream: 7, seq: 0, text: 'topics: []' }, { stream: 7, seq: 20, text: '# 新 \ud800' }])
    expect([await rulesAt(store, 7, 19), await rulesAt(store, 7, 20), await rulesAt(store, 8, 20)]).toEqual([{ seq: 0, text: 'topics: []' }, { seq: 20, text: '# 新 \ufffd' }, null])
    const spike = { kind: 'spike', topic: 'outage', rule: { count: 5, within: '2h' }, grade: 'minor', at: '2015-06-15T16:12:44Z', count: 7, id: 'outage/5/2h/2015-06-15T16:12:44Z/spike' }
    for (const token of ['s1', 's2']) await store.insertRows('spikes', token, [spike, { ...spike, topic: 'other', id: 'other' }])
    expect(await spikesOf(store, { topic: 'outage' })).toEqual([spike])
    expect([await spikesOf(store, { kind: 'clear' }), await spikesOf(store, { limit: 1 }).then((rows) => rows.length)]).toEqual([[], 1])
    await expect(store.insertRows('spikes', 's3', [{ ...spike, nosuch: 1 }])).rejects.toMatchObject({ name: 'StoreRefused' })
  })

  test('gives dead letters back, newest first, short and as UTF-8', async () => {
    await emptied('dead_letters')
    const row = { stream: 1, line: 0, subject: 'weibo', reason: 'ts-missing', detail: 'there is no ts', raw: '{}' }
    const now = Date.now()
    const block = nativeBlock(deadLetterColumns, [{ ...row, ingested: now - 5, seq: 1 }, { ...row, ingested: now, seq: 2 }, { ...row, ingested: now, seq: 2, line: 3, raw: `坏${'字'.repeat(2000)}` }, { ...row, ingested: now - 9, seq: 9, raw: 'a@@@b' }])
    const bytes = Buffer.from(block)
    bytes.fill(0xff, bytes.indexOf('@@@'), bytes.indexOf('@@@') + 3)
    await store.insertDeadLetters('1:dead_letters:read', [bytes])
    const given = { at: new Date(now).toISOString(), platform: 'weibo', reason: 'ts-missing', detail: 'there is no ts', seq: 2, line: 0, raw: '{}' }
    const read = await deadLettersOf(store, { limit: 100 })
    expect(read.slice(0, 2)).toEqual([{ ...given, line: 3, raw: `坏${'字'.repeat(999)}` }, given])
    expect(read.slice(2).map(({ seq, raw }) => [seq, raw.replaceAll(/\ufffd+/g, '?')])).toEqual([[1, '{}'], [9, 'a?b']])
    expect((await deadLettersOf(store, { limit: 1 })).map(({ line }) => line)).toEqual([3])
  })

  test('dead letters are found by reason and time, page by page with every byte, and those sent again are left out', async () => {
    await emptied('dead_letters', 'replayed_letters')
    const now = Date.now()
    const row = { ingested: now, stream: 4, seq: 1, line: 0, subject: 'weibo', reason: 'not-json', detail: '', raw: 'x' }
    const rows = [{ ...row, ingested: now - 20, reason: 'ts-missing' }, { ...row, seq: 2 }, { ...row, seq: 2, line: 1, raw: 'a@@@b' }, { ...row, seq: 3, raw: '长'.repeat(300_000) }, { ...row, stream: 3, seq: 900 }, { ...row, seq: 7, reason: 'poison' }]
    const bytes = Buffer.concat([nativeBlock(deadLetterColumns, rows)])
    bytes.set([0xff, 0x00, 0x0a], bytes.indexOf('@@@'))
    await store.insertDeadLetters('4:dead_letters:pages', [bytes])
    const places = async (filter: LetterFilter, until = 6) => {
      const found = []
      for (let after = null, page; (page = await lettersFound(store, filter, { after, limit: 2, until: { stream: 4, seq: until } })).length > 0; after = page.at(-1)!) found.push(...page)
      return found
    }
    const found = await places({})
    expect(found.map(({ stream, seq, line }) => [stream, seq, line])).toEqual([[4, 1, 0], [3, 900, 0], [4, 2, 0], [4, 2, 1], [4, 3, 0]]) // not 4:7, which came later
    const letters = await withBytes(store, found)
    expect(letters.map(({ raw }) => raw.length)).toEqual(found.map((letter) => letter.bytes))
    expect([...letters[3]!.raw]).toEqual([0x61, 0xff, 0x00, 0x0a, 0x62])
    expect((await places({ reason: 'ts-missing' })).map(({ seq }) => seq)).toEqual([1])
    expect((await places({ since: now }, 7)).map(({ seq }) => seq)).toEqual([900, 2, 2, 3, 7])
    expect((await places({ before: now }, 7)).map(({ seq }) => seq)).toEqual([1])
    for (let times = 0; times < 2; times++) await noteReplayed(store, letters.slice(1), now)
    expect((await places({}, 7)).map(({ seq }) => seq)).toEqual([1, 7])
    expect(await places({ all: true }, 7)).toHaveLength(6)
    expect((await deadLettersOf(store, { limit: 10 })).map(({ seq }) => seq)).toEqual([7, 1])
    expect((await deadLettersOf(store, { limit: 2, all: true })).map(({ seq, replayed }) => [seq, replayed])).toEqual([[900, new Date(now).toISOString()], [7, null]])
    expect(await reasonsOf(store)).toMatchObject([{ reason: 'not-json', letters: 4, replayed: 4, newest: new Date(now).toISOString() }, { reason: 'poison', letters: 1, replayed: 0 }, { reason: 'ts-missing', letters: 1, replayed: 0 }])
    expect(await reasonsOf(store, { since: now })).toHaveLength(2)
  })

  test('gives the past of topics back: counts, mentions, and a series that tells a gap from a zero', async () => {
    await emptied('mentions', 'topic_minutes')
    const second = 1_434_384_000
    const at = [0, 0, -59, -7799, -7800, -7 * 86_400 + 1, -7 * 86_400, 5]
    await store.insertMentions('1:mentions:past', mentionBlocks(10, 3, (i) => ({ ts: 1000 * (second + (at[i] ?? 0)) + 7, topics: ['a'], fate: i === 8 ? 1 : 0, likes: 3, text: '引"号' })))
    const options = { stream: 1, beforeSeq: 10, newestSecond: second }
    const minute = second / 60
    const hour = second / 3600
    expect(await all(pastCounts(store, ['a', 'b'], options))).toEqual([
      {
        id: 'a', seconds: { at: [second - 7799, second - 59, second], count: [1, 1, 2] }, minutes: { at: [minute - 10_080, minute - 130, minute - 1, minute], count: [1, 2, 1, 2] },
        hours: { at: [hour - 168, hour - 3, hour - 1, hour], count: [2, 2, 1, 2] }, // all of the hour in which the seven days begin
      },
      { id: 'b', seconds: { at: [], count: [] }, minutes: { at: [], count: [] }, hours: { at: [], count: [] } },
    ])
    expect(await storedHours(store, options)).toEqual([
      { hour: hour - 168, mentions: 2, first: second - 7 * 86_400, last: second - 7 * 86_400 + 1 }, { hour: hour - 3, mentions: 2, first: second - 7800, last: second - 7799 },
      { hour: hour - 1, mentions: 1, first: second - 59, last: second - 59 }, { hour, mentions: 2, first: second, last: second },
    ])
    let text = ''
    for await (const chunk of pastMentions(store, options)) text += Buffer.from(chunk).toString()
    const rows = text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toHaveLength(6)
    const older: Uint8Array[] = []
    for await (const chunk of pastMentions(store, options, second - 8 * 86_400)) older.push(chunk)
    expect(Buffer.concat(older).toString().trim().split('\n')).toHaveLength(7)
    expect(rows.at(-1)).toMatchObject({ ts: second * 1000 + 7, text: '引"号', likes: 3, parent: null, author: 'a', followers: null, verified: null, sentiment: null, platform: 'weibo' })
    const series = await seriesOf(store, { topic: 'b', fromSecond: second - 300, toSecond: second + 300, stepSeconds: 60 })
    expect(series).toEqual({ points: [], covered: [[second - 60, second + 60]] })
    expect((await seriesOf(store, { topic: 'a', fromSecond: second - 60, toSecond: second + 60, stepSeconds: 60 })).points.map(({ at, count }) => [at, count])).toEqual([[second - 60, 1], [second, 4]])
  })

  test('forgetting that is cut short between marking and rewriting is finished by the next try', async () => {
    const marked = () => store.query('SELECT count() AS parts FROM system.parts WHERE database = currentDatabase() AND table = \'mentions\' AND active AND has_lightweight_delete')
    await store.insertMentions('1:mentions:cut-short', mentionBlocks(10, 10, (n) => ({ id: `cut-short:${n}`, author: 'cut-short' })))
    const dying = { query: store.query.bind(store), insertRows: store.insertRows.bind(store), command: async (sql: string, params?: Readonly<Record<string, unknown>>) => {
      if (sql.includes('APPLY DELETED MASK')) throw new Error('killed')
      await store.command(sql, params)
    } }
    await expect(forget(dying, { author: 'cut-short', token: '1:forget:cut-short' })).rejects.toThrow('killed')
    expect(await marked()).not.toEqual([{ parts: 0 }])
    await forget(store, { author: 'cut-short', token: '1:forget:cut-short' })
    expect(await marked()).toEqual([{ parts: 0 }])
  })

  test('forgets a mention or an author from every table, and keeps only a hash', async () => {
    await emptied('mentions', 'dead_letters', 'forgotten')
    await store.insertMentions('1:mentions:f', mentionBlocks(10, 5, (i) => ({ id: `m${i}`, author: i % 2 ? '张三' : 'other' })))
    const raw = ['{"id":"m1","author":"x"}', '{"author":"\\u5f20\\u4e09"}', '{"author":"张三"}', '{"author":"张三丰"}']
    await store.insertDeadLetters('1:dead_letters:f', [nativeBlock(deadLetterColumns, raw.map((text, line) => ({ ingested: Date.now(), stream: 1, seq: 1, line, subject: 'weibo', reason: 'ts-missing', detail: '', raw: text })))])
    expect(await forget(store, { mention: 'm1', token: '1:forget:1' })).toEqual({ mentions: 1, deadLetters: 1 })
    expect(await forget(store, { author: '张三', token: '1:forget:2' })).toEqual({ mentions: 4, deadLetters: 2 })
    expect(await storedCount(store)).toBe(5)
    expect(await store.query('SELECT raw FROM dead_letters')).toEqual([{ raw: raw[3] }])
    expect(await store.query('SELECT kind, rows, length(toString(hash)) AS chars FROM forgotten ORDER BY at')).toEqual([{ kind: 'mention', rows: 2, chars: 64 }, { kind: 'author', rows: 6, chars: 64 }])
    // The bytes themselves are gone: no active part still carries a mask over deleted rows.
    expect(await store.query('SELECT sum(rows) AS rows, max(has_lightweight_delete) AS masked FROM system.parts WHERE active AND table = \'mentions\' AND database = currentDatabase()')).toEqual([{ rows: 5, masked: 0 }])
  })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = []
  for await (const item of items) got.push(item)
  return got
}
