// What a seek of each replay takes, and whether it plays at 60 frames a second: pictures of the walls in a store that holds a day of them, a cascade of 100,000, and a month of a topic's columns.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'
import { pictureAt, picturesOf, timesOf } from '@groundswell/engine/src/io/clickhouse/pictures.ts'
import { openStore, type ClickhouseStore } from '@groundswell/engine/src/io/clickhouse/store.ts'
import { asOf } from '../../../dashboard/src/graph/as-of.ts'
import { fit } from '../../../dashboard/src/graph/camera.ts'
import { classesOf, paletteFrom } from '../../../dashboard/src/graph/colours.ts'
import { heldAt, noFilters, standingOf, viewAt } from '../../../dashboard/src/graph/filters.ts'
import { graphTree } from '../../../dashboard/src/graph/graph-tree.ts'
import { layoutOf } from '../../../dashboard/src/graph/layout.ts'
import { Painter } from '../../../dashboard/src/graph/painter.ts'
import { advance, play, playheadOf, seek } from '../../../dashboard/src/replay/playhead.ts'
import { quietOf } from '../../../dashboard/src/replay/quiet.ts'
import { cascadeColumns } from '../../../dashboard/test/seeded-cascade.ts'
import { mulberry32 } from '../mulberry32.ts'
import { quantile } from '../results.ts'
import { replayFrames } from './replay-frames.ts'
import { everyMs, shownAt } from './replay-pictures.ts'

const dayMs = 86_400_000
const rounds = 200
const canvas = { width: 1370, height: 860 } // of a screen of 1920 × 1080

export interface Times { readonly p50: number; readonly p95: number } // ms

/** `npm run bench -- replay`. */
export async function replay(): Promise<Record<string, unknown>> {
  return { wall: await wall(), 'cascade of 100,000': cascade(), 'topic columns of 30 days': topic(), 'frames while it plays': await replayFrames() }
}

async function wall(): Promise<Record<string, unknown>> {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-bench-'))
  const embedded = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...embedded, retentionDays: 3650 })
  try {
    const from = Math.floor(Date.now() / dayMs) * dayMs - dayMs
    await fill(store, from)
    const [size] = await store.query<{ rows: number; compressed: number; raw: number }>('SELECT sum(rows) AS rows, sum(data_compressed_bytes) AS compressed, sum(data_uncompressed_bytes) AS raw FROM system.parts WHERE active AND table = \'pictures\'')
    const random = mulberry32(5)
    const moment = (): number => Math.floor(from + random() * (dayMs - 4 * 3_600_000))
    return {
      ...size, megabytesADay: Number((size!.compressed / 1e6).toFixed(1)),
      'seek, one picture': await timed(() => pictureAt(store, moment())),
      'a run for ×60 (48 pictures, 15 s apart)': await timed(() => { const at = moment(); return picturesOf(store, { from: at, to: at + 720_000, stepMs: 15_000 }) }),
      'a first run for ×3600 (8 pictures, 15 min apart)': await timed(() => { const at = moment(); return picturesOf(store, { from: at, to: at + 2 * 3_600_000, stepMs: 900_000 }) }),
      'a run for ×3600 (16 pictures, 15 min apart)': await timed(() => { const at = moment(); return picturesOf(store, { from: at, to: at + 4 * 3_600_000, stepMs: 900_000 }) }),
      'times of a day': await timed(() => timesOf(store, { from, to: from + dayMs, now: from + dayMs, days: 30 }), 30),
    }
  } finally {
    await store.close()
    await embedded.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A day of a room with eight topics whose figures change with every picture and whose minutes with every minute; as merges leave it. */
async function fill(store: ClickhouseStore, from: number): Promise<void> {
  for (let begin = 0; begin < dayMs; begin += 500 * everyMs) {
    const rows = Array.from({ length: Math.min(500, (dayMs - begin) / everyMs) }, (_, index) => {
      const at = from + begin + index * everyMs
      const seen = shownAt(at)
      return { at: new Date(at).toISOString(), perMinute: seen.totals.perMinute, news: '', snapshot: JSON.stringify(seen) }
    })
    await store.insertRows('pictures', `bench:${begin}`, rows)
  }
  await store.command('OPTIMIZE TABLE pictures FINAL')
}

function cascade(): Record<string, Times> {
  const tree = graphTree(cascadeColumns(100_000))
  const asked = { filters: noFilters, focus: null, foldFrom: null, unfolded: new Set<number>() }
  const standing = standingOf(tree, asked), layout = layoutOf(tree, { name: 'time-radial', scale: 'log' }), classOf = classesOf(tree, 'generation')
  const camera = fit(layout.bounds, canvas, true), painter = new Painter(paletteFrom(() => '#5188B4')), raster = { pixels: new Uint32Array(canvas.width * canvas.height), ...canvas }
  const random = mulberry32(7), span = tree.at[tree.size - 1]! - tree.at[0]!
  const sceneAt = (until: number) => ({ tree, layout, classOf, colour: 'generation' as const, view: viewAt(tree, standing, { ...asked, until }) })
  const moment = (): number => tree.at[0]! + random() * span
  let head = tree.at[40_000]!
  return {
    'seek: what is shown': timedNow(() => sceneAt(moment())),
    'seek: shown and painted': timedNow(() => painter.paint(raster, sceneAt(moment()), { camera, zoom: 1, ratio: 1 })),
    'a frame at ×3600': timedNow(() => painter.paint(raster, sceneAt((head += 60_000)), { camera, zoom: 1, ratio: 1, grows: true })),
    'figures and spreaders of a moment (in the worker)': timedNow(() => { const until = moment(); return asOf(tree, heldAt(tree, until), until) }),
  }
}

function topic(): Record<string, Times> {
  const random = mulberry32(11), steps = 43_200
  const counts = Int32Array.from({ length: steps }, () => (random() < 0.6 ? 0 : Math.floor(-Math.log(1 - random()) * 40)))
  const volume = { from: 0, stepMs: 60_000, counts }
  const { spans } = quietOf(volume)
  let head = play({ ...playheadOf([0, steps * 60_000], { at: 0, speed: 3600 }), skipsQuiet: true })
  return {
    'what is quiet': timedNow(() => quietOf(volume)),
    'seek': timedNow(() => { head = seek(head, random() * steps * 60_000) }),
    'a frame at ×3600, quiet skipped': timedNow(() => { head = play(advance(head, 16.7, spans)) }),
  }
}

async function timed(work: () => Promise<unknown>, many: number = rounds): Promise<Times> {
  await work()
  const times: number[] = []
  for (let round = 0; round < many; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return told(times)
}

function timedNow(work: () => unknown): Times {
  for (let warm = 0; warm < 5; warm++) work()
  return told(Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  }))
}

const told = (times: readonly number[]): Times => ({ p50: round(quantile(times, 0.5)), p95: round(quantile(times, 0.95)) })
const round = (ms: number): number => Number(ms.toFixed(3))
