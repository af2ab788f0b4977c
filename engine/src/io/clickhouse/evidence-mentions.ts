// The mentions of a filter, a page at a time: keys are ranked first, and only a page's own rows are read in all their columns.
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

interface Key { readonly at: number; readonly stream: number; readonly seq: number; readonly line: number }

const columns = `id, toUnixTimestamp64Milli(ts) AS at, toUnixTimestamp64Milli(ingested) AS ingestedAt, stream, seq, line, platform, kind, text, url, geo, root, parent, author, authorName AS name, followers, verified, sentiment,
  ${classSql} AS class, likes, reposts, comments`

/** ms: the message that came in last, of all mentions; null before the first. Answered from the parts' headers. */
export async function newestIngested(store: Reader): Promise<number | null> {
  const [row] = await store.query<{ rows: number; newest: number }>('SELECT count() AS rows, toUnixTimestamp64Milli(max(ingested)) AS newest FROM mentions')
  return row === undefined || row.rows === 0 ? null : row.newest
}

export async function countOf(store: Reader, question: EvidenceQuestion): Promise<number> {
  const { sql, params } = whereOf(question)
  const [row] = await store.query<{ total: number }>(`SELECT count() AS total FROM mentions WHERE ${sql} ${screenSettings}`, params)
  return row?.total ?? 0
}

/** In order; none beyond the end. */
export async function pageOf(store: Reader, question: EvidenceQuestion, { order, offset, limit }: { readonly order: MentionOrder; readonly offset: number; readonly limit: number }): Promise<StoredMention[]> {
  const { sql, params } = whereOf(question)
  const keys = await store.query<Key>(
    `SELECT toUnixTimestamp64Milli(ts) AS at, stream, seq, line FROM mentions WHERE ${sql} ORDER BY ${ranking(order, axisOf(question.filter))} LIMIT {limit:UInt32} OFFSET {offset:UInt32} ${screenSettings}`,
    { ...params, limit, offset })
  return keys.length === 0 ? [] : byKeys(store, keys)
}

/** Where the axis is the table's own, reading ends as soon as the page is full. Places in the stream make it a total order. */
function ranking(order: MentionOrder, axis: 'ts' | 'ingested'): string {
  const place = (direction: 'ASC' | 'DESC'): string => ['toStartOfMinute(ts)', 'ts', 'stream', 'seq', 'line'].map((column) => `${column} ${direction}`).join(', ')
  switch (order) {
    case 'newest': return axis === 'ts' ? place('DESC') : `ingested DESC, ${place('DESC')}`
    case 'oldest': return axis === 'ts' ? place('ASC') : `ingested ASC, ${place('ASC')}`
    case 'followers': return `followers DESC, ${place('DESC')}`
    case 'engagement': return `greatest(likes, 0) + greatest(reposts, 0) + greatest(comments, 0) DESC, ${place('DESC')}`
    default: return order satisfies never
  }
}

async function byKeys(store: Reader, keys: readonly Key[]): Promise<StoredMention[]> {
  const rows = await store.query<StoredMention>(
    `SELECT ${columns} FROM mentions WHERE toStartOfMinute(ts) IN {minutes:Array(DateTime('UTC'))} AND (seq, line) IN (SELECT arrayJoin(arrayZip({seqs:Array(UInt64)}, {lines:Array(UInt32)}))) ${screenSettings}`,
    { minutes: [...new Set(keys.map(({ at }) => Math.floor(at / 60_000) * 60))], seqs: keys.map(({ seq }) => seq), lines: keys.map(({ line }) => line) })
  const byPlace = new Map(rows.map((row) => [placeOf(row), row]))
  return keys.flatMap((key) => byPlace.get(placeOf(key)) ?? [])
}

const placeOf = ({ stream, seq, line }: Key): string => `${stream} ${seq} ${line}`

/** Of whatever fate; null: none is stored. */
export async function mentionById(store: Reader, id: string): Promise<StoredMention | null> {
  const rows = await store.query<StoredMention>(`SELECT ${columns} FROM mentions WHERE id = {id:String} ORDER BY fate, stream, seq, line LIMIT 1 ${screenSettings}`, { id })
  return rows[0] ?? null
}
