// The engine's own baseline and detector over a series of counts that somebody else kept: a score a row, from what lies before it alone.
import { Baseline } from './core/3-measure/baseline.ts'
import { Novelty } from './core/4-detect/novelty.ts'
import { VelocityDetector } from './core/4-detect/velocity-detector.ts'

/** One row: `second` of its beginning and what was counted from there to the next; null where that cannot be read. */
export interface SeriesRow { readonly second: number; readonly count: number | null }

/** Seconds of the windows of a series, to the nearest whole row: those shorter than its rows are left out. Without minutes to look at, four hours say more than a day. */
const seriesClocks = [900, 3600, 14_400] as const
/** So many rows tell how far rows lie apart. */
const rowsToBegin = 6
/** A score of this is half way to 1. */
const halfWay = 2
/** What goes on after it was told, and what is not worth telling, is scored by so much of it: readable, and never above what is told. */
const untold = 0.1
const weekSeconds = 7 * 86_400

/**
 * Scores 0…1, one for each row that is given, each before anything later is known. Rows without time or count, and those that are not
 * behind the row before, are scored 0 and change nothing. What is missing between rows is missing, not zero.
 */
export class SeriesScorer {
  #first: SeriesRow[] = []
  #series: Series | null = null

  score(row: SeriesRow | null): number {
    if (row === null) return 0
    if (this.#series) return this.#series.take(row)
    const last = this.#first.at(-1)
    if (last && row.second <= last.second) return 0
    this.#first.push(row)
    if (this.#first.length < rowsToBegin) return 0
    const series = new Series(intervalOf(this.#first), this.#first[0]!.second)
    this.#series = series
    const scores = this.#first.map((first) => series.take(first))
    this.#first = []
    return scores.at(-1)!
  }
}

/** The median of the steps between rows. */
function intervalOf(rows: readonly SeriesRow[]): number {
  const steps = rows.slice(1).map((row, i) => row.second - rows[i]!.second).sort((a, b) => a - b)
  return steps[steps.length >> 1]!
}

class Series {
  readonly #seconds: number
  readonly #origin: number
  readonly #firstSlice: number
  readonly #clocks: readonly number[]
  readonly #baseline: Baseline
  readonly #detector: VelocityDetector
  readonly #novelty = new Novelty()
  readonly #ring: Float64Array // counts of the slices of the longest clock; what is missing holds what is usual
  readonly #windows: Float64Array

  constructor(seconds: number, origin: number) {
    this.#seconds = seconds
    this.#origin = origin
    const weeksAhead = Math.max(0, Math.ceil(-origin / weekSeconds)) // slices are numbered from 0: what lies before 1970 is taken for whole weeks later
    this.#firstSlice = Math.floor((origin + weeksAhead * weekSeconds) / seconds)
    const clocks = seriesClocks.filter((clock) => clock >= seconds).map((clock) => Math.round(clock / seconds) * seconds)
    this.#clocks = clocks.length > 0 ? clocks : [seconds]
    this.#baseline = new Baseline(seconds)
    this.#detector = new VelocityDetector(this.#clocks)
    this.#ring = new Float64Array(this.#slicesOf(this.#clocks.at(-1)!))
    this.#windows = new Float64Array(this.#clocks.length)
  }

  take({ second, count }: SeriesRow): number {
    const slice = this.#firstSlice + Math.round((second - this.#origin) / this.#seconds)
    const newest = this.#baseline.newest
    if (slice <= newest) return 0
    if (newest >= 0 && slice > newest + 1) this.#passGap(newest + 1, slice)
    this.#enter(slice, count)
    const score = count === null ? 0 : this.#look(slice)
    this.#baseline.learn(slice, count)
    return score
  }

  #look(slice: number): number {
    const end = this.#endOf(slice)
    const reading = this.#detector.look(end, this.#windows, this.#baseline)
    if (!reading) return 0
    const told = this.#novelty.take(end, reading.score)
    return told > 0 ? told / (told + halfWay) : (untold * reading.score) / (reading.score + halfWay)
  }

  /** What is missing is taken for usual; what is longer than the longest clock leaves nothing in its window. */
  #passGap(from: number, to: number): void {
    this.#baseline.learn(to - 1, null)
    if (to - from >= this.#ring.length) {
      this.#ring.fill(0)
      this.#windows.fill(0)
      return
    }
    for (let slice = from; slice < to; slice++) this.#enter(slice, null)
  }

  #enter(slice: number, count: number | null): void {
    const length = this.#ring.length
    const value = count ?? (this.#baseline.known ? this.#baseline.expected(this.#endOf(slice), this.#seconds) : 0)
    for (let clock = 0; clock < this.#clocks.length; clock++) {
      this.#windows[clock] = Math.max(0, this.#windows[clock]! + value - this.#ring[(slice + length - this.#slicesOf(this.#clocks[clock]!)) % length]!)
    }
    this.#ring[slice % length] = value
  }

  #endOf(slice: number): number { return Math.round((slice + 1) * this.#seconds) - 1 }
  #slicesOf(clock: number): number { return Math.round(clock / this.#seconds) }
}
