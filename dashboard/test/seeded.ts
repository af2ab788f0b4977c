// Seeded pictures for the tests: the same seed gives the same wall.
import type { Level } from '@groundswell/schemas/grade.ts'
import type { AlertRow, Snapshot, SourceRow, TopicRow } from '@groundswell/schemas/live.ts'
import { stages } from '@groundswell/schemas/stage.ts'

/** mulberry32: small, good enough for pictures. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6D2B79F5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Sixty minutes that swell towards the end, with noise; `gap` minutes in the middle are unknown. */
export function minutes(random: () => number, shape: { readonly peak: number; readonly swell: number; readonly gap?: number }): number[] {
  return Array.from({ length: 60 }, (_, index) => {
    if (shape.gap !== undefined && index >= 20 && index < 20 + shape.gap) return -1
    return Math.round(shape.peak * (0.08 + 0.92 * Math.exp((index - 59) / shape.swell)) * (0.75 + 0.5 * random()))
  })
}

const names: readonly (readonly [string, string, string])[] = [
  ['network-outage', '网络中断', 'Network outage'], ['late-payout', '资金延迟到账', 'Late payouts'], ['price-dispute', '价格争议', 'Price dispute'],
  ['app-crash', '客户端闪退', 'App crashes'], ['support-queue', '客服排队', 'Support queue'], ['roaming', '国际漫游资费', 'Roaming fees'],
  ['privacy', '个人信息保护', 'Personal data'], ['store-opening', '新店开业', 'Store opening'], ['coverage', '信号覆盖', 'Signal coverage'],
  ['spokesperson', '品牌代言人', 'Spokesperson'],
]
const levels: readonly Level[] = ['severe', 'moderate', 'moderate', 'minor', 'normal', 'normal', 'normal', 'normal', 'normal', 'normal']

export function topicRow(index: number, now: number, random: () => number): TopicRow {
  const [id, zh, en] = names[index % names.length] ?? ['topic', '话题', 'Topic']
  const peak = Math.round(900 / (index + 1))
  const at = Math.floor(now / 1000)
  return {
    usual: index === 6 ? null : { count: 36 / (index + 1), high: 97 / (index + 1) }, stage: index === 6 ? null : stages[(index + 2) % 4] ?? null,
    acceleration: index === 6 ? null : (4 - index) * 1.7,
    countdown: index === 0 || index > 4 ? null
      : { count: 20_000, within: index % 3 === 1 ? '10m' : '2h', horizonSeconds: 7200, probability: 0.92 - index * 0.22, eta: index < 3 ? at + 1_400 : null, low: at + 900, high: index < 3 ? at + 2_700 : null },
    id: index < names.length ? id : `${id}-${index}`, name: { zh, en }, level: levels[index] ?? 'normal', count: index === 0 ? 112_407 : Math.round(41_208 / (index * 2.2)),
    window: index % 3 === 1 ? '10m' : '2h', threshold: index === 5 ? null : index === 0 ? 100_000 : 20_000, perMinute: peak, ratio: index === 6 ? null : 9.4 / (index * 0.8 + 1),
    filling: index === 6, newestAt: now - index * 2_300, platforms: [['weibo', 400], ['douyin', 120]], negativeShare: index === 7 ? null : 0.62 - index * 0.06,
    spark: minutes(random, { peak, swell: 9 + index * 5, ...(index === 3 ? { gap: 9 } : {}) }),
  }
}

export function sourceRows(now: number): SourceRow[] {
  return [
    { platform: 'weibo', newestAt: now - 1_000, cadenceMs: 80, lastHour: 128_411, blindSince: null }, { platform: 'douyin', newestAt: now - 2_000, cadenceMs: 900, lastHour: 40_122, blindSince: null },
    { platform: 'xiaohongshu', newestAt: now - 725_000, cadenceMs: 60_000, lastHour: 1_204, blindSince: null }, { platform: 'zhihu', newestAt: now - 44_000, cadenceMs: 90_000, lastHour: 312, blindSince: null },
    { platform: 'news', newestAt: now - 61_000, cadenceMs: null, lastHour: 77, blindSince: null },
  ]
}

export function alertRow(index: number, now: number): AlertRow {
  const [topic, zh, en] = names[index % names.length] ?? ['topic', '话题', 'Topic']
  const grade = (['severe', 'moderate', 'minor'] as const)[index % 3] ?? 'minor'
  const at = new Date(now - 180_000 - index * 480_000).toISOString()
  const of = { id: `alert-${index}`, topic, name: { zh, en }, grade, at, clearedAt: index === 2 ? at : null }
  if (index !== 1) return { ...of, rule: { count: 100_000 / (index + 1) | 0, within: '2h' }, count: 100_003 / (index + 1) | 0 }
  const reason = { zh: '5 分钟内 412 条；周五 06 时（UTC）通常 38 条，99% 的同类窗口不超过 97 条；这样的误报每 8 小时约 0.1 次', en: '412 in 5 min; Fridays at 06:00 UTC usually 38, 99 % of such windows at most 97; a false alarm like this 0.1 times per 8 h' }
  return { ...of, rule: { count: 97, within: '5m' }, count: 412, evidence: { reason, usual: 38.2, falseAlarms: 0.1 } }
}

export interface Wanted { readonly topics?: number; readonly mode?: Snapshot['room']['mode']; readonly seed?: number; readonly now?: number }

export function snapshot(wanted: Wanted = {}): Snapshot {
  const random = seeded(wanted.seed ?? 7)
  const now = wanted.now ?? Date.parse('2025-11-21T06:32:07Z')
  const topics = Array.from({ length: wanted.topics ?? 8 }, (_, index) => topicRow(index, now, random))
  return {
    epoch: 'e1', seq: 1, serverNow: now, clock: Math.floor(now / 1000) - 1,
    room: { title: { zh: '舆情值守', en: 'Watch room' }, zone: 'Asia/Shanghai', mode: wanted.mode ?? 'live', version: '0.1.0', run: '1' },
    totals: { stored: 660_518, counted: 658_911, duplicates: 120, late: 900, skewed: 3, deadLetters: 12, perMinute: 3_482, spark: minutes(random, { peak: 3_400, swell: 16, gap: 6 }) },
    topics, topicsTotal: topics.length, sources: sourceRows(now), alerts: Array.from({ length: 5 }, (_, index) => alertRow(index, now)), silences: [], pin: null, problems: [], canary: { at: now - 12_000, latencyMs: 340 },
  }
}
