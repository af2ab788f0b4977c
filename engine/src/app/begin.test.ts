import { expect, test } from 'vitest'
import { Engine } from '../core/engine.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { StateWriter } from '../core/state.ts'
import { CheckpointFiles } from '../io/checkpoint/checkpoint-files.ts'
import { MemoryDisk } from '../io/checkpoint/memory-disk.testing.ts'
import { mentionBlocks } from '../io/clickhouse/native-rows.testing.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { InputStream } from '../ports.ts'
import { compileRules } from '../pipeline/compile-rules.ts'
import { StreamRolledBack } from '../stream-errors.ts'
import { begin, type Beginner } from './begin.ts'

const { store } = await testStore()

const rulesText = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000, within: 2h } ] }\n'
const parsed = parseRules(rulesText)
if (!parsed.ok) throw new Error('the rules of this test are wrong')
const { rules } = parsed
const enrich = compileRules(rulesText, 0)
const t0 = Date.parse('2026-01-01T08:00:00Z')

/** A stream of its own with mentions 1 … 20, of which the store holds what the test says. */
let created = Date.parse('2026-01-01T00:00:00Z')
async function room({ stored = 20, lastSeq = 20 } = {}) {
  const stream = ++created
  if (stored > 0) {
    await store.insertMentions(`${stream}`, mentionBlocks(stored, 100, (i) => ({ id: `${stream}:${i + 1}`, stream, seq: i + 1, ts: t0 + 1000 * i, ingested: t0 + 1000 * i, topics: ['outage'] })))
    await store.insertRows('rules', `${stream}`, [{ stream, seq: 0, text: rulesText }])
    await store.insertRows('positions', `${stream}`, [{ stream, first: 1, last: stored, rows: stored }])
  }
  const disk = new MemoryDisk()
  const { files } = await CheckpointFiles.open({ disk, folder: '/c', kept: 3, onUntidy: () => undefined })
  const told: string[] = []
  const tell = (level: string) => (words: string) => { told.push(`${level}: ${words}`) }
  const beginner = (more: Partial<Beginner> = {}): Beginner => ({
    settings: { seenMax: 1000, cascades: { mentionsMax: 1000, quietHours: 1 }, cooldownSeconds: 1800, room: { zone: 'Asia/Shanghai' } } as Settings, store, files, fileText: rulesText,
    stream: { created: stream, state: async () => ({ firstSeq: 1, lastSeq, bytes: 0, bytesMax: 0 }) } as InputStream,
    pool: { run: () => expect.unreachable('nothing is matched again') },
    log: { info: tell('info'), warn: tell('warn'), error: tell('error') } as unknown as Beginner['log'],
    metrics: { checkpointRefused: () => told.push('refused') } as unknown as Beginner['metrics'], ...more,
  })
  /** A checkpoint as an engine that has applied the first `upTo` mentions would write it. */
  const checkpoint = async (upTo: number): Promise<void> => {
    const engine = new Engine({ rules, rulesSeq: 0, stream, seenMax: 1000 })
    for (let seq = 1; seq <= upTo; seq++) {
      const bytes = new TextEncoder().encode(JSON.stringify({ id: `${stream}:${seq}`, ts: t0 + 1000 * (seq - 1), text: '断网' }))
      engine.step({ kind: 'batch', batch: enrich({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(seq), times: Float64Array.of(t0), platforms: ['weibo'], stream, skewCheck: false }) })
    }
    const out = new StateWriter()
    engine.save(out)
    await files.write({ header: { stream, seq: upTo, rulesSeq: 0, rulesText, lastInsert: upTo, savedAt: t0, seenMax: 1000, groundswell: '1' }, state: out.written, needed: engine.ids.needed(), fresh: [] })
  }
  return { stream, disk, files, told, beginner, checkpoint }
}

test('a first start begins at the first message with the rules of the file, and nothing is said', async () => {
  const { told, beginner } = await room({ stored: 0 })
  expect(await begin(beginner())).toMatchObject({ position: 0, stored: 0, lastInsert: 0, rulesText, past: null, from: null, unknown: null })
  expect(told.filter((words) => !words.startsWith('info: ids were read back'))).toEqual([])
})

