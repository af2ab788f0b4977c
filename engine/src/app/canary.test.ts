// The canary over the real loop, with a stream, a store and a clock that the test holds.
import { expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { Engine } from '../core/engine.ts'
import { InProcessStream } from '../io/in-process/stream.ts'
import { shareRules } from '../io/pool/pool.ts'
import { Loop } from '../loop.ts'
import { Canaries } from '../pipeline/canary.ts'
import { runCanaries } from '../pipeline/canary-run.ts'
import { compileRules } from '../pipeline/compile-rules.ts'
import { Cutter } from '../pipeline/cut.ts'
import { Gather, Inserter } from '../pipeline/inserts.ts'
import { createCanaryNote } from './canary.ts'

const rulesText = 'topics: []\n'
const begin = 1_800_000_000_000

/** Time stands still until the test moves it; then whoever is due wakes, in order, and has its turns. */
class HeldClock implements Clock {
  #now = begin
  #sleepers: { readonly at: number; readonly wake: () => void }[] = []
  now = (): number => this.#now

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + ms, wake })
      signal?.addEventListener('abort', () => wake())
    })
  }

  async advance(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end;) {
      const next = Math.min(end, ...this.#sleepers.map(({ at }) => at))
      this.#now = Math.max(this.#now, next)
      const due = this.#sleepers.filter(({ at }) => at <= this.#now)
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now)
      for (const { wake } of due) wake()
      await settled()
    }
  }
}

/** Everything that need not wait for time has happened. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise<void>((resolve) => { setImmediate(resolve) })
}

interface House { readonly clock: HeldClock; readonly stream: InProcessStream; readonly canaries: Canaries; readonly engine: Engine; readonly told: string[]; readonly rows: Map<string, unknown[]>; store: 'well' | 'away'; looks: number; isWatched: boolean; tick(): Promise<void>; close(): Promise<void> }

function open(): House {
  const clock = new HeldClock()
  const stream = new InProcessStream({ now: clock.now, keepProcessed: true })
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: stream.created })
  const told: string[] = []
  const canaries = new Canaries({ run: 'r', everyMs: 30_000, listener: {
    passed: (stage) => told.push(stage), late: ({ place }) => told.push(`late: ${place}`), wrong: (why) => told.push(`wrong: ${why}`), over: () => told.push('over'),
  } })
  const rows = new Map<string, unknown[]>()
  const store = async (): Promise<void> => { if (house.store === 'away') throw new Error('connection refused') }
  const inserter = new Inserter({
    store: { insertMentions: store, insertDeadLetters: store, insertRows: async (table, _, added) => { await store(); rows.set(table, [...(rows.get(table) ?? []), ...added]) } },
    stream: stream.created, waitingMax: 4, onStored: () => undefined, onTrouble: () => undefined, clock,
  }, 0)
  const enrich = compileRules(rulesText, 0)
  const loop = new Loop({
    reader: stream.read(1), pool: { workers: 1, run: async (raw) => [enrich(raw)] }, engine, inserter, gather: new Gather(1), cutter: new Cutter({ stream: stream.created, rules: shareRules(0, rulesText) }),
    carryOut: () => undefined, onApplied: () => undefined, onUnreadable: (_seq, subject, reason) => { told.push(`unreadable ${subject} ${reason}`) },
    onCanary: createCanaryNote({ canaries, stream }, clock.now),
  })
  const running = loop.run()
  const stop = runCanaries({ canaries, everyMs: 30_000, stream, isWatched: () => house.isWatched, look: () => { house.looks++; canaries.show(clock.now()) }, clock, random: () => 0.5 })
  const house: House = {
    clock, stream, canaries, engine, told, rows, store: 'well', looks: 0, isWatched: false,
    tick: async () => { await stream.publish('ticks', new TextEncoder().encode('{}')); await settled(); await clock.advance(1000) },
    close: async () => { await stop(); await loop.close(); inserter.abort(); await running },
  }
  return house
}

test('a canary crosses stream, workers, core and store; where nobody watches, a picture is taken for it', async () => {
  const house = open()
  await house.clock.advance(1250)
  expect(house.told).toEqual(['applied'])
  await house.tick()
  expect(house.told).toEqual(['applied', 'stored', 'shown'])
  expect([house.looks, house.canaries.newest]).toEqual([1, { at: begin + 1500, latencyMs: 500 }])
  expect(house.rows.get('canaries')).toEqual([{ id: 'canary:r:1', stream: house.stream.created, seq: 1, sentAt: new Date(begin + 1000).toISOString(), appliedAt: expect.any(String) }])
  await house.close()
})

test('where somebody watches, only the frame shows it', async () => {
  const house = open()
  house.isWatched = true
  await house.clock.advance(1250)
  await house.tick()
  expect([house.looks, house.told]).toEqual([0, ['applied', 'stored']])
  expect(house.canaries.show(house.clock.now())).toMatchObject({ at: house.clock.now() })
  await house.close()
})

test('canaries are no mentions: nothing is counted, no platform appears, no clock begins', async () => {
  const house = open()
  await house.clock.advance(65_000)
  await house.tick()
  expect(house.rows.get('canaries')).toHaveLength(3)
  expect(house.engine.counters).toMatchObject({ counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0 })
  expect(house.engine.picture(0)).toMatchObject({ clock: null, sources: [] })
  expect([house.engine.seenIds, house.rows.get('positions')?.every((row) => (row as { rows: number }).rows === 0)]).toEqual([0, true])
  await house.close()
})

test('while the store is away the canary is late and says so once; when it is back, all come through', async () => {
  const house = open()
  house.store = 'away'
  for (let second = 0; second < 70; second++) await house.tick()
  expect(house.told.filter((line) => line.startsWith('late'))).toEqual(['late: applied'])
  house.store = 'well'
  for (let second = 0; second < 8; second++) await house.tick()
  expect(house.told.slice(-4)).toContain('over')
  expect(house.told.filter((line) => line === 'shown')).toHaveLength(3)
  expect(house.rows.get('canaries')).toHaveLength(3)
  await house.close()
})
