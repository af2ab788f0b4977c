// How much fits on the wall at the room's type size: rows of topics, lines of sources. All lengths in the profile's units.
import type { TopicRow } from '@groundswell/schemas/live.ts'
import type { Language } from '../i18n/language.ts'
import { linesOf } from '../i18n/text-width.ts'

export const topicsShownMax = 8

/** Heights and widths that the stylesheets use too, as multiples of --u. */
export const measure = {
  edge: 1.2, gap: 1, columnGap: 1.2, header: 6.6, stripLine: 5, problem: 5.8,
  row: 9.7, rowGap: 0.5, rowFixed: 59.6, rowEdges: 30.4, nameLine: 4.9, more: 4.7, side: 54, sideWide: 60,
  name: 40, ratio: 15.4, nameType: 3.9, smallType: 3.6, longNameWords: 87,
  totals: 28.6, chartMin: 19.5, tileHead: 5, sourceLine: 5.4, tilePadding: 1.6,
} as const

export interface Page { readonly aspect: number; readonly unitVh: number }

export interface Layout {
  readonly wide: boolean // three columns instead of two
  readonly mainHeight: number
  readonly nameSpread: number // what a long severe name may take when it pushes the bars away
  readonly wordsWidth: number // what a line of a row holds between glyph and ratio
  readonly sourcesMax: number
}

export const pageWidth = (page: Page): number => (100 * page.aspect) / page.unitVh

/** `notices` lines of problems are on top, `stripLines` lines of alerts below. */
export function layout(page: Page, taken: { readonly notices: number; readonly stripLines: number }): Layout {
  const width = pageWidth(page)
  const wide = width >= 250
  const mainHeight = 100 / page.unitVh - 2 * measure.edge - measure.header - stripHeight(taken.stripLines) - 2 * measure.gap - taken.notices * (measure.problem + measure.gap)
  const above = measure.totals + measure.gap + (wide ? 0 : measure.chartMin + measure.gap)
  const sourcesMax = Math.max(1, Math.floor((mainHeight - above - measure.tileHead - measure.tilePadding) / measure.sourceLine))
  const topics = wide ? (width - 2 * measure.edge - measure.sideWide - 2 * measure.columnGap) * 0.55 : width - 2 * measure.edge - measure.side - measure.columnGap
  return { wide, mainHeight, nameSpread: Math.max(measure.name, topics - measure.rowFixed), wordsWidth: topics - measure.rowEdges, sourcesMax }
}

export const stripHeight = (lines: number): number => measure.stripLine * lines + 1

export interface FittedRow {
  readonly row: TopicRow
  readonly nameLines: number
  readonly spread: boolean // the name takes the place of the bars
}
export interface FittedRows { readonly shown: readonly FittedRow[]; readonly hidden: number }

export interface ListRoom { readonly height: number; readonly nameSpread: number; readonly lang: Language; readonly total: number }

/** The most urgent topics that fit, in the server's order. A severe name takes as many lines as it needs (W3), so it may cost a row at the end. */
export function fitRows(topics: readonly TopicRow[], room: ListRoom): FittedRows {
  const rows = topics.slice(0, topicsShownMax).map((row) => fitName(row, room))
  const all = Math.max(room.total, topics.length)
  for (let count = rows.length; count > 1; count--) {
    const shown = rows.slice(0, count)
    const more = all > count ? measure.more + measure.rowGap : 0
    if (heightOf(shown) + more <= room.height) return { shown, hidden: all - count }
  }
  return { shown: rows.slice(0, 1), hidden: Math.max(0, all - Math.min(1, rows.length)) }
}

function fitName(row: TopicRow, room: ListRoom): FittedRow {
  if (row.level !== 'severe') return { row, nameLines: 1, spread: false }
  const name = row.name[room.lang]
  const nameLines = linesOf(name, measure.name / measure.nameType)
  if (nameLines <= 1) return { row, nameLines, spread: false }
  return { row, nameLines: linesOf(name, room.nameSpread / measure.nameType), spread: true }
}

const heightOf = (rows: readonly FittedRow[]): number =>
  rows.reduce((sum, { nameLines }) => sum + measure.row + (nameLines - 1) * measure.nameLine + measure.rowGap, -measure.rowGap)
