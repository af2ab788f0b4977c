import { describe, expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { fates } from '@groundswell/schemas/mention-columns.ts'
import { preparedBatch, type BatchFacts, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Effect } from './input.ts'

const t0 = 1_700_000_040 // the start of a minute
const name = { zh: '断网', en: 'Outage' }
const rulesOf = (...velocity: { count: number; within: string; grade?: 'minor' | 'moderate' | 'severe' }[]): Rules => ({ topics: [{ id: 'outage', name, query: '断网', velocity }] })
const yamlOf = (id: string, query: string, rules: string): string => `topics:\n  - id: ${id}\n    name: { zh: 断网, en: Outage }\n    query: ${query}\n    velocity: [${rules}]\n`

class Room {
  readonly engine: Engine
  #id = 0
  #seq = 0

  constructor(rules: Rules, options: Partial<EngineOptions> = {}) { this.engine = new Engine({ rules, rulesSeq: 0, stream: 7, seenMax: 10_000, ...options }) }

  mentions(second: number, count: number, row: Partial<PlainRow> = {}, facts: BatchFacts = {}): Effect[] {
    const rows = Array.from({ length: count }, () => ({ id: ++this.#id, second, topics: [0], ...row }))
    return this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: ++this.#seq, rulesSeq: this.engine.rulesSeq, time: second * 1000, ...facts }) })
  }

  command(command: Parameters<typeof commandInput>[0]): Effect[] { return this.engine.step(commandInput(command, ++this.#seq)) }
  tick(now: number): Effect[] { return this.engine.step({ kind: 'tick', seq: ++this.#seq, now }) }
}
const commandInput = (command: import('@groundswell/schemas/command.ts').Command, seq: number) => ({ kind: 'command' as const, seq, now: 5, command })
const said = (effects: readonly Effect[]): string[] => effects.map((e) => (e.kind === 'event' || e.kind === 'alert' ? `${e.kind} ${e.event.kind} ${e.event.at.slice(11, 19)} ${'count' in e.event ? e.event.count : 'source' in e.event ? e.event.source : ''}` : e.kind))

describe('fates', () => {
  test('late, skewed and duplicate rows get their byte and enter no window', () => {
    const { engine } = new Room(rulesOf({ count: 1, within: '1m' }))
    const batch = preparedBatch([
      { id: 1, second: t0 }, { id: 2, second: t0 - 601, topics: [0] }, { id: 3, second: t0 + 999, topics: [0], skewed: true },
      { id: 1, second: t0, topics: [0] }, { id: 2, second: t0, topics: [0] }, { id: 4, second: t0 - 600 },
    ], { rejected: { 'not-json': 2 } })
    engine.step({ kind: 'batch', batch })
    expect([...batch.native]).toEqual([fates.counted, fates.late, fates.skewed, fates.duplicate, fates.duplicate, fates.counted])
    expect(engine.counters).toMatchObject({ counted: 2, late: 1, skewed: 1, duplicates: 2, deadLetters: 2, reasons: { 'not-json': 2 } })
    expect(engine.clock).toBe(t0)
    expect(engine.picture(0).topics[0]).toMatchObject({ count: 0 })
  })

  test('a batch of other rules is our own bug', () => {
    expect(() => new Room(rulesOf()).mentions(t0, 1, {}, { rulesSeq: 9 })).toThrow('rules 9')
  })
})

describe('thresholds', () => {
  test('a spike holds all mentions of its second; end closes the last second, and mentions that still come for it count', () => {
    const room = new Room(rulesOf({ count: 3, within: '1m' }))
    expect(room.mentions(t0, 2)).toEqual([])
    expect(room.command({ kind: 'end' })).toEqual([])
    expect(room.mentions(t0, 3)).toEqual([])
    expect(said(room.command({ kind: 'end' }))).toEqual(['event spike 22:14:00 5', 'alert spike 22:14:00 5'])
    expect(room.engine.clock).toBe(t0)
    expect(said(room.mentions(t0 + 600, 1))).toEqual(['event clear 22:15:00 0'])
  })

  test('a window over two hours is evaluated when its minute closes, and end does not close a running minute', () => {
    const room = new Room(rulesOf({ count: 2, within: '3h' }))
    room.mentions(t0 + 5, 2)
    expect(room.command({ kind: 'end' })).toEqual([])
    expect(said(room.mentions(t0 + 60, 1))).toEqual(['event spike 22:14:59 2', 'alert spike 22:14:59 2'])
  })

  test('an idle tick closes seconds while the clock is within two minutes of now', () => {
    const room = new Room(rulesOf({ count: 2, within: '30s' }))
    room.mentions(t0, 2)
    expect(room.tick(t0 * 1000 + 999)).toEqual([])
    expect(said(room.tick(t0 * 1000 + 1000))).toEqual(['event spike 22:14:00 2', 'alert spike 22:14:00 2'])
    expect(said(room.tick(t0 * 1000 + 90_000))).toEqual(['event clear 22:14:30 0'])
    expect(room.tick(t0 * 1000 + 300_000)).toEqual([])
    expect(room.engine.clock).toBe(t0 + 90)
  })

  test('an episode ends with one clear alert when the cooldown is over', () => {
    const room = new Room(rulesOf({ count: 2, within: '30s', grade: 'severe' }), { cooldownSeconds: 100 })
    room.mentions(t0, 2)
    room.mentions(t0 + 60, 2)
    expect(said(room.mentions(t0 + 159, 1))).toEqual(['event spike 22:15:00 2', 'event clear 22:15:30 0'])
    expect(said(room.mentions(t0 + 161, 1))).toEqual(['alert clear 22:15:30 0'])
  })
})

describe('rules', () => {
  test('a wrong file is refused with its place, and the old rules stay', () => {
    const room = new Room(rulesOf({ count: 2, within: '30s' }))
    const [effect] = room.command({ kind: 'rules', text: 'topics:\n  - id: 1x y\n' })
    expect(effect).toMatchObject({ kind: 'rules-refused', seq: 1 })
    expect(effect).toHaveProperty('reason', expect.stringMatching(/^\d+:\d+ /))
    expect(room.engine.rulesSeq).toBe(0)
  })

  test('a topic with the same query keeps its windows, and each rule its state; a lower count trips at the next second', () => {
    const room = new Room(rulesOf({ count: 5, within: '10m' }))
    room.mentions(t0, 5)
    room.mentions(t0 + 1, 1)
    const text = yamlOf('outage', '断网', '{ count: 5, within: 600s }, { count: 2, within: 5m }')
    expect(room.command({ kind: 'rules', text })).toEqual([{ kind: 'rules', seq: 3, text }])
    expect(said(room.mentions(t0 + 2, 0))).toEqual([])
    expect(said(room.mentions(t0 + 2, 1))).toEqual(['event spike 22:14:01 6'])
    expect(said(room.mentions(t0 + 700, 1))).toEqual(['event clear 22:19:01 1', 'event clear 22:24:00 2'])
  })

  test('a changed query begins empty and filling; its alert stays open meanwhile, and the topic at its grade', () => {
    const room = new Room(rulesOf({ count: 2, within: '10m' }))
    room.mentions(t0, 2)
    room.mentions(t0 + 1, 1)
    const effects = room.command({ kind: 'rules', text: yamlOf('outage', '断网 OR 停机', '{ count: 2, within: 10m }') })
    expect(effects.at(-1)).toEqual({ kind: 'fill', rulesSeq: 3, topics: ['outage'], now: 5 })
    const picture = room.engine.picture(0)
    expect(picture).toMatchObject({ filling: ['outage'], topics: [{ count: 0, filling: true, level: 'minor' }], alerts: [{ clearedAt: null }] })
  })

  test('a fill adds the past to what was counted since; only then can a rule clear', () => {
    const room = new Room(rulesOf({ count: 2, within: '10m' }))
    room.mentions(t0, 2)
    const text = yamlOf('outage', '断网', '{ count: 2, within: 10m }, { count: 6, within: 1h }, { count: 8, within: 3h }')
    room.mentions(t0 + 1, 1)
    expect(said(room.command({ kind: 'rules', text }))).toEqual(['rules', 'fill'])
    expect(room.mentions(t0 + 2, 1)).toEqual([])
    const minute = t0 / 60
    expect(room.command({ kind: 'fill', rules: 2, topics: [{ id: 'outage', seconds: [[t0, 90]], minutes: [] }] })).toEqual([])
    expect(room.engine.picture(0).topics[0]).toMatchObject({ count: 1, filling: true })
    room.command({ kind: 'fill', rules: 3, topics: [
      { id: 'outage', seconds: [[t0 - 1000, 3], [t0, 2], [t0 + 1, 1]], minutes: [[minute - 30, 1], [minute - 17, 3], [minute, 3]] }, { id: 'gone', seconds: [], minutes: [] },
    ] })
    expect(room.engine.picture(0).topics[0]).toMatchObject({ count: 7, window: '1h', threshold: 6, filling: false })
    expect(said(room.mentions(t0 + 3, 1))).toEqual(['event spike 22:14:02 7'])
    expect(said(room.mentions(t0 + 60, 1))).toEqual(['event spike 22:14:59 9'])
  })

  test('after a restart all topics wait for their past, and the clock goes on where it was', () => {
    const room = new Room(rulesOf({ count: 4, within: '10m' }), { filling: true, clock: t0, rulesSeq: 12 })
    expect(room.engine.waiting).toEqual(['outage'])
    expect(room.engine.clock).toBe(t0)
    room.command({ kind: 'fill', rules: 12, topics: [{ id: 'outage', seconds: [[t0 - 9, 3], [t0, 1], [t0 + 5, 9]], minutes: [[t0 / 60 - 1, 3], [t0 / 60, 1]] }] })
    expect(said(room.mentions(t0 + 1, 1))).toEqual(['event spike 22:14:00 4', 'alert spike 22:14:00 4'])
  })
})

test('forget is handed on as it is', () => {
  expect(new Room(rulesOf()).command({ kind: 'forget', author: 'u1' })).toEqual([{ kind: 'forget', author: 'u1' }])
})

describe('the picture', () => {
  test('shows a topic through the rule that is next, with the running second', () => {
    const room = new Room(rulesOf({ count: 11, within: '1m', grade: 'moderate' }, { count: 80, within: '10m' }, { count: 1000, within: '1h' }))
    for (let minute = 0; minute < 60; minute++) room.mentions(t0 + minute * 60, 1, { platform: minute % 3 === 0 ? 'douyin' : 'weibo', sign: minute % 2 === 0 ? -1 : 1 })
    room.mentions(t0 + 3600, 11, { platform: 'weibo', sign: -1 }, { time: 1234 })
    room.tick((t0 + 3601) * 1000)
    const { topics: [row], totals, sources } = room.engine.picture(99)
    expect(row).toMatchObject({
      id: 'outage', name, level: 'moderate', count: 20, window: '10m', threshold: 80, perMinute: 11, newestAt: 1234, filling: false,
      platforms: [['weibo', 51], ['douyin', 19]],
    })
    expect(row!.negativeShare).toBeCloseTo(40 / 70)
    expect(row!.usual!.count).toBeCloseTo(10, -1)
    expect(row!.ratio).toBeCloseTo(20 / row!.usual!.count)
    expect(row!.spark).toEqual([...Array.from({ length: 59 }, () => 1), 11])
    expect(totals).toMatchObject({ counted: 71, perMinute: 11 })
    expect(sources.map(({ platform, lastHour }) => [platform, lastHour])).toEqual([['douyin', 19], ['weibo', 51]])
  })

  test('what is normal leaves crises out: two hours into an outage the ratio is still that of the outage', () => {
    const room = new Room(rulesOf({ count: 300, within: '10m', grade: 'severe' }, { count: 100_000, within: '2h' }))
    for (let minute = 0; minute < 600; minute++) room.mentions(t0 + minute * 60, 2)
    for (let minute = 600; minute < 720; minute++) room.mentions(t0 + minute * 60, 60)
    expect(room.engine.picture(0).topics[0]).toMatchObject({ window: '2h', count: 7200, level: 'severe', stage: 'outbreak' })
    expect(room.engine.picture(0).topics[0]!.usual!.count).toBeCloseTo(20, -1)
    expect(room.engine.picture(0).topics[0]!.ratio).toBeGreaterThan(25)
  })

  test('platforms and negative share say nothing until they are known of the whole hour: a fill brings counts alone', () => {
    const room = new Room(rulesOf({ count: 100, within: '10m' }), { filling: true, clock: t0, rulesSeq: 3 })
    const row = () => room.engine.topics(1)[0]!
    room.mentions(t0 + 1, 1, { sign: -1 })
    expect(row()).toMatchObject({ count: 1, filling: true, platforms: [], negativeShare: null })
    room.command({ kind: 'fill', rules: 3, topics: [{ id: 'outage', seconds: [[t0, 3]], minutes: [[t0 / 60, 3]] }] })
    room.mentions(t0 + 59 * 60, 1, { sign: 1 })
    expect(row()).toMatchObject({ filling: false, platforms: [], negativeShare: null })
    room.mentions(t0 + 60 * 60, 1, { sign: -1 })
    expect(row()).toMatchObject({ platforms: [['weibo', 2]], negativeShare: 0.5 })
  })

  test('says what is not known: neither ratio nor stage in the first half hour, −1 in the sparkline before the beginning', () => {
    const room = new Room(rulesOf({ count: 100, within: '10m' }))
    for (const minute of [0, 29]) room.mentions(t0 + minute * 60, 1)
    expect(room.engine.picture(0).topics[0]).toMatchObject({ ratio: null, usual: null, stage: null })
    expect(room.engine.picture(0).topics[0]!.spark).toEqual([...Array.from({ length: 30 }, () => -1), 1, ...Array.from({ length: 28 }, () => 0), 1])
    for (const minute of [46, 47]) room.mentions(t0 + minute * 60, 1)
    expect(room.engine.picture(0).topics[0]).toMatchObject({ ratio: expect.any(Number), usual: { count: expect.any(Number), high: expect.any(Number) }, stage: 'latent', acceleration: expect.any(Number) })
  })

  test('ranks by level, then nearness, then ratio, then id; at most topicsMax, and reading it changes nothing', () => {
    const topics = Array.from({ length: 40 }, (_, i) => ({ id: `t${String(i).padStart(2, '0')}`, name, query: 'x', velocity: [{ count: i === 7 ? 2 : 1000, within: '10m' }] }))
    const room = new Room({ topics })
    room.mentions(t0, 5, { topics: [7, 20, 30] })
    room.mentions(t0, 5, { topics: [30] })
    room.mentions(t0 + 1, 1, { topics: [] })
    const picture = room.engine.picture(0)
    expect(picture.topics.map((row) => row.id).slice(0, 5)).toEqual(['t07', 't30', 't20', 't00', 't01'])
    expect(picture.topics).toHaveLength(24)
    expect(picture.topicsTotal).toBe(40)
    expect(room.engine.picture(0)).toEqual(picture)
    expect(room.engine.topics(1000)).toHaveLength(40)
  })

  test('an engine that has seen nothing shows nothing', () => {
    expect(new Room(rulesOf({ count: 1, within: '1m' })).engine.picture(3)).toMatchObject({ now: 3, clock: null, alerts: [], sources: [], topics: [{ count: 0, ratio: null, newestAt: null }] })
  })
})
