// A topic that came later and was filled measures the same as one that was watched all along.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import { StateReader, StateWriter } from './state.ts'

const spans = ['1m', '10m', '2h', '3h', '1d']
const idOf = (within: string): string => `w${within}`
const late: Rules = { topics: spans.map((within) => ({ id: idOf(within), name: { zh: '题', en: 'topic' }, query: '断网', velocity: [{ count: 1_000_000, within }] })) }
const text = `topics:\n${late.topics.map(({ id, velocity }) => `  - id: ${id}\n    name: { zh: 题, en: topic }\n    query: 断网\n    velocity: [{ count: 1000000, within: ${velocity![0]!.within} }]\n`).join('')}`
const t0 = 1_700_000_000

const tally = (values: readonly number[]): [number, number][] => {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => a[0] - b[0])
}

test('counts and sparklines agree, wherever the rules and the fill come in the stream', () => {
  const mention = fc.record({ ahead: fc.oneof(fc.nat(5), fc.nat(400), fc.nat(9000)), behind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(600) }) })
  fc.assert(fc.property(fc.array(mention, { minLength: 3, maxLength: 80 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), (mentions, share, delay) => {
    let clock = t0
    const rows: PlainRow[] = mentions.map(({ ahead, behind }, id) => {
      const second = id === 0 ? t0 : Math.max(clock + ahead - behind, clock - 600, t0)
      clock = Math.max(clock, second)
      return { id: id + 1, second }
    })
    const all = spans.map((_, i) => i)
    const rulesAt = Math.floor(share * (rows.length - 1))
    const fillAt = Math.min(rows.length - 1, rulesAt + delay)
    const always = new Engine({ rules: late, rulesSeq: 0, stream: 1, seenMax: 1000 })
    const filled = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, seenMax: 1000 })
    let newest = 0
    rows.forEach((row, i) => {
      const clockAtRules = newest
      if (i === rulesAt) expect(filled.step({ kind: 'command', seq: 1000, now: 0, command: { kind: 'rules', text } }).map((e) => e.kind)).toEqual(['rules', 'fill'])
      always.step({ kind: 'batch', batch: preparedBatch([{ ...row, topics: all }], { seq: i }) })
      filled.step({ kind: 'batch', batch: preparedBatch([i < rulesAt ? row : { ...row, topics: all }], { seq: i, rulesSeq: filled.rulesSeq }) })
      newest = Math.max(clockAtRules, row.second)
      if (i === fillAt) {
        const before = rows.slice(0, rulesAt).map((row) => row.second)
        const past = { seconds: tally(before), minutes: tally(before.map((second) => Math.floor(second / 60))) }
        filled.step({ kind: 'command', seq: 1001, now: 0, command: { kind: 'fill', rules: 1000, topics: spans.map((within) => ({ id: idOf(within), ...past })) } })
      }
      if (i < fillAt) return
      for (const a of always.topics(9)) {
        const b = filled.topics(9).find((row) => row.id === a.id)
        expect(b).toMatchObject({ count: a.count, perMinute: a.perMinute, filling: false })
        if (rulesAt > 0) expect(b!.spark).toEqual(a.spark)
      }
    })
  }), { numRuns: 80 })
})

/** Where the clock ran, as the store can tell it. */
function knownOf(clocks: readonly number[]): [number, number][] {
  const spans: [number, number][] = []
  for (const clock of clocks) {
    const last = spans.at(-1)
    if (last && clock - last[1] <= 7200) last[1] = clock
    else spans.push([clock, clock])
  }
  return spans
}

test('what is normal agrees too, gaps of the feed apart: as learnt from a fill as in turn', () => {
  const mention = fc.record({ ahead: fc.oneof(fc.nat(900), fc.nat(7300), fc.nat(30_000)), behind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(600) }) })
  fc.assert(fc.property(fc.array(mention, { minLength: 3, maxLength: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (mentions, share) => {
    const rows: PlainRow[] = []
    const clocks: number[] = []
    let clock = t0
    for (const [id, { ahead, behind }] of mentions.entries()) {
      const second = id === 0 ? t0 : Math.max(clock + ahead - behind, clock - 600, t0)
      clock = Math.max(clock, second)
      rows.push({ id: id + 1, second })
      clocks.push(clock)
    }
    const rulesAt = 1 + Math.floor(share * (rows.length - 1))
    const always = new Engine({ rules: late, rulesSeq: 0, stream: 1, seenMax: 1000 })
    const filled = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, seenMax: 1000 })
    for (const [i, row] of rows.entries()) {
      if (i === rulesAt) {
        filled.step({ kind: 'command', seq: 1000, now: 0, command: { kind: 'rules', text } })
        const before = rows.slice(0, rulesAt).map(({ second }) => second)
        const past = { seconds: [], minutes: tally(before.map((second) => Math.floor(second / 60))) }
        filled.step({ kind: 'command', seq: 1001, now: 0, command: { kind: 'fill', rules: 1000, known: knownOf(clocks.slice(0, rulesAt)), topics: spans.map((within) => ({ id: idOf(within), ...past })) } })
      }
      always.step({ kind: 'batch', batch: preparedBatch([{ ...row, topics: spans.map((_, topic) => topic) }], { seq: i }) })
      filled.step({ kind: 'batch', batch: preparedBatch([i < rulesAt ? row : { ...row, topics: spans.map((_, topic) => topic) }], { seq: i, rulesSeq: filled.rulesSeq }) })
      if (i < rulesAt) continue
      const of = (engine: Engine): unknown[] => engine.topics(9).map(({ id, usual }) => ({ id, usual })).sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(of(filled)).toEqual(of(always))
    }
  }), { numRuns: 300 })
})

test('a topic that waits while its stream is lost is filled with all that is stored, and nothing of it counts twice', () => {
  const rows = Array.from({ length: 12 }, (_, i): PlainRow => ({ id: i + 1, second: t0 + i }))
  const engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, seenMax: 100 })
  for (const [i, row] of rows.entries()) {
    if (i === 5) engine.step({ kind: 'command', seq: 5, now: 0, command: { kind: 'rules', text } })
    engine.step({ kind: 'batch', batch: preparedBatch([i < 5 ? row : { ...row, topics: [0] }], { seq: i + 6, rulesSeq: engine.rulesSeq }) })
  }
  const out = new StateWriter()
  engine.save(out)
  const other = new Engine({ rules: late, rulesSeq: 0, stream: 2, seenMax: 100 })
  other.load(new StateReader(out.written), () => expect.unreachable('no segment is full'))
  expect(other.pendingFills()).toEqual([{ rulesSeq: 0, topics: late.topics.map(({ id }) => id) }])
  other.step({ kind: 'batch', batch: preparedBatch([{ id: 50, second: t0 + 12, topics: [0] }], { seq: 1 }) })
  const stored = rows.map(({ second }) => second)
  const past = { seconds: tally(stored), minutes: tally(stored.map((second) => Math.floor(second / 60))) }
  other.step({ kind: 'command', seq: 2, now: 0, command: { kind: 'fill', rules: 0, topics: [{ id: idOf('1m'), ...past }, { id: idOf('3h'), ...past }] } })
  expect(other.topics(9).find(({ id }) => id === idOf('1m'))).toMatchObject({ count: 13, filling: false })
})
