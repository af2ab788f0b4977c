// The evidence of a topic on the embedded store: every filter against a recount of the same mentions in memory, pages that stand still, columns that add up.
import { beforeAll, expect, test } from 'vitest'
import type { EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { OwnWords } from '../../core/2-enrich/own-words.ts'
import { sameTokens, tokensOf } from '../../core/2-enrich/query/tokens.ts'
import { accountKeys } from '../access/account-key.ts'
import { breakdownOf } from './evidence-breakdown.ts'
import { cellsOf, spanOfPage } from './evidence-cells.ts'
import { mentionById, newestIngested, pageOf, type MentionOrder, type StoredMention } from './evidence-mentions.ts'
import { mentionBlocks, type TestRow } from './native-rows.testing.ts'
import { seriesOf } from './reads.ts'
import { drawnBeforeMs, spreadersOf } from './evidence-spreaders.ts'
import { newestOf, sampleOf, wordedOf } from './evidence-texts.ts'
import { testStore } from './store.testing.ts'

const { store } = await testStore()
const keys = accountKeys(new Uint8Array(32).fill(7))
const begin = Date.parse('2026-03-01T08:00:00Z')
const minutes = 90

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
const random = mulberry(11)
const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
const platforms = ['weibo', 'douyin', 'zhihu', 'wechat', ...Array.from({ length: 12 }, (_, i) => `p${i}`)]
const texts = ['', '转发微博', '转发微博 //@某人: 断网了', '断网了，急', '網絡斷了 RT @x: hi', '断 网', '5G 网络 坏了', 'Ｗｅｂ down', 'the web is down', 'webs', '👍🏽', '@某人', 'https://t.cn/abc', '//@a: b', 'RT @b: 断网', '断\u200b网', '断，网']
/** 32-bit floats, as the store holds them. */
const valences = [-1, -0.5, Math.fround(-0.05), Math.fround(-0.0500001), 0, Math.fround(0.04), Math.fround(0.05), Math.fround(0.06), 0.9]

interface Made { readonly authorName: string; readonly url: string; readonly id: string; readonly ts: number; readonly ingested: number; readonly seq: number; readonly line: number; readonly platform: string; readonly kind: string; readonly author: string; readonly verified: number; readonly geo: string; readonly parent: string; readonly root: string; readonly sentiment: number; readonly sentimentBy: number; readonly text: string; readonly fate: number; readonly topics: readonly string[]; readonly followers: number; readonly likes: number; readonly reposts: number; readonly comments: number }
const made: Made[] = Array.from({ length: 3000 }, (_, i) => {
  const ts = begin + Math.floor(random() * minutes * 60_000)
  return {
    id: `m:${i}`, ts, ingested: ts + Math.floor(random() * 120_000), seq: 1 + (i >> 2), line: i & 3, platform: random() < 0.5 ? 'weibo' : one(platforms), kind: one(['post', 'repost', 'comment', '']), author: one(['', 'a', 'b', 'c', 'd', '名']), authorName: `n${i % 7}`, url: `https://example.com/${i}`, verified: one([-1, 0, 1]),
    geo: one(['', 'CN-44', 'CN-11', '39.9042,116.4074']), parent: random() < 0.3 ? `m:${Math.floor(random() * 20)}` : '', root: random() < 0.2 ? `m:${Math.floor(random() * 20)}` : '', sentiment: one(valences), sentimentBy: one([1, 2]), text: one(texts), fate: random() < 0.05 ? 1 : 0,
    topics: one([['outage'], ['outage', 'price'], ['price'], []]), followers: one([-1, 10, 10, 5000]), likes: one([-1, 3, 7]), reposts: one([-1, 3]), comments: one([-1, 4]),
  }
})
beforeAll(async () => { await store.insertMentions('1:mentions:evidence', mentionBlocks(made.length, 500, (i) => made[i]! as unknown as TestRow)) })

const everything: EvidenceFilter = { from: begin, to: begin + minutes * 60_000, by: 'event', asOf: null, platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
const ask = (filter: Partial<EvidenceFilter> = {}) => ({ topic: 'outage', filter: { ...everything, ...filter }, keys })
const own = new OwnWords()
const encoder = new TextEncoder()
function sentimentOf({ sentiment, sentimentBy, text }: Made): 'negative' | 'neutral' | 'positive' | 'unknown' {
  if (sentiment > Math.fround(0.05)) return 'positive'
  if (sentiment < -Math.fround(0.05)) return 'negative'
  const bytes = encoder.encode(text)
  own.read(bytes, 0, bytes.length)
  return sentimentBy === 2 && own.count === 0 ? 'unknown' : 'neutral'
}
function contains(text: string, asked: string): boolean {
  const found = tokensOf(text), sought = tokensOf(asked)
  return sought.length > 0 && found.some((_, first) => first + sought.length <= found.length && sameTokens(sought, found, first, false))
}
/** Coordinates are no code of a place. */
const placeOf = ({ geo }: Made): string => (geo.startsWith('CN-') ? geo : '')
function recount(filter: EvidenceFilter): Made[] {
  return made.filter((mention) => {
    const at = filter.by === 'event' ? mention.ts : mention.ingested
    return mention.fate === 0 && mention.topics.includes('outage') && at >= filter.from && at < filter.to && (filter.asOf === null || mention.ingested < filter.asOf)
      && (filter.platforms.length === 0 || filter.platforms.includes(mention.platform)) && (filter.kinds.length === 0 || filter.kinds.includes(mention.kind))
      && (filter.sentiments.length === 0 || filter.sentiments.includes(sentimentOf(mention))) && (filter.verified === null || mention.verified === (filter.verified ? 1 : 0)) && (filter.geo === null || placeOf(mention) === filter.geo)
      && (filter.root === null || [mention.root, mention.parent, mention.id].includes(filter.root)) && (filter.text === null || contains(mention.text, filter.text)) && (filter.author === null || keys.of(mention.platform, mention.author) === filter.author)
  })
}
/** As pages are documented: by rank, and of one rank the newest first. */
const ranks = {
  followers: ({ followers }: Made): number => followers,
  engagement: ({ likes, reposts, comments }: Made): number => Math.max(likes, 0) + Math.max(reposts, 0) + Math.max(comments, 0),
}
const newestFirst = (a: Made, b: Made): number => b.ts - a.ts || b.seq - a.seq || b.line - a.line

test.each<{ filter: Partial<EvidenceFilter> }>([
  { filter: {} }, { filter: { from: begin + 600_000, to: begin + 1_200_001 } }, { filter: { by: 'ingest', from: begin + 600_000, to: begin + 1_200_001 } }, { filter: { asOf: begin + 1_800_000 } },
  { filter: { platforms: ['weibo', 'p3'] } }, { filter: { sentiments: ['negative'] } }, { filter: { sentiments: ['unknown', 'positive'] } }, { filter: { sentiments: ['neutral'] } }, { filter: { kinds: ['repost', 'comment'] } },
  { filter: { verified: true } }, { filter: { verified: false } }, { filter: { geo: 'CN-44' } }, { filter: { geo: '' } }, { filter: { root: 'm:3' } }, { filter: { author: keys.of('weibo', '名') } }, { filter: { author: '0123456789abcdef' } },
  ...['断网', '斷網', '断 网', 'web', 'WEB', '5g网络', '👍', '断，网', '\'); DROP TABLE mentions --', '\\', 'a.*', '(', 'the web'].map((text) => ({ filter: { text } })),
  { filter: { by: 'ingest', asOf: begin + 3_000_000, platforms: ['weibo'], sentiments: ['negative', 'unknown'], kinds: ['post', 'repost'], text: '断网' } },
])('$filter holds the mentions that a recount finds, newest first, in the pages and in the columns', async ({ filter }) => {
  const question = ask(filter)
  const expected = recount(question.filter)
  const sorted = expected.toSorted(question.filter.by === 'event' ? newestFirst : (a, b) => b.ingested - a.ingested || newestFirst(a, b))
  const cells = await cellsOf(store, question)
  expect(cells.total).toBe(expected.length)
  const deep = spanOfPage(question.filter, cells, { order: 'newest', offset: expected.length >> 1, limit: 20 })
  if (deep !== null) expect((await pageOf(store, { ...question, filter: deep.filter }, { order: 'newest', offset: deep.offset, limit: 20, names: false })).map(({ id }) => id)).toEqual(sorted.slice(expected.length >> 1, (expected.length >> 1) + 20).map(({ id }) => id))
  expect((await pageOf(store, question, { order: 'newest', offset: 0, limit: 200, names: false })).map(({ id }) => id)).toEqual(sorted.slice(0, 200).map(({ id }) => id))
  for (const order of ['followers', 'engagement'] as const) {
    const ranked = expected.toSorted((a, b) => ranks[order](b) - ranks[order](a) || newestFirst(a, b)).map(({ id }) => id)
    const first = await pageOf(store, question, { order, offset: 0, limit: 200, names: false })
    const total = expected.length, offset = Math.max(0, total - 7)
    const last = await pageOf(store, question, { order, offset, limit: 20, names: false, total })
    expect([order, first.map(({ id }) => id), last.map(({ id }) => id)]).toEqual([order, ranked.slice(0, 200), ranked.slice(offset)])
  }
  const { total, platforms: shares, sentiment, provinces, kinds } = await breakdownOf(store, question, { origin: begin, stepMs: 60_000, steps: minutes + 3 })
  const sum = (column: readonly number[]): number => column.reduce((all, count) => all + count, 0)
  expect([total, sum(shares.map((share) => share.total)), sum(shares.flatMap(({ counts }) => counts)), sum(Object.values(sentiment).flat()), sum(provinces.map(({ count }) => count)), sum(kinds.map(({ count }) => count))]).toEqual(Array.from({ length: 6 }, () => expected.length))
  for (const name of ['negative', 'neutral', 'positive', 'unknown'] as const) expect([name, sum(sentiment[name])]).toEqual([name, expected.filter((mention) => sentimentOf(mention) === name).length])
  for (const { geo, count, negative } of provinces) expect([count, negative]).toEqual([expected.filter((mention) => placeOf(mention) === geo).length, expected.filter((mention) => placeOf(mention) === geo && sentimentOf(mention) === 'negative').length])
  for (const { kind, count } of kinds) expect(count).toBe(expected.filter((mention) => mention.kind === kind).length)
})

test('each column is its own step, and beyond twelve platforms the least are one', async () => {
  const { platforms: shares, sentiment } = await breakdownOf(store, ask(), { origin: begin, stepMs: 300_000, steps: minutes / 5 })
  const expected = recount(everything)
  expect([shares.length, shares.at(-1)!.platform, shares.every(({ total }, i) => i === 0 || i === 11 || total <= shares[i - 1]!.total)]).toEqual([12, 'other', true])
  const shown = shares.slice(0, -1).map(({ platform }) => platform)
  for (const { platform, counts } of shares) {
    const mine = expected.filter((mention) => (platform === 'other' ? !shown.includes(mention.platform) : mention.platform === platform))
    expect(counts).toEqual(Array.from({ length: minutes / 5 }, (_, step) => mine.filter(({ ts }) => Math.floor((ts - begin) / 300_000) === step).length))
  }
  expect(sentiment.negative).toEqual(Array.from({ length: minutes / 5 }, (_, step) => expected.filter((mention) => sentimentOf(mention) === 'negative' && Math.floor((mention.ts - begin) / 300_000) === step).length))
})

test('columns and totals are those of the topic\'s series, minute by minute', async () => {
  const { points } = await seriesOf(store, { topic: 'outage', fromSecond: begin / 1000, toSecond: begin / 1000 + minutes * 60, stepSeconds: 60 })
  const { total, sentiment: { negative, neutral, positive, unknown } } = await breakdownOf(store, ask(), { origin: begin, stepMs: 60_000, steps: minutes })
  const series = Array.from({ length: minutes }, (_, i) => points.find(({ at }) => at === begin / 1000 + 60 * i) ?? { count: 0, negative: 0 })
  expect(negative.map((count, i) => count + neutral[i]! + positive[i]! + unknown[i]!)).toEqual(series.map(({ count }) => count))
  expect([negative, total]).toEqual([series.map((point) => point.negative), points.reduce((sum, { count }) => sum + count, 0)])
})

test.each<{ order: MentionOrder; rank: (mention: Made) => number; ties: -1 | 1 }>([
  { order: 'newest', rank: () => 0, ties: 1 }, { order: 'oldest', rank: () => 0, ties: -1 }, { order: 'followers', rank: ranks.followers, ties: 1 }, { order: 'engagement', rank: ranks.engagement, ties: 1 },
])('pages by $order follow on each other without a gap or a repeat, from whichever end they are ranked', async ({ order, rank, ties }) => {
  const expected = recount(everything).sort((a, b) => rank(b) - rank(a) || ties * newestFirst(a, b)).map(({ id }) => id)
  for (const total of [Infinity, expected.length]) {
    const found: StoredMention[] = []
    for (let offset = 0; offset <= expected.length; offset += 150) found.push(...await pageOf(store, ask(), { order, offset, limit: 150, names: false, total }))
    expect(found.map(({ id }) => id)).toEqual(expected)
  }
})

test('what accounts call themselves, and where they wrote, is read of the store for those alone who ask for names', async () => {
  for (const names of [false, true]) {
    for (const { id, name, url } of await pageOf(store, ask(), { order: 'followers', offset: 0, limit: 20, names })) {
      const { authorName, url: stored } = made.find((mention) => mention.id === id)!
      expect([name, url]).toEqual(names ? [authorName, stored] : ['', ''])
    }
  }
})

test('a mention is told in all its columns, and is found by its id whatever became of it', async () => {
  const late = made.find(({ fate }) => fate === 1)!, counted = recount(everything)[0]!
  expect([await mentionById(store, late.id), await mentionById(store, counted.id), await mentionById(store, 'nothing')]).toMatchObject([
    { id: late.id, at: late.ts, ingestedAt: late.ingested, text: late.text, author: late.author, followers: late.followers }, { id: counted.id, platform: counted.platform, root: counted.root, parent: counted.parent, likes: counted.likes }, null])
  expect(await newestIngested(store)).toBe(Math.max(...made.map(({ ingested }) => ingested)))
})

test.each<{ filter: Partial<EvidenceFilter> }>([{ filter: {} }, { filter: { from: begin + 1_800_000, asOf: begin + 4_000_000 } }, { filter: { platforms: ['weibo', 'zhihu'], sentiments: ['negative', 'neutral'] } }, { filter: { by: 'ingest', to: begin + 2_000_000 } }])('who drew the mentions of $filter is what a recount finds', async ({ filter }) => {
  const question = ask(filter)
  const counted = recount(question.filter), byId = new Map(made.map((mention) => [mention.id, mention]))
  const replies = counted.filter(({ id, parent }) => parent !== '' && parent !== id)
  const drawn = new Map<string, { above: Made; times: number[] }[]>()
  for (const reply of replies) {
    const above = byId.get(reply.parent)
    const from = question.filter.from - drawnBeforeMs
    if (!above || above.author === '' || (above.author === reply.author && above.platform === reply.platform) || (question.filter.by === 'event' ? above.ts : above.ingested) < from || (question.filter.asOf !== null && above.ingested >= question.filter.asOf)) continue
    const account = `${above.platform} ${above.author}`
    const parents = drawn.get(account) ?? []
    const parent = parents.find((one) => one.above === above)
    if (parent) parent.times.push(reply.ts)
    else parents.push({ above, times: [reply.ts] })
    drawn.set(account, parents)
  }
  const expected = [...drawn].map(([account, parents]) => {
    const times = parents.flatMap((parent) => parent.times).sort((a, b) => a - b)
    const top = parents.toSorted((a, b) => b.times.length - a.times.length || a.above.ts - b.above.ts)[0]!.above
    return { account, drawn: times.length, firstAt: Math.min(...parents.map(({ above }) => above.ts)), halfMs: times[((times.length + 1) >> 1) - 1]! - times[0]!, root: top.root || top.id, mentions: counted.filter((mention) => `${mention.platform} ${mention.author}` === account).length }
  }).sort((a, b) => b.drawn - a.drawn || a.firstAt - b.firstAt)
  const { accounts, replies: named, spreaders } = await spreadersOf(store, question, 10)
  expect([accounts, named]).toEqual([expected.length, replies.length])
  expect(spreaders.map(({ platform, author, drawn: held, firstAt, halfMs, root, mentions }) => ({ account: `${platform} ${author}`, drawn: held, firstAt, halfMs, root, mentions }))).toEqual(expected.slice(0, 10))
})

const linesOf = (chunks: readonly Uint8Array[]): { readonly id: string; readonly at: number; readonly negative: number; readonly text: string }[] => Buffer.concat(chunks).toString().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))

