import { describe, expect, test } from 'vitest'
import { checksumOf } from '../io/clickhouse/migrate.ts'
import { inputConfig } from '../io/nats/stream-config.ts'
import type { Check } from './check.ts'
import { clockCheck, serverChecks, streamChecks, type NatsFacts, type StreamFacts } from './nats.ts'
import { letterChecks, placeChecks, tableChecks, type TableFacts } from './tables.ts'

const told = (checks: readonly Check[]): string[] => checks.map(({ state, check }) => `${state} ${check}`)
const bad = (checks: readonly Check[]): Check[] => checks.filter(({ state }) => state === 'wrong' || state === 'warn')

describe('NATS', () => {
  const facts: NatsFacts = { url: 'nats://a:4222', version: '2.12.3', maxPayload: 1 << 20, jetstream: true, stream: null }
  test.each([
    { given: facts, embedded: null, says: ['ok nats', 'ok jetstream', 'ok max_payload', 'note sync_interval'] },
    { given: { ...facts, version: '2.9.10' }, embedded: null, says: ['warn nats', 'ok jetstream', 'ok max_payload', 'note sync_interval'] },
    { given: { ...facts, version: '2.9.10' }, embedded: 'sync_interval: "always"', says: ['note nats', 'ok jetstream', 'ok max_payload', 'ok sync_interval'] },
    { given: { ...facts, version: '2.12.3-RC.1' }, embedded: '', says: ['ok nats', 'ok jetstream', 'ok max_payload', 'note sync_interval'] },
    { given: { ...facts, version: '3.0.0', jetstream: false, maxPayload: 65_536 }, embedded: null, says: ['ok nats', 'wrong jetstream', 'warn max_payload', 'note sync_interval'] },
  ])('$given.version: $says', ({ given, embedded, says }) => { expect(told(serverChecks(given, embedded))).toEqual(says) })

  const maxBytes = 1000
  const stream: StreamFacts = { created: 1, config: { ...inputConfig(maxBytes) }, firstSeq: 3, lastSeq: 9, messages: 7, firstAt: 0, lastAt: 60_000, bytes: 100 }
  const also = (config: object, more: Partial<StreamFacts> = {}): Check[] => bad(streamChecks({ ...stream, ...more, config: { ...stream.config, ...config } }, { maxBytes, now: 60_000 }))
  test('a stream as we need it is told with its extent', () => {
    const checks = streamChecks(stream, { maxBytes, now: 120_000 })
    expect(told(checks)).toEqual(['ok stream', 'ok stream config', 'ok stream fill'])
    expect(checks[0]!.found).toBe('GROUNDSWELL: 7 messages, 3 to 9, the oldest 2 min old')
    expect(told(streamChecks(null, { maxBytes, now: 0 }))).toEqual(['note stream'])
  })
  test.each([
    { config: { retention: 'workqueue' }, says: 'wrong', found: /retention is "workqueue", not "limits"/ }, { config: { discard: 'old' }, says: 'wrong', found: /discard.*can be dropped/ },
    { config: { max_age: 5 }, says: 'wrong', found: /max_age/ }, { config: { duplicate_window: 5 }, says: 'warn', found: /duplicate_window/ },
    { config: { subjects: ['mentions.>'] }, says: 'warn', found: /subjects/ }, { config: { max_bytes: 2000 }, says: 'warn', found: /max_bytes is 2000, not 1000/ },
  ])('a stream with $config is $says', ({ config, says, found }) => { expect(also(config)).toMatchObject([{ check: 'stream config', state: says, found: expect.stringMatching(found) as string }]) })
  test('what a server leaves out because it is false is no difference', () => { expect(also({ no_ack: undefined, sealed: undefined })).toEqual([]) })
  test.each([[699, null], [700, 'warn'], [949, 'warn'], [950, 'wrong']] as const)('%i of 1,000 bytes is %s', (bytes, state) => {
    expect(also({}, { bytes }).map((check) => check.state)).toEqual(state === null ? [] : [state])
  })
  test.each([[-1500, 'ok'], [-3500, 'warn'], [-90_000, 'wrong'], [500, 'ok'], [1500, 'warn'], [90_000, 'wrong']] as const)('a newest message %i ms from now is %s', (ms, state) => {
    expect(clockCheck({ lastAt: 1_000_000 + ms }, 1_000_000).state).toBe(state)
  })
})