test('the newest checkpoint is gone on from; what the store holds behind it is read into the core alone', async () => {
  const { told, beginner, checkpoint } = await room()
  await checkpoint(8)
  await checkpoint(12)
  const beginning = await begin(beginner())
  expect(beginning).toMatchObject({ position: 12, stored: 20, lastInsert: 12, past: null, unknown: null })
  expect(beginning.engine.seenIds).toBe(12)
  expect(told).toEqual(['info: the engine goes on from a checkpoint'])
})

test('a checkpoint that does not load is passed over for the one before it, and with none left the store is counted', async () => {
  const { disk, files, told, beginner, checkpoint } = await room()
  await checkpoint(8)
  await files.write({ header: { ...files.kept[0]!.header, seq: 12 }, state: Uint8Array.of(1, 2, 3), needed: { first: 0, end: 0 }, fresh: [] })
  expect((await begin(beginner())).position).toBe(8)
  expect(told.slice(0, 2)).toEqual(['refused', expect.stringMatching(/^error: checkpoint-000000000002 cannot be used \(state unreadable: .*\). checkpoint-000000000001 is tried next/)])
  told.length = 0
  disk.files.set('/c/checkpoint-000000000001', Uint8Array.of(1))
  const beginning = await begin(beginner())
  expect(beginning).toMatchObject({ position: 20, stored: 20, lastInsert: 20, from: null })
  expect(beginning.past).not.toBeNull()
  expect(beginning.unknown).toMatch(/^shares of sentiment and platform for an hour, /)
  expect(told.filter((words) => words.startsWith('error'))).toEqual([expect.stringMatching(/cut short.* None is left: the start counts from the store/), 'error: no checkpoint can be used: windows, thresholds and ids are counted from the store, as far as it knows them'])
})

test('where no checkpoints were made the store is counted, ids of every stream included', async () => {
  const { told, beginner } = await room()
  const { engine, position } = await begin(beginner())
  expect(position).toBe(20)
  expect(engine.seenIds).toBeGreaterThanOrEqual(20)
  expect(told.slice(0, 2)).toEqual([
    'warn: there is no checkpoint that can be used: windows, thresholds and ids are counted from the store, as far as it knows them',
    'warn: what the store does not know: shares of sentiment and platform for an hour, the cascades of before, which are in the store as far as they had left memory, and the duplicates of before: their counter begins at 0',
  ])
  expect((await begin(beginner({ files: null }))).position).toBe(20)
})

test('a stream that was made again takes the state over, and the ids that were stored behind the checkpoint', async () => {
  const before = await room()
  await before.checkpoint(12)
  const stream = ++created
  const beginning = await begin(before.beginner({ stream: { created: stream, state: async () => ({ firstSeq: 1, lastSeq: 0, bytes: 0, bytesMax: 0 }) } as InputStream }))
  expect(beginning).toMatchObject({ position: 0, stored: 0, lastInsert: 0, rulesSeq: 0, rulesText })
  expect(beginning.engine.seenIds).toBe(20)
  expect(beginning.engine.topics(1)[0]?.count).toBe(12)
  expect(before.told).toEqual([expect.stringMatching(/^error: the input stream is another one/), expect.stringMatching(/^error: 8 mentions were stored behind the checkpoint/)])
  expect(await store.query('SELECT text FROM rules WHERE stream = {stream:UInt64} AND seq = 0', { stream })).toEqual([{ text: rulesText }])
})

test('ids of a stream that came and went without any checkpoint are known too', async () => {
  const before = await room()
  await before.checkpoint(20)
  await room()
  const stream = ++created
  const { engine } = await begin(before.beginner({ stream: { created: stream, state: async () => ({ firstSeq: 1, lastSeq: 0, bytes: 0, bytesMax: 0 }) } as InputStream }))
  expect(engine.seenIds).toBe(40)
})

test('a stream that ends before what is stored is refused: its new messages would be taken for old ones', async () => {
  const { beginner, checkpoint } = await room({ lastSeq: 15 })
  await checkpoint(12)
  await expect(begin(beginner())).rejects.toThrow(StreamRolledBack)
})
