// Spread rules where cascades leave a small room, and rules by R and coordinated share, through the whole engine.
import { expect, test } from 'vitest'
import type { SpreadRule } from '@groundswell/schemas/rules.ts'
import type { IdentifiedSpreadEvent } from '@groundswell/schemas/spike.ts'
import { preparedBatch, type PlainRow } from '../../../../test/prepared-batch.ts'
import type { Effect } from '../../input.ts'
import { Engine } from '../../engine.ts'

const begin = 1_700_000_040 // a minute begins

interface Told { readonly events: readonly IdentifiedSpreadEvent[]; readonly alerts: readonly Extract<Effect, { kind: 'alert' }>[]; readonly openAlerts: number }

function told(spread: readonly SpreadRule[], nodesMax: number, rows: readonly PlainRow[]): Told {
  const engine = new Engine({ rules: { topics: [{ id: 'a', name: { zh: '题', en: 'a' }, query: 'x', spread: [...spread] }] }, rulesSeq: 0, stream: 1, cooldownSeconds: 60, cascades: { nodesMax, quietSeconds: 172_800 } })
  const effects = rows.flatMap((row, seq) => engine.step({ kind: 'batch', batch: preparedBatch([row], { seq: seq + 1 }) }))
  return {
    events: effects.flatMap((effect) => (effect.kind === 'event' && effect.event.kind === 'spread' ? [effect.event] : [])),
    alerts: effects.filter((effect) => effect.kind === 'alert'), openAlerts: engine.picture(0).alerts.filter(({ clearedAt }) => clearedAt === null).length,
  }
}

test('a cascade that was evicted ends even where another that is told of has its place within the minute', () => {
  const cascades = Array.from({ length: 8 }, (_, i) => [0, 1, 2].map((part): PlainRow => ({ id: 1 + 3 * i + part, second: begin + 3 * i + part, topics: [0], ...(part === 0 ? {} : { parent: 1 + 3 * i }) }))).flat()
  const { events, openAlerts } = told([{ size: 3, within: '1h' }], 4, [...cascades, { id: 900, second: begin + 60 }, { id: 901, second: begin + 7200 }, { id: 902, second: begin + 7300 }])
  const roots = (state: string): string[] => events.filter((event) => event.state === state).map(({ root }) => root).sort()
  expect(roots('begin')).toHaveLength(8)
  expect(roots('end')).toEqual(roots('begin'))
  expect(openAlerts).toBe(0)
})

/** Each mention draws two: 63 in five minutes and a half. */
function growing(firstId: number, from: number, generations = 6): PlainRow[] {
  return Array.from({ length: 2 ** generations - 1 }, (_, i) => ({ id: firstId + i, second: from + 65 * Math.floor(Math.log2(i + 1)) + (i % 30), topics: [0], ...(i === 0 ? {} : { parent: firstId + Math.floor((i - 1) / 2) }) })).toSorted((a, b) => a.second - b.second)
}

test('a cascade that has the place of an evicted one is looked at for its R as if there had been none', () => {
  const first = growing(1, begin).map((row) => ({ ...row, second: begin })) // too young to have an R, and as large as the second one becomes
  const singles = Array.from({ length: 63 }, (_, i) => ({ id: 1000 + i, second: begin + 7200 + i }))
  const second = growing(2001, begin + 10_860)
  const { events } = told([{ R: 1.2, within: '1h' }], 64, [...first, ...singles, ...second, { id: 5000, second: begin + 12_000 }])
  expect(events.filter(({ state }) => state === 'begin').map(({ root }) => root)).toEqual(['2001'])
})

test('a span that ends within a minute counts what came until then', () => {
  const { events: [event] } = told([{ R: 1.2, within: '290s' }], 100, [...growing(1, begin), { id: 5000, second: begin + 400 }])
  expect(event).toMatchObject({ state: 'begin', root: '1', at: '2023-11-14T22:18:59Z' })
})

/** Ten accounts share one text under a root of its own within ten seconds, with so many others. */
function pasted(root: number, second: number, others: number): PlainRow[] {
  const rows = Array.from({ length: 10 + others }, (_, i): PlainRow => ({ id: root + 1 + i, second: second + (i < 10 ? i : i % 10), topics: [0], root, parent: root, author: i < 10 ? 1 + i : root + i, ...(i < 10 ? { share: 77 } : {}) }))
  return [{ id: root, second: second - 1, topics: [0], author: root }, ...rows.toSorted((a, b) => a.second - b.second)]
}

test('who was linked in the last second of a minute counts in the coordinated share of that minute', () => {
  const rows = [...pasted(1000, begin + 50, 2), ...pasted(2000, begin + 650, 2), ...pasted(3000, begin + 1250, 20), { id: 9000, second: begin + 2000 }]
  const { events } = told([{ coordinatedShare: 0.3, within: '1h' }], 200, rows)
  expect(events.filter(({ state }) => state === 'begin').map(({ root, at }) => [root, at])).toEqual([['3000', '2023-11-14T22:34:59Z']])
})

test('a cascade that does not grow by a tenth is asked for its coordinated share again once accounts were linked', () => {
  const rows = [...pasted(1000, begin, 15), ...pasted(2000, begin + 600, 2), ...pasted(3000, begin + 1200, 2), ...pasted(4000, begin + 1800, 2), { id: 8000, second: begin + 2400, topics: [0], root: 1000, parent: 1000, author: 8000 }, { id: 9000, second: begin + 2600 }]
  const { events } = told([{ coordinatedShare: 0.3, within: '1h' }], 200, rows)
  expect(events.filter(({ state }) => state === 'begin').map(({ root }) => root)).toEqual(['1000'])
})
