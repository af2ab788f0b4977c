// How long the pipeline waits while a checkpoint copies the state of the core, what it weighs, and how long reading it back takes.
// Beside the time on the wall stands the CPU of the one thread: what it takes where nobody else is on the machine.
import { SeenIds } from '@groundswell/engine/src/core/1-decode/seen-ids.ts'
import { segmentIds } from '@groundswell/engine/src/core/1-decode/seen-order.ts'
import type { EnrichedBatch } from '@groundswell/engine/src/core/batch.ts'
import { Engine } from '@groundswell/engine/src/core/engine.ts'
import { StateReader, StateWriter } from '@groundswell/engine/src/core/state.ts'
import { noSpread } from '@groundswell/engine/test/prepared-batch.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { mulberry32 } from './mulberry32.ts'
import { quantile } from './results.ts'

export interface SavedState {
  readonly topics: number
  readonly mentions: number // tracked, spread over the last two hours
  readonly seenIds: number
  readonly megabytes: number // of the saved state, without the full segments of ids
  readonly saveMs: SaveTimes
  readonly saveCpuMs: SaveTimes
  readonly loadMs: number
  readonly loadCpuMs: number
}

/** Median and max of the saves after warming up; first: the very first one, in memory that is new and code that is cold. */
interface SaveTimes { readonly median: number; readonly max: number; readonly first: number }

const roomBytes = 64 << 20
const saves = 40
const warmUp = 5
const begin = 1_700_000_000
const spanSeconds = 7200
const rows = 2000
const messageRows = 50
const platforms = ['weibo', 'douyin', 'xiaohongshu', 'bilibili', 'zhihu', 'news']

/** `npm run bench -- checkpoint`: many topics, all of them in a crisis, few busy ones, and the ids of half a day. */
export function checkpoint(): Record<string, unknown> {
  const mentions = 1_000_000
  return {
    'many topics': measureCheckpoint({ topics: 10_000, mentions }),
    'many topics, all in a crisis': measureCheckpoint({ topics: 10_000, mentions, crises: 1 }),
    'busy topics': measureCheckpoint({ topics: 100, mentions }),
    'all ids': measureAllIds(),
  }
}

/** `crises`: a share of the topics that is in an open episode when the state is saved. */
export function measureCheckpoint({ topics, mentions, crises = 0 }: { readonly topics: number; readonly mentions: number; readonly crises?: number }): SavedState {
  const options = { rules: rulesOf(topics, crises), rulesSeq: 0, stream: 1 }
  const engine = new Engine(options)
  const random = mulberry32(11)
  for (let from = 0; from < mentions; from += rows) engine.step({ kind: 'batch', batch: batchOf(from, { topics, mentions }, random) })
  engine.step({ kind: 'command', seq: mentions, now: 0, command: { kind: 'end' } })
  engine.picture(0)
  const { saveMs, saveCpuMs, bytes } = measureSaves(engine)
  const segments = new Map(engine.ids.full(0).map(({ number, words }) => [number, words]))
  const load = timed(() => new Engine(options).load(new StateReader(bytes), (number) => segments.get(number)!))
  return { topics, mentions, seenIds: engine.ids.size, megabytes: round(bytes.length / 1e6), saveMs, saveCpuMs, loadMs: round(load.wall), loadCpuMs: round(load.cpu) }
}

/** All ids that the duplicate filter holds by default: how long the open segment takes to save, and the shards to build anew. */
export function measureAllIds(ids = 50_000_000): Record<string, number> {
  const seen = new SeenIds(ids)
  const random = mulberry32(5)
  const fill = timed(() => { while (seen.size < ids) seen.add(random() * 2 ** 32, random() * 2 ** 32) })
  const out = new StateWriter(1 << 20)
  const save = timed(() => seen.save(out))
  const segments = new Map(seen.full(0).map(({ number, words }) => [number, words]))
  const loaded = new SeenIds(ids)
  const load = timed(() => loaded.load(new StateReader(out.written), (number) => segments.get(number)!))
  if (loaded.size !== ids || segments.size < Math.floor(ids / segmentIds) - 1) throw new Error(`${loaded.size} of ${ids} ids were loaded`)
  return { ids, segments: segments.size, fillCpuSeconds: round(fill.cpu / 1000), saveMs: round(save.wall), loadSeconds: round(load.wall / 1000), loadCpuSeconds: round(load.cpu / 1000) }
}

/** Every save has the room of the one before, as the loop's has; the first that of a state that was loaded. */
function measureSaves(engine: Engine): { readonly saveMs: SaveTimes; readonly saveCpuMs: SaveTimes; readonly bytes: Uint8Array } {
  const out = new StateWriter(roomBytes)
  const times = Array.from({ length: saves + warmUp }, () => timed(() => {
    out.restart()
    engine.save(out)
  }))
  return { saveMs: saveTimes(times.map(({ wall }) => wall)), saveCpuMs: saveTimes(times.map(({ cpu }) => cpu)), bytes: out.written }
}

function saveTimes(ms: readonly number[]): SaveTimes {
  const warm = ms.slice(warmUp)
  return { median: round(quantile(warm, 0.5)), max: round(Math.max(...warm)), first: round(ms[0]!) }
}

/** Milliseconds on the wall, and of this thread's CPU. */
function timed(work: () => void): { readonly wall: number; readonly cpu: number } {
  const before = process.threadCpuUsage()
  const start = performance.now()
  work()
  const wall = performance.now() - start
  const { user, system } = process.threadCpuUsage(before)
  return { wall, cpu: (user + system) / 1000 }
}

const round = (value: number): number => Number(value.toFixed(2))

function rulesOf(topics: number, crises: number): Rules {
  return { topics: Array.from({ length: topics }, (_, i) => ({
    id: `topic-${i}`, name: { zh: '题', en: 'topic' }, query: 'x',
    velocity: [{ count: i < topics * crises ? 20 : 1_000_000, within: '2h', grade: 'severe' as const }, { count: 200_000, within: '10m', grade: 'moderate' as const }, { count: 5_000_000, within: '1d' }],
  })) }
}

function batchOf(from: number, { topics, mentions }: { readonly topics: number; readonly mentions: number }, random: () => number): EnrichedBatch {
  const each = <A extends { [i: number]: number }>(array: A, value: (row: number) => number): A => {
    for (let row = 0; row < rows; row++) array[row] = value(row)
    return array
  }
  const messages = rows / messageRows
  const second = (row: number): number => begin + Math.floor(((from + row) * spanSeconds) / mentions)
  const seconds = each(new Uint32Array(rows), second)
  return {
    rows, rulesSeq: 0,
    idLow: each(new Uint32Array(rows), () => random() * 2 ** 32), idHigh: each(new Uint32Array(rows), () => random() * 2 ** 32),
    seconds, skewed: new Uint8Array(rows), signs: each(new Int8Array(rows), () => random() * 3 - 1),
    platformIds: each(new Uint16Array(rows), () => random() * platforms.length), platforms,
    topicEnds: each(new Uint32Array(rows), (row) => row + 1), topicIds: each(new Uint16Array(rows), () => random() * topics),
    rowEnds: Uint32Array.from({ length: messages }, (_, m) => (m + 1) * messageRows),
    seqs: Float64Array.from({ length: messages }, (_, m) => from / messageRows + m + 1), times: Float64Array.from({ length: messages }, (_, m) => second(m * messageRows) * 1000),
    native: new Uint8Array(rows), fateOffset: 0,
    rejected: { count: 0, native: new Uint8Array(0), reasons: {} }, unknownFields: 0, wrongTypes: 0, platformDiffers: 0, ...noSpread(seconds),
  }
}
