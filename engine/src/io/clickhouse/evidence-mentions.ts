// The mentions of a filter, a page at a time: a statement ranks by narrow columns and reads a page's own rows alone in all of them (ClickHouse's lazy
// materialisation). Who has counted by time (evidence-cells.ts) asks for the stretch that holds the page.
import { evidenceLimits } from '@groundswell/schemas/evidence.ts'
import type { Reader, EvidenceQuestion } from './evidence-where.ts'
import { axisOf, classSql, screenSettings, whereOf } from './evidence-where.ts'

export type MentionOrder = 'newest' | 'oldest' | 'followers' | 'engagement'

/** A stored mention as it is told, its account not yet a key. Absent numbers are −1. */
export interface StoredMention {
  readonly id: string; readonly at: number; readonly ingestedAt: number; readonly stream: number; readonly seq: number; readonly line: number
  readonly platform: string; readonly kind: string; readonly text: string; readonly url: string; readonly geo: string; readonly root: string; readonly parent: string
  readonly author: string; readonly name: string; readonly followers: number; readonly verified: number; readonly sentiment: number; readonly class: number
  readonly likes: number; readonly reposts: number; readonly comments: number
}

const columns = `id, toUnixTimestamp64Milli(ts) AS at, toUnixTimestamp64Milli(ingested) AS ingestedAt, stream, seq, line, platform, kind, text, url, geo, root, parent, author, authorName AS name, followers, verified, sentiment,
  ${classSql} AS class, likes, reposts, comments`

/** ms: the message that came in last, of all mentions; null before the first. Answered from the parts' headers. */
export async function newestIngested(store: Reader): Promise<number | null> {
  const [row] = await store.query<{ rows: number; newest: number }>('SELECT count() AS rows, toUnixTimestamp64Milli(max(ingested)) AS newest FROM mentions')
  return row === undefined || row.rows === 0 ? null : row.newest
}

/** In order; none beyond the end. */
export function pageOf(store: Reader, question: EvidenceQuestion, { order, offset, limit }: { readonly order: MentionOrder; readonly offset: number; readonly limit: number }): Promise<StoredMention[]> {
  const { sql, params } = whereOf(question)
  return store.query<StoredMention>(
    `SELECT ${columns} FROM mentions WHERE ${sql} ORDER BY ${ranking(order, axisOf(question.filter))} LIMIT {limit:UInt32} OFFSET {offset:UInt32} ${screenSettings}, ${lazily}`, { ...params, limit, offset })
}

/** However deep the page is: places of so many rows are held, and only a page's are read. */
const lazily = `query_plan_optimize_lazy_materialization = 1, query_plan_max_limit_for_lazy_materialization = ${evidenceLimits.offsetMax + evidenceLimits.pageMax}`

/** Places in the stream make it a total order. */
function ranking(order: MentionOrder, axis: 'ts' | 'ingested'): string {
  const place = (direction: 'ASC' | 'DESC'): string => ['toStartOfMinute(mentions.ts)', 'mentions.ts', 'mentions.stream', 'mentions.seq', 'mentions.line'].map((column) => `${column} ${direction}`).join(', ')
  switch (order) {
    case 'newest': return axis === 'ts' ? place('DESC') : `ingested DESC, ${place('DESC')}`
    case 'oldest': return axis === 'ts' ? place('ASC') : `ingested ASC, ${place('ASC')}`
    case 'followers': return `followers DESC, ${place('DESC')}`
    case 'engagement': return `greatest(likes, 0) + greatest(reposts, 0) + greatest(comments, 0) DESC, ${place('DESC')}`
    default: return order satisfies never
  }
}

/** Of whatever fate; null: none is stored. */
export async function mentionById(store: Reader, id: string): Promise<StoredMention | null> {
  const rows = await store.query<StoredMention>(`SELECT ${columns} FROM mentions WHERE id = {id:String} ORDER BY fate, stream, seq, line LIMIT 1 ${screenSettings}`, { id })
  return rows[0] ?? null
}