describe('ClickHouse', () => {
  const create = (table: string, column: string): { name: string; engine: string; create: string } => ({ name: table, engine: 'MergeTree', create: `CREATE TABLE ${table} TTL ${column} + toIntervalDay(180) SETTINGS non_replicated_deduplication_window = 10000` })
  const migration = { id: 1, name: '0001_a.sql', sql: 'SELECT 1' }
  const facts: TableFacts = {
    version: '26.7', tables: [create('mentions', 'ingested'), create('dead_letters', 'ingested'), { name: 'view', engine: 'MaterializedView', create: 'CREATE' }], migrations: [{ id: 1, name: '0001_a.sql', checksum: checksumOf('SELECT 1') }],
    parts: [{ table: 'mentions', partition: '202611', parts: 3, bytes: 5 }], detached: [], positions: [], rules: null, letters: [], growthBytesPerDay: null,
  }
  const found = (more: Partial<TableFacts>): Check[] => bad(tableChecks({ ...facts, ...more }, { retentionDays: 180 }, [migration]))
  test('tables as they must be', () => { expect(told(tableChecks(facts, { retentionDays: 180 }, [migration]))).toEqual(['ok clickhouse', 'ok migrations', 'ok dedup windows', 'ok retention', 'ok parts', 'ok broken parts']) })
  test.each([
    { more: { tables: [{ ...facts.tables[0]!, create: facts.tables[0]!.create.replace('= 10000', '= 0') }] }, says: 'wrong dedup windows', mend: 'ALTER TABLE mentions MODIFY SETTING non_replicated_deduplication_window = 10000' },
    { more: { tables: [{ ...facts.tables[0]!, engine: 'Log' }] }, says: null, mend: '' },
    { more: { version: '25.8.2.29' }, says: 'warn clickhouse', mend: 'use ClickHouse 26.7 or newer' },
    { more: { version: '26.7.1.1' }, says: null, mend: '' },
    { more: { version: '27.1' }, says: null, mend: '' },
    { more: { migrations: [{ ...facts.migrations[0]!, checksum: 'x' }] }, says: 'wrong migrations', mend: 'restore the file' },
    { more: { migrations: [...facts.migrations, { id: 9, name: '0009_z.sql', checksum: 'x' }] }, says: 'wrong migrations', mend: 'run that version' },
    { more: { tables: [{ ...facts.tables[0]!, create: facts.tables[0]!.create.replace('180', '30') }] }, says: 'warn retention', mend: 'start the engine' },
    { more: { parts: [{ ...facts.parts[0]!, parts: 300 }] }, says: 'warn parts', mend: 'merges do not keep up' },
    { more: { detached: [{ table: 'mentions', name: 'broken_all_1_1_0', reason: 'broken' }] }, says: 'wrong broken parts', mend: 'restore a backup' },
  ])('$says', ({ more, says, mend }) => {
    const checks = found(more)
    expect(told(checks)).toEqual(says === null ? [] : [says])
    if (says !== null) expect(checks[0]!.mend).toContain(mend)
  })
  test('before the first start there is nothing to say of migrations', () => {
    expect(found({ tables: [], migrations: [], parts: [] })).toEqual([])
    expect(tableChecks({ ...facts, migrations: [] }, { retentionDays: 180 }, [migration])).toContainEqual(expect.objectContaining({ check: 'migrations', state: 'note', found: 'not applied yet: 0001_a.sql' }))
  })
  test.each([
    { letters: [], says: ['ok'] }, { letters: [{ reason: 'ts-missing', letters: 5, ofTheDay: 2, waiting: 5 }, { reason: 'not-json', letters: 5, ofTheDay: 0, waiting: 1 }], says: ['warn', 'note'] },
    { letters: [{ reason: 'poison', letters: 1, ofTheDay: 0, waiting: 1 }, { reason: 'not-json', letters: 5, ofTheDay: 5, waiting: 0 }], says: ['warn', 'ok'] },
  ])('dead letters: $says', ({ letters, says }) => { expect(letterChecks(letters).map(({ state }) => state)).toEqual(says) })
})

describe('position, stream and checkpoint', () => {
  const places = { position: { stream: 5, seq: 100, at: 0 }, stream: { created: 5, firstSeq: 1, lastSeq: 120 }, checkpoint: { stream: 5, lastInsert: 90 }, now: 1000 }
  test.each([
    { given: places, says: ['ok position', 'ok lag'], found: /100 of the stream/ },
    { given: { ...places, position: null }, says: ['note position'], found: /nothing is stored/ },
    { given: { ...places, stream: null }, says: ['note position'], found: /not looked at/ },
    { given: { ...places, stream: { ...places.stream, lastSeq: 99 } }, says: ['wrong position'], found: /ends before, at 99/ },
    { given: { ...places, stream: { ...places.stream, created: 6 } }, says: ['warn position'], found: /was made/ },
    { given: { ...places, stream: { created: 5, firstSeq: 102, lastSeq: 120 } }, says: ['wrong position'], found: /messages 101 to 101 were removed/ },
    { given: { ...places, stream: { created: 5, firstSeq: 101, lastSeq: 100 } }, says: ['ok position', 'ok lag'], found: /100/ },
    { given: { ...places, checkpoint: { stream: 5, lastInsert: 101 } }, says: ['wrong position'], found: /checkpoint is ahead of it, at 101/ },
    { given: { ...places, checkpoint: { stream: 4, lastInsert: 900 } }, says: ['ok position', 'ok lag'], found: /100/ },
    { given: { ...places, stream: { ...places.stream, lastSeq: 200_100 } }, says: ['ok position', 'warn lag'], found: /100/ },
  ])('$says $found', ({ given, says, found }) => {
    const checks = placeChecks(given)
    expect(told(checks)).toEqual(says)
    expect(checks[0]!.found).toMatch(found)
  })
})
