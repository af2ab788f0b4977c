// How many mentions of a filter lie in each stretch of its axis: their sum is the total, and a page by time is read out of the few stretches that hold it.
import type { EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { axisOf, screenSettings, whereOf, type EvidenceQuestion, type Reader } from './evidence-where.ts'

export const cellLimits = { cellsMax: 10_000 } as const
const minuteMs = 60_000

/** Cells that hold any, ascending: `at[i] * widthMs` is the begin of one since 1970, `counts[i]` what it holds. Whole minutes wide, as the table is ordered. */
export interface Cells { readonly widthMs: number; readonly total: number; readonly at: Float64Array; readonly counts: Float64Array }
export interface Place { readonly order: 'newest' | 'oldest'; readonly offset: number; readonly limit: number }

/** One scan of what the filter is about, as counting it is. */
export async function cellsOf(store: Reader, question: EvidenceQuestion): Promise<Cells> {
  const { sql, params } = whereOf(question)
  const { from, to } = question.filter
  const widthMs = minuteMs * Math.max(1, Math.ceil((to - from) / minuteMs / (cellLimits.cellsMax - 1)))
  const [row] = await store.query<{ at: number[]; counts: number[] }>(
    `SELECT groupArray(cell) AS at, groupArray(held) AS counts FROM (SELECT intDiv(toUnixTimestamp64Milli(${axisOf(question.filter)}), {width:Int64}) AS cell, count() AS held FROM mentions WHERE ${sql} GROUP BY cell ORDER BY cell) ${screenSettings}`,
    { ...params, width: widthMs })
  const counts = Float64Array.from(row?.counts ?? [])
  return { widthMs, total: counts.reduce((sum, held) => sum + held, 0), at: Float64Array.from(row?.at ?? []), counts }
}

/** The filter of the cells that hold the page, and where it begins in them; null: it lies behind the end. */
export function spanOfPage(filter: EvidenceFilter, { widthMs, total, at, counts }: Cells, { order, offset, limit }: Place): { readonly filter: EvidenceFilter; readonly offset: number } | null {
  if (offset >= total) return null
  const step = order === 'oldest' ? 1 : -1
  let cell = order === 'oldest' ? 0 : at.length - 1, before = 0
  for (; before + counts[cell]! <= offset; cell += step) before += counts[cell]!
  let last = cell, held = before + counts[cell]!
  while (held < Math.min(total, offset + limit)) held += counts[last += step]!
  const [low, high] = step > 0 ? [cell, last] : [last, cell]
  return { filter: { ...filter, from: Math.max(filter.from, at[low]! * widthMs), to: Math.min(filter.to, (at[high]! + 1) * widthMs) }, offset: offset - before }
}
