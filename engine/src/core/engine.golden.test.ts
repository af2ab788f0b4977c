// One golden replay of the whole pipeline: two seeded hours, their events as committed, and as the slow recomputation has them.
import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { NaiveEngine } from '../../test/naive-engine.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { Effect } from './input.ts'

const rules: Rules = { topics: [
  { id: 'outage', name: { zh: '网络中断', en: 'Outage' }, query: 'x', velocity: [{ count: 300, within: '10m', grade: 'severe' }, { count: 25, within: '30s' }, { count: 700, within: '3h', grade: 'moderate' }] },
  { id: 'billing', name: { zh: '资费', en: 'Billing' }, query: 'y', velocity: [{ count: 8, within: '90s', grade: 'moderate' }] },
] }

/** Two waves over a quiet background; a tenth comes up to 8 minutes late, some far too late, some twice. */
function recording(): PlainRow[] {
  let state = 20_260_101
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const rows: PlainRow[] = []
  const begin = 1_434_384_000
  for (let s = 0; s < 7200; s++) {
    const wave = 1.1 * Math.exp(-(((s - 2000) / 400) ** 2)) + 0.5 * Math.exp(-(((s - 5200) / 250) ** 2))
    for (let p = 0.02 + wave; p > 0; p--) {
      if (random() > p) continue
      const late = random() < 0.1 ? Math.floor(random() * 480) : random() < 0.01 ? 900 : 0
      const id = random() < 0.03 && rows.length > 0 ? rows[Math.floor(random() * rows.length)]!.id : rows.length + 1
      const topics = random() < 0.85 ? (random() < 0.12 ? [0, 1] : [0]) : []
      rows.push({ id, second: begin + s - late, topics, platform: random() < 0.7 ? 'weibo' : 'douyin', sign: random() < 0.6 ? -1 : 0 })
    }
  }
  return rows
}

function replay(rows: readonly PlainRow[], batchRows: number): Effect[] {
  const engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 100_000 })
  const effects: Effect[] = []
  let seq = 0
  for (let i = 0; i < rows.length; i += batchRows) effects.push(...engine.step({ kind: 'batch', batch: preparedBatch(rows.slice(i, i + batchRows), { seq: ++seq }) }))
  effects.push(...engine.step({ kind: 'command', seq: ++seq, now: 0, command: { kind: 'end' } }))
  return effects
}

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')
const eventsOf = (effects: readonly Effect[]): unknown[] => effects.flatMap((e) => (e.kind === 'event' ? [{ ...e.event, id: undefined }] : []))

test('the recording gives the committed events and alerts', async () => {
  const effects = replay(recording(), 500)
  await expect(lines(eventsOf(effects))).toMatchFileSnapshot('./golden/events.ndjson')
  await expect(lines(effects.flatMap((e) => (e.kind === 'alert' ? [e.event] : [])))).toMatchFileSnapshot('./golden/alerts.ndjson')
})

test('and the recomputation, second by second, has the same events', () => {
  const naive = new NaiveEngine(rules)
  for (const row of recording()) naive.mention(row)
  naive.end()
  expect(lines(eventsOf(replay(recording(), 500)))).toBe(lines(naive.events))
})

test('where batches are cut changes no effect', () => {
  const whole = replay(recording(), 1_000_000)
  expect(replay(recording(), 1)).toEqual(whole)
  expect(replay(recording(), 77)).toEqual(whole)
})
