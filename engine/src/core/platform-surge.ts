// One platform of a topic: its own level and scatter with the topic's season, and its own alarm, over the clocks that an hour of lanes can tell.
import { Baseline, baselineLimits } from './3-measure/baseline.ts'
import { TellingSurge } from './4-detect/telling-surge.ts'
import { clockSeconds, VelocityDetector, type Reading } from './4-detect/velocity-detector.ts'
import type { Stateful, StateReader, StateWriter } from './state.ts'

/** The part of a topic's budget that its platforms have together, where there are two of them or more: one is the topic itself. */
const platformsShare = 1 / 3

/**
 * What topic and platforms may each give of a budget of so many false alarms a day, so that together they give no more: to look at more
 * series is to find more that is rare (Bonferroni's bound). The topic keeps most, for what is the matter is mostly seen in all of it.
 */
export function sharesOf(budget: number | null, platforms: number): { readonly topic: number | null; readonly platform: number | null } {
  if (budget === null) return { topic: null, platform: null }
  return { topic: platforms < 2 ? budget : budget * (1 - platformsShare), platform: (budget * platformsShare) / Math.max(1, platforms) }
}

const clocks = clockSeconds.filter((seconds) => seconds <= 3600)
const counts = new Float64Array(clocks.length)

export class PlatformSurge implements Stateful {
  readonly baseline: Baseline
  readonly surge: TellingSurge
  readonly #detector = new VelocityDetector(clocks)
  #from: number // first slice that is known of it

  /** `from`: the first slice that is known of it. Its alarm has no budget yet. */
  constructor(topic: Baseline, from: number) {
    this.baseline = new Baseline(baselineLimits.sliceSeconds, { season: topic })
    this.surge = new TellingSurge(null)
    this.#from = from
  }

  /** null: nothing is known of it. */
  learn(slice: number, count: number | null): void { if (slice >= this.#from) this.baseline.learn(slice, count) }

  /** `countOf`: what the last so many minutes hold. */
  look(second: number, countOf: (minutes: number) => number): Reading | null {
    clocks.forEach((seconds, clock) => { counts[clock] = countOf(seconds / 60) })
    return this.#detector.look(second, counts, this.baseline, !this.surge.open)
  }

  save(out: StateWriter): void {
    out.number(this.#from)
    this.baseline.save(out)
    this.#detector.save(out)
    this.surge.save(out)
  }

  load(from: StateReader): void {
    this.#from = from.whole(0)
    this.baseline.load(from)
    this.#detector.load(from)
    this.surge.load(from)
  }
}
