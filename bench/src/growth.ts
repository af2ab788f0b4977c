// Whether a figure that is sampled over hours grows: a line through the medians of equal stretches of time, its slope with an interval of
// confidence, and a word. Medians of stretches, because one sample of a heap hardly differs from the one before and the saw of a garbage
// collector is no growth.

export interface Sample { readonly seconds: number; readonly value: number }

export interface Growth {
  readonly mean: number
  readonly perHour: number
  readonly low: number // 95 % interval of perHour
  readonly high: number
  readonly allowedPerHour: number
  readonly verdict: Verdict
}
/** `flat`: even the upper end of the interval is allowed. `grows`: even the lower end is not. `open`: the run is too short to tell, as one below twenty minutes is. */
export type Verdict = 'flat' | 'grows' | 'open'

export const growthRule = { stretches: 20, stretchesMin: 5, secondsMin: 1200 } as const

/** Student's t for a two-sided 95 % interval, by degrees of freedom from 1 on; beyond the table that of 20 (a wider interval than is due). */
const t95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086] as const

/** `allowedPerHour`: how much growth is none. Samples in order of time; those of the warm-up are the caller's to leave out. */
export function growthOf(samples: readonly Sample[], allowedPerHour: number): Growth {
  const mean = samples.reduce((sum, { value }) => sum + value, 0) / Math.max(1, samples.length)
  const points = mediansOf(samples)
  if (points.length < growthRule.stretchesMin) return { mean, perHour: 0, low: -Infinity, high: Infinity, allowedPerHour, verdict: 'open' }
  const { slope, error } = line(points)
  const half = t95[Math.min(points.length - 2, t95.length) - 1]! * error
  const [perHour, low, high] = [slope * 3600, (slope - half) * 3600, (slope + half) * 3600]
  const isLong = samples.at(-1)!.seconds - samples[0]!.seconds >= growthRule.secondsMin
  const verdict = !isLong ? 'open' : high <= allowedPerHour ? 'flat' : low > allowedPerHour ? 'grows' : 'open'
  return { mean, perHour, low, high, allowedPerHour, verdict }
}

export type Judged = Readonly<Record<string, Growth>> // by figure

/** The one line that a soak ends with. `allIn`: each line that was sent was processed once. */
export function conclusionOf(judged: Judged, allIn: boolean): { readonly passed: boolean; readonly line: string } {
  const named = (wanted: Verdict): string[] => Object.entries(judged).flatMap(([name, { verdict }]) => (verdict === wanted ? [name] : []))
  const [grows, open] = [named('grows'), named('open')]
  const wrong = [...(allIn ? [] : ['not every line was processed once']), ...(grows.length === 0 ? [] : [`these grow: ${grows.join(', ')}`])]
  if (wrong.length > 0) return { passed: false, line: `FAIL: ${wrong.join('; ')}` }
  const count = Object.keys(judged).length
  const judgement = open.length === 0 ? `none of ${count} figures grows` : open.length === count ? 'growth was not judged: the run is too short or too unsteady to tell' : `no figure grows, ${open.length} of ${count} are open`
  return { passed: true, line: `PASS: each line was processed once; ${judgement}` }
}

/** One point for each stretch: the middle of its time, the median of its values. */
function mediansOf(samples: readonly Sample[]): Sample[] {
  const stretches = Math.min(growthRule.stretches, Math.floor(samples.length / 3))
  return Array.from({ length: stretches }, (_, n) => {
    const some = samples.slice(Math.floor((n * samples.length) / stretches), Math.floor(((n + 1) * samples.length) / stretches))
    const values = some.map(({ value }) => value).sort((a, b) => a - b)
    const middle = values.length >> 1
    const value = values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
    return { seconds: (some[0]!.seconds + some.at(-1)!.seconds) / 2, value }
  })
}

/** Least squares: the slope and its standard error. */
function line(points: readonly Sample[]): { readonly slope: number; readonly error: number } {
  const n = points.length
  const x = points.reduce((sum, { seconds }) => sum + seconds, 0) / n
  const y = points.reduce((sum, { value }) => sum + value, 0) / n
  const sxx = points.reduce((sum, { seconds }) => sum + (seconds - x) ** 2, 0)
  const slope = points.reduce((sum, { seconds, value }) => sum + (seconds - x) * (value - y), 0) / sxx
  const rest = points.reduce((sum, { seconds, value }) => sum + (value - y - slope * (seconds - x)) ** 2, 0)
  return { slope, error: Math.sqrt(rest / (n - 2) / sxx) }
}
