// A topic that comes with new rules knows from what is stored what is normal for it: it alarms, or not, by its past within minutes.
import type { Command } from '@groundswell/schemas/command.ts'
import { expect, test } from 'vitest'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { Effect } from './input.ts'

type Fill = Extract<Command, { kind: 'fill' }>

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, baseline: {} }\n'
const clock = 1_790_000_000 - (1_790_000_000 % 3600) + 1799

/** The fill of a topic of which so many mentions came in every five minutes for 35 days; `known`: where the store holds anything. */
function past(perSlice: number, known: Fill['known'] = [[clock - 35 * 86_400, clock]]): Fill {
  const isKnown = (second: number): boolean => known!.some(([from, to]) => second >= from && second <= to)
  const scattered = (slice: number): number => Math.max(0, perSlice + ((slice * 7919) % 5) - 2)
  const slices = Array.from({ length: 35 * 288 }, (_, i) => Math.floor(clock / 300) - i).toReversed().filter((slice) => slice * 300 > clock - 35 * 86_400 && isKnown(slice * 300) && scattered(slice) > 0)
  const hours = [...Map.groupBy(slices, (slice) => Math.floor(slice / 12))].map(([at, its]): [number, number] => [at, its.reduce((sum, slice) => sum + scattered(slice), 0)])
  const minutes = slices.filter((slice) => slice * 300 > clock - 7 * 86_400).map((slice): [number, number] => [slice * 5, scattered(slice)])
  return { kind: 'fill', rules: 5, topics: [{ id: 'outage', seconds: [], minutes, hours }], known }
}

/** What is told in the minutes after new rules and their fill, when so many mentions come in each. */
function toldAfter(fill: Fill, perMinute: readonly number[]): string[] {
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, seenMax: 100_000 })
  let id = 0
  let seq = 0
  const told: string[] = []
  const note = (effects: readonly Effect[]): void => {
    for (const effect of effects) if (effect.kind === 'event' && effect.event.kind === 'baseline') told.push(`${effect.event.state} ${Math.floor((Date.parse(effect.event.at) / 1000 - clock) / 60)} min later: ${effect.event.reason.en}`)
  }
  engine.step({ kind: 'batch', batch: preparedBatch([{ id: ++id, second: clock }], { seq: ++seq }) })
  engine.step({ kind: 'command', seq: 5, now: 0, command: { kind: 'rules', text: rules } })
  seq = 5
  note(engine.step({ kind: 'command', seq: ++seq, now: 0, command: fill }))
  for (const [minute, count] of perMinute.entries()) {
    const second = clock + 1 + 60 * minute
    const rows = Array.from({ length: count }, (_, i) => ({ id: ++id, second: second + Math.floor((60 * i) / count), topics: [0] }))
    note(engine.step({ kind: 'batch', batch: preparedBatch([...rows, { id: ++id, second: second + 59 }], { seq: ++seq, rulesSeq: 5 }) }))
  }
  return told
}

const steady = (perMinute: number, minutes: number): number[] => Array.from({ length: minutes }, () => perMinute)

test('a quiet topic alarms within two minutes of what a loud one takes for normal', () => {
  const counts = [...steady(1, 3), ...steady(60, 3)]
  expect(toldAfter(past(4), counts)[0]).toMatch(/^begin [34] min later/)
  expect(toldAfter(past(300), counts)).toEqual([])
})

test('what goes on as it always was is told by nobody', () => {
  for (const perMinute of [1, 5, 40]) expect(toldAfter(past(5 * perMinute), steady(perMinute, 30))).toEqual([])
})

test('without a past nothing is told in the first minutes', () => {
  expect(toldAfter(past(4, []), [...steady(1, 3), ...steady(60, 3)])).toEqual([])
})

test('days in which nothing of anybody was stored is not learnt as calm', () => {
  const gap: Fill['known'] = [[clock - 35 * 86_400, clock - 4 * 86_400], [clock - 3600, clock]]
  const goesOn = steady(62, 30)
  expect(toldAfter(past(300, gap), goesOn)).toEqual([])
  expect(toldAfter({ ...past(300, gap), known: [[clock - 35 * 86_400, clock]] }, goesOn), 'days of calm would make it an alarm').toHaveLength(1)
})

test('an old fill, which has minutes alone, teaches them', () => {
  const { known: _, topics: [{ hours: __, ...topic }], ...fill } = past(4) as Fill & { topics: [Fill['topics'][number]] }
  expect(toldAfter({ ...fill, topics: [topic] }, [...steady(1, 3), ...steady(60, 3)])[0]).toMatch(/^begin [34] min later/)
})
