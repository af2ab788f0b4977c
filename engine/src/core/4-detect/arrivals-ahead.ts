// How many mentions the next minutes will bring: a log-normal over a rate path, from what twelve windows of the topic's past held.
//
// A window's rate is shrunk towards that of the window twice as long (a gamma prior worth a few mentions), so that two mentions in
// half a minute are no landslide on a quiet topic. The rate ahead is read on the scale of the lead: the next 10 minutes look at the
// last minutes up to hours, the next hour at the last hours up to a day, with the same weights. So growth is carried on for about as
// long as it has been seen, and no further: a damped trend without an end point to guess. What a popularity does over the next span
// is told best by what it did over spans like it (log-time self-similarity: Szabo & Huberman, 2010); growth by scale ratios instead
// of a fitted exponent is the choice here. The spread widens with the lead, with growth, and with how few mentions there are to tell by.
import { recentScales, type RecentCounts } from '../3-measure/recent-counts.ts'
import type { CountdownConstants } from './countdown-constants.ts'

const scales = recentScales.length
const growthFrom = -4 // octaves from the lead of the first weight of growth
/** Doublings of the shortest scale up to the longest lead, two hours. */
const octavesMax = 8

/** At leads of 30 s · 2^octave, interpolated between them: log rate, log of the mentions to tell by, log growth, and how uneven the rate was on neighbouring scales. */
export interface ArrivalsAhead { readonly logRates: Float64Array; readonly logSeen: Float64Array; readonly growth: Float64Array; readonly unrest: Float64Array }

export function arrivalsAhead(recent: RecentCounts, constants: CountdownConstants): ArrivalsAhead {
  const rates = logRatesOf(recent, constants)
  const logRates = new Float64Array(octavesMax + 1)
  const logSeen = new Float64Array(octavesMax + 1)
  const growth = new Float64Array(octavesMax + 1)
  const unrest = new Float64Array(octavesMax + 1)
  for (let octave = 0; octave <= octavesMax; octave++) {
    let rate = rates[scaleAt(octave + growthFrom + constants.growth.length)]!
    for (let i = 0; i < constants.growth.length; i++) {
      const scale = octave + growthFrom + i
      rate += constants.growth[i]! * (rates[scaleAt(scale)]! - rates[scaleAt(scale + 1)]!)
    }
    logRates[octave] = rate
    logSeen[octave] = Math.log1p(recent.counts[scaleAt(octave + 1)]!)
    growth[octave] = rates[scaleAt(octave - 1)]! - rates[scaleAt(octave + 2)]!
    for (let scale = octave - 3; scale < octave + 3; scale++) unrest[octave]! += (rates[scaleAt(scale)]! - rates[scaleAt(scale + 1)]!) ** 2
  }
  return { logRates, logSeen, growth, unrest }
}

const scaleAt = (scale: number): number => (scale < 0 ? 0 : scale < scales ? scale : scales - 1)

/** Mentions a second in each window, as a log: of the longest first, each borrowing from the one before. */
function logRatesOf({ counts, spans }: RecentCounts, { borrowed, restRate }: CountdownConstants): Float64Array {
  const rates = new Float64Array(scales)
  let rate = restRate
  for (let k = scales - 1; k >= 0; k--) {
    rate = (counts[k]! + borrowed) / (spans[k]! + borrowed / rate)
    rates[k] = Math.log(rate)
  }
  return rates
}
