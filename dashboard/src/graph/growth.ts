// How a cascade grew: its size against the time since its root, and its mentions by equal steps of time.
import type { CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'

export interface Growth { readonly root: string; readonly size: number; readonly ms: Float64Array<ArrayBuffer>; readonly count: Float64Array<ArrayBuffer> } // ms since the root, ascending; mentions that had come by then

const pointsMax = 400

/** At most 400 points, every one of them exact; the last is the whole cascade. */
export function growthOf({ root, size, at }: CascadeColumns): Growth {
  const since = at.map((ms) => Math.max(0, ms - at[0]!)).sort()
  const points = Math.min(pointsMax, size)
  const place = (point: number): number => Math.round((point * (size - 1)) / Math.max(1, points - 1))
  const ms = Float64Array.from({ length: points }, (_, point) => since[place(point)]!)
  return { root, size, ms, count: Float64Array.from({ length: points }, (_, point) => place(point) + 1) }
}

/** A level line that steps up at each point, in a box where `full` lies in the upper right corner. */
export function growthLine({ ms, count }: Growth, full: { readonly ms: number; readonly count: number }, { width, height }: { readonly width: number; readonly height: number }): string {
  let line = ''
  for (let i = 0; i < ms.length; i++) {
    const x = round((width * ms[i]!) / Math.max(1, full.ms)), y = round(height * (1 - count[i]! / Math.max(1, full.count)))
    line += i === 0 ? `M${x} ${y}` : `H${x}V${y}`
  }
  return ms.length === 0 ? '' : `${line}H${width}`
}

/** Mentions in each of `steps` equal steps from the first to the last; those for which `passes` holds. */
export function volumeOf(at: Float64Array, steps: number, passes: (node: number) => boolean): { readonly from: number; readonly stepMs: number; readonly counts: Int32Array } {
  let from = Infinity, to = -Infinity
  for (const ms of at) {
    if (ms < from) from = ms
    if (ms > to) to = ms
  }
  const stepMs = Math.max(1, (to - from) / steps)
  const counts = new Int32Array(steps)
  for (let i = 0; i < at.length; i++) if (passes(i)) counts[Math.min(steps - 1, Math.floor((at[i]! - from) / stepMs))]!++
  return { from, stepMs, counts }
}

const round = (value: number): number => Math.round(value * 10) / 10
