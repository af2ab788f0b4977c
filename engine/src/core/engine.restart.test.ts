// An engine that is stopped and started from what the store holds goes on as one that never stopped.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import { gapLimits } from './3-measure/gaps.ts'
import type { Effect } from './input.ts'

const name = { zh: '题', en: 'topic' }
const rules: Rules = { topics: [
  { id: 'outage', name, query: 'x', velocity: [{ count: 5, within: '2m' }, { count: 9, within: '10m', grade: 'severe' }, { count: 14, within: '3h', grade: 'moderate' }] },
  { id: 'billing', name, query: 'y', velocity: [{ count: 3, within: '30s', grade: 'moderate' }, { count: 4, within: '30s' }] },
] }
const t0 = 1_700_000_000
const cooldownSeconds = 400

/** What the tables hold: spikes and alerts by id, a cleared alert over an open one, and every counted mention. */
class PlainStore {
  readonly spikes = new Map<string, SpikeEvent>()
  readonly alerts = new Map<string, AlertRow>()
  readonly mentions: PlainRow[] = []

  carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'event') this.spikes.set(effect.event.id, effect.event)
      else if (effect.kind === 'alert' && !this.alerts.get(effect.row.id)?.clearedAt) this.alerts.set(effect.row.id, effect.row)
    }
  }

  engine(): Engine {
    const events = [...this.spikes.values()].map((event) => ({ event, second: Date.parse(event.at) / 1000 }))
    const clock = Math.max(...this.mentions.map((row) => row.second))
    const engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 1000, cooldownSeconds, filling: true, clock, remembered: { events, alerts: [...this.alerts.values()] } })
    const topics = rules.topics.map(({ id }, topic) => {
      const seconds = this.mentions.filter((row) => row.topics!.includes(topic)).map((row) => row.second)
      return { id, seconds: tally(seconds), minutes: tally(seconds.map((second) => Math.floor(second / 60))) }
    })
    engine.step({ kind: 'command', seq: 0, now: 0, command: { kind: 'fill', rules: 0, topics, known: this.#known() } })
    return engine
  }

  /** Where somebody was heard: from second to second of the clock, apart by what the engine takes for a gap. */
  #known(): [number, number][] {
    const spans: [number, number][] = []
    for (const { second } of this.mentions) {
      const newest = spans.at(-1)
      if (!newest || second - newest[1] > gapLimits.calmSecondsMax) spans.push([second, second])
      else newest[1] = Math.max(newest[1], second)
    }
    return spans
  }
}

function tally(values: readonly number[]): [number, number][] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => a[0] - b[0])
}

const stepOf = (engine: Engine, row: PlainRow | 'end'): Effect[] =>
  row === 'end' ? engine.step({ kind: 'command', seq: 1, now: 0, command: { kind: 'end' } }) : engine.step({ kind: 'batch', batch: preparedBatch([row]) })

function compare(input: readonly (PlainRow | 'end')[], stopAt: number): void {
  const store = new PlainStore()
  const always = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 1000, cooldownSeconds })
  for (const row of input.slice(0, stopAt)) {
    store.carryOut(stepOf(always, row))
    if (row !== 'end') store.mentions.push(row)
  }
  const restarted = store.engine()
  const shown = (engine: Engine): unknown => ({ alerts: engine.picture(0).alerts, topics: engine.topics(9).map(({ id, level, count, window }) => ({ id, level, count, window })) })
  expect(shown(restarted)).toEqual(shown(always))
  for (const row of input.slice(stopAt)) expect(stepOf(restarted, row)).toEqual(stepOf(always, row))
  expect(shown(restarted)).toEqual(shown(always))
}

test('in the middle of a crisis: the rules stay tripped, no second alert, and one clear at the end', () => {
  const crisis: PlainRow[] = Array.from({ length: 40 }, (_, i) => ({ id: i + 1, second: t0 + i * 10, topics: i === 0 ? [0, 1] : [0] }))
  const after: PlainRow[] = [800, 2000, 12_000].map((later, i) => ({ id: 100 + i, second: t0 + later, topics: [1] }))
  for (let stopAt = 1; stopAt <= 43; stopAt++) compare([...crisis, ...after], stopAt)
})

test('wherever it stops: the same events, alerts and list', () => {
  const mention = fc.record({
    ahead: fc.oneof({ weight: 8, arbitrary: fc.nat(15) }, { weight: 3, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.nat(1500) }, { weight: 1, arbitrary: fc.nat(15_000) }),
    behind: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(600) }), topics: fc.subarray([0, 1]), end: fc.nat(15),
  })
  fc.assert(fc.property(fc.array(mention, { minLength: 2, maxLength: 150 }), fc.double({ min: 0, max: 1, noNaN: true }), (mentions, share) => {
    let clock = t0
    const input = mentions.flatMap(({ ahead, behind, topics: some, end }, id): (PlainRow | 'end')[] => {
      const topics = id === 0 ? [0, 1] : some // of both topics it is then known since when
      const second = id === 0 ? t0 : Math.max(clock + ahead - behind, clock - 600, t0)
      clock = Math.max(clock, second)
      return end === 0 ? [{ id: id + 1, second, topics }, 'end'] : [{ id: id + 1, second, topics }]
    })
    compare(input, 1 + Math.floor(share * (input.length - 1)))
  }), { numRuns: 300 })
})
