import { expect, test } from 'vitest'
import { Engine } from '../core/engine.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { CheckpointFiles } from '../io/checkpoint/checkpoint-files.ts'
import { MemoryDisk } from '../io/checkpoint/memory-disk.testing.ts'
import { Checkpointer } from './checkpointer.ts'
import { goOnFromCheckpoint, type CheckpointStart } from './checkpoint-start.ts'
import { compileRules } from './compile-rules.ts'

const rulesText = 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网, velocity: [ { count: 3, within: 10s } ] }\n'
const parsed = parseRules(rulesText)
if (!parsed.ok) throw new Error('the rules of this test are wrong')
const { rules } = parsed
const stream = 1_700_000_000_000
const folder = '/data/checkpoints'
const turns = async (): Promise<void> => { for (let i = 0; i < 20; i++) await new Promise((resolve) => { setImmediate(resolve) }) }

/** An engine with a checkpointer over a disk in memory; time, and how far the inserter has come, are told by hand. */
async function room({ disk = new MemoryDisk(), engine = new Engine({ rules, rulesSeq: 0, stream, seenMax: 1000 }), kept = 3 } = {}) {
  const { files } = await CheckpointFiles.open({ disk, folder, kept, onUntidy: (error) => { throw error } })
  const world = { now: 1_000_000, carriedOut: 0, hasEnded: false }
  const told: string[] = []
  const enrich = compileRules(rulesText, 0)
  let waiting: { seq: number; tell: (reached: boolean) => void }[] = []
  let sleeping: (() => void)[] = []
  const checkpointer = new Checkpointer({
    files, engine, seenMax: 1000, version: '1', everyMs: 30_000, bytesMax: 1 << 20, clock: { now: () => world.now, sleep: (_, signal) => new Promise((resolve) => { sleeping.push(resolve); signal?.addEventListener('abort', () => resolve()) }) },
    inserter: { reached: (seq) => (world.carriedOut >= seq || world.hasEnded ? Promise.resolve(world.carriedOut >= seq) : new Promise((tell) => { waiting.push({ seq, tell }) })) },
    facts: () => ({ rulesText, lastInsert: world.carriedOut }),
    onTaken: () => told.push('taken'), onDurable: ({ header }) => told.push(`durable ${header.seq}`), onFailed: (error) => told.push(error.message.slice(0, 6)),
  })
  return {
    disk, files, engine, world, told, checkpointer,
    /** A mention, with which an insert ends. */
    insert: (seq: number, id = `m${seq}`) => {
      const bytes = new TextEncoder().encode(JSON.stringify({ id, ts: stream + 1000 * seq, text: '断网' }))
      engine.step({ kind: 'batch', batch: enrich({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(seq), times: Float64Array.of(stream + 1000 * seq), platforms: ['weibo'], stream, skewCheck: false }) })
      checkpointer.insertEnded(seq)
    },
    carriedOut: async (seq: number) => {
      world.carriedOut = seq
      for (const one of waiting.filter((each) => each.seq <= seq)) one.tell(true)
      waiting = waiting.filter((each) => each.seq > seq)
      await turns()
    },
    waited: async () => {
      for (const wake of sleeping.splice(0)) wake()
      await turns()
    },
    ended: () => { world.hasEnded = true; for (const one of waiting) one.tell(one.seq <= world.carriedOut) },
  }
}

const start = (files: CheckpointFiles, more: Partial<CheckpointStart> = {}): CheckpointStart => ({
  files, stream, firstSeq: 1, storedOf: async () => 1000, engineOf: (of) => new Engine({ ...of, stream, seenMax: 1000 }), onPassed: () => undefined, ...more,
})

test('a checkpoint is taken at the end of an insert when its time has come, and is written when everything before it is carried out', async () => {
  const { world, told, insert, carriedOut } = await room()
  insert(1)
  world.now += 29_999
  insert(2)
  expect(told).toEqual([])
  world.now += 1
  insert(3)
  await turns()
  expect(told).toEqual(['taken'])
  await carriedOut(2)
  expect(told).toEqual(['taken'])
  await carriedOut(3)
  expect(told).toEqual(['taken', 'durable 3'])
})

