// What people use instead, over the same counts. Each gives a figure for every minute in which the last ten hold enough mentions to matter, and
// alarms where that reaches its setting; what comes again within an hour is told as one.
import type { Alarm } from './ours.ts'

export interface FigureOptions {
  readonly peak: number // the topic's usual daily one of ten minutes
  readonly mentionsMin: number // below this within ten minutes nothing matters
}

export interface Rival {
  readonly name: string
  readonly setting: string // the usual one, in words
  readonly usual: number
  readonly figures: (counts: Uint32Array, options: FigureOptions) => Float64Array
}

const ten = 10
const day = 1440
const sameMinutes = 60
/** What matters at the usual setting, as with us; and what is tried besides where a rival is tuned. */
export const mentionsMins = [10, 5, 3] as const

export const rivals: readonly Rival[] = [
  // The usual setting is one number for all topics; tuned, it is a multiple of each topic's own usual peak, known in hindsight.
  { name: 'threshold', setting: '100 mentions in 10 min', usual: 100, figures: (counts, options) => ofTens(counts, options, (held) => held) },
  { name: 'threshold of the topic', setting: 'twice its usual daily peak of 10 min', usual: 2, figures: (counts, options) => ofTens(counts, options, (held) => held / options.peak) },
  { name: '3-sigma', setting: '10 min against mean and deviation of the last 24 h', usual: 3, figures: sigmas },
  { name: 'EWMA chart', setting: 'lambda 0.2 of 5 min, 3 deviations, mean and deviation of about a day', usual: 3, figures: ewma },
  { name: 'SQL a minute', setting: '10 min against 3 times the mean of the last 24 h', usual: 3, figures: timesMean },
]

/** Alarms where the figure reaches the setting, one an event. */
export function rivalAlarms(figures: Float64Array, setting: number): Alarm[] {
  const alarms: Alarm[] = []
  let last = -Infinity
  for (let i = 0; i < figures.length; i++) {
    if (figures[i]! < setting) continue
    if (i - last > sameMinutes) alarms.push({ begin: i, end: i })
    else alarms.at(-1)!.end = i
    last = i
  }
  return alarms
}

/** A figure of what the last ten minutes hold; without the mentions that matter there is none. */
function ofTens(counts: Uint32Array, { mentionsMin }: FigureOptions, figure: (held: number, minute: number, tens: Float64Array) => number): Float64Array {
  const tens = new Float64Array(counts.length)
  const figures = new Float64Array(counts.length)
  let held = 0
  for (let i = 0; i < counts.length; i++) {
    held += counts[i]! - (i >= ten ? counts[i - ten]! : 0)
    tens[i] = held
    const value = figure(held, i, tens)
    figures[i] = held >= mentionsMin ? value : -Infinity
  }
  return figures
}

/** The mean of 24 h, in mentions a ten minutes, that ended ten minutes ago. */
function timesMean(counts: Uint32Array, options: FigureOptions): Float64Array {
  let sum = 0
  return ofTens(counts, options, (held, i) => {
    if (i >= ten) sum += counts[i - ten]!
    if (i >= ten + day) sum -= counts[i - ten - day]!
    return held / Math.max(1e-9, (sum * ten) / day)
  })
}

function sigmas(counts: Uint32Array, options: FigureOptions): Float64Array {
  let sum = 0, squares = 0
  return ofTens(counts, options, (held, i, tens) => {
    if (i >= ten) {
      sum += tens[i - ten]!
      squares += tens[i - ten]! ** 2
    }
    if (i >= ten + day) {
      sum -= tens[i - ten - day]!
      squares -= tens[i - ten - day]! ** 2
    }
    const mean = sum / day
    return (held - mean) / Math.sqrt(Math.max(1e-9, squares / day - mean ** 2))
  })
}

function ewma(counts: Uint32Array, options: FigureOptions): Float64Array {
  const lambda = 0.2, slow = 1 / 288, slice = 5
  let smooth = 0, mean = 0, variance = 1, slices = 0, held = 0, figure = 0
  return ofTens(counts, options, (_, i) => {
    held += counts[i]!
    if (i % slice === slice - 1) {
      smooth += lambda * (held - smooth)
      figure = (smooth - mean) / Math.sqrt(Math.max(1e-9, variance * (lambda / (2 - lambda))))
      const weight = Math.max(slow, 1 / ++slices)
      variance += weight * ((held - mean) ** 2 - variance)
      mean += weight * (held - mean)
      held = 0
    }
    return figure
  })
}
