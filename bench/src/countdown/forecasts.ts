// What every forecast of the replays could know, and what then happened: one row of numbers each, so that constants can be tried on a
// million of them without playing the recordings again.
import { recentCounts, recentScales } from '@groundswell/engine/src/core/3-measure/recent-counts.ts'
import { arrivalsAhead, type ArrivalsAhead } from '@groundswell/engine/src/core/4-detect/arrivals-ahead.ts'
import type { CountdownConstants } from '@groundswell/engine/src/core/4-detect/countdown-constants.ts'
import { approachOf, horizonOf, leadsOf, tripPath, type Approach } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import { hashOf } from './chance.ts'
import { replay } from './replay.ts'
import type { Series } from './series.ts'

const scales = recentScales.length
const leadsMax = 18
const at = { series: 0, window: 1, count: 2, after: 3, lastTen: 4, held: 5, counts: 6, reaches: 6 + scales, known: 6 + 2 * scales, spans: 6 + 2 * scales + leadsMax } as const
const width = at.spans + leadsMax
const rowsMax = 1_500_000

export class Forecasts {
  readonly series: readonly Series[]
  #rows: Float32Array
  size = 0

  constructor(series: readonly Series[], rows = new Float32Array(width * rowsMax), size = 0) {
    this.series = series
    this.#rows = rows
    this.size = size
  }

  /** Plays every series. A forecast whose horizon reaches beyond its recording is left out: what happened is not known. */
  play(told: (done: number) => void): void {
    this.series.forEach((series, index) => {
      const last = series.seconds.at(-1)!
      replay(series, ({ wheels, rule, clock, since }) => {
        if (clock + horizonOf(rule.window.seconds) > last) return null
        const { counts, spans } = recentCounts(wheels, clock, since)
        const row = new Float32Array(width)
        const { held, known, spans: ends } = approachOf(wheels, rule.window, clock)
        row.set([index, rule.window.seconds, rule.count, 0, wheels.seconds.sumBetween(clock - 599, clock), held])
        row.set(counts, at.counts)
        row.set(spans, at.reaches)
        row.set(known, at.known)
        row.set(ends, at.spans)
        return row
      }, (row, after) => { if (row) this.#push(row, after) })
      told(index + 1)
    })
  }

  #push(row: Float32Array, after: number): void {
    if ((this.size + 1) * width > this.#rows.length) throw new Error(`there are more than ${this.size} forecasts: there is room for no more`)
    row[at.after] = after
    this.#rows.set(row, this.size++ * width)
  }

  get bytes(): Uint8Array { return new Uint8Array(this.#rows.buffer, this.#rows.byteOffset, this.size * width * 4) }

  #of(n: number, column: number): number { return this.#rows[n * width + column]! }
  seriesOf(n: number): Series { return this.series[this.#of(n, at.series)]! }
  seriesIndex(n: number): number { return this.#of(n, at.series) }
  window(n: number): number { return this.#of(n, at.window) }
  count(n: number): number { return this.#of(n, at.count) }
  /** Mentions in the window, and of the last ten minutes. */
  held(n: number): number { return this.#of(n, at.held) }
  lastTen(n: number): number { return this.#of(n, at.lastTen) }
  /** Seconds until it tripped; Infinity where it did not within the horizon. */
  trippedAfter(n: number): number {
    const after = this.#of(n, at.after)
    return after <= horizonOf(this.window(n)) ? after : Infinity
  }
  approach(n: number): Approach {
    const [from, leads] = [n * width, leadsOf(this.window(n)).length]
    return { held: this.held(n), known: this.#rows.subarray(from + at.known, from + at.known + leads), spans: this.#rows.subarray(from + at.spans, from + at.spans + leads) }
  }

  /** What of the constants' work does not depend on the threshold. */
  ahead(n: number, constants: CountdownConstants): ArrivalsAhead {
    const from = n * width
    return arrivalsAhead({ clock: 0, counts: this.#rows.subarray(from + at.counts, from + at.reaches), spans: this.#rows.subarray(from + at.reaches, from + at.known) }, constants)
  }

  path(n: number, constants: CountdownConstants, ahead = this.ahead(n, constants)): number[] {
    return tripPath({ count: this.count(n), windowSeconds: this.window(n), ...this.approach(n) }, ahead, constants)
  }
}

/** Half of the topics are fitted on, the others are reported on: by a hash of the name, not by choice. */
export const isHeldOut = ({ set, name }: Series): boolean => hashOf(`${set}/${name}`) >= 2 ** 31
