import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckpointFiles, checkpointLimits, type Kept, type NewCheckpoint } from './checkpoint-files.ts'
import { MemoryDisk } from './memory-disk.testing.ts'

const folder = '/data/checkpoints'
const header = { stream: 1_700_000_000_000, seq: 0, rulesSeq: 3, rulesText: 'topics: [] # 断网', lastInsert: 0, savedAt: 1_700_000_100_000, seenMax: 50_000_000, groundswell: '1.0.0' }
const segment = (number: number, salt = 0) => ({ number, words: Int32Array.from({ length: 64 }, (_, i) => number * 1000 + i + salt) })
const checkpoint = (seq: number, { first = 0, end = 0, salt = 0, from = first }: { first?: number; end?: number; salt?: number; from?: number } = {}): NewCheckpoint => ({
  header: { ...header, seq, lastInsert: seq }, state: Uint8Array.from({ length: 100 }, (_, i) => (i * 7 + seq) % 256), needed: { first, end },
  fresh: Array.from({ length: end - from }, (_, i) => segment(from + i, salt)),
})

async function opened(disk = new MemoryDisk(), kept = 3) {
  const untidy: Error[] = []
  const { files, refused } = await CheckpointFiles.open({ disk, folder, kept, onUntidy: (error) => untidy.push(error) })
  return { disk, files, refused, untidy, names: () => disk.list(folder) }
}
const newest = (files: CheckpointFiles): Kept => files.kept.at(-1)!
const bytesOf = (disk: MemoryDisk, name: string): Uint8Array => disk.files.get(`${folder}/${name}`)!

test('what was written is read by the next start: header, state and segments', async () => {
  const { disk, files } = await opened()
  await files.write(checkpoint(17, { first: 2, end: 4 }))
  const again = await opened(disk)
  expect(again.refused).toEqual([])
  const read = await again.files.read(newest(again.files))
  if (!read.ok) throw new Error(read.detail)
  expect(read.header).toMatchObject({ ...header, seq: 17, lastInsert: 17, segments: { first: 2 } })
  expect(read.state).toEqual(checkpoint(17).state)
  expect([read.segmentOf(2), read.segmentOf(3)]).toEqual([segment(2).words, segment(3).words])
  expect(() => read.segmentOf(4)).toThrow('segment 4')
})

test('the newest few are kept, and a segment as long as one of them needs it; each is written once', async () => {
  const { disk, files, names } = await opened(new MemoryDisk(), 2)
  await files.write(checkpoint(1, { end: 2 }))
  expect(files.freshFrom).toBe(2)
  await files.write(checkpoint(2, { end: 3, from: files.freshFrom }))
  await files.write(checkpoint(3, { first: 2, end: 3, from: files.freshFrom }))
  expect(files.kept.map(({ header: { seq } }) => seq)).toEqual([2, 3])
  expect((await names()).map((name) => name.slice(0, 17))).toEqual(['checkpoint-000000', 'checkpoint-000000', expect.stringMatching(/^ids-0/), expect.stringMatching(/^ids-1/), expect.stringMatching(/^ids-2/)])
  await files.write(checkpoint(4, { first: 2, end: 3, from: files.freshFrom }))
  expect((await names()).filter((name) => name.startsWith('ids-'))).toEqual([expect.stringMatching(/^ids-2-/)])
  expect(disk.written.filter((name) => name.startsWith('ids-'))).toHaveLength(3)
})

test('a past that was left writes its segments beside the one that is gone on from', async () => {
  const { disk, files } = await opened()
  await files.write(checkpoint(1, { end: 1 }))
  await files.write(checkpoint(2, { end: 2, from: 1, salt: 5 }))
  const again = await opened(disk)
  const first = again.files.kept[0]!
  again.files.goOnFrom(first)
  expect(again.files.freshFrom).toBe(1)
  await again.files.write(checkpoint(3, { end: 2, from: 1, salt: 6 }))
  for (const [kept, salt] of [[again.files.kept[1]!, 5], [again.files.kept[2]!, 6]] as const) {
    const read = await again.files.read(kept)
    expect(read.ok && read.segmentOf(1)).toEqual(segment(1, salt).words)
  }
})

test.each([
  { what: 'torn', reason: 'cut short', damage: (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 9) },
  { what: 'empty', reason: 'cut short', damage: () => new Uint8Array(0) },
  { what: 'longer than it was', reason: 'bytes left over', damage: (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]) },
  { what: 'flipped in its state', reason: 'bytes changed', damage: (bytes: Uint8Array) => bytes.with(bytes.length - 3, bytes.at(-3)! ^ 4) },
  { what: 'flipped in its header', reason: 'bytes changed', damage: (bytes: Uint8Array) => bytes.with(50, bytes[50]! ^ 1) },
  { what: 'of another format', reason: 'of another format', damage: (bytes: Uint8Array) => bytes.with(8, 9) },
  { what: 'something else', reason: 'not a checkpoint', damage: (bytes: Uint8Array) => bytes.with(0, 9) },
])('a checkpoint that is $what is refused with its reason and kept aside; the one before stays', async ({ reason, damage }) => {
  const { disk, files } = await opened()
  await files.write(checkpoint(1))
  const { number } = await files.write(checkpoint(2))
  const name = files.nameOf(number)
  const damaged = damage(bytesOf(disk, name))
  disk.files.set(`${folder}/${name}`, damaged)
  const again = await opened(disk)
  expect(again.refused).toEqual([{ name, refused: { ok: false, reason, detail: expect.any(String) } }])
  expect(bytesOf(disk, `${name}.damaged`)).toEqual(damaged)
  expect(newest(again.files).header.seq).toBe(1)
  expect((await again.files.write(checkpoint(3))).number).toBe(number + 1)
})

