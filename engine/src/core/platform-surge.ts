// One platform of a topic: its own level and scatter with the topic's season, and its own alarm, over the clocks that an hour of lanes can tell.
import { Baseline, baselineLimits } from './3-measure/baseline.ts'
import { Surge, type SurgeChange } from './4-detect/surge.ts'
import { clockSeconds, VelocityDetector, type Reading } from './4-detect/velocity-detector.ts'
import type { Stateful, StateReader, StateWriter } from './state.ts'

const clocks = clockSeconds.filter((seconds) => seconds <= 3600)
const counts = new Float64Array(clocks.length)

export class PlatformSurge implements Stateful {
  readonly baseline: Baseline
  readonly surge: Surge
  readonly #detector = new VelocityDetector(clocks)
  told = false // whether the alarm that is open was told
  #from: number // first slice that is known of it

  constructor(topic: Baseline, { from, budget }: { readonly from: number; readonly budget: number | null }) {
    this.baseline = new Baseline(baselineLimits.sliceSeconds, { season: topic })
    this.surge = new Surge(budget)
    this.#from = from
  }

  learn(slice: number, count: number): void { if (slice >= this.#from) this.baseline.learn(slice, count) }

  /** `countOf`: what the last so many minutes hold. */
  look(second: number, countOf: (minutes: number) => number): Reading | null {
    clocks.forEach((seconds, clock) => { counts[clock] = countOf(seconds / 60) })
    return this.#detector.look(second, counts, this.baseline, !this.surge.open)
  }

  /** `mayTell`: whether an alarm that begins is worth telling. Answers what is to be told. */
  take(second: number, reading: Reading | null, mayTell: boolean): SurgeChange | null {
    const change = this.surge.take(second, reading)
    if (!change) return null
    const isTold = change.state === 'begin' ? mayTell : this.told
    this.told = change.state === 'begin' && mayTell
    return isTold ? change : null
  }

  save(out: StateWriter): void {
    out.number(this.#from)
    out.number(Number(this.told))
    this.baseline.save(out)
    this.#detector.save(out)
    this.surge.save(out)
  }

  load(from: StateReader): void {
    this.#from = from.whole(0)
    this.told = from.whole(0, 1) === 1
    this.baseline.load(from)
    this.#detector.load(from)
    this.surge.load(from)
    if (this.told && !this.surge.open) from.refuse('an alarm of a platform was told that is not open')
  }
}
