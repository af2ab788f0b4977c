// Poison through the real loop and real worker threads: worker.ts, but a mention with a mark in it crashes or hangs its thread.
import { expect, onTestFinished, test } from 'vitest'
import { systemClock, type Clock } from '../clock.ts'
import { Engine } from '../core/engine.ts'
import { InProcessStream } from '../io/in-process/stream.ts'
import { createLog } from '../io/log/log.ts'
import { createMetrics } from '../io/metrics/metrics.ts'
import { openPool, shareRules } from '../io/pool/pool.ts'
import { WorkerFailed } from '../io/pool/slot.ts'
import { Loop } from '../loop.ts'
import { compileRules } from '../pipeline/compile-rules.ts'
import { Cutter } from '../pipeline/cut.ts'
import { Gather, Inserter } from '../pipeline/inserts.ts'
import { Problems } from '../pipeline/problems.ts'
import { openWorkers, type Workers, type WorkersOptions } from './workers.ts'

const rulesText = 'topics: []\n'
const worker = new URL('../io/pool/poison-worker.testing.ts', import.meta.url)
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const mention = (id: string, text: string): string => JSON.stringify({ id, ts: 1_767_225_600_000, text })

/** Four times as fast: a thread that hangs is ended after 2.5 s instead of ten. */
const fast: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 4, signal) }

interface Told extends Workers { readonly log: { readonly level: string; readonly message: string; readonly [field: string]: unknown }[]; readonly problems: Problems; text(): Promise<string> }

function openTold(options: Pick<WorkersOptions, 'open' | 'clock'>): Told {
  const log: Told['log'] = []
  const metrics = createMetrics('test')
  const problems = new Problems(() => 1)
  const workers = openWorkers({ workers: 2, log: createLog({ readable: false, write: (line) => log.push(JSON.parse(line) as Told['log'][number]) }), metrics, problems, ...options })
  onTestFinished(() => workers.close())
  return { ...workers, log, problems, text: metrics.text }
}

test('each mention but the poison is stored once, in order; the poison is told of and becomes dead letters', async () => {
  const told = openTold({ clock: fast, open: (workers, options) => openPool(workers, { ...options, worker, clock: fast, heapMbMax: 32 }) })
  const marks = new Map([[3, 'MARK-EXIT'], [17, 'MARK-THROW'], [29, 'MARK-HEAP'], [44, 'MARK-SPIN']])
  const stream = new InProcessStream({ now: () => 1_767_225_700_000, keepProcessed: true })
  for (let m = 1; m <= 60; m++) {
    const lines = Array.from({ length: 5 }, (_, l) => mention(`${m}:${l}`, l === 2 ? marks.get(m) ?? 'well' : 'well'))
    await stream.publish('mentions.weibo', encode(lines.join('\n')))
    if (m % 10 === 0) await stream.publish('ticks', encode('{}'))
  }
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: stream.created })
  const stored = { rows: 0, dead: 0 }
  const inserter = new Inserter({
    store: { insertMentions: async () => undefined, insertDeadLetters: async () => undefined, insertRows: async () => undefined },
    stream: stream.created, waitingMax: 4, onStored: ({ rows, deadRows }) => { stored.rows += rows; stored.dead += deadRows }, onTrouble: () => undefined,
  }, 0)
  const seqs: number[] = []
  const loop = new Loop({
    reader: stream.read(1), cutter: new Cutter({ stream: stream.created, rules: shareRules(0, rulesText) }), pool: told.enriching, engine, inserter, gather: new Gather(1),
    carryOut: () => undefined, onApplied: ({ batch }) => seqs.push(...batch?.seqs ?? []), onUnreadable: () => expect.fail(),
  })
  const running = loop.run()
  await loop.reached(66)
  await loop.close()
  await running
  expect(seqs).toEqual(Array.from({ length: 66 }, (_, i) => i + 1).filter((seq) => seq % 11 !== 0))
  expect(stored).toEqual({ rows: 296, dead: 4 })
  expect(engine.counters).toMatchObject({ counted: 296, duplicates: 0, deadLetters: 4 })
  // Batches race, and so do the hunts for what is poison in them.
  const errors = told.log.filter(({ level }) => level === 'error').sort((a, b) => Number(a['seq']) - Number(b['seq']))
  expect(errors.map(({ seq, line }) => [seq, line])).toEqual([[3, 2], [18, 2], [31, 2], [48, 2]])
  expect(errors[3]).toMatchObject({ message: expect.stringMatching(/busy for ever.*groundswell dead-letters/) as string, shown: mention('44:2', 'MARK-SPIN') })
  expect(told.problems.list).toMatchObject([{ kind: 'poison', detail: expect.stringMatching(/^message \d+, line 2: /) as string }])
  expect(await told.text()).toMatch(/groundswell_poison_mentions_total 4\n/)
  expect(Number(/workers_replaced_total\{why="hung"\} (\d+)/.exec(await told.text())![1])).toBeGreaterThan(3)
})

test('a stored mention that no worker survives is left out of what is filled, and is no dead letter', async () => {
  const enrich = compileRules(rulesText, 0)
  const told = openTold({ open: () => ({ workers: 1, queued: 0, close: async () => undefined, run: async (raw) => {
    if (raw.poison === undefined || raw.poison.length === 0) if (new TextDecoder().decode(raw.bytes).includes('MARK')) throw new WorkerFailed('crashed', raw)
    return enrich(raw)
  } }) })
  const bytes = encode([mention('a', 'well'), mention('b', 'MARK'), mention('c', 'well')].join('\n'))
  const batches = await told.matching.run({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(0), times: Float64Array.of(0), platforms: ['unknown'], stream: 1, skewCheck: false }, shareRules(0, rulesText))
  expect(batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(2)
  expect(told.log.filter(({ level }) => level === 'error')).toMatchObject([{ message: expect.stringMatching(/^a stored mention crashes.*left out of the windows/) as string, shown: mention('b', 'MARK') }])
  expect(told.problems.list).toEqual([])
})

test('workers that fail by chance, again and again, are a problem of the machine, which is over after a while', async () => {
  const enrich = compileRules(rulesText, 0)
  let now = 0
  let wake = (): void => undefined
  const clock: Clock = { now: () => now, sleep: () => new Promise((resolve) => { wake = resolve }) }
  let runs = 0
  const told = openTold({ clock, open: () => ({ workers: 1, queued: 0, close: async () => undefined, run: async (raw) => { if (++runs % 2 === 1) throw new WorkerFailed('crashed', raw, new Error('out of memory')); return enrich(raw) } }) })
  const bytes = encode(mention('a', 'well'))
  const fail = async (): Promise<void> => void await told.enriching.run({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(1), times: Float64Array.of(1), platforms: ['weibo'], stream: 1, skewCheck: false }, shareRules(0, rulesText))
  for (let n = 0; n < 4; n++, now += 60_000) await fail()
  now += 600_000
  await fail() // the first four are too long ago
  expect(told.problems.list).toEqual([])
  for (let n = 0; n < 4; n++) await fail()
  expect(told.problems.list).toMatchObject([{ kind: 'workers-failing' }])
  expect(told.log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([expect.stringMatching(/nothing is lost. Look at the memory/)])
  now += 600_000
  wake()
  await new Promise<void>((resolve) => { setImmediate(resolve) })
  expect(told.problems.list).toEqual([])
})