test('a header that is whole but says what no header says is refused', async () => {
  const { disk, files } = await opened()
  await files.write({ ...checkpoint(1), header: { ...header, seq: -4 } })
  expect((await opened(disk)).refused).toMatchObject([{ refused: { reason: 'header unreadable', detail: expect.stringMatching(/^seq: /) } }])
})

test.each([
  { what: 'is gone', reason: 'segment missing', damage: (disk: MemoryDisk, path: string) => disk.files.delete(path) },
  { what: 'is torn', reason: 'segment damaged', damage: (disk: MemoryDisk, path: string) => disk.files.set(path, disk.files.get(path)!.subarray(0, 40)) },
  { what: 'has a flipped bit', reason: 'segment damaged', damage: (disk: MemoryDisk, path: string) => disk.files.set(path, disk.files.get(path)!.with(60, 1)) },
])('a checkpoint whose segment $what is refused, and so is the next that needs it', async ({ reason, damage }) => {
  const { disk, files } = await opened()
  await files.write(checkpoint(1, { end: 1 }))
  await files.write(checkpoint(2, { end: 2, from: 1 }))
  damage(disk, `${folder}/${(await disk.list(folder)).find((name) => name.startsWith('ids-0'))!}`)
  const again = await opened(disk)
  expect(await again.files.read(newest(again.files))).toMatchObject({ ok: false, reason })
  await again.files.setAside(newest(again.files).number)
  expect(newest(again.files).header.seq).toBe(1)
  expect(await again.files.read(newest(again.files))).toMatchObject({ ok: false, reason: 'segment missing' })
})

test('a disk that is full leaves the checkpoints that were there, and the next one is written again', async () => {
  const { disk, files, names } = await opened()
  await files.write(checkpoint(1, { end: 1 }))
  for (const full of [/checkpoint/, /ids/]) {
    disk.full = full
    await expect(files.write(checkpoint(2, { end: 2, from: files.freshFrom }))).rejects.toThrow('no space left')
    expect(files.kept.map(({ header: { seq } }) => seq)).toEqual([1])
    expect((await names()).some((name) => name.endsWith('.tmp'))).toBe(false)
  }
  disk.full = null
  await files.write(checkpoint(2, { end: 3, from: files.freshFrom }))
  const again = await opened(disk)
  expect(await again.files.read(newest(again.files))).toMatchObject({ ok: true, header: { seq: 2 } })
})

test.each([
  { fails: 2, why: 'is read again' }, { fails: 3, why: 'is passed over, and stays whole for the next start' },
])('a checkpoint that $fails reads in a row fail to give $why', async ({ fails }) => {
  const { disk, files } = await opened()
  await files.write(checkpoint(1))
  let left = fails
  const failing = Object.assign(new MemoryDisk(), { read: async (path: string) => (left-- > 0 ? Promise.reject(new Error('EIO: i/o error')) : disk.read(path)) })
  for (const [path, bytes] of disk.files) failing.files.set(path, bytes)
  const again = await opened(failing)
  expect([again.files.kept.length, again.refused.map(({ refused }) => refused.reason)]).toEqual(fails < 3 ? [1, []] : [0, ['not to be read']])
  expect(await again.names()).toEqual(['checkpoint-000000000001'])
  expect((await opened(failing)).files.kept.length).toBe(1)
})

test('what a crash left half-written is removed at the next start', async () => {
  const { disk, files } = await opened()
  await files.write(checkpoint(1))
  disk.files.set(`${folder}/checkpoint-000000000002.tmp`, Uint8Array.of(1, 2))
  const again = await opened(disk)
  expect(await again.names()).toEqual(['checkpoint-000000000001'])
  expect(again.refused).toEqual([])
})

test('only a few damaged files are kept', async () => {
  const { disk, files } = await opened(new MemoryDisk(), 20)
  for (let seq = 1; seq <= 9; seq++) await files.write(checkpoint(seq))
  for (const [path, bytes] of disk.files) disk.files.set(path, bytes.subarray(0, 50))
  const again = await opened(disk, 20)
  expect(again.refused).toHaveLength(9)
  expect(await again.names()).toHaveLength(checkpointLimits.damagedKeptMax)
  expect((await again.files.write(checkpoint(10))).number).toBe(10)
})

/** Lengths of every class: nothing, within the prefix, within the header, at its end, within the state, all but one. */
const cut = fc.oneof(fc.constantFrom(0, 1, 7, 8, 12, 16, 24, 28, 31, 32, 33), fc.double({ min: 0, max: 1, noNaN: true }))

test('however bytes are flipped or cut, nothing is accepted with another content', async () => {
  const { disk, files } = await opened()
  await files.write(checkpoint(5, { end: 2 }))
  const before = new Map(disk.files)
  const paths = [...before.keys()]
  await fc.assert(fc.asyncProperty(fc.nat(), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }), fc.option(cut), async (which, flips, end) => {
    const path = paths[which % paths.length]!
    const bytes = Uint8Array.from(before.get(path)!)
    for (const [at, by] of flips) bytes[at % bytes.length]! ^= by
    const left = end === null ? bytes : bytes.subarray(0, end <= 1 ? Math.floor(end * bytes.length) : Math.min(end, bytes.length))
    disk.files.clear()
    for (const [each, content] of before) disk.files.set(each, each === path ? left : content)
    const again = await opened(disk)
    const kept = again.files.kept.at(-1)
    const read = kept ? await again.files.read(kept) : null
    const same = Buffer.compare(left, before.get(path)!) === 0
    expect(read?.ok ?? false).toBe(same)
    expect(again.refused.length + (read && !read.ok ? 1 : 0)).toBe(same ? 0 : 1)
  }), { numRuns: 400 })
})
