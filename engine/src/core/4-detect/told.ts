// The event that was told last, as long as it echoes: what goes on or comes back smaller is the same event and is not told again.
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import type { ClockReading } from './velocity-detector.ts'

/** An event echoes undiminished for as long as it took, but no less and no more than this: a night is no end. Then the echo halves in every quarter of that. */
export const echoSeconds = { min: 1800, max: 72_000 } as const
/** What is this many times as loud as the echo is more than it. */
const louder = 1.5

export class ToldEvent implements Stateful {
  #endedAt = -1 // second in which its end was told; −1: there was none
  #loudAt = -1 // last second of which it still was heard
  #lasted: number = echoSeconds.min
  #peaks = new Float64Array(0) // by clock: most mentions above the usual

  /** It ended with `endedAt`, having been outside its bands from `since` to `loudAt`, with these peaks. */
  keep(endedAt: number, { since, loudAt, peaks }: { readonly since: number; readonly loudAt: number; readonly peaks: Float64Array<ArrayBuffer> }): void {
    this.#endedAt = endedAt
    this.#loudAt = loudAt
    this.#lasted = Math.max(echoSeconds.min, Math.min(echoSeconds.max, loudAt - since + 1))
    this.#peaks = peaks
  }

  /** Whether the window holds nothing of it. */
  isBehind(second: number, seconds: number): boolean { return this.#endedAt < 0 || second - seconds >= this.#endedAt }

  /** Whether what stands above the usual now is more than an echo. */
  isLouder(second: number, clock: number, { count, usual }: ClockReading): boolean {
    const faded = (4 * Math.max(0, second - this.#loudAt - this.#lasted)) / this.#lasted
    return count - usual > louder * (this.#peaks[clock] ?? 0) * 2 ** -faded
  }

  /** It is heard again; where the echo has not faded it goes on, else it fades on. */
  hear(second: number): void { if (second - this.#loudAt <= this.#lasted) this.#loudAt = second }

  save(out: StateWriter): void {
    for (const one of [this.#endedAt, this.#loudAt, this.#lasted]) out.number(one)
    out.array(this.#peaks)
  }

  load(from: StateReader): void {
    this.#endedAt = from.whole(-1)
    this.#loudAt = from.whole(-1)
    this.#lasted = from.whole(echoSeconds.min, echoSeconds.max)
    this.#peaks = from.floats()
    for (const peak of this.#peaks) if (!(peak >= 0 && peak < Infinity)) from.refuse(`a peak of ${peak} mentions is none`)
  }
}
