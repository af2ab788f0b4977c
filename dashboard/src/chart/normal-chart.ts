// Counts over time against what was normal: the band up to the 99 % bound, the usual, the counts, what stands out of the band, and gaps.
import type { HistoryPoint } from '@groundswell/schemas/topic-history.ts'
import { max } from 'd3-array'
import { scaleLinear, scaleSymlog } from 'd3-scale'
import { missingFields, stepField, stepLine, type Step } from './steps.ts'

export interface ChartBox { readonly width: number; readonly height: number }
export interface TimeRange { readonly from: number; readonly to: number; readonly stepSeconds: number } // seconds

export interface NormalChart {
  readonly counts: string // line of the closed steps
  readonly running: string // of the step that is still being counted
  readonly band: string // field
  readonly bound: string // its upper edge, line
  readonly usual: string // line
  readonly above: string // field between the bound and a count beyond it
  readonly gaps: string // fields of which nothing is known
  readonly levels: readonly { readonly value: number; readonly y: number }[]
  readonly yOf: (count: number) => number
}

/** `log` is symmetric about zero, so that a zero has a place; a step is drawn from its first to its last second. `topMin`: a count that has a place too. */
export function normalChart(points: readonly HistoryPoint[], time: TimeRange, box: ChartBox & { readonly log?: boolean; readonly topMin?: number }): NormalChart {
  const top = Math.max(4, box.topMin ?? 0, max(points, ({ count }) => count) ?? 0, max(points, ({ high }) => high) ?? 0)
  const y = box.log === true ? scaleSymlog([0, top * 1.1], [box.height, 0]) : scaleLinear([0, top * 1.05], [box.height, 0])
  const steps = stepsOf(points, time, box.width)
  const of = (key: 'usual' | 'low' | 'high') => (index: number): number | null => {
    const value = points[index]![key]
    return value === null ? null : y(value)
  }
  const running = points.length - 1
  const countAt = (index: number): number | null => {
    const { count } = points[index]!
    return count === null ? null : y(count)
  }
  const beyond = (index: number): boolean => points[index]!.count !== null && points[index]!.high !== null && points[index]!.count! > points[index]!.high!
  return {
    counts: stepLine(steps, (index) => (index === running ? null : countAt(index))),
    running: stepLine(steps.slice(-1), () => (points.length === 0 ? null : countAt(running))),
    band: stepField(steps, of('high'), (index) => of('low')(index) ?? box.height),
    bound: stepLine(steps, of('high')),
    usual: stepLine(steps, of('usual')),
    above: stepField(steps, (index) => (beyond(index) ? countAt(index) : null), of('high')),
    gaps: missingFields(steps, box.height, (index) => points[index]!.count === null),
    levels: levelsOf(y, top, box.log === true),
    yOf: y,
  }
}

export function stepsOf(points: readonly { readonly at: number }[], { from, to, stepSeconds }: TimeRange, width: number): Step[] {
  const x = scaleLinear([from, to], [0, width])
  return points.map(({ at }) => ({ left: x(at), right: x(at + stepSeconds) }))
}

/** Level lines at whole, readable numbers; on the logarithmic scale at powers of ten and what they are too far apart for. */
function levelsOf(y: (value: number) => number, top: number, log: boolean): { value: number; y: number }[] {
  if (!log) return scaleLinear([0, top], [0, 1]).ticks(5).filter(Number.isInteger).map((value) => ({ value, y: y(value) }))
  const powers = Array.from({ length: Math.floor(Math.log10(top)) + 1 }, (_, power) => 10 ** power)
  const values = powers.length > 2 ? powers : powers.flatMap((power) => [power, 3 * power]).filter((value) => value <= top)
  return [0, ...values].map((value) => ({ value, y: y(value) }))
}
