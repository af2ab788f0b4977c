// How a cascade grew: its size against the time since its root, and its mentions by equal steps of time.
import type { CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'

/** Times are ms since the root, ascending; what came before it counts as with it. */
export interface Growth {
  readonly root: string
  readonly size: number
  readonly from: number // ms: when the root was said
  readonly since: Float64Array<ArrayBuffer> // of each mention
  readonly ms: Float64Array<ArrayBuffer> // of the points that are drawn
  readonly count: Float64Array<ArrayBuffer> // mentions that had come by each of them
}

const pointsMax = 400

/** At most 400 points, every one of them exact; the last is the whole cascade. */
export function growthOf({ root, size, at }: CascadeColumns): Growth {
  const since = at.map((ms) => Math.max(0, ms - at[0]!)).sort()
  const points = Math.min(pointsMax, size)
  const place = (point: number): number => Math.round((point * (size - 1)) / Math.max(1, points - 1))
  const ms = Float64Array.from({ length: points }, (_, point) => since[place(point)]!)
  return { root, size, from: at[0]!, since, ms, count: Float64Array.from({ length: points }, (_, point) => place(point) + 1) }
}

/** Mentions that had come by so many ms after the root, exactly. */
export function countBy({ since }: Growth, ms: number): number {
  let low = 0, high = since.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (since[middle]! <= ms) low = middle + 1
    else high = middle
  }
  return low
}

/** A level line that steps up at each point, in a box where `full` lies in the upper right corner; until `full.until` ms after the root, where one is given. */
export function growthLine({ ms, count }: Growth, full: { readonly ms: number; readonly count: number; readonly until?: number | null }, { width, height }: { readonly width: number; readonly height: number }): string {
  let line = ''
  const until = full.until ?? Infinity
  for (let i = 0; i < ms.length && ms[i]! <= until; i++) {
    const x = round((width * ms[i]!) / Math.max(1, full.ms)), y = round(height * (1 - count[i]! / Math.max(1, full.count)))
    line += i === 0 ? `M${x} ${y}` : `H${x}V${y}`
  }
  return line === '' ? '' : `${line}H${round(width * Math.min(1, until / Math.max(1, full.ms)))}`
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

const minuteMs = 60_000
const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400, 43_200, 144_000].map((minutes) => minutes * minuteMs)

/** Round moments after the root, ms, from 0 on and no more than `most` beyond it; none where all is within a minute. */
export function growthTicks(fullMs: number, most: number): number[] {
  const step = tickSteps.find((ms) => fullMs / ms <= most) ?? tickSteps.at(-1)!
  return Array.from({ length: Math.min(most, Math.floor(fullMs / step)) + 1 }, (_, place) => place * step)
}

const round = (value: number): number => Math.round(value * 10) / 10
