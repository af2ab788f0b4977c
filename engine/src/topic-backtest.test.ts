import { fates } from '@groundswell/schemas/mention-columns.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEnricher } from './core/2-enrich/enrich.ts'
import { compileMatcher } from './core/2-enrich/matcher/compile.ts'
import { Engine } from './core/engine.ts'
import { TopicBacktest, type TopicBacktestOptions } from './topic-backtest.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const t0 = Date.parse('2024-05-20T12:00:00Z')
const outage: TopicRules = { id: 'outage', name: { zh: '断网', en: 'Outage' }, query: '断网', velocity: [{ count: 3, within: '1m', grade: 'moderate' }, { count: 8, within: '1h', grade: 'severe' }], spread: [{ size: 4, within: '1h', grade: 'minor' }] }
const other: TopicRules = { id: 'other', name: { zh: '其他', en: 'Other' }, query: '天气', velocity: [{ count: 2, within: '1m' }] }
const options: TopicBacktestOptions = { topic: outage, from: t0 - 86_400_000, to: t0 + 86_400_000, zone: 'Asia/Shanghai', cooldownSeconds: 1800, cascades: { nodesMax: 1000, quietSeconds: 172_800 } }

interface Said { readonly id: string; readonly second: number; readonly text: string; readonly root?: string }

/** What the live engine tells of these mentions, in the order in which they came, a message each; and what it stores of them. */
function live(said: readonly Said[], topics: readonly TopicRules[]): { readonly events: SpikeEvent[]; readonly stored: { readonly line: string; readonly minute: number }[] } {
  const engine = new Engine({ rules: { topics: [...topics] }, rulesSeq: 0, stream: 0, cooldownSeconds: 1800, cascades: options.cascades })
  const enrich = createEnricher({ matcher: compileMatcher({ topics: [...topics] }), scorer: { score: () => 0 }, rulesSeq: 0 })
  const events: SpikeEvent[] = []
  const stored: { line: string; minute: number }[] = []
  said.forEach(({ id, second, text, root }, at) => {
    const mention = { id, ts: t0 + second * 1000, text, platform: 'weibo', ...(root === undefined ? {} : { root, parent: root }) }
    const bytes = encode(JSON.stringify(mention))
    const batch = enrich({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(at + 1), times: Float64Array.of(0), platforms: ['weibo'], stream: 0, skewCheck: false })
    for (const effect of engine.step({ kind: 'batch', batch })) if (effect.kind === 'event') events.push(effect.event)
    if (batch.native[batch.fateOffset] !== fates.counted) return
    const { id: _id, ...rest } = mention
    stored.push({ line: `{"0":1,"1":${at + 1},"2":0,"3":${t0 / 1000 + second},"id":${JSON.stringify(id)},${JSON.stringify(rest).slice(1)}\n`, minute: Math.floor((t0 / 1000 + second) / 60) })
  })
  for (const effect of engine.step({ kind: 'command', seq: said.length + 1, now: 0, command: { kind: 'end' } })) if (effect.kind === 'event') events.push(effect.event)
  return { events, stored }
}

/** As the store is read: minute by minute. */
function backtested(stored: readonly { readonly line: string; readonly minute: number }[], more: Partial<TopicBacktestOptions> = {}) {
  const events: SpikeEvent[] = []
  const run = new TopicBacktest({ ...options, onEvent: (event) => events.push(event), ...more })
  const minutes = Map.groupBy(stored, ({ minute }) => minute)
  for (const minute of [...minutes.keys()].sort((a, b) => a - b)) run.take(encode(minutes.get(minute)!.map(({ line }) => line).join('')), 60 * (minute + 1))
  return { events, result: run.end() }
}

const many = (count: number, from: number, text = '断网了'): Said[] => Array.from({ length: count }, (_, i) => ({ id: `${text}${from}-${i}`, second: from + i, text: `${text} ${i}` }))

