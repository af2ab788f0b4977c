// The mentions of a filter, a page at a time: a statement ranks by narrow columns and reads a page's own rows alone in all of them (ClickHouse's lazy
// materialisation). Who has counted by time (evidence-cells.ts) asks for the stretch that holds the page.
import { evidenceLimits } from '@groundswell/schemas/evidence.ts'
import type { Reader, EvidenceQuestion } from './evidence-where.ts'
import { axisOf, classSql, screenSettings, whereOf } from './evidence-where.ts'

export type MentionOrder = 'newest' | 'oldest' | 'followers' | 'engagement'

/** A page of a filter's mentions. */
export interface PageAsked {
  readonly order: MentionOrder
  readonly offset: number
  readonly limit: number
  readonly names: boolean // false: `name` and `url` are not read, and empty
  /** Mentions of the filter, where that is known: what lies nearer to the end is ranked from there. */
  readonly total?: number
}

/** A stored mention as it is told, its account not yet a key. Absent numbers are −1. */
export interface StoredMention {
  readonly id: string; readonly at: number; readonly ingestedAt: number; readonly stream: number; readonly seq: number; readonly line: number
  readonly platform: string; readonly kind: string; readonly text: string; readonly url: string; readonly geo: string; readonly root: string; readonly parent: string
  readonly author: string; readonly name: string; readonly followers: number; readonly verified: number; readonly sentiment: number; readonly class: number
  readonly likes: number; readonly reposts: number; readonly comments: number
}

/** Of a page by rank each row lies in a granule of its own, of which a column of strings costs a tenth of the page. */
const columnsOf = (names: boolean): string => `id, toUnixTimestamp64Milli(ts) AS at, toUnixTimestamp64Milli(ingested) AS ingestedAt, stream, seq, line, platform, kind, text, ${names ? 'url' : '\'\' AS url'}, geo, root, parent, author, ${names ? 'authorName' : '\'\''} AS name, followers, verified, sentiment,
  ${classSql} AS class, likes, reposts, comments`

/** ms: the message that came in last, of all mentions; null before the first. Answered from the parts' headers. */
export async function newestIngested(store: Reader): Promise<number | null> {
  const [row] = await store.query<{ rows: number; newest: number }>('SELECT count() AS rows, toUnixTimestamp64Milli(max(ingested)) AS newest FROM mentions')
  return row === undefined || row.rows === 0 ? null : row.newest
}

/** In order; none beyond the end. */
export async function pageOf(store: Reader, question: EvidenceQuestion, { order, offset, limit, names, total = Infinity }: PageAsked): Promise<StoredMention[]> {
  if (offset >= total) return []
  const behind = Math.max(0, total - offset - limit)
  const isFromEnd = behind < offset
  const { sql, params } = whereOf(question)
  const rows = await store.query<StoredMention>(
    `SELECT ${columnsOf(names)} FROM mentions WHERE ${sql} ORDER BY ${ranking(order, axisOf(question.filter), isFromEnd)} LIMIT {limit:UInt32} OFFSET {offset:UInt32} ${screenSettings}, ${lazily}`,
    { ...params, limit: Math.min(limit, total - offset), offset: isFromEnd ? behind : offset })
  return isFromEnd ? rows.reverse() : rows
}

/** However deep the page is: places of so many rows are held, and only a page's are read. */
const lazily = `query_plan_optimize_lazy_materialization = 1, query_plan_max_limit_for_lazy_materialization = ${evidenceLimits.offsetMax + evidenceLimits.pageMax}`

/** Places in the stream make it a total order, all of it one way. The table is ordered by minute: by time its rows are read as they lie. */
function ranking(order: MentionOrder, axis: 'ts' | 'ingested', isFromEnd: boolean): string {
  const place = ['mentions.ts', 'mentions.stream', 'mentions.seq', 'mentions.line']
  const byTime = axis === 'ts' ? ['toStartOfMinute(mentions.ts)', ...place] : ['mentions.ingested', ...place]
  const keys = {
    newest: byTime, oldest: byTime, followers: ['mentions.followers', ...place],
    engagement: ['greatest(mentions.likes, 0) + greatest(mentions.reposts, 0) + greatest(mentions.comments, 0)', ...place],
  }[order]
  const direction = (order === 'oldest') === isFromEnd ? 'DESC' : 'ASC'
  return keys.map((key) => `${key} ${direction}`).join(', ')
}

/** Of whatever fate; null: none is stored. */
export async function mentionById(store: Reader, id: string): Promise<StoredMention | null> {
  const rows = await store.query<StoredMention>(`SELECT ${columnsOf(true)} FROM mentions WHERE id = {id:String} ORDER BY fate, stream, seq, line LIMIT 1 ${screenSettings}`, { id })
  return rows[0] ?? null
}
