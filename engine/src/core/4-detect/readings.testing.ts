// Readings for tests: counts by the minute against a Poisson normal that is given, so that what is read is known to the last digit.
import { clockSeconds, type ClockReading, type Reading } from './velocity-detector.ts'

export const minuteSeconds = 60
export const startSecond = 1_700_000_040 // a whole minute
/** The last second of the n-th minute. */
export const closeOf = (minute: number): number => startSecond + minute * minuteSeconds + 59

/** A look at minute `n` of the counts, where `usual` mentions a minute are normal. */
export function readingOf(counts: readonly number[], n: number, usual: number): Reading {
  const clocks = clockSeconds.map((seconds): ClockReading => {
    const minutes = seconds / minuteSeconds
    let count = 0
    for (let i = Math.max(0, n - minutes + 1); i <= n; i++) count += counts[i]!
    const normal = usual * minutes
    const z = 2 * (Math.sqrt(count + 0.375) - Math.sqrt(normal + 0.375))
    const high = (Math.sqrt(normal + 0.375) + 1.16) ** 2
    return { seconds, count, usual: normal, high, band: high, falsePerDay: 288 * 10 ** (-(Math.max(0, z) ** 2) / 4.6) }
  })
  let clock = 0
  clocks.forEach(({ falsePerDay }, i) => { if (falsePerDay < clocks[clock]!.falsePerDay) clock = i })
  const { count, usual: normal, high, falsePerDay } = clocks[clock]!
  return { score: Math.log10(288 / falsePerDay), falsePerDay, clock, count, usual: normal, high, clocks }
}
