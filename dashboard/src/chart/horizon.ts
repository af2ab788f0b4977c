// Counts over time as a horizon: one low row in which the part above each band is laid over the one below, darker to lighter on one neutral ramp, so that
// it reads in greyscale. All rows share a scale, so that a platform with more is seen to have more. (Saito et al. 2005, two-tone pseudo-colouring.)
import { max } from 'd3-array'
import { stepField, type Step } from './steps.ts'

export const horizonBands = 3

/** What one band stands for: a readable number, so that `horizonBands` of them hold the largest count. */
export function bandOf(columns: readonly (readonly number[])[]): number {
  const top = Math.max(horizonBands, max(columns, (column) => max(column)) ?? 0)
  return Math.ceil(niceUp(top / horizonBands))
}

/** A path for each band, the lowest first; an empty one where nothing reaches it. */
export function horizon(counts: readonly number[], steps: readonly Step[], { height, band }: { readonly height: number; readonly band: number }): string[] {
  return Array.from({ length: horizonBands }, (_, level) => stepField(steps, (index) => {
    const part = Math.min(1, (counts[index] ?? 0) / band - level)
    return part <= 0 ? null : height * (1 - part)
  }, () => height))
}

export interface HorizonRow { readonly platform: string | null; readonly total: number; readonly counts: readonly number[]; readonly folded: number } // null: `folded` platforms as one

/** At most `rowsMax`; what is beyond is one row, so that the rows always add up to the whole. */
export function horizonRows(platforms: readonly { readonly platform: string; readonly total: number; readonly counts: readonly number[] }[], rowsMax: number): HorizonRow[] {
  const alone = platforms.length <= rowsMax ? platforms : platforms.slice(0, rowsMax - 1)
  const others = platforms.slice(alone.length)
  const rows: HorizonRow[] = alone.map(({ platform, total, counts }) => ({ platform, total, counts, folded: 0 }))
  if (others.length === 0) return rows
  const counts = others[0]!.counts.map((_, step) => others.reduce((sum, one) => sum + (one.counts[step] ?? 0), 0))
  return [...rows, { platform: null, total: others.reduce((sum, { total }) => sum + total, 0), counts, folded: others.length }]
}

/** The next number that can be read at a glance. */
function niceUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((factor) => factor * power >= value) ?? 10) * power
}
