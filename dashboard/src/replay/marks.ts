// What is marked on a time axis: alerts, what people did, and statements. Of marks that would lie on each other the weightiest is drawn.
import type { Grade } from '@groundswell/schemas/grade.ts'

export const markKinds = ['alert', 'action', 'statement'] as const
export type MarkKind = (typeof markKinds)[number]

export interface Mark {
  readonly id: string
  readonly at: number // ms, on the axis that is shown
  readonly kind: MarkKind
  readonly grade?: Grade // of an alert
  readonly text: string // one line, in the language of the page
}

/** What a bar is told; the rest is left out, and the bar says how many. */
export const marksMax = 500
const nearPixels = 7

export interface PlacedMark extends Mark { readonly x: number; readonly more: number } // more: marks that lie under it

/** Those of the span by place, one in `nearPixels`. */
export function placeMarks(marks: readonly Mark[], { from, to, width }: { readonly from: number; readonly to: number; readonly width: number }): PlacedMark[] {
  const placed: PlacedMark[] = []
  for (const mark of marks.slice(0, marksMax).filter(({ at }) => at >= from && at <= to).toSorted((a, b) => a.at - b.at)) {
    const x = Math.round((width * (mark.at - from)) / Math.max(1, to - from) * 10) / 10
    const before = placed.at(-1)
    if (before === undefined || x - before.x >= nearPixels) placed.push({ ...mark, x, more: 0 })
    else placed[placed.length - 1] = weightOf(mark) > weightOf(before) ? { ...mark, x: before.x, more: before.more + 1 } : { ...before, more: before.more + 1 }
  }
  return placed
}

/** The newest at or before a moment; null: there is none. */
export function markAt(marks: readonly Mark[], at: number): Mark | null {
  let newest: Mark | null = null
  for (const mark of marks) if (mark.at <= at && (newest === null || mark.at >= newest.at)) newest = mark
  return newest
}

const weightOf = ({ kind, grade }: Mark): number => (kind === 'alert' ? 10 + ['minor', 'moderate', 'severe'].indexOf(grade ?? 'minor') : kind === 'statement' ? 2 : 1)