test('what is stored tells what was told while it came: late, double and out of order', () => {
  const said = fc.array(fc.record({
    id: fc.integer({ min: 0, max: 60 }).map(String), ahead: fc.oneof(fc.integer({ min: -20, max: 40 }), fc.integer({ min: -700, max: 2000 })),
    text: fc.constantFrom('断网', '又断網了', '天气', 'x'), reposts: fc.boolean(),
  }), { maxLength: 60 })
  fc.assert(fc.property(said, (given) => {
    let clock = 0
    const all = given.map(({ id, ahead, text, reposts }): Said => {
      const second = Math.max(0, clock + ahead)
      clock = Math.max(clock, second)
      return { id, second, text, ...(reposts ? { root: 'root' } : {}) }
    })
    const root: Said = { id: 'root', second: 0, text: '断网' }
    const { events, stored } = live([root, ...all], [other, outage])
    // A mention that came too late is in a cascade and in no window; backtests do without it.
    const told = (of: readonly SpikeEvent[]): SpikeEvent[] => of.filter(({ topic, kind }) => topic === 'outage' && (kind === 'spike' || kind === 'clear'))
    expect(told(backtested(stored).events)).toEqual(told(events))
    if (stored.length === all.length + 1) expect(backtested(stored).events.filter(({ kind }) => kind === 'spread')).toEqual(events.filter(({ kind }) => kind === 'spread'))
  }), { numRuns: 40 })
})

describe('the result', () => {
  const { stored } = live([...many(3, 0), ...many(3, 40 * 60), ...many(2, 9 * 3600, '天气'), ...many(9, 10 * 3600)], [outage])
  const { result } = backtested(stored)

  test('alerts are episodes, as in the room: one message, one more for each higher grade, ended by the clear', () => {
    expect(result.told.map(({ at, grade, kind, endsAt }) => [(at - t0) / 1000, grade, kind, endsAt !== null])).toEqual([
      [2, 'moderate', 'spike', true], [2402, 'moderate', 'spike', true], [36002, 'moderate', 'spike', false], [36007, 'severe', 'spike', false],
    ])
    expect(result).toMatchObject({ alerts: 4, looked: 17, matched: 15, perWeek: 4 })
  })

  test('nights and days are those of the room', () => {
    expect(result.atNight).toBe(2) // 12:00 UTC is 20:00 in Shanghai: those of ten hours later, at six
    expect(result.days).toEqual([
      { at: Date.parse('2024-05-19T16:00:00Z'), count: 6, minor: 0, moderate: 2, severe: 0 }, { at: Date.parse('2024-05-20T16:00:00Z'), count: 9, minor: 0, moderate: 1, severe: 1 },
    ])
  })

  test('an alert has the newest different texts before it', () => {
    expect(result.told[1]!.examples.map(({ text }) => text)).toEqual(['断网了 2', '断网了 1', '断网了 0'])
    expect(result.told[0]!.words).toEqual({ zh: '1 分钟内 3 条，达到阈值 3', en: '3 within 1m, the threshold is 3' })
  })

  test('what came before the span warms up and is told nowhere', () => {
    const from = t0 + 3600_000
    const { result: later } = backtested(stored, { from })
    expect(later).toMatchObject({ from, looked: 11, matched: 9, alerts: 2 })
    const eight = live([...many(7, 0), { id: 'last', second: 1800, text: '断网' }], [outage]).stored
    expect(backtested(eight, { from: t0 + 1_000_000 }).result.told.map(({ grade }) => grade)).toEqual(['severe'])
  })

  test('nothing stored is no alert, and no week is made of less than one', () => {
    expect(backtested([]).result).toEqual({ done: true, from: options.from, to: options.to, looked: 0, matched: 0, alerts: 0, atNight: 0, perWeek: 0, days: [], told: [] })
    expect(backtested(stored, { from: t0 - 20 * 86_400_000 }).result.from).toBe(t0)
  })
})