test('a clock that is set back by a day does not put the next checkpoint off by a day', async () => {
  const { world, told, insert, carriedOut } = await room()
  world.now += 30_000
  insert(1)
  await carriedOut(1)
  world.now -= 86_400_000
  insert(2)
  await carriedOut(2)
  expect(told).toEqual(['taken', 'durable 1', 'taken', 'durable 2'])
})

test('while one waits for its place none is taken; what is read later is the state at its own place', async () => {
  const { disk, world, told, engine, insert, carriedOut } = await room()
  world.now += 30_000
  insert(1)
  for (const seq of [2, 3]) { world.now += 60_000; insert(seq) }
  await carriedOut(3)
  expect(told).toEqual(['taken', 'durable 1'])
  const again = await room({ disk })
  const from = await goOnFromCheckpoint(start(again.files))
  expect(from).toMatchObject({ position: 1, rulesSeq: 0, rulesText })
  expect(from!.engine.counters.counted).toBe(1)
  const on = await room({ disk, engine: from!.engine })
  for (const seq of [2, 3]) on.insert(seq)
  expect(on.engine.picture(0)).toEqual(engine.picture(0))
  on.insert(4, 'm1')
  expect(on.engine.counters.duplicates).toBe(1)
})

test('who asks gets a checkpoint before its time, at or behind the place that was asked for', async () => {
  const { world, told, checkpointer, insert, carriedOut } = await room()
  const reached: string[] = []
  void checkpointer.reached(3).then((is) => reached.push(`3 ${is}`))
  insert(2)
  expect(told).toEqual([])
  insert(3)
  await carriedOut(3)
  expect([told, reached]).toEqual([['taken', 'durable 3'], ['3 true']])
  expect(await checkpointer.now()).toBe(true)
  world.now += 1
  void checkpointer.reached(4).then((is) => reached.push(`4 ${is}`))
  checkpointer.close()
  await turns()
  expect(reached).toEqual(['3 true', '4 false'])
})

test('one that is asked for where an insert has just ended is taken at once: no other end may come', async () => {
  const { told, checkpointer, insert, carriedOut } = await room()
  insert(1)
  await carriedOut(1)
  expect(await checkpointer.now()).toBe(true)
  expect(told).toEqual(['taken', 'durable 1'])
})

test('much input makes a checkpoint due before its time', async () => {
  const { told, checkpointer, insert } = await room()
  checkpointer.weigh(1 << 19)
  insert(1)
  checkpointer.weigh(1 << 19)
  expect(told).toEqual([])
  insert(2)
  expect(told).toEqual(['taken'])
})

test('a disk that is full is told, the old checkpoint stays, and what was taken is tried again though no insert ends any more', async () => {
  const { disk, world, told, checkpointer, insert, carriedOut, waited, engine } = await room()
  await checkpointer.first(0)
  disk.full = /checkpoint-/
  world.now += 30_000
  insert(1)
  await carriedOut(1)
  expect([told, checkpointer.durable?.header.seq]).toEqual([['taken', 'durable 0', 'taken', 'ENOSPC'], 0])
  engine.step({ kind: 'tick', seq: 2, now: stream }) // a full stream ends no insert behind it
  await waited()
  expect(told.slice(4)).toEqual(['ENOSPC'])
  disk.full = null
  await waited()
  expect(told.slice(5)).toEqual(['durable 1'])
})

test('in a pressed stream the newest end is held while one before it waits or is written: there may be no other', async () => {
  const { told, checkpointer, insert, carriedOut, engine, files } = await room()
  const pressed = (): void => checkpointer.weigh(1 << 20)
  pressed()
  insert(1)
  for (const seq of [2, 3]) { pressed(); insert(seq) }
  const counted = engine.counters.counted
  insert(4)
  await carriedOut(3)
  expect(told).toEqual(['taken', 'taken', 'taken', 'durable 1', 'durable 3'])
  const from = await goOnFromCheckpoint(start(files))
  expect([from?.position, from?.engine.counters.counted]).toEqual([3, counted])
})

