// Counts by the minute in which nothing is the matter, for tests: a daily and a weekly rhythm, over-dispersed, and leaning on what was before.
import { Baseline } from '../3-measure/baseline.ts'
import { clockSeconds, VelocityDetector, type Reading } from './velocity-detector.ts'

/** Seeded; 0 … 1. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Traffic {
  readonly perMinute: number
  readonly days: number
  readonly seed: number
  readonly dispersion?: number // variance over mean of a minute, 2
  readonly season?: number // logarithm of evening over mean, 0.8
  readonly wander?: number // standard deviation of the logarithm of the level, 0.3; hours long
}

/** Negative binomial counts around a seasonal mean that wanders (AR(1), an e-fold an hour). */
export function normalMinutes({ perMinute, days, seed, dispersion = 2, season = 0.8, wander = 0.3 }: Traffic): Float64Array {
  const random = mulberry32(seed)
  const minutes = new Float64Array(days * 1440)
  const keep = Math.exp(-1 / 60)
  let level = 0
  for (let minute = 0; minute < minutes.length; minute++) {
    level = level * keep + Math.sqrt(1 - keep * keep) * normal(random)
    const weekend = Math.floor(minute / 1440) % 7 < 2 ? -0.3 * season : 0
    const mean = perMinute * Math.exp(season * Math.sin((2 * Math.PI * minute) / 1440) + weekend + wander * level - (wander * wander) / 2)
    minutes[minute] = poisson(dispersion > 1 ? gamma(mean / (dispersion - 1), random) * (dispersion - 1) : mean, random)
  }
  return minutes
}

/** Looks at each minute that holds something, as the engine does; a slice is learnt ten minutes after it closed. Null: too little is known. */
export function lookThrough(minutes: ArrayLike<number>, take: (minute: number, reading: Reading | null) => void, { baseline = new Baseline(), detector = new VelocityDetector(), from = 0 } = {}): { readonly baseline: Baseline; readonly detector: VelocityDetector } {
  const sums = clockSeconds.map(() => 0)
  let learnt = from / 5
  for (let minute = from; minute < minutes.length; minute++) {
    clockSeconds.forEach((seconds, clock) => { sums[clock]! += minutes[minute]! - (minute - seconds / 60 >= from ? minutes[minute - seconds / 60]! : 0) })
    for (; (learnt + 1) * 5 + 10 <= minute + 1; learnt++) {
      let count = 0
      for (let i = 0; i < 5; i++) count += minutes[learnt * 5 + i]!
      baseline.learn(learnt, count)
    }
    if (minutes[minute]! > 0) take(minute, detector.look((minute + 1) * 60 - 1, sums, baseline))
  }
  return { baseline, detector }
}

function normal(random: () => number): number { return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) }

/** Marsaglia and Tsang, 2000. */
function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random), v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

function poisson(mean: number, random: () => number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  const limit = Math.exp(-mean)
  let count = -1, product = 1
  do {
    count++
    product *= random()
  } while (product > limit)
  return count
}
