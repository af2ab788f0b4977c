// How much fits on the wall at the room's type size: rows of topics, lines of sources, length of the strip. All lengths in the profile's units.
import type { TopicRow } from '@groundswell/schemas/live.ts'
import { linesOf, textWidth } from '../i18n/text-width.ts'

export const topicsShownMax = 8
export const alertsShownMax = 3

/** Heights and widths that the stylesheets use too, as multiples of --u. */
export const measure = {
  edge: 1.2, gap: 1, header: 6.6, strip: 6, problem: 5.8,
  row: 9.7, rowStretched: 12.4, rowGap: 0.5, nameLine: 5.3, more: 5,
  side: 54, name: 39, nameType: 3.9, smallType: 3.6,
  totals: 28.6, chartMin: 19.5, tileHead: 5, sourceLine: 5.4, tilePadding: 1.6,
} as const

export interface Layout {
  readonly wide: boolean // three columns instead of two
  readonly mainHeight: number
  readonly sourcesMax: number
  readonly stripWidth: number
}

export function layout(page: { readonly aspect: number; readonly unitVh: number }, problems: number): Layout {
  const height = 100 / page.unitVh
  const width = (100 * page.aspect) / page.unitVh
  const wide = width >= 250
  const notices = problems * (measure.problem + measure.gap)
  const mainHeight = height - 2 * measure.edge - measure.header - measure.strip - 2 * measure.gap - notices
  const above = wide ? 0 : measure.totals + measure.chartMin + 2 * measure.gap
  const sourcesMax = Math.max(1, Math.floor((mainHeight - above - measure.tileHead - measure.tilePadding) / measure.sourceLine))
  return { wide, mainHeight, sourcesMax, stripWidth: width - 2 * measure.edge - 2 }
}

export interface FittedRow { readonly row: TopicRow; readonly nameLines: number }
export interface FittedRows { readonly shown: readonly FittedRow[]; readonly hidden: number }

/** The most urgent topics that fit, in the server's order. A severe name takes as many lines as it needs (W3), so it may cost a row at the end. */
export function fitRows(topics: readonly TopicRow[], room: { readonly height: number; readonly lang: 'zh' | 'en'; readonly total: number }): FittedRows {
  const rows = topics.slice(0, topicsShownMax).map((row) => ({ row, nameLines: row.level === 'severe' ? linesOf(row.name[room.lang], measure.name / measure.nameType) : 1 }))
  const all = Math.max(room.total, topics.length)
  for (let count = rows.length; count > 1; count--) {
    const shown = rows.slice(0, count)
    const more = all > count ? measure.more + measure.rowGap : 0
    if (heightOf(shown) + more <= room.height) return { shown, hidden: all - count }
  }
  return { shown: rows.slice(0, 1), hidden: Math.max(0, all - 1) }
}

const heightOf = (rows: readonly FittedRow[]): number =>
  rows.reduce((sum, { nameLines }) => sum + measure.row + (nameLines - 1) * measure.nameLine + measure.rowGap, -measure.rowGap)

/** How many of these texts stand side by side on the strip, `extra` units of glyphs and gaps each; always one. */
export function fitStrip(texts: readonly string[], strip: { readonly width: number; readonly extra: number }): number {
  let used = 0
  let count = 0
  for (const text of texts.slice(0, alertsShownMax)) {
    used += textWidth(text) * measure.smallType + strip.extra
    if (count > 0 && used > strip.width) break
    count++
  }
  return count
}
