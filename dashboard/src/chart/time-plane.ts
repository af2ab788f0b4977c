// The one time axis that all charts of a topic share: its steps, the cursor that reads them and the brush that selects some. Times in ms, ranges half open.
export interface PlaneRange {
  readonly from: number
  readonly to: number // what is known ends here
  readonly stepMs: number
  readonly ahead: number // ms of the future that are shown behind `to`
}
export interface Span { readonly from: number; readonly to: number }

export const stepsIn = ({ from, to, stepMs }: PlaneRange): number => Math.max(0, Math.round((to - from) / stepMs))
export const xOf = (at: number, { from, to, ahead }: PlaneRange, width: number): number => (width * (at - from)) / Math.max(1, to + ahead - from)
/** Where on the axis a place of the plane lies, no further than the plane reaches. */
export const timeAt = (x: number, { from, to, ahead }: PlaneRange, width: number): number => from + (Math.min(width, Math.max(0, x)) / Math.max(1, width)) * (to + ahead - from)

/** The step that holds a time, the first or last where it lies beyond. */
export const stepAt = (at: number, range: PlaneRange): number => Math.min(stepsIn(range) - 1, Math.max(0, Math.floor((at - range.from) / range.stepMs)))
export const timeOfStep = (step: number, { from, stepMs }: PlaneRange): number => from + step * stepMs

/** Whole steps between two places, in either direction, both steps included: a click selects one. */
export function brushBetween(a: number, b: number, range: PlaneRange): Span {
  const [first, last] = [stepAt(Math.min(a, b), range), stepAt(Math.max(a, b), range)]
  return { from: timeOfStep(first, range), to: timeOfStep(last + 1, range) }
}

const jumps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -Infinity, End: Infinity }

/** What a key does: the step that is read moves; with Shift the span grows from `anchor`, the step where Shift was first held. Null: the key means nothing here. */
export function moved(key: { readonly key: string; readonly shift: boolean }, at: { readonly step: number; readonly anchor: number | null }, range: PlaneRange): { readonly step: number; readonly anchor: number | null; readonly brush: Span | null } | null {
  const jump = jumps[key.key]
  if (jump === undefined) return null
  const step = Math.min(stepsIn(range) - 1, Math.max(0, at.step + jump))
  if (!key.shift) return { step, anchor: null, brush: null }
  const anchor = at.anchor ?? at.step
  return { step, anchor, brush: brushBetween(timeOfStep(anchor, range), timeOfStep(step, range), range) }
}

/** The sum over the steps of a span, of columns that begin with the range. */
export function sumWithin(column: readonly number[], span: Span, { from, stepMs }: PlaneRange): number {
  let sum = 0
  for (let step = Math.max(0, Math.floor((span.from - from) / stepMs)); step < Math.min(column.length, Math.ceil((span.to - from) / stepMs)); step++) sum += column[step]!
  return sum
}
