// The stage of a topic, from its velocity against its band and its acceleration: 潜伏 latent, 发酵 fermenting, 爆发 outbreak, 平息 subsiding.
import { stages, type Stage } from '@groundswell/schemas/stage.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import type { Reading } from './velocity-detector.ts'

/** The minutes of which the acceleration is told. */
export const accelerationMinutes = 15

/** Mentions a minute, per minute: the least-squares slope over counts of consecutive minutes, oldest first. */
export function acceleration(minutes: ArrayLike<number>): number {
  const middle = (minutes.length - 1) / 2
  let covariance = 0
  let spread = 0
  for (let i = 0; i < minutes.length; i++) {
    covariance += (i - middle) * minutes[i]!
    spread += (i - middle) ** 2
  }
  return spread === 0 ? 0 : covariance / spread
}

export interface StageLook {
  readonly minutes: ArrayLike<number> // counts of the last 15 closed minutes, oldest first
  readonly reading: Reading | null // null: what is normal is not known
  readonly tripped: boolean // whether a fixed threshold of the topic is tripped
}

export class StageTracker implements Stateful {
  #stage: Stage | null = null

  /** Null while nothing can be said: no baseline is known and no threshold is tripped. */
  get stage(): Stage | null { return this.#stage }
  /** Whether minutes without mentions need no look: it is latent or unknown, and stays it while nothing comes. */
  get settled(): boolean { return this.#stage === null || this.#stage === 'latent' }

  /** A look at the minute that closed with `second`. While it is not settled, every minute is looked at. */
  take(second: number, { reading, tripped }: StageLook): Stage | null {
    void second
    this.#stage = tripped ? 'outbreak' : reading && 'latent'
    return this.#stage
  }

  save(out: StateWriter): void { out.number(this.#stage === null ? -1 : stages.indexOf(this.#stage)) }
  load(from: StateReader): void { this.#stage = stages[from.whole(-1, stages.length - 1)] ?? null }
}
