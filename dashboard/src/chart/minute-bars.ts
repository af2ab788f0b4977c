// Geometry of mentions a minute: bars that stand for what was counted, hatch fields for what is not known. Nothing is ever interpolated (W20).
import { max } from 'd3-array'
import { scaleLinear } from 'd3-scale'

/** A minute of which nothing is known; zero is a count. */
const unknown = -1

export interface MinuteBars {
  readonly bars: string // SVG path of the closed minutes
  readonly running: string // of the minute that is still being counted: it may only grow
  readonly gaps: string // of the minutes of which nothing is known, full height
  readonly top: number // the count at the upper edge
  readonly peak: number // the largest count, 0 without one
}

export interface BarBox {
  readonly width: number
  readonly height: number
  readonly topMin?: number // so that three mentions do not look like a wave
  readonly nice?: boolean // round the upper edge up to a readable number
}

/** Minutes oldest first, the running one last. A count above zero is at least a hair high, zero draws nothing. */
export function minuteBars(minutes: readonly number[], box: BarBox): MinuteBars {
  const peak = Math.max(0, max(minutes) ?? 0)
  const scale = scaleLinear([0, Math.max(peak, box.topMin ?? 4)], [0, box.height])
  if (box.nice === true) scale.nice(4)
  const step = box.width / Math.max(1, minutes.length)
  const hair = box.height * 0.02
  let bars = ''
  let running = ''
  minutes.forEach((count, index) => {
    if (count <= 0) return
    const bar = rectangle({ x: index * step + step * 0.1, width: step * 0.8, top: box.height - Math.max(hair, scale(count)), bottom: box.height })
    if (index === minutes.length - 1) running = bar
    else bars += bar
  })
  return { bars, running, gaps: gapFields(minutes, step, box.height), top: scale.domain()[1] ?? 0, peak }
}

/** Neighbouring unknown minutes are one field. */
function gapFields(minutes: readonly number[], step: number, height: number): string {
  let fields = ''
  let from = -1
  for (let index = 0; index <= minutes.length; index++) {
    const missing = index < minutes.length && (minutes[index] ?? unknown) < 0
    if (missing && from < 0) from = index
    if (!missing && from >= 0) {
      fields += rectangle({ x: from * step, width: (index - from) * step, top: 0, bottom: height })
      from = -1
    }
  }
  return fields
}

const rectangle = (r: { x: number; width: number; top: number; bottom: number }): string =>
  `M${round(r.x)} ${round(r.bottom)}V${round(r.top)}h${round(r.width)}V${round(r.bottom)}z`

const round = (value: number): number => Math.round(value * 100) / 100
