// A seeded cascade with hubs, three platforms and parents that are not known: the same seed gives the same tree.
import type { CascadeRow, RootWords } from '@groundswell/schemas/cascade.ts'
import { encodeTree, type CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import type { CascadeDetail } from '@groundswell/schemas/cascade-detail.ts'
import type { EvidenceMention } from '@groundswell/schemas/evidence.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { seeded } from './seeded.ts'

const begin = Date.parse('2025-11-21T01:12:30Z')

/** Three in ten repost the root, half an account that many follow, which they do less the older its mention is; the others whoever spoke lately. */
export function cascadeColumns(size: number, { seed = 3, root = 'weibo:4345678901234567' }: { readonly seed?: number; readonly root?: string } = {}): CascadeColumns {
  const random = seeded(seed)
  const parent = new Int32Array(size), at = new Float64Array(size), followers = new Float64Array(size)
  const author = new Uint32Array(size), platform = new Uint8Array(size), sign = new Int8Array(size), flags = new Uint8Array(size)
  const hubs: number[] = []
  let clock = begin
  for (let i = 0; i < size; i++) {
    const draw = random(), among = random()
    const unknown = i > 0 && random() < 0.07
    const followed = Math.exp(4.5 + 2.2 * (random() + random() + random() - 1.2)) * (random() < 0.004 ? 400 : 1)
    const above = draw < 0.3 || unknown ? 0 : draw < 0.8 && hubs.length > 0 ? hubs[Math.floor(hubs.length * (1 - among ** 2.5))]! : Math.max(0, i - 1 - Math.floor(600 * among ** 2))
    parent[i] = i === 0 ? -1 : Math.min(i - 1, above)
    if (followed > 20_000 && hubs.length < 60) hubs.push(i)
    clock += i === 0 ? 0 : Math.ceil(-Math.log(1 - random()) * (90_000_000 / size) * (0.1 + 2.4 * (i / size) ** 2))
    at[i] = clock
    followers[i] = random() < 0.1 ? -1 : Math.floor(followed)
    author[i] = i + 1
    platform[i] = random() < 0.72 ? 0 : random() < 0.7 ? 1 : 2
    sign[i] = random() < 0.35 ? -1 : random() < 0.4 ? 1 : 0
    flags[i] = (random() < 0.4 ? 1 : 0) | (random() < 0.04 ? 2 : 0) | (unknown ? 4 : 0)
  }
  return { root, size, parent, at, followers, author, platform, platforms: ['weibo', 'douyin', 'news'], sign, flags }
}

const iso = (ms: number): string => new Date(ms).toISOString()

export function cascadeRow(columns: CascadeColumns, changes: Partial<CascadeRow> = {}): CascadeRow {
  const { size, at, root } = columns
  const last = at.reduce((most, ms) => Math.max(most, ms), 0)
  return {
    root, size, depth: 9, maxBreadth: Math.ceil(size / 3), leaves: Math.ceil(size * 0.7), structuralVirality: 4.21, durationSeconds: (last - at[0]!) / 1000, reach: size * 812,
    firstAt: iso(at[0]!), lastAt: iso(last), live: true, authors: Math.ceil(size * 0.9), followersKnownShare: 0.9, textShare: 0.4, negative: Math.floor(size * 0.35), neutral: size - Math.floor(size * 0.35) - Math.floor(size * 0.25), positive: Math.floor(size * 0.25),
    unknownEdges: columns.flags.reduce((sum, flags) => sum + (flags & 4) / 4, 0), lastHour: Math.ceil(size * 0.12), topics: ['network-outage'],
    platforms: columns.platforms.map((platform, index) => ({ platform, mentions: Math.ceil(size / (index + 1.4)), firstAt: iso(at[0]! + index * 600_000), lagSeconds: index * 600 })),
    reproduction: { R: 0.83, low: 0.74, high: 0.95, stage: 'fading' }, ...changes,
  }
}

export function cascadeDetail(columns: CascadeColumns, changes: Partial<CascadeDetail> = {}): CascadeDetail {
  const cascade = cascadeRow(columns)
  return {
    cascade, which: 'live', all: [{ which: 'live', size: cascade.size, firstAt: cascade.firstAt, lastAt: cascade.lastAt }], steps: [], breadth: [1, cascade.size - 1], spreaders: [], leads: [], leadChanges: 0, forecast: null,
    edges: { observed: cascade.size - 1 - cascade.unknownEdges, unknown: cascade.unknownEdges, inferred: 0, underRoot: null }, ...changes,
  }
}

export const topicNames = { 'network-outage': { zh: '网络中断', en: 'Network outage' } }
const rootText = '家里宽带断网三个小时了，客服电话一直占线，工单也没人处理，附近几个小区都一样，到底什么时候能恢复？'

/** What the root of a cascade says, as a list has it and as the mention itself. */
export const rootWords = ({ at }: CascadeColumns, text = rootText): RootWords => ({ text: [...text].slice(0, 60).join(''), cut: [...text].length > 60, at: iso(at[0]!), platform: 'weibo', kind: 'post', account: '9f3c77a1d2e40b58', of: null })
export const rootMention = ({ root, at }: CascadeColumns, text = rootText): EvidenceMention => ({
  id: root, at: at[0]!, ingestedAt: at[0]! + 2000, platform: 'weibo', kind: 'post', text, url: '', geo: 'CN-11', root: '', parent: '', account: '9f3c77a1d2e40b58', name: null, followers: 812, verified: false, sentiment: -0.6, likes: 10, reposts: 5, comments: 2,
})
/** An hour of silence, and a repost that woke it. */
export const ignition = ({ root, at, size }: CascadeColumns): SpikeEvent => ({
  kind: 'ignition', topic: 'network-outage', grade: 'minor', at: iso(at[Math.floor(size * 0.6)]!), root, mention: 'weibo:woke', since: iso(at[Math.floor(size * 0.55)]!), followers: 320_000, quietSeconds: 4000, gained: 41, size: Math.floor(size * 0.6),
  reason: { zh: '沉寂 66 分钟后被一次转发（320000 粉丝）重新点燃：18 分钟内带来 41 条', en: 'quiet for 66 min, then one repost by an account with 320000 followers drew 41 mentions within 18 min' }, id: `network-outage/ignition/${encodeURIComponent(root)}/x`,
})
export const forecastOf = (size: number): CascadeDetail['forecast'] => ({ root: '', observed: size, predicted: size * 1.31, low: size * 1.02, high: size * 2.4, superCritical: false, outOfRange: false })

/** What the API answers of one cascade: lists that hold it alone, what is said of it, its tree. Null: something else was asked. */
export function cascadeAnswers(columns: CascadeColumns, changes: Partial<CascadeRow> = {}): (asked: URL) => { readonly status: number; readonly body: unknown } | null {
  const [bytes, row] = [encodeTree(columns), cascadeRow(columns, changes)]
  const path = `/api/cascades/${encodeURIComponent(columns.root)}`
  return ({ pathname }) => {
    if (pathname === '/api/cascades') return { status: 200, body: { by: 'size', limit: 1, cascades: [row] } }
    if (pathname === `${path}/tree`) return { status: 200, body: bytes }
    return pathname === path ? { status: 200, body: { ...cascadeDetail(columns), cascade: row } } : null
  }
}
