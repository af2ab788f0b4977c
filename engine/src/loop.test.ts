import { expect, test } from 'vitest'
import { createChance } from './drill/chance.ts'
import { Engine } from './core/engine.ts'
import { parseRules } from './core/2-enrich/rules-file.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { InProcessStream } from './io/in-process/stream.ts'
import { shareRules } from './io/pool/pool.ts'
import { Loop, type Enriching } from './loop.ts'
import { compileRules } from './pipeline/compile-rules.ts'
import { Cutter } from './pipeline/cut.ts'
import { Gather, Inserter, type Insert } from './pipeline/inserts.ts'
import type { InputReader } from './ports.ts'
import { StreamRecreated } from './stream-errors.ts'

const rulesText = 'topics:\n  - id: a\n    name: { zh: 甲, en: A }\n    query: 断网\n    velocity: [{ count: 5, within: 10s }, { count: 30, within: 1m, grade: severe }]\n'
const encode = (text: string) => new TextEncoder().encode(text)
const turn = () => new Promise<void>((resolve) => { setImmediate(resolve) })

/** Enriches in this thread, and answers after a seeded number of turns: results overtake each other. */
function racingPool(seed: number, failsAt = Infinity): Enriching {
  const enrich = compileRules(rulesText, 0)
  const chance = createChance(seed)
  let runs = 0
  return {
    workers: 3,
    run: async (raw) => {
      if (++runs === failsAt) throw new Error('a bug of ours')
      const batch = enrich(raw)
      for (let turns = Math.floor(chance.unit() * 12); turns > 0; turns--) await turn()
      return [batch]
    },
  }
}

interface Run { readonly stream: InProcessStream; readonly loop: Loop; readonly events: SpikeEvent[]; readonly inserts: Insert[]; readonly running: Promise<void>; release(): void }

function start(stream: InProcessStream, options: { readonly seed: number; readonly storeWaits?: boolean; readonly failsAt?: number; readonly reader?: InputReader; readonly storeBreaks?: boolean; readonly onInsertEnd?: (seq: number) => void }): Run {
  const parsed = parseRules(rulesText)
  if (!parsed.ok) throw new Error('the rules of this test are wrong')
  const engine = new Engine({ rules: parsed.rules, rulesSeq: 0, stream: stream.created, seenMax: 100_000 })
  const events: SpikeEvent[] = []
  const inserts: Insert[] = []
  const gate = Promise.withResolvers<void>()
  if (!options.storeWaits) gate.resolve()
  const inserter = new Inserter({
    store: { insertMentions: async () => { if (options.storeBreaks) throw new TypeError('a bug of ours'); return gate.promise }, insertDeadLetters: async () => undefined, insertRows: async () => undefined },
    stream: stream.created, waitingMax: 2, onStored: (insert) => inserts.push(insert), onTrouble: () => undefined,
  }, 0)
  const loop = new Loop({
    reader: options.reader ?? stream.read(1), pool: racingPool(options.seed, options.failsAt), engine, inserter, gather: new Gather(1),
    cutter: new Cutter({ stream: stream.created, rules: shareRules(0, rulesText) }),
    carryOut: (effect) => { if (effect.kind === 'event') events.push(effect.event) },
    onApplied: () => undefined, onUnreadable: () => undefined, ...(options.onInsertEnd ? { onInsertEnd: options.onInsertEnd } : {}),
  })
  return { stream, loop, events, inserts, running: loop.run(), release: gate.resolve }
}

/** Messages of mentions in rising time with a burst, a tick now and then; some ids come twice. */
async function publishStory(stream: InProcessStream, messages: number): Promise<number> {
  const chance = createChance(7)
  let ms = Date.UTC(2026, 0, 1)
  let last = 0
  for (let m = 0; m < messages; m++) {
    const lines: string[] = []
    const burst = m > messages / 2 && m < (messages * 3) / 4
    for (let i = 0; i < 4; i++) {
      ms += Math.floor(chance.unit() * (burst ? 400 : 9000))
      const id = chance.unit() < 0.1 ? `x:${m - 1}:${i}` : `x:${m}:${i}`
      lines.push(JSON.stringify({ id, ts: ms, text: chance.unit() < 0.7 ? '又断网了' : '天气', platform: 'weibo' }))
    }
    last = (await stream.publish('mentions.weibo', encode(lines.join('\n')))).seq
    if (m % 9 === 8) last = (await stream.publish('ticks', encode('{}'))).seq
  }
  return last
}

