// Freshness of each platform, by ingest time: its newest arrival, how often it usually arrives, and its mentions of the last hour.
import type { SourceRow } from '@groundswell/schemas/live.ts'
import type { RecalledSource } from '../remembered.ts'
import type { StateReader, StateWriter } from '../state.ts'
import { HourLanes } from './hour-lanes.ts'

export const sourceLimits = { platformsMax: 31, gapsKept: 16, arrivalMsMin: 1000, other: 'other' } as const

interface Source { readonly platform: string; newestAt: number; countedAt: number; readonly gaps: Float64Array; gapCount: number }

/** At most `platformsMax` platforms have a number of their own, in the order in which they appear; all later ones share `other`. */
export class Sources {
  readonly #ids = new Map<string, number>()
  readonly #sources: Source[] = []
  readonly #hour = new HourLanes(4)

  /** The number of a platform, from 0. */
  idOf(platform: string): number {
    const known = this.#ids.get(platform)
    if (known !== undefined) return known
    if (this.#ids.size >= sourceLimits.platformsMax) return platform === sourceLimits.other ? this.#add(platform) : this.idOf(sourceLimits.other)
    return this.#add(platform)
  }

  nameOf(id: number): string { return this.#sources[id]!.platform }
  get size(): number { return this.#sources.length }

  /**
   * A message brought mentions of this platform at `now` (ingest time, ms). Messages less than a second after the last one that
   * was noted are one arrival with it: a publisher's batches are no cadence.
   */
  arrived(id: number, now: number): void {
    const source = this.#sources[id]!
    if (now > source.newestAt) source.newestAt = now
    const gap = now - source.countedAt
    if (source.countedAt >= 0 && gap < sourceLimits.arrivalMsMin) return
    if (source.countedAt >= 0) source.gaps[source.gapCount++ % sourceLimits.gapsKept] = gap
    source.countedAt = now
  }

  count(id: number, minute: number, head: number): void { this.#hour.add(id, minute, head) }

  /** What is stored of a platform: its newest arrivals, and its mentions of the last hour. */
  recall(source: Pick<RecalledSource, 'platform' | 'newestAt' | 'minutes' | 'arrivals'>, head: number): void {
    const id = this.idOf(source.platform)
    const known = this.#sources[id]!
    for (const at of source.arrivals) this.arrived(id, at)
    known.newestAt = Math.max(known.newestAt, source.newestAt)
    for (const [minute, count] of source.minutes) this.#hour.add(id, minute, head, count)
  }

  /** Ingest time of its newest arrival, ms; −1: none yet. */
  newestAt(id: number): number { return this.#sources[id]!.newestAt }
  /** Typical time between its arrivals, ms; null until it is known. */
  cadence(id: number): number | null { return median(this.#sources[id]!) }

  /** Rows in the order in which the platforms first appeared. */
  rows(clock: number): Omit<SourceRow, 'blindSince'>[] {
    const head = Math.max(0, Math.floor(clock / 60))
    return this.#sources.map((source, id) => ({
      platform: source.platform, newestAt: source.newestAt, cadenceMs: median(source), lastHour: this.#hour.sum(id, head),
    }))
  }

  save(out: StateWriter): void {
    out.number(this.#sources.length)
    for (const { platform, newestAt, countedAt, gaps, gapCount } of this.#sources) {
      out.text(platform)
      out.number(newestAt)
      out.number(countedAt)
      out.array(gaps)
      out.number(gapCount)
    }
    this.#hour.save(out)
  }

  /** Into one that knows no platform yet. */
  load(from: StateReader, clock: number): void {
    const { platformsMax, gapsKept, other } = sourceLimits
    for (let left = from.whole(0, platformsMax + 1); left > 0; left--) {
      const platform = from.text()
      if (this.#ids.has(platform)) from.refuse(`${JSON.stringify(platform)} is there twice`)
      if (this.#ids.size === platformsMax && platform !== other) from.refuse(`${JSON.stringify(platform)} is one platform too many`)
      const source = this.#sources[this.#add(platform)]!
      source.newestAt = from.finite(-1)
      source.countedAt = from.finite(-1)
      const gaps = from.floats()
      if (gaps.length !== gapsKept || !gaps.every((gap) => gap >= 0 && gap < Infinity)) from.refuse(`${JSON.stringify(platform)} has no ${gapsKept} gaps`)
      source.gaps.set(gaps)
      source.gapCount = from.whole(0)
    }
    this.#hour.load(from, Math.floor(clock / 60))
  }

  #add(platform: string): number {
    const id = this.#sources.length
    this.#ids.set(platform, id)
    this.#sources.push({ platform, newestAt: -1, countedAt: -1, gaps: new Float64Array(sourceLimits.gapsKept), gapCount: 0 })
    return id
  }
}

/** Median of the last gaps between arrivals: one long night does not make a source slow. Null until there are three gaps. */
function median(source: Source): number | null {
  const count = Math.min(source.gapCount, sourceLimits.gapsKept)
  if (count < 3) return null
  const sorted = source.gaps.slice(0, count).sort()
  const middle = count >> 1
  return count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
