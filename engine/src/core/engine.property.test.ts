// The engine against a recomputation that keeps every mention and evaluates every second in turn.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { NaiveEngine } from '../../test/naive-engine.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { Effect, Input } from './input.ts'

const start = 1_700_000_000
const name = { zh: '题', en: 'topic' }

const velocity = (within: fc.Arbitrary<string>): fc.Arbitrary<{ count: number; within: string }[]> =>
  fc.array(fc.record({ count: fc.integer({ min: 1, max: 7 }), within }), { minLength: 1, maxLength: 3 })
const short = velocity(fc.constantFrom('1s', '2s', '7s', '60s', '1m', '3m', '11m'))
const long = velocity(fc.constantFrom('5s', '10m', '2h', '121m', '3h'))
const rulesOf = (rules: fc.Arbitrary<{ count: number; within: string }[]>): fc.Arbitrary<Rules> =>
  fc.tuple(rules, rules, rules).map((three) => ({ topics: three.map((velocity, i) => ({ id: ['m', 'z', 'a'][i]!, name, query: 'x', velocity })) }))

type Op =
  | { readonly kind: 'mention'; readonly id: number; readonly behind: number; readonly ahead: number; readonly topics: readonly number[]; readonly skewed: boolean }
  | { readonly kind: 'tick'; readonly ms: number }
  | { readonly kind: 'end' } | { readonly kind: 'cut' }

const opOf = (gapMax: number): fc.Arbitrary<Op> => fc.oneof(
  { weight: 20, arbitrary: fc.record({
    kind: fc.constant('mention' as const), id: fc.integer({ min: 1, max: 400 }), topics: fc.subarray([0, 1, 2]),
    behind: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.nat(660) }, { weight: 1, arbitrary: fc.integer({ min: 598, max: 602 }) }),
    ahead: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: fc.nat(3) }, { weight: 2, arbitrary: fc.nat(70) }, { weight: 1, arbitrary: fc.nat(gapMax) }),
    skewed: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tick' as const), ms: fc.integer({ min: -130_000, max: 130_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
)

const eventsOf = (effects: readonly Effect[]): unknown[] => effects.flatMap((e) => (e.kind === 'event' ? [{ ...e.event, id: undefined }] : []))

/** Plays the operations on both, cutting batches where `cut` says so, and compares events, fates, clock and running counts. */
function compare(rules: Rules, ops: readonly Op[]): void {
  const engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 1000 })
  const naive = new NaiveEngine(rules)
  const events: unknown[] = []
  const fates: number[] = []
  let rows: PlainRow[] = []
  let newest = start
  let seq = 0
  const step = (input: Input): void => { events.push(...eventsOf(engine.step(input))) }
  const flush = (): void => {
    if (rows.length === 0) return
    const batch = preparedBatch(rows, { seq: ++seq })
    step({ kind: 'batch', batch })
    fates.push(...batch.native)
    rows = []
  }
  for (const op of [...ops, { kind: 'end' } as const]) {
    if (op.kind === 'mention') {
      const second = newest + op.ahead - op.behind
      const row = { id: op.id, second, topics: op.topics, skewed: op.skewed }
      rows.push(row)
      naive.mention(row)
      newest = Math.max(newest, naive.clock ?? start)
      continue
    }
    flush()
    if (op.kind === 'tick') {
      const now = newest * 1000 + op.ms
      step({ kind: 'tick', seq: ++seq, now })
      naive.tick(now)
      newest = Math.max(newest, naive.clock ?? start)
    } else if (op.kind === 'end') {
      step({ kind: 'command', seq: ++seq, now: 0, command: { kind: 'end' } })
      naive.end()
    }
    if (op.kind === 'cut') for (const row of engine.picture(0).topics) expect(row.perMinute).toBe(naive.clock === null ? 0 : naive.count(rules.topics.findIndex((t) => t.id === row.id), 60, naive.clock))
  }
  expect(events).toEqual(naive.events)
  expect(fates).toEqual(naive.fates)
  expect(engine.clock).toBe(naive.clock)
  expect(engine.counters.counted).toBe(naive.fates.filter((fate) => fate === 0).length)
}

test('short windows: the same events, fates and clock as every second evaluated in turn', () => {
  fc.assert(fc.property(rulesOf(short), fc.array(opOf(900), { maxLength: 150 }), compare), { numRuns: 250 })
})

test('windows of minutes and hours: the same events over gaps that outlast them', () => {
  fc.assert(fc.property(rulesOf(long), fc.array(opOf(9000), { maxLength: 60 }), compare), { numRuns: 60 })
})