const stored = (inserts: readonly Insert[]) => inserts.reduce((sum, insert) => sum + insert.rows, 0)

test.each([1, 2, 3, 4, 5])('workers race (seed %i), the windows never see the race', async (seed) => {
  const runs = await Promise.all([0, seed].map(async (each) => {
    const run = start(new InProcessStream({ now: () => Date.UTC(2026, 0, 2) }), { seed: each })
    const last = await publishStory(run.stream, 120)
    await run.loop.reached(last)
    await run.loop.close()
    await run.running
    return run
  }))
  const [one, other] = runs as [Run, Run]
  expect(one.events.length).toBeGreaterThan(2)
  expect(other.events).toEqual(one.events)
  expect(other.inserts.map(({ first, last, rows }) => [first, last, rows])).toEqual(one.inserts.map(({ first, last, rows }) => [first, last, rows]))
})

test('a store that takes nothing stops the reading, and loses nothing', async () => {
  const stream = new InProcessStream({ now: () => Date.UTC(2026, 0, 2), keepProcessed: true })
  const run = start(stream, { seed: 1, storeWaits: true })
  const last = await publishStory(stream, 400)
  for (let i = 0; i < 2000; i++) await turn()
  const before = run.loop.applied
  // One insert is being written, two wait, one is held by the loop: about four ticks' worth of messages, however many have come.
  expect(before).toBeLessThan(60)
  expect(run.inserts).toEqual([])
  run.release()
  await run.loop.reached(last)
  await stream.publish('ticks', encode('{}'))
  await run.loop.reached(last + 1)
  await run.loop.close()
  await run.running
  const duplicates = stored(run.inserts)
  expect(duplicates).toBeGreaterThan(1300)
  expect(run.inserts.at(-1)!.last).toBe(last + 1)
  for (const [i, insert] of run.inserts.entries()) expect(insert.first).toBe(i === 0 ? 1 : run.inserts[i - 1]!.last + 1)
})

test('a worker that fails ends the loop with its error, and nothing behind it is applied', async () => {
  const stream = new InProcessStream({ now: () => Date.UTC(2026, 0, 2) })
  const run = start(stream, { seed: 1, failsAt: 2 })
  const mention = (id: string) => encode(JSON.stringify({ id, ts: 1_767_225_600_000, text: '断网' }))
  await stream.publish('mentions.weibo', mention('a'))
  await run.loop.reached(1)
  const ended = expect(run.running).rejects.toThrow('a bug of ours')
  await stream.publish('mentions.weibo', mention('b'))
  await ended
  await run.loop.close()
  expect(run.loop.applied).toBe(1)
})

test('what writes to the store ends the loop with its error where that is a bug, instead of a position that stands for ever', async () => {
  const stream = new InProcessStream({ now: () => Date.UTC(2026, 0, 2) })
  const run = start(stream, { seed: 1, storeBreaks: true })
  const ended = expect(run.running).rejects.toThrow('a bug of ours')
  await publishStory(stream, 120)
  await ended
})

test('what was read of a stream that is then deleted is stored: nobody can read it again', async () => {
  const stream = new InProcessStream({ now: () => Date.UTC(2026, 0, 2) })
  const inner = stream.read(1)
  let reads = 0
  const reader: InputReader = {
    next: async (limits) => {
      if (++reads > 1) throw new StreamRecreated('the stream was deleted and made again')
      return inner.next(limits)
    },
    close: () => inner.close(),
  }
  for (const id of ['a', 'b', 'c']) await stream.publish('mentions.weibo', encode(JSON.stringify({ id, ts: 1_767_225_600_000, text: '断网' })))
  const run = start(stream, { seed: 1, reader })
  await expect(run.running).rejects.toThrow(StreamRecreated)
  expect(run.inserts.map(({ first, last, rows }) => [first, last, rows])).toEqual([[1, 3, 3]])
})

test('a stream that is gone before anything of it was read ends no insert: there is nothing to take a checkpoint of', async () => {
  const reader: InputReader = { next: async () => { throw new StreamRecreated('the stream was deleted and made again') }, close: async () => undefined }
  const ended: number[] = []
  const run = start(new InProcessStream({ now: () => Date.UTC(2026, 0, 2) }), { seed: 1, reader, onInsertEnd: (seq) => ended.push(seq) })
  await expect(run.running).rejects.toThrow(StreamRecreated)
  expect(ended).toEqual([])
})
