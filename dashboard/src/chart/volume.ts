// The last hour of all mentions, laid out: bars, gaps, level lines at readable numbers, and where the quarter hours lie.
import { scaleLinear } from 'd3-scale'
import { minuteBars, type MinuteBars } from './minute-bars.ts'

export interface VolumeChart extends MinuteBars {
  readonly levels: readonly { readonly value: number; readonly y: number }[] // two at most, never the zero line
  readonly quarters: readonly { readonly minutesAgo: number; readonly x: number }[] // vertical marks, oldest first
}

export function volumeChart(minutes: readonly number[], size: { readonly width: number; readonly height: number }): VolumeChart {
  const bars = minuteBars(minutes, { ...size, topMin: 10, nice: true })
  const y = scaleLinear([0, bars.top], [size.height, 0])
  const levels = y.ticks(2).filter((value) => value > 0).slice(-2).map((value) => ({ value, y: y(value) }))
  const quarters = [45, 30, 15].filter((ago) => ago < minutes.length)
    .map((minutesAgo) => ({ minutesAgo, x: size.width * (1 - minutesAgo / minutes.length) }))
  return { ...bars, levels, quarters }
}
