// Seeded mentions of a topic, as many as a test wants, and what the engine would answer about them: each is a function of its place, so that none is kept.
import type { BreakdownAnswer, ClustersAnswer, EvidenceMention, MentionsAnswer, NarrativesAnswer, TopicSpreadersAnswer } from '@groundswell/schemas/evidence.ts'
import { seeded } from './seeded.ts'

const platforms = ['weibo', 'douyin', 'xiaohongshu', 'zhihu', 'news', 'bilibili', 'tieba', 'forum'] as const
const provinces = ['CN-GD', 'CN-BJ', 'CN-SH', 'CN-ZJ', 'CN-SC', 'CN-HB', 'CN-JS', 'CN-FJ', 'CN-HN', 'CN-HE', 'CN-LN', 'CN-SN', '', 'US-CA'] as const
const texts = ['东湾多个小区宽带中断，客服一直占线', '网络又断了，手机流量也连不上', '[演练] 官方：正在抢修，预计两小时内恢复', '已恢复，感谢维修人员', '有没有人知道什么时候能好？', ''] as const
const terms = ['光缆', '抢修', '赔偿', '北岭', '断网', '热点', '投诉电话'] as const
const key = (index: number): string => (0x1a2b_3c4d_0000_0000n + BigInt(index * 7919)).toString(16).padStart(16, '0')

/** Newest first. `to`: ms. */
export function mentionAt(index: number, to: number): EvidenceMention {
  const random = seeded(index + 1)
  const kind = index % 3 === 0 ? 'post' : index % 7 === 0 ? 'comment' : 'repost'
  const id = `weibo:${5_000_000 - index}`
  return {
    id, at: to - (index + 1) * 811, ingestedAt: to - (index + 1) * 811 + 2_400, platform: platforms[Math.floor(random() ** 2 * platforms.length)]!, kind, text: `${texts[index % texts.length]!}${index % texts.length === 5 ? '' : ` #${index}`}`,
    url: `https://drill.invalid/weibo/${index}`, geo: provinces[Math.floor(random() * provinces.length)]!, root: kind === 'post' ? id : 'weibo:4999000', parent: kind === 'post' ? '' : 'weibo:4999000', account: key(index % 400), name: null,
    followers: Math.round(10 ** (1 + random() * 5)), verified: random() < 0.1, sentiment: index % texts.length === 5 ? null : Math.round((random() * 2 - 1.2) * 100) / 100, likes: Math.round(random() * 300), reposts: Math.round(random() * 40), comments: null,
  }
}

export interface World { readonly clock: number; readonly total: number; readonly name?: string | null } // clock: seconds

const at = (query: URLSearchParams, name: string): number => Date.parse(query.get(name) ?? '')

/** The body of an answer; null: no such route. */
export function evidenceAnswer(url: URL, world: World): unknown {
  const query = url.searchParams
  const what = /^\/api\/topics\/network-outage\/(\w+)$/.exec(url.pathname)?.[1]
  if (what === 'mentions') return mentions(query, world)
  if (what === 'breakdown') return breakdown(query, world)
  if (what === 'narratives') return narratives(world)
  if (what === 'spreaders') return spreaders(world)
  if (what === 'clusters') return clusters(at(query, 'to'))
  const id = /^\/api\/mentions\/(.+)$/.exec(url.pathname)?.[1]
  if (id !== undefined) return mentionAt(5_000_000 - Number(decodeURIComponent(id).slice(6)), world.clock * 1000)
  return null
}

function mentions(query: URLSearchParams, { clock, total, name = null }: World): MentionsAnswer {
  const offset = Number(query.get('offset') ?? 0)
  const asOf = query.has('asOf') ? at(query, 'asOf') : clock * 1000
  const count = Math.max(0, Math.min(Number(query.get('limit') ?? 50), total - offset))
  const named = query.get('names') === '1' ? name : null
  return { topic: 'network-outage', total, offset, asOf, mentions: Array.from({ length: count }, (_, index) => ({ ...mentionAt(offset + index, clock * 1000), name: named })) }
}

