// How the mentions of a filter divide, in one pass over them: by step and platform, by step and sentiment, by province, by kind.
import type { BreakdownAnswer } from '@groundswell/schemas/evidence.ts'
import type { EvidenceQuestion, Reader } from './evidence-where.ts'
import { axisOf, classSql, geoSql, screenSettings, sentimentClass, whereOf } from './evidence-where.ts'

export const platformsMax = 12 // all others are one, called `other`
export const otherPlatforms = 'other'

/** ms: the first step's begin; steps may reach beyond the filter's span, and hold only what is in it. */
export interface Steps { readonly origin: number; readonly stepMs: number; readonly steps: number }

interface Row { readonly isPlatform: number; readonly isKind: number; readonly isGeo: number; readonly platform: string; readonly class: number; readonly geo: string; readonly kind: string; readonly total: number; readonly slots: readonly number[]; readonly counts: readonly number[] }

export async function breakdownOf(store: Reader, question: EvidenceQuestion, { origin, stepMs, steps }: Steps): Promise<Omit<BreakdownAnswer, 'topic' | 'from' | 'to' | 'stepMs' | 'steps'>> {
  const { sql, params } = whereOf(question)
  const rows = await store.query<Row>(
    `SELECT isPlatform, isKind, isGeo, platform, class, geo, kind, sum(held) AS total, groupArray(slot) AS slots, groupArray(held) AS counts FROM
       (SELECT 1 - grouping(platform) AS isPlatform, 1 - grouping(kind) AS isKind, 1 - grouping(geo) AS isGeo, slot, platform, class, geo, kind, count() AS held FROM
          (SELECT intDiv(toUnixTimestamp64Milli(${axisOf(question.filter)}) - {origin:Int64}, {step:Int64}) AS slot, platform, ${classSql} AS class, ${geoSql} AS geo, kind FROM mentions WHERE ${sql})
        GROUP BY GROUPING SETS ((slot, platform), (slot, class), (geo, class), (kind)))
     GROUP BY isPlatform, isKind, isGeo, platform, class, geo, kind ORDER BY total DESC, platform, class, geo, kind
     ${screenSettings}, force_grouping_standard_compatibility = 1`, { ...params, origin, step: stepMs })
  const classes = rows.filter(({ isPlatform, isKind, isGeo }) => isPlatform + isKind + isGeo === 0)
  const columnOf = (name: keyof typeof sentimentClass): number[] => {
    const column = zeros(steps)
    for (const row of classes) if (row.class === sentimentClass[name]) fill(column, row)
    return column
  }
  return {
    total: classes.reduce((sum, { total }) => sum + total, 0),
    platforms: platformsOf(rows.filter(({ isPlatform }) => isPlatform === 1), steps),
    sentiment: { negative: columnOf('negative'), neutral: columnOf('neutral'), positive: columnOf('positive'), unknown: columnOf('unknown') },
    provinces: provincesOf(rows.filter(({ isGeo }) => isGeo === 1)),
    kinds: rows.filter(({ isKind }) => isKind === 1).map(({ kind, total }) => ({ kind, count: total })),
  }
}

function platformsOf(rows: readonly Row[], steps: number): BreakdownAnswer['platforms'] {
  const shown = rows.length <= platformsMax ? rows : rows.slice(0, platformsMax - 1)
  const told = shown.map((row) => ({ platform: row.platform, total: row.total, counts: fill(zeros(steps), row) }))
  if (shown.length === rows.length) return told
  const rest = { platform: otherPlatforms, total: 0, counts: zeros(steps) }
  for (const row of rows.slice(shown.length)) {
    rest.total += row.total
    fill(rest.counts, row)
  }
  return [...told, rest]
}

function provincesOf(rows: readonly Row[]): BreakdownAnswer['provinces'] {
  const found = new Map<string, { geo: string; count: number; negative: number }>()
  for (const { geo, class: sentiment, total } of rows) {
    const province = found.get(geo) ?? { geo, count: 0, negative: 0 }
    province.count += total
    if (sentiment === sentimentClass.negative) province.negative += total
    found.set(geo, province)
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.geo < b.geo ? -1 : 1))
}

const zeros = (steps: number): number[] => Array.from({ length: steps }, () => 0)

function fill(column: number[], { slots, counts }: Row): number[] {
  for (const [at, slot] of slots.entries()) column[slot] = (column[slot] ?? 0) + counts[at]!
  return column
}
