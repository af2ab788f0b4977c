// When a fixed threshold will trip: the probability that it does within the horizon, and an interval for when. A pure function of what the
// topic's wheels hold, worked out when it is asked for.
//
//   count at t + τ  =  known part: mentions of now that are still in the window then, exact
//                   +  arrivals: not here yet, a log-normal over the rate ahead (arrivals-ahead.ts)
//   P(trips by τ)   =  the greatest P(known + arrivals ≥ N) up to τ: a threshold that was reached stays reached
//
// ETA, low and high are where that probability reaches 50, 10 and 90 %. It never falls as the horizon grows, and never rises with N.
// Calibrated on replays: countdown-constants.ts.
import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import type { RecentCounts } from '../3-measure/recent-counts.ts'
import type { SliceWheel } from '../3-measure/slice-wheel.ts'
import { arrivalsAhead, type ArrivalsAhead } from './arrivals-ahead.ts'
import { countdownConstants, type CountdownConstants, type Tail } from './countdown-constants.ts'
import type { VelocityRule } from './thresholds.ts'

export const horizonLimits = { secondsMin: 600, secondsMax: 7200 } as const

/** A window looks as far ahead as it looks back, at least ten minutes and at most two hours. */
export const horizonOf = (windowSeconds: number): number => Math.min(horizonLimits.secondsMax, Math.max(horizonLimits.secondsMin, windowSeconds))

interface Wheels { readonly seconds: SliceWheel; readonly minutes: SliceWheel }

/** A probability as whole parts of `of`, rounded down: 50 % is said only where an ETA is, and certainty only of what is certain. */
export const whole = (probability: number, of: number): number => Math.floor(probability * of + 1e-9) / of

/** Countdowns of a topic's rules at one moment; what they share is worked out once. For rules that are armed, of a topic whose past is known. */
export class Countdowns {
  readonly #wheels: Wheels
  readonly #clock: number
  readonly #ahead: ArrivalsAhead

  constructor(wheels: Wheels, recent: RecentCounts) {
    this.#wheels = wheels
    this.#clock = recent.clock
    this.#ahead = arrivalsAhead(recent, countdownConstants)
  }