const stepsMs: Readonly<Record<string, number>> = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 }

function breakdown(query: URLSearchParams, { total }: World): BreakdownAnswer {
  const stepMs = stepsMs[query.get('step') ?? '5m']!
  const from = Math.floor(at(query, 'from') / stepMs) * stepMs
  const steps = Math.ceil((at(query, 'to') - from) / stepMs)
  const of = (seed: number, size: number): number[] => {
    const random = seeded(seed)
    return Array.from({ length: steps }, (_, step) => Math.round(size * (0.3 + 0.5 * random() + (step > steps * 0.7 ? 2.4 * Math.exp(-(step - steps * 0.7) / (steps / 14)) : 0))))
  }
  const sum = (column: readonly number[]): number => column.reduce((all, one) => all + one, 0)
  const asked = query.get('platform')?.split(',') ?? [...platforms]
  const columns = platforms.filter((platform) => asked.includes(platform)).map((platform, index) => ({ platform, counts: of(index + 1, 40 / (index + 1)) }))
  const all = Array.from({ length: steps }, (_, step) => columns.reduce((held, { counts }) => held + counts[step]!, 0))
  const negative = all.map((one, step) => Math.floor(one * (step > steps * 0.7 ? 0.5 : 0.3)))
  const positive = all.map((one) => Math.floor(one * 0.2))
  const unknown = all.map((one) => Math.floor(one * 0.1))
  const held = sum(all)
  return {
    topic: 'network-outage', from, to: from + steps * stepMs, stepMs, steps, total: Math.min(total, held), platforms: columns.map((one) => ({ ...one, total: sum(one.counts) })).sort((a, b) => b.total - a.total),
    sentiment: { negative, positive, unknown, neutral: all.map((one, step) => one - negative[step]! - positive[step]! - unknown[step]!) },
    provinces: provinces.map((geo, index) => ({ geo, count: Math.round(held / (index + 2) ** 1.6), negative: Math.round(held / (index + 2) ** 1.6 * 0.4) })),
    kinds: [{ kind: 'repost', count: Math.round(held * 0.6) }, { kind: 'post', count: Math.round(held * 0.3) }, { kind: 'comment', count: Math.round(held * 0.1) }],
  }
}

const narratives = ({ clock, total }: World): NarrativesAnswer => ({
  topic: 'network-outage', looked: Math.min(50_000, total), total,
  texts: texts.slice(0, 5).map((text, index) => ({ text, count: Math.round(total / (index + 3)), accounts: Math.round(total / (index + 9)), firstAt: (clock - 7_200) * 1000, lastAt: clock * 1000, negative: Math.round(total / (index + 3) * [0.9, 0.8, 0.05, 0, 0.4][index]!), platforms: ['weibo', 'douyin'], example: `weibo:${4_999_000 + index}` })),
  terms: terms.map((term, index) => ({ term, count: Math.round(total / (index * 8 + 20)), before: 12 / (index + 1), score: 40 - index * 4.3, negative: 10 })),
})

const spreaders = ({ clock, total }: World): TopicSpreadersAnswer => ({
  topic: 'network-outage', accounts: 400,
  spreaders: Array.from({ length: 20 }, (_, index) => ({ account: key(index), name: null, platform: platforms[index % 4]!, followers: index === 7 ? null : Math.round(900_000 / (index + 1)), verified: index % 5 === 0, mentions: 3 + index, drawn: Math.round(total / (index + 4)), share: 1 / (index + 4), firstAt: (clock - 7_000) * 1000, halfMs: index === 9 ? null : 400_000 * (index + 1), root: `weibo:${4_999_000 + index}` })),
})

const clusters = (to: number): ClustersAnswer => ({
  topic: 'network-outage', looked: 1_000, cut: true, clusters: Array.from({ length: 12 }, (_, index) => ({ at: to - (index + 1) * 411_000, text: texts[index % 4]!, count: 40 - index * 3, accounts: 22 - index, platforms: ['weibo', 'xiaohongshu'] })),
})
