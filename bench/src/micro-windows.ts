// `node bench/src/micro-windows.ts`: nanoseconds of Engine.step a mention on the main thread, of closing quiet seconds, and of a picture.
import { Engine } from '@groundswell/engine/src/core/engine.ts'
import type { EnrichedBatch } from '@groundswell/engine/src/core/batch.ts'
import { noSpread } from '@groundswell/engine/test/prepared-batch.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { mulberry32 } from './mulberry32.ts'

const rows = 2000
const messageRows = 50
const platforms = ['weibo', 'douyin', 'xiaohongshu', 'bilibili', 'zhihu', 'news']
const begin = 1_700_000_000

interface Scenario { readonly name: string; readonly topics: number; readonly topicsPerMention: number; readonly mentionsPerSecond: number; readonly lateShare: number }

const scenarios: readonly Scenario[] = [
  { name: '20 topics, live rate', topics: 20, topicsPerMention: 1, mentionsPerSecond: 80_000, lateShare: 0 },
  { name: '20 topics, 5 % up to 10 min late', topics: 20, topicsPerMention: 1, mentionsPerSecond: 80_000, lateShare: 0.05 },
  { name: '20 topics, an old recording', topics: 20, topicsPerMention: 1, mentionsPerSecond: 0.2, lateShare: 0 },
  { name: '10,000 topics, live rate', topics: 10_000, topicsPerMention: 1, mentionsPerSecond: 80_000, lateShare: 0 },
]

for (const scenario of scenarios) console.log(JSON.stringify(measure(scenario)))

function measure(scenario: Scenario) {
  const batchesTotal = 600
  const random = mulberry32(7)
  const engine = new Engine({ rules: rulesOf(scenario.topics), rulesSeq: 0, stream: 1 })
  const before = process.memoryUsage()
  const nanos: number[] = []
  let effects = 0
  for (let b = 0; b < batchesTotal; b++) {
    const batch = batchOf(scenario, b, random)
    const start = performance.now()
    effects += engine.step({ kind: 'batch', batch }).length
    if (b >= batchesTotal / 4) nanos.push(((performance.now() - start) * 1e6) / rows)
  }
  nanos.sort((x, y) => x - y)
  const start = performance.now()
  for (let i = 0; i < 20; i++) engine.picture(0)
  const picture = (performance.now() - start) / 20
  const after = process.memoryUsage()
  const mebibytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20
  return { ...scenario, nsPerMention: { p50: Math.round(nanos[nanos.length >> 1]!), mean: Math.round(nanos.reduce((x, y) => x + y, 0) / nanos.length) }, pictureMs: Number(picture.toFixed(2)), grownMiB: Math.round(mebibytes), effects }
}

function rulesOf(topics: number): Rules {
  return { topics: Array.from({ length: topics }, (_, i) => ({
    id: `topic-${i}`, name: { zh: '题', en: 'topic' }, query: 'x',
    velocity: [{ count: 100_000, within: '2h', grade: 'severe' as const }, { count: 2000, within: '10m', grade: 'moderate' as const }, { count: 500_000, within: '1d' }],
  })) }
}

function batchOf({ topics, topicsPerMention, mentionsPerSecond, lateShare }: Scenario, index: number, random: () => number): EnrichedBatch {
  const each = <A extends { [i: number]: number }>(array: A, value: (row: number) => number): A => {
    for (let row = 0; row < rows; row++) array[row] = value(row)
    return array
  }
  const messages = rows / messageRows
  const seconds = each(new Uint32Array(rows), (row) => begin + (index * rows + row) / mentionsPerSecond - (index > 0 && random() < lateShare ? random() * 600 : 0))
  return {
    rows, rulesSeq: 0,
    idLow: each(new Uint32Array(rows), () => random() * 2 ** 32), idHigh: each(new Uint32Array(rows), () => random() * 2 ** 32),
    seconds,
    skewed: new Uint8Array(rows), signs: each(new Int8Array(rows), () => random() * 3 - 1),
    platformIds: each(new Uint16Array(rows), () => random() * platforms.length), platforms,
    topicEnds: each(new Uint32Array(rows), (row) => (row + 1) * topicsPerMention),
    topicIds: each(new Uint16Array(rows), () => random() * random() * topics),
    rowEnds: Uint32Array.from({ length: messages }, (_, m) => (m + 1) * messageRows),
    seqs: Float64Array.from({ length: messages }, (_, m) => index * messages + m + 1), times: new Float64Array(messages).fill(begin * 1000 + index * 25),
    native: new Uint8Array(rows), fateOffset: 0,
    rejected: { count: 0, native: new Uint8Array(0), reasons: {} }, unknownFields: 0, wrongTypes: 0, platformDiffers: 0, ...noSpread(seconds),
  }
}