test('a stop writes the state behind its last insert, even where one was waiting; without the store nothing is written', async () => {
  for (const isStored of [true, false]) {
    const { world, told, checkpointer, insert, carriedOut, ended, engine } = await room()
    world.now += 30_000
    insert(1)
    await checkpointer.stopping()
    insert(2)
    engine.step({ kind: 'tick', seq: 3, now: stream }) // read behind the last insert: it is read again
    if (isStored) await carriedOut(2)
    ended()
    await checkpointer.finish({ isSound: true })
    expect(told.filter((words) => words !== 'taken')).toEqual(isStored ? ['durable 2'] : [])
  }
})

test('an engine that ends by itself behind an insert is written too, though its time had not come; one that a bug stopped half-way is not', async () => {
  for (const isSound of [true, false]) {
    const { told, checkpointer, insert, carriedOut, ended } = await room()
    insert(1)
    await carriedOut(1)
    ended()
    await checkpointer.finish({ isSound })
    expect(told).toEqual(isSound ? ['taken', 'durable 1'] : [])
  }
})

test('the stream is needed from the oldest checkpoint on, without room from the newest, and all of it while one is of another stream', async () => {
  const { world, disk, checkpointer, insert, carriedOut } = await room({ kept: 2 })
  expect([checkpointer.needless(false), checkpointer.needless(true)]).toEqual([0, 0])
  for (const seq of [1, 2, 3]) {
    world.now += 30_000
    insert(seq)
    await carriedOut(seq)
  }
  expect([checkpointer.needless(false), checkpointer.needless(true)]).toEqual([2, 3])
  const other = await room({ disk, kept: 2, engine: new Engine({ rules, rulesSeq: 0, stream: stream + 5, seenMax: 1000 }) })
  await other.checkpointer.first(7)
  expect([other.checkpointer.needless(false), other.checkpointer.needless(true)]).toEqual([0, 7])
})

test.each([
  { what: 'ahead of the store', more: { storedOf: async () => 1 } },
  { what: 'behind the stream', more: { firstSeq: 4 } },
])('a checkpoint that is $what is passed over and stays', async ({ what, more }) => {
  const { disk, world, insert, carriedOut } = await room()
  for (const at of [1, 2]) {
    world.now += 30_000
    await carriedOut(at + 1)
    insert(at)
    await turns()
  }
  const { files } = await room({ disk })
  const passed: string[] = []
  const from = await goOnFromCheckpoint(start(files, { ...more, onPassed: ({ reason }) => passed.push(reason) }))
  expect([from, passed, files.kept.length]).toEqual([null, [what, what], 2])
})

test('a stream that begins too late is no hindrance where the store knows no more than the checkpoint', async () => {
  const { disk, checkpointer, insert, carriedOut, ended } = await room()
  insert(5)
  await carriedOut(5)
  ended()
  await checkpointer.finish({ isSound: true })
  const { files } = await room({ disk })
  expect((await goOnFromCheckpoint(start(files, { firstSeq: 9, storedOf: async () => 5 })))?.position).toBe(5)
})

test('a stream that was made again goes on with the state: at its first message, counted anew, ids known', async () => {
  const { disk, checkpointer, insert, carriedOut, ended } = await room()
  for (const seq of [1, 2, 3]) insert(seq)
  await carriedOut(3)
  ended()
  await checkpointer.finish({ isSound: true })
  const { files } = await room({ disk })
  const from = await goOnFromCheckpoint(start(files, { stream: stream + 9, engineOf: (of) => new Engine({ ...of, stream: stream + 9, seenMax: 1000 }) }))
  expect(from).toMatchObject({ position: 0, lastInsert: 0, rulesSeq: 0, isOtherStream: true })
  expect(from!.engine.counters).toMatchObject({ counted: 0, duplicates: 0 })
  expect(from!.engine.topics(1)[0]?.count).toBe(3)
  expect(from!.engine.seenIds).toBe(3)
})