  of(rule: VelocityRule): CountdownFigure {
    const { count, within, window } = rule
    const horizonSeconds = horizonOf(window.seconds)
    const approach = approachOf(this.#wheels, window, this.#clock)
    const looked = (second: number): number => (window.wheel === 'seconds' ? second : second - (second % 60) + 59) // when it is next looked at
    if (approach.held >= count) {
      const soon = looked(this.#clock)
      return { count, within, horizonSeconds, probability: 1, eta: soon, low: soon, high: soon }
    }
    const path = tripPath({ count, windowSeconds: window.seconds, ...approach }, this.#ahead, countdownConstants)
    const leads = leadsOf(window.seconds)
    const last = this.#clock + approach.spans[leads.length - 1]!
    const at = (share: number): number | null => {
      const after = reached(path, leads, share)
      return after === null ? null : Math.min(last, looked(this.#clock + Math.max(1, Math.round(after))))
    }
    return { count, within, horizonSeconds, probability: whole(path.at(-1)!, 10_000), eta: at(0.5), low: at(0.1), high: at(0.9) }
  }
}

const leadMin = 30
const ladder = Array.from({ length: 16 }, (_, j) => Math.round(leadMin * 2 ** (j / 2)))
const leadsByHorizon = new Map<number, readonly number[]>()

/** Seconds ahead at which the probability is worked out: half octaves from half a minute, and the horizon. */
export function leadsOf(windowSeconds: number): readonly number[] {
  const horizon = horizonOf(windowSeconds)
  let leads = leadsByHorizon.get(horizon)
  if (!leads) {
    leads = [...ladder.filter((lead) => lead < 0.9 * horizon), horizon]
    if (leadsByHorizon.size < horizonLimits.secondsMax) leadsByHorizon.set(horizon, leads)
  }
  return leads
}

/** A window now, and at each lead when nothing more comes. */
export interface Approach {
  readonly held: number // mentions in it now
  readonly known: ArrayLike<number> // of those, how many it still holds at each lead: exact
  readonly spans: ArrayLike<number> // seconds from now to where the window ends that was last looked at by then
}

/**
 * A window up to two hours is looked at every second. Above, it is counted in whole minutes and looked at when a minute closes: by a lead
 * that no minute closes before, the span is 0 or less and nothing can trip.
 */
export function approachOf(wheels: Wheels, window: VelocityRule['window'], clock: number): Approach {
  const seconds = window.wheel === 'seconds'
  const wheel = seconds ? wheels.seconds : wheels.minutes
  const slice = seconds ? 1 : 60
  const length = Math.ceil(window.seconds / slice)
  const head = Math.floor(clock / slice)
  const held = wheel.sumAt(window.index, head)
  let left = held
  let oldest = head - length + 1
  const [known, spans]: [number[], number[]] = [[], []]
  for (const lead of leadsOf(window.seconds)) {
    const end = Math.max(head, Math.floor((clock + lead + 1) / slice) - 1)
    const first = end - length + 1
    left -= wheel.sumBetween(oldest, Math.min(head, first - 1))
    oldest = Math.min(head + 1, first)
    known.push(left)
    spans.push(Math.min(lead, Math.floor((clock + lead + 1) / slice) * slice - 1 - clock))
  }
  return { held, known, spans }
}

/** P(trips within the lead) at each lead, 0…1, never falling. */
export function tripPath(rule: Approach & { readonly count: number; readonly windowSeconds: number }, ahead: ArrivalsAhead, constants: CountdownConstants): number[] {
  const { level, offset, variance, passes, odds } = constants
  const { count, windowSeconds, held, known, spans } = rule
  const windowOctaves = Math.log2(windowSeconds / 3600)
  const windowShift = level.base + level.window * windowOctaves
  const nearness = odds.base + odds.nearness * Math.log(Math.max(1, held) / count)
  const windowShare = Math.exp(variance.window * windowOctaves)
  const path: number[] = []
  let best = -Infinity
  for (let j = 0; j < known.length; j++) {
    const span = spans[j]!
    if (span <= 0) {
      path.push(0)
      continue
    }
    const octave = Math.max(0, Math.log2(span / leadMin))
    const rate = Math.exp(between(ahead.logRates, octave) + windowShift + level.lead * octave)
    const mean = Math.min(span, windowSeconds) * rate + offset
    const growth = between(ahead.growth, octave)
    const spread = Math.sqrt(windowShare * (variance.base + variance.lead * octave + variance.seen / Math.exp(between(ahead.logSeen, octave))
      + variance.expected / mean + variance.growth * growth * growth + variance.unrest * between(ahead.unrest, octave)))
    const needed = Math.max(1, count - known[j]!)
    const deviations = Math.log(mean / (needed - 0.5 + offset)) / spread + (span > windowSeconds ? passes * Math.log2(span / windowSeconds) : 0)
    const odd = (deviations >= 0 ? bent(deviations, odds.above) : -bent(-deviations, odds.below)) + odds.lead * octave + nearness
    // Markov's inequality: n mentions come with a probability of at most their mean over n. It holds small thresholds of silent topics down.
    const share = (span * rate * Math.exp((spread * spread) / 2)) / needed
    const most = share < 1 ? Math.log(share / (1 - share)) : Infinity
    const logOdds = Math.min(most, odd + tiltAt(odd, odds.tilt) * (octave / 4 - 1))
    if (logOdds > best) best = logOdds
    path.push(1 / (1 + Math.exp(-best)))
  }
  return path
}

const bent = (deviations: number, { slope, bend }: Tail): number => (slope * ((1 + deviations) ** bend - 1)) / bend

/** Through 0 at −4, the three at −2, 0 and 2, and 0 at 4; 0 outside. It must be flatter than 1, so that more stays more. */
function tiltAt(logOdds: number, tilt: readonly number[]): number {
  const place = logOdds / 2 + 2
  if (place <= 0 || place >= 4) return 0
  const i = Math.floor(place)
  const [from, to] = [tilt[i - 1] ?? 0, tilt[i] ?? 0]
  return from + (place - i) * (to - from)
}

function between(values: Float64Array, octave: number): number {
  const i = Math.min(values.length - 2, Math.floor(octave))
  return values[i]! + (octave - i) * (values[i + 1]! - values[i]!)
}

/** Seconds after which the path reaches `share`; null where that lies beyond its end. */
export function reached(path: readonly number[], leads: readonly number[], share: number): number | null {
  for (let j = 0; j < path.length; j++) {
    if (path[j]! < share) continue
    const [p, lead] = j === 0 ? [0, 0] : [path[j - 1]!, leads[j - 1]!]
    return lead + ((leads[j]! - lead) * (share - p)) / (path[j]! - p)
  }
  return null
}
