// The answer of an engine that was killed is that of one that was not: it goes on from its newest checkpoint, from the one before where that
// is damaged, and from the store where none is left; a stream that is gone takes neither ids nor windows nor alerts with it.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertRow, Snapshot, SourceRow, TopicRow } from '@groundswell/schemas/live.ts'
import type { Stats } from '@groundswell/schemas/stats.ts'
import { jetstreamManager } from '@nats-io/jetstream'
import { io } from 'socket.io-client'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { connectForTest } from '../src/io/nats/test-server.ts'
import { decodeCheckpoint } from '../src/io/checkpoint/checkpoint-format.ts'
import { testFolder, waitUntil } from './processes.ts'
import { answered, dataOf, heldIn, startEngine, withStore, type Posted, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1500, within: 1h }, { count: 3000, within: 2h, grade: severe } ] }
  - { id: calm, name: { zh: 平静, en: Calm }, query: well, velocity: [ { count: 1000000, within: 2h } ] }
`
const settings = 'checkpointEvery: 1s\ncanaryEvery: off\nblindAfter: off\n'
const start = Date.parse('2024-05-20T12:00:00Z')
const half = 16_000
const repeated = 400

/** A mention a second of event time from … to: half are of an outage, some of them angry, over three platforms. */
function lines(from: number, to: number, more = ''): string {
  let text = ''
  for (let n = from; n < to; n++) {
    const says = n % 2 ? `断网了${n % 5 ? '，太糟糕了，垃圾' : ''}` : 'all is well'
    text += `{"id":"m:${n}","ts":${start + 1000 * n},"platform":"${['weibo', 'weibo', 'twitter', 'news'][n % 4]}","author":"u${n % 999}","text":"${says} ${n}${more}"}\n`
  }
  return text
}

async function started(folder: string): Promise<RunningEngine> {
  const engine = await startEngine({ folder, rules, settings })
  onTestFinished(() => engine.end())
  onTestFailed(() => { process.stderr.write(`${engine.log.slice(-40).join('\n')}\n`) })
  return engine
}

type Reached = Pick<RunningEngine, 'url' | 'get' | 'stats' | 'post'>
const linesAtOnce = 4000

/** Over HTTP, in pieces: what is sent again in other pieces is another message to NATS, hours later as now. Answers the place of the last in the stream. */
async function publish(engine: Reached, text: string): Promise<number> {
  let last = 0
  const all = text.split('\n').slice(0, -1)
  for (let at = 0; at < all.length; at += linesAtOnce) {
    const piece = all.slice(at, at + linesAtOnce)
    const { status, answer } = await engine.post(`${piece.join('\n')}\n`)
    expect([status, answer.accepted]).toEqual([202, piece.length])
    last = answer.seqs.at(-1)!
  }
  return last
}

/** The engine as it is reached after it has opened again in the same process, at another address. */
class Again implements Reached {
  readonly url: string
  constructor(url: string) { this.url = url }
  get<T>(path: string): Promise<T> { return answered(this.url, path) }
  stats(): Promise<Stats> { return this.get('/api/stats') }
  async post(body: string): Promise<Posted> {
    const answer = await fetch(`${this.url}/api/mentions`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })
    return { status: answer.status, answer: await answer.json() as Posted['answer'] }
  }
}

interface Shown { readonly stats: unknown; readonly topics: unknown; readonly sources: unknown; readonly alerts: readonly AlertRow[]; readonly spark: unknown }

async function snapshotOf(engine: Reached): Promise<Snapshot> {
  const socket = io(engine.url, { transports: ['websocket'] })
  const snapshot = await new Promise<Snapshot>((resolve) => { socket.on('snapshot', resolve) })
  socket.close()
  return snapshot
}

/** What the engine says, without what depends on when its mentions came in. */
async function shown(engine: Reached): Promise<Shown> {
  const { position: _, ...stats } = await engine.stats()
  const { topics } = await engine.get<{ topics: { id: string; now: TopicRow }[] }>('/api/topics')
  const snapshot = await snapshotOf(engine)
  const timeless = ({ newestAt: _at, cadenceMs: _cadence, ...row }: SourceRow) => row
  return {
    stats, topics: topics.map(({ now: { newestAt: _at, ...row } }) => row), sources: snapshot.sources.map(timeless).toSorted((a, b) => a.platform.localeCompare(b.platform)),
    alerts: snapshot.alerts, spark: snapshot.totals.spark,
  }
}

/** What an engine says that nobody disturbs, of everything that is published here. */
async function undisturbed(): Promise<Shown> {
  const folder = await testFolder('e2e-undisturbed')
  const engine = await started(folder)
  await publish(engine, lines(0, 2 * half))
  await publish(engine, lines(0, repeated, ' again') + lines(half, half + repeated, ' again'))
  await engine.until('everything is counted', ({ stored, duplicates }) => stored === 2 * half && duplicates === 2 * repeated)
  const answer = await shown(engine)
  await engine.stop()
  return answer
}

const checkpointsOf = async (folder: string): Promise<string[]> => (await readdir(join(dataOf(folder), 'checkpoints'))).filter((name) => /^checkpoint-\d+$/.test(name)).map((name) => join(dataOf(folder), 'checkpoints', name))

/** The newest checkpoint holds everything up to this place in the stream. */
async function checkpointed(engine: RunningEngine, folder: string, place: number): Promise<void> {
  await waitUntil(`a checkpoint at ${place} or behind it`, async () => {
    const read = await decodeCheckpoint(await readFile((await checkpointsOf(folder)).at(-1)!))
    return read.ok && read.header.seq >= place
  })
  expect(engine.log.filter((line) => line.includes('checkpoint could not'))).toEqual([])
}

async function flipOneByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[bytes.length >> 1]! ^= 16
  await writeFile(path, bytes)
}

async function expectEachOnce(folder: string, mentions: number): Promise<void> {
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: mentions, ids: mentions })
    expect(await store.query('SELECT sum(mentions) AS mentions FROM topic_minutes WHERE topic = \'outage\'')).toEqual([{ mentions: mentions / 2 }])
  })
}

test('an engine that is killed half-way, and once more with its newest checkpoint damaged, says what an undisturbed one says', async () => {
  const expected = await undisturbed()
  expect(expected.alerts.length).toBeGreaterThan(0)
  const folder = await testFolder('e2e-checkpoint')
  const first = await started(folder)
  const place = await publish(first, lines(0, half))
  await first.until('half is stored', ({ stored }) => stored === half)
  await checkpointed(first, folder, place)
  await publish(first, lines(half, half + 8000))
  await first.kill()

  const second = await started(folder)
  expect(second.log.some((line) => line.includes('the engine goes on from a checkpoint'))).toBe(true)
  await publish(second, lines(half + 8000, 2 * half))
  const repeatedAt = await publish(second, lines(0, repeated, ' again'))
  await second.until('the first repeated ones are known', ({ stored, duplicates }) => stored === 2 * half && duplicates === repeated)
  await checkpointed(second, folder, repeatedAt)
  await publish(second, lines(half, half + repeated, ' again'))
  await second.kill()
  const newest = (await checkpointsOf(folder)).at(-1)!
  await flipOneByte(newest)

  const third = await started(folder)
  expect(third.log.filter((line) => line.includes('cannot be used (bytes changed'))).toHaveLength(1)
  expect(await readdir(join(dataOf(folder), 'checkpoints'))).toContainEqual(expect.stringMatching(/\.damaged$/))
  await third.until('all repeated ones are known', ({ duplicates }) => duplicates === 2 * repeated)
  expect(await shown(third)).toEqual(expected)
  const { position } = await third.stats()
  await third.stop()

  const fourth = await started(folder)
  const { position: goesOn, stored } = JSON.parse(/\{.*\}/.exec(fourth.log.find((line) => line.includes('goes on from a checkpoint'))!)![0]) as { position: number; stored: number }
  expect([goesOn >= position.seq, goesOn >= stored], 'a stop leaves nothing to be read again').toEqual([true, true])
  expect(await shown(fourth)).toEqual(expected)
  await fourth.stop()
  await expectEachOnce(folder, 2 * half)
})

test('with every checkpoint damaged the engine counts from the store and says so, and each mention is stored once', async () => {
  const folder = await testFolder('e2e-checkpoints-damaged')
  const first = await started(folder)
  await publish(first, lines(0, half))
  await first.until('half is stored and carried out', ({ stored, position }) => stored === half && position.seq > 0)
  await publish(first, lines(half, half + 4000))
  await first.kill()
  for (const path of await checkpointsOf(folder)) await flipOneByte(path)
  const second = await started(folder)
  expect(second.log.some((line) => line.includes('windows, thresholds and ids are counted from the store'))).toBe(true)
  const { problems } = await snapshotOf(second)
  expect(problems, 'the wall says what is missing').toContainEqual(expect.objectContaining({ kind: 'counted-from-store', detail: expect.stringContaining('shares of sentiment and platform for an hour') }))
  await publish(second, lines(half + 4000, 2 * half))
  await publish(second, lines(0, repeated, ' again'))
  await second.until('everything is stored', ({ stored, duplicates }) => stored === 2 * half && duplicates === repeated)
  await waitUntil('the window is filled', async () => (await second.topic('outage'))?.count === 3600)
  await second.stop()
  await expectEachOnce(folder, 2 * half)
})

test('when the store of NATS is wiped, windows, alerts and ids stay, and what is new is counted', async () => {
  const folder = await testFolder('e2e-nats-wiped')
  const first = await started(folder)
  const place = await publish(first, lines(0, half))
  await first.until('half is stored', ({ stored }) => stored === half)
  const before = await shown(first)
  await checkpointed(first, folder, place)
  await first.kill()
  await rm(join(dataOf(folder), 'nats'), { recursive: true })

  const second = await started(folder)
  expect(second.log.some((line) => line.includes('the input stream is another one than that of the checkpoint'))).toBe(true)
  const after = await shown(second)
  expect({ ...after, stats: before.stats }).toEqual(before)
  expect(after.stats).toMatchObject({ stored: half, counted: 0, duplicates: 0 })
  await waitUntil('the wall says since when it counts, and nothing else is wrong', async () => {
    expect((await snapshotOf(second)).problems).toEqual([expect.objectContaining({ kind: 'stream-recreated', detail: expect.stringContaining('/api/stats and the wall count since 2') })])
    return true
  })
  await waitUntil('the engine is well', async () => (await second.get<{ ok: boolean }>('/api/health')).ok)
  await publish(second, lines(0, repeated, ' again') + lines(half - 2000, half + 2000, ' sent again'))
  await second.until('only what is new is stored', ({ stored, duplicates }) => stored === half + 2000 && duplicates === repeated + 2000)
  expect(await second.topic('outage')).toMatchObject({ count: 3600 })
  await second.kill()
  const third = await started(folder)
  await third.until('what was counted of the new stream is counted again', ({ stored, counted, duplicates }) => stored === half + 2000 && counted === 2000 && duplicates === repeated + 2000)
  expect(third.log.some((line) => line.includes('did not stop by itself'))).toBe(true)
  await third.stop()
  expect(third.log.some((line) => line.includes('stopping: what is under way is finished'))).toBe(true)
  expect(third.log.some((line) => /stopped at position \d+, checkpoint written/.test(line))).toBe(true)
  await expectEachOnce(folder, half + 2000)
})

test('a stream that is deleted while the engine lives is made again, and the engine goes on with what it knows', async () => {
  const folder = await testFolder('e2e-stream-deleted')
  const engine = await started(folder)
  await publish(engine, lines(0, half))
  await engine.until('half is stored', ({ stored }) => stored === half)
  const before = await shown(engine)
  const { position } = await engine.stats()
  const nats = await connectForTest(engine.nats)
  await (await jetstreamManager(nats)).streams.delete('GROUNDSWELL')
  await nats.close()
  const url = await waitUntil('the engine opens again', () => engine.log.flatMap((line) => /"the wall is at (\S+?)\/?"/.exec(line)?.[1] ?? [])[1])
  const again = new Again(url)
  const { position: anew } = await again.stats()
  expect(anew.stream).not.toBe(position.stream)
  expect(engine.log.some((line) => line.includes('the input stream is another one than that of the checkpoint'))).toBe(true)
  expect(engine.log.filter((line) => line.includes('stored behind the checkpoint'))).toEqual([])
  expect({ ...await shown(again), stats: before.stats }).toEqual(before)
  await publish(again, lines(half - repeated, half + repeated, ' again'))
  await waitUntil('only what is new is stored', async () => { const { stored, duplicates } = await again.stats(); return stored === half + repeated && duplicates === repeated })
  await engine.stop()
  await expectEachOnce(folder, half + repeated)
})