test('texts are read whole, or as a sample that is the same each time and never larger than asked', async () => {
  const worded = recount(everything).filter(({ text }) => text !== '')
  expect(await wordedOf(store, ask())).toEqual({ total: recount(everything).length, worded: worded.length })
  const all = linesOf(await sampleOf(store, ask(), { worded: worded.length, max: 5000 }))
  expect(all.map(({ id, at, negative, text }) => ({ id, at, negative, text })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(worded.map((mention) => ({ id: mention.id, at: mention.ts, negative: sentimentOf(mention) === 'negative' ? 1 : 0, text: mention.text })).sort((a, b) => (a.id < b.id ? -1 : 1)))
  const some = linesOf(await sampleOf(store, ask(), { worded: worded.length, max: 300 }))
  expect([some.length > 240 && some.length <= 300, linesOf(await sampleOf(store, ask(), { worded: worded.length, max: 300 }))]).toEqual([true, some])
  const smaller = ask({ platforms: ['weibo'] })
  const ids = new Set(some.map(({ id }) => id))
  for (const { id } of recount(smaller.filter).filter((mention) => mention.text !== '' && ids.has(mention.id))) expect(ids.has(id)).toBe(true)
  const times = recount(everything).filter(({ text }) => [...text].length >= 6).map(({ ts }) => ts).sort((a, b) => b - a)
  for (const max of [50, times.length - 1, times.length, 5000]) {
    const { chunks, cut } = await newestOf(store, ask(), { max, bytesMax: 1e9, charactersMin: 6 })
    expect([linesOf(chunks).map(({ at }) => at), cut]).toEqual([times.slice(0, max), max < times.length])
  }
})

test('of more bytes than are taken no more is read, and it is said', async () => {
  const line = (at: number): Uint8Array => Buffer.from(`{"id":"${at}"}\n`)
  let read = 0
  const endless = { query: store.query.bind(store), queryChunks: async function* () { for (;;) yield line(read++) } }
  const { chunks, cut } = await newestOf(endless, ask(), { max: 1_000_000, bytesMax: 30, charactersMin: 1 })
  expect([linesOf(chunks).map(({ id }) => id), cut, read]).toEqual([['0', '1', '2'], true, 4])
})
