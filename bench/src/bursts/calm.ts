// Which minutes of a recording are calm, told afterwards from the whole of it and by no detector: so that an alarm there is a false one.
//
// A day (24 h, looked at every six) is loud where it holds more than twenty mentions and three times the median of such days over two weeks
// before and after. Calm is what lies outside of loud days and six hours around them, and outside of the events that are known.
import type { MinuteSeries } from './minutes.ts'

const loudMin = { mentions: 20, times: 3 } as const
const stepMinutes = 360
const stepsOfDay = 4
const stepsAround = 14 * stepsOfDay

/** 1 where the minute is calm. */
export function calmOf({ counts, known }: MinuteSeries): Uint8Array {
  const steps = new Float64Array(Math.ceil(counts.length / stepMinutes))
  counts.forEach((count, i) => { steps[Math.floor(i / stepMinutes)]! += count })
  const days = steps.map((_, i) => steps.subarray(i, i + stepsOfDay).reduce((sum, held) => sum + held, 0))
  const calm = new Uint8Array(counts.length).fill(1)
  const silence = (from: number, to: number): void => { calm.fill(0, Math.max(0, from - stepMinutes), Math.max(0, to + stepMinutes)) }
  days.forEach((held, i) => {
    const around = days.slice(Math.max(0, i - stepsAround), i + stepsAround + 1).sort()
    if (held > loudMin.mentions && held > loudMin.times * around[around.length >> 1]!) silence(i * stepMinutes, (i + stepsOfDay) * stepMinutes)
  })
  for (const [from, to] of known) silence(from, to + 1)
  return calm
}

/** The usual peak of a day: the median over days of the most mentions within ten minutes; at least one. */
export function usualPeak({ counts }: MinuteSeries): number {
  const peaks: number[] = []
  let held = 0, peak = 0
  for (let i = 0; i < counts.length; i++) {
    held += counts[i]! - (i >= 10 ? counts[i - 10]! : 0)
    peak = Math.max(peak, held)
    if (i % 1440 === 1439) {
      peaks.push(peak)
      peak = 0
    }
  }
  return Math.max(1, peaks.sort((a, b) => a - b)[peaks.length >> 1] ?? 1)
}
