// How surprising the newest counts of a series are against its baseline, over several clocks at once, and how often such a surprise
// comes up when nothing is the matter.
import type { Baseline } from '../3-measure/baseline.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'

/** Seconds of the windows that are watched at once. */
export const clockSeconds = [60, 300, 900, 3600, 7200, 86_400] as const

/** One clock of a look: what its window holds against what is normal. */
export interface ClockReading {
  readonly seconds: number
  readonly count: number
  readonly usual: number
  readonly high: number
  readonly falsePerDay: number // that of the look if only this clock spoke: the same scale over all clocks
}

/** One look at a series. */
export interface Reading {
  readonly score: number // 0: nothing; −log10 of how often a slice surprises like this when nothing is the matter
  readonly falsePerDay: number // alarms a day that a threshold at this score brings when nothing is the matter
  readonly clock: number // which of the clocks stands out most: index
  readonly count: number // in that clock's window …
  readonly usual: number // … where it holds this on average
  readonly high: number // … and 99 of 100 hold at most this
  readonly clocks: readonly ClockReading[] // every clock, in the order of the detector's
}

export class VelocityDetector implements Stateful {
  readonly #clocks: readonly number[]

  constructor(clocks: readonly number[] = clockSeconds) { this.#clocks = clocks }

  /** Looks at the windows that end with `second`; counts[i] is what that of clocks[i] holds. Seconds ascend. Null while too little is known. */
  look(second: number, counts: ArrayLike<number>, baseline: Baseline): Reading | null {
    if (!baseline.known) return null
    let best: Reading | null = null
    const clocks: ClockReading[] = []
    this.#clocks.forEach((seconds, clock) => {
      const usual = baseline.expected(second, seconds)
      const spread = Math.sqrt(baseline.dispersion(seconds))
      const z = (2 * (Math.sqrt(counts[clock]! + 0.375) - Math.sqrt(usual + 0.375))) / spread
      const score = Math.max(0, z) ** 2 / 4.6
      const high = (Math.sqrt(usual + 0.375) + 1.16 * spread) ** 2
      clocks.push({ seconds, count: counts[clock]!, usual, high, falsePerDay: 288 * 10 ** -score })
      if (best && best.score >= score) return
      best = { score, falsePerDay: 288 * 10 ** -score, clock, count: counts[clock]!, usual, high, clocks }
    })
    return best
  }

  save(_out: StateWriter): void { /* no state yet */ }
  load(_from: StateReader): void { /* no state yet */ }
}
