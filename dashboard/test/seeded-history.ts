// A seeded past of a topic: a season over the day, noise, a gap in the feed, and one event that was told by the baseline and by a threshold.
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { HistoryPoint, ToldAlarm, TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import type { ThresholdNow } from '../src/live/topic-api.ts'
import { spans, type Span } from '../src/room/address.ts'
import { seeded, topicRow } from './seeded.ts'

const iso = (second: number): string => new Date(second * 1000).toISOString().replace('.000', '')

/** What a minute usually holds: most in the evening of UTC+8, least before dawn. */
const season = (second: number): number => 6 + 5 * Math.sin(((second + 8 * 3600) / 86_400 - 0.58) * 2 * Math.PI)

export function topicHistory(span: Span, clock: number, seed = 5): TopicHistoryAnswer {
  const { seconds, stepSeconds, step } = spans[span]
  const random = seeded(seed)
  const to = (Math.floor(clock / stepSeconds) + 1) * stepSeconds
  const from = to - seconds
  const burst = from + Math.round((seconds * 0.7) / stepSeconds) * stepSeconds
  const points = Array.from({ length: seconds / stepSeconds }, (_, index) => pointAt(from + index * stepSeconds, index))
  function pointAt(at: number, index: number): HistoryPoint {
    const usual = (season(at + stepSeconds / 2) * stepSeconds) / 60
    const high = usual + 2.6 * Math.sqrt(usual * 1.8)
    const low = Math.max(0, usual - 2.2 * Math.sqrt(usual * 1.8))
    const after = (at - burst) / seconds
    const event = after < 0 ? 0 : usual * 7 * Math.exp(-after * 22)
    const gap = index > unknownSteps.gapFrom && index < unknownSteps.gapTo
    const count = gap ? null : Math.max(0, Math.round(usual + event + (random() + random() - 1) * 1.8 * Math.sqrt(usual * 1.8)))
    const stands = count === null ? 0 : Math.max(0, (count - usual) / Math.sqrt(usual * 1.8))
    const learning = index < unknownSteps.learning
    return {
      at, count, ...(learning ? { usual: null, low: null, high: null } : { usual, low, high }),
      ...(gap || learning ? { score: null, falsePerDay: null } : { score: stands * 0.9, falsePerDay: 60 * 10 ** (-stands * 0.9) }),
      stage: gap ? null : event > usual * 2 ? 'outbreak' : event > usual * 0.4 ? 'subsiding' : 'latent',
    }
  }
  const reason = { zh: '5 分钟内 412 次；周五 14:00 平时 38 次，99% 不超过 97 次；预计每天误报 0.1 次', en: '412 in 5 min; Fridays at 14:00 usually 38, 99 % below 97; 0.1 false alarms a day' }
  const baseline = { kind: 'baseline' as const, topic: 'network-outage', rule: { alarmBudget: '2 per 8h' }, grade: 'moderate' as const, since: iso(burst - 60), count: 412, within: '5m' as const, usual: 38.2, high: 97, falseAlarms: 0.1, reason }
  const threshold = { topic: 'network-outage', rule: { count: 500, within: '10m' }, grade: 'severe' as const }
  const alarms: ToldAlarm[] = [
    { ...threshold, kind: 'clear', at: iso(burst + seconds / 12), count: 399, id: 'e4' }, { ...threshold, kind: 'spike', at: iso(burst + seconds / 40), count: 503, id: 'e2' },
    { ...baseline, state: 'end', at: iso(burst + seconds / 8), id: 'e3' }, { ...baseline, state: 'begin', at: iso(burst + 2 * stepSeconds), id: 'e1' },
    { ...baseline, state: 'begin', at: iso(to - 3 * stepSeconds), platform: 'weibo', grade: 'minor', id: 'e0' },
  ]
  return {
    topic: 'network-outage', name: { zh: '网络中断', en: 'Network outage' }, step, from: iso(from), to: iso(to),
    budget: { text: '2 per 8h', perDay: 6, ownPerDay: 6 }, points, alarms, alarmsCut: false, now: topicRow(0, clock * 1000, random),
  }
}

/** Steps that are not known, by index: the warm-up at the beginning, and a gap in the feed. */
const unknownSteps = { learning: 6, gapFrom: 40, gapTo: 52 } as const

export const thresholdsOf = (clock: number): ThresholdNow[] => [
  { count: 20_000, within: '2h', held: 18_731, tripped: false, countdown: { count: 20_000, within: '2h', horizonSeconds: 7_200, probability: 0.72, eta: clock + 1_380, low: clock + 600, high: clock + 3_300 } },
  { count: 100_000, within: '2h', held: 18_731, tripped: false, countdown: { count: 100_000, within: '2h', horizonSeconds: 7_200, probability: 0.18, eta: null, low: clock + 5_400, high: null } },
  { count: 500, within: '10m', held: 1_204, tripped: true, countdown: null },
  { count: 2_000_000, within: '24h', held: 112_407, tripped: false, countdown: { count: 2_000_000, within: '24h', horizonSeconds: 7_200, probability: 0.001, eta: null, low: null, high: null } },
]

/** What one cascade and its accounts told in the first hours after `from`, newest first: its spread began, came to rest, and was ignited again. */
export function toldByCascades(from: string): SpikeEvent[] {
  const at = (hours: number): string => iso(Date.parse(from) / 1000 + hours * 3600)
  const said = { topic: 'network-outage', root: 'weibo:1/a', size: 1_200 }
  const spread = { ...said, kind: 'spread' as const, rule: { size: 1_000, within: '1h' }, grade: 'moderate' as const, value: 1_200 }
  return [
    { ...said, kind: 'ignition', grade: 'minor', at: at(5), since: at(4.9), mention: 'weibo:2', followers: 9_000, quietSeconds: 3_600, gained: 40, reason: { zh: '沉寂 60 分钟后被一次转发重新点燃', en: 'quiet for 60 min, then one repost drew 40' }, id: 's4' },
    { ...spread, rule: { within: '1h', size: 1_000 }, state: 'end', at: at(4), reason: { zh: '传播已平息', en: 'it came to rest' }, id: 's3' },
    { ...spread, state: 'begin', at: at(2), reason: { zh: '一小时内 1200 条', en: '1200 within an hour' }, id: 's2' },
    { kind: 'coordination', topic: 'network-outage', grade: 'minor', at: at(1), since: at(0.5), accounts: 12, shares: 80, objects: 5, capped: false, reason: { zh: '12 个账号多次在一分钟内发布相同内容', en: '12 accounts repeatedly shared the same within a minute' }, id: 's1' },
  ]
}
