// What the forecast of final sizes is held against: nothing more comes, a growth factor, SEISMIC, and the one number that would have been best for all.
import { clip, countUntil } from '@groundswell/engine/src/core/4-detect/spread/size-features.ts'
import type { WholeCascade } from './cascades.ts'
import { medianOf } from './ridge.ts'

/** Memory kernel of SEISMIC (Zhao, Erdogdu, He, Rajaraman & Leskovec, KDD 2015), constants of the authors' R package: constant for five minutes, then a power law. */
const kernel = { perSecond: 6.265725e-4, exponent: 0.2314843, flatSeconds: 300 } as const
/** Mean degree of those who repost late, as the authors' package has it; where no followers are known every degree is 1. */
export const meanDegree = { known: 100, unknown: 1 } as const
/** What the variant with learnt constants is chosen among on the folds that it learns from: n*, and a factor for all that is to come. */
const learnable = { degreesKnown: [0, 25, 50, 100, 150, 200], degreesUnknown: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], factors: [0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.3, 1.7, 2.2, 3] } as const
const integrationSteps = 16

export interface Infectiousness { readonly p: number; readonly unexposed: number; readonly seen: number }
export interface SeismicConstants { readonly degree: number; readonly factor: number }

/** p at an age, over a triangular window of half the age, 5 min to 2 h, and of at least five reposts; and the degrees that the kernel still has to bring. */
export function infectiousness({ tree, times }: WholeCascade, age: number): Infectiousness {
  const n = countUntil(times, age), followed = isFollowed(tree.followers)
  let width = clip(age / 2, 300, 7200), first = countUntil(times, age - width)
  if (n - first < 5) {
    first = Math.max(0, n - 6)
    width = Math.max(1, age - times[first]!)
  }
  const from = Math.max(0, age - width), step = (age - from) / integrationSteps
  let came = 0, due = 0, unexposed = 0
  for (let i = first; i < n; i++) came += 1 - (age - times[i]!) / width
  for (let i = 0; i < n; i++) {
    const degree = followed ? Math.max(0, tree.followers[i]!) : 1, time = times[i]!
    unexposed += degree * (1 - kernelUntil(age - time))
    let before = kernelUntil(from - time)
    for (let s = 1; s <= integrationSteps; s++) {
      const end = from + s * step, until = kernelUntil(end - time)
      due += degree * (until - before) * (1 - (age - end + step / 2) / width)
      before = until
    }
  }
  return { p: came / Math.max(due, 1e-9), unexposed, seen: n }
}

export const isFollowed = (followers: Float64Array): boolean => followers.length > 1 && followers[1]! >= 0

function kernelUntil(seconds: number): number {
  const { perSecond, exponent, flatSeconds } = kernel
  if (seconds <= 0) return 0
  return seconds <= flatSeconds ? perSecond * seconds : perSecond * flatSeconds * (1 + (1 - (seconds / flatSeconds) ** -exponent) / exponent)
}

/** Infinity: super-critical, which is no answer. */
export function seismic({ p, unexposed, seen }: Infectiousness, { degree, factor }: SeismicConstants): number {
  return p * degree >= 1 ? Infinity : seen + (factor * p * unexposed) / (1 - p * degree)
}

export function learnSeismic(states: readonly Infectiousness[], finals: readonly number[], followed: boolean): SeismicConstants {
  let best: SeismicConstants = { degree: 0, factor: 1 }, least = Infinity
  for (const degree of followed ? learnable.degreesKnown : learnable.degreesUnknown) {
    for (const factor of learnable.factors) {
      const error = medianOf(states.map((state, i) => relativeError(seismic(state, { degree, factor }), finals[i]!)))
      if (error < least) [best, least] = [{ degree, factor }, error]
    }
  }
  return best
}

/** Of an infinite answer: as large as can be sorted. */
export const relativeError = (said: number, final: number): number => (said === Infinity ? 1e9 : Math.abs(said - final) / final)

/** The number with the least median relative error, among the finals and what lies between. */
export function bestConstant(finals: readonly number[]): { readonly size: number; readonly medianError: number } {
  const sorted = finals.toSorted((a, b) => a - b), candidates = sorted.flatMap((final, i) => (i === 0 ? [final] : [Math.sqrt(final * sorted[i - 1]!), final]))
  let best = { size: 0, medianError: Infinity }
  for (const size of candidates) {
    const medianError = medianOf(finals.map((final) => relativeError(size, final)))
    if (medianError < best.medianError) best = { size: Math.round(size), medianError }
  }
  return best
}
