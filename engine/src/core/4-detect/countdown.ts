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
    const horizonSeconds = horizonOf(rule.window.seconds)
    const figure = { count: rule.count, within: rule.within, horizonSeconds }
    const known = knownAhead(this.#wheels, rule.window, this.#clock)
    if (known[0]! >= rule.count) return { ...figure, probability: 1, eta: this.#clock, low: this.#clock, high: this.#clock }
    const path = tripPath({ count: rule.count, windowSeconds: rule.window.seconds, known }, this.#ahead, countdownConstants)
    const leads = leadsOf(rule.window.seconds)
    const at = (share: number): number | null => {
      const after = reached(path, leads, share)
      return after === null ? null : this.#clock + Math.max(1, Math.round(after))
    }
    return { ...figure, probability: path.at(-1)!, eta: at(0.5), low: at(0.1), high: at(0.9) }
  }
}

const ladder = Array.from({ length: 16 }, (_, j) => Math.round(30 * 2 ** (j / 2)))
const leadsByHorizon = new Map<number, readonly number[]>()

/** Seconds ahead at which the probability is worked out: half octaves from 30 s, and the horizon. */
export function leadsOf(windowSeconds: number): readonly number[] {
  const horizon = horizonOf(windowSeconds)
  let leads = leadsByHorizon.get(horizon)
  if (!leads) {
    leads = [...ladder.filter((lead) => lead < 0.9 * horizon), horizon]
    if (leadsByHorizon.size < horizonLimits.secondsMax) leadsByHorizon.set(horizon, leads)
  }
  return leads
}

/**
 * Mentions of now that the window holds: now, and then at each lead. Exact where nothing more comes. A window above two hours is counted
 * in whole minutes, and ends with the minute that the lead is in.
 */
export function knownAhead(wheels: Wheels, window: VelocityRule['window'], clock: number): number[] {
  const seconds = window.wheel === 'seconds'
  const wheel = seconds ? wheels.seconds : wheels.minutes
  const slice = seconds ? 1 : 60
  const length = Math.ceil(window.seconds / slice)
  const head = Math.floor(clock / slice)
  let held = wheel.sumAt(window.index, head)
  let oldest = head - length + 1
  const known = [held]
  for (const lead of leadsOf(window.seconds)) {
    const then = Math.floor((clock + lead) / slice) - length + 1
    held -= wheel.sumBetween(oldest, Math.min(head, then - 1))
    oldest = Math.min(head + 1, then)
    known.push(held)
  }
  return known
}

export interface Approach { readonly count: number; readonly windowSeconds: number; readonly known: ArrayLike<number> }

/** P(trips within the lead) at each lead, 0…1, never falling. */
export function tripPath({ count, windowSeconds, known }: Approach, ahead: ArrivalsAhead, constants: CountdownConstants): number[] {
  const { level, offset, variance, passes, odds } = constants
  const leads = leadsOf(windowSeconds)
  const windowOctaves = Math.log2(windowSeconds / 3600)
  const nearness = odds.nearness * Math.log(Math.max(1, known[0]!) / count)
  const windowShare = Math.exp(variance.window * windowOctaves)
  const path: number[] = []
  let best = -Infinity
  for (let j = 0; j < leads.length; j++) {
    const lead = leads[j]!
    const octave = Math.log2(lead / 30)
    const logRate = between(ahead.logRates, octave) + level.base + level.lead * octave + level.window * windowOctaves
    const mean = Math.min(lead, windowSeconds) * Math.exp(logRate) + offset
    const growth = between(ahead.growth, octave)
    const spread = Math.sqrt(windowShare * (variance.base + variance.lead * octave + variance.seen / Math.exp(between(ahead.logSeen, octave)) + variance.expected / mean + variance.growth * growth * growth))
    const needed = Math.max(1, count - known[j + 1]!) - 0.5 + offset
    const deviations = Math.log(mean / needed) / spread + passes * Math.max(0, Math.log2(lead / windowSeconds))
    const logOdds = (deviations >= 0 ? bent(deviations, odds.above) : -bent(-deviations, odds.below)) + odds.base + odds.lead * octave + nearness
    if (logOdds > best) best = logOdds
    path.push(1 / (1 + Math.exp(-best)))
  }
  return path
}

const bent = (deviations: number, { slope, bend }: Tail): number => (slope * ((1 + deviations) ** bend - 1)) / bend

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
