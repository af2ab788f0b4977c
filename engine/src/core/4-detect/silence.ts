// Silence is an event: a source that stops is stale after twice its own cadence, and blind after a set time. Missing data is not calm:
// what a blind source spoke of stays as it is until the source is seen again.
//
// Decided at ticks, by the time of the stream, so a replay decides alike. Time between two ticks that are over 5 s apart is nobody's
// silence: the engine, NATS or the room in the stream was missing then.
//
// Who can be blind. A source that spoke for at least the set time; and not before twice the longest silence that it came back from by
// itself within the last day or two, so that an hourly collector is not blind between its hours. Where that is over a day (a file
// that somebody publishes now and then) it has no rhythm to miss and is never blind. A silence that ended in blindness teaches nothing,
// and a recording that ends with its control message has not fallen silent.
import type { Sources } from '../3-measure/sources.ts'
import type { RecalledSource } from '../remembered.ts'
import type { StateReader, StateWriter } from '../state.ts'

export const silenceLimits = { tickGapMsMax: 5000, staleMsMin: 5000, touchMsMax: 1_800_000, rhythmMsMax: 86_400_000, dayMs: 86_400_000 } as const

export interface SilenceOptions {
  readonly blindSeconds: number | null // null: no source is ever blind
  readonly bySource?: Readonly<Record<string, number | null>> // platforms with a time of their own
}

/** A source went blind or was seen again; times in ms. */
export interface SilenceChange {
  readonly kind: 'blind' | 'seen'
  readonly source: string
  readonly at: number // time of the tick
  readonly since: number // when it went blind
  readonly silentMs: number
  readonly cadenceMs: number
}

interface Known {
  newestAt: number // newest arrival that a tick has looked at
  firstAt: number
  excused: number // of the time since newestAt, what nobody looked at
  blindSince: number // −1: it is not
  longest: number // silence that it came back from, of the day that began at dayFrom …
  longestBefore: number // … and of the day before
  dayFrom: number
  ended: boolean // a recording ended while it spoke, and it has not spoken since
  touched: boolean // the topics that it spoke of are noted
}

export type TopicsOf = (sourceId: number) => readonly string[]

export class Silence {
  readonly #options: SilenceOptions
  readonly #sources: Sources
  readonly #known: Known[] = [] // by number of the source
  readonly #touched = new Map<string, number>() // topic → bits of the sources that spoke of it before they fell silent; at most the topics of the rules
  #blind = 0 // bits of the sources that are blind
  #lookedAt = -1 // the last tick

  constructor(sources: Sources, options: SilenceOptions) {
    this.#sources = sources
    this.#options = options
  }

  /** Whether nothing may clear for this topic now: a source that spoke of it is blind. */
  holds(topic: string): boolean { return this.#blind !== 0 && ((this.#touched.get(topic) ?? 0) & this.#blind) !== 0 }

  /**
   * Whether nobody is heard any more, as of the last tick: a source is blind, and so is every other that can be, or it has been silent for the
   * set time. Then a topic of which nobody spoke shortly before is not calm either.
   */
  get isDeaf(): boolean {
    if (this.#blind === 0) return false
    const setMs = (this.#options.blindSeconds ?? Infinity) * 1000
    return this.#known.every((known, id) => known.blindSince >= 0
      || (this.#blindMs(this.#sources.nameOf(id), known) === null && this.#silentMs(known, this.#lookedAt) >= setMs))
  }

  /** When the source went blind, ms; null where it is not. */
  blindSince(id: number): number | null {
    const since = this.#known[id]?.blindSince ?? -1
    return since < 0 ? null : since
  }

  /** As of the last tick. */
  get state(): { readonly stale: number; readonly blind: readonly string[] } {
    const blind = this.#known.flatMap(({ blindSince }, id) => (blindSince < 0 ? [] : [this.#sources.nameOf(id)]))
    const stale = this.#known.filter((known, id) => known.blindSince < 0 && this.#isStale(id, this.#silentMs(known, this.#lookedAt))).length
    return { stale, blind }
  }

  /** `topicsOf`: which topics the source spoke of within the hour; asked once a silence. */
  tick(now: number, topicsOf: TopicsOf): SilenceChange[] {
    const looking = this.#lookedAt >= 0 && now - this.#lookedAt <= silenceLimits.tickGapMsMax
    const changes: SilenceChange[] = []
    for (let id = 0; id < this.#sources.size; id++) {
      const known = this.#hear(id, { now, looking }, changes)
      if (!looking) known.excused += Math.max(0, now - Math.max(this.#lookedAt, known.newestAt))
      if (known.blindSince < 0) this.#judge(id, { now, topicsOf }, changes)
    }
    this.#lookedAt = now
    return changes
  }

  /** A recording has ended: what spoke until now was perhaps only in it, and is not missed unless it speaks again. */
  ended(now: number): SilenceChange[] {
    const changes: SilenceChange[] = []
    for (let id = 0; id < this.#sources.size; id++) {
      const known = this.#hear(id, { now, looking: true }, changes)
      if (known.blindSince < 0 && !this.#isStale(id, this.#silentMs(known, now))) known.ended = true
    }
    return changes
  }

  /** A person has changed the rules: from here on they clear as ever. */
  release(): void {
    this.#touched.clear()
    for (const known of this.#known) known.touched = false
  }

  save(out: StateWriter): void {
    out.number(this.#lookedAt)
    out.number(this.#known.length)
    for (const { newestAt, firstAt, excused, blindSince, longest, longestBefore, dayFrom, ended, touched } of this.#known) {
      out.array(Float64Array.of(newestAt, firstAt, excused, blindSince, longest, longestBefore, dayFrom, Number(ended), Number(touched)))
    }
    out.json([...this.#touched])
  }

  /** Behind the sources, which it speaks of. */
  load(from: StateReader): void {
    this.#lookedAt = from.finite(-1)
    for (let left = from.whole(0, this.#sources.size); left > 0; left--) {
      const values = from.floats()
      if (values.length !== 9 || !values.every((value) => value >= -1 && value < Infinity)) from.refuse('what is known of a source has another form')
      const [newestAt, firstAt, excused, blindSince, longest, longestBefore, dayFrom, ended, touched] = [...values] as [number, number, number, number, number, number, number, number, number]
      if (blindSince >= 0) this.#blind |= 1 << this.#known.length
      this.#known.push({ newestAt, firstAt, excused, blindSince, longest, longestBefore, dayFrom, ended: ended === 1, touched: touched === 1 })
    }
    for (const [topic, bits] of readTouched(from)) this.#touched.set(topic, bits)
  }

  /**
   * What is stored of a source that is known already, before any tick. A silence of which nobody knows whether it ended in blindness counts
   * as its rhythm: rather blind too late than called blind between its hours.
   */
  recall(id: number, { newestAt, firstAt, longestMs }: Pick<RecalledSource, 'newestAt' | 'firstAt' | 'longestMs'>): void {
    this.#known[id] = { ...unheard(newestAt), firstAt, longest: longestMs }
  }

  /** Takes notice of what has arrived since the last look. */
  #hear(id: number, at: { readonly now: number; readonly looking: boolean }, changes: SilenceChange[]): Known {
    const newestAt = this.#sources.newestAt(id)
    const known = this.#known[id] ??= unheard(newestAt)
    if (newestAt <= known.newestAt) return known
    if (known.newestAt < 0) Object.assign(known, { newestAt, firstAt: newestAt, dayFrom: newestAt })
    const unseenMs = at.looking ? 0 : Math.max(0, newestAt - Math.max(this.#lookedAt, known.newestAt))
    const silentMs = Math.max(0, newestAt - known.newestAt - known.excused - unseenMs)
    if (known.blindSince >= 0) {
      changes.push({ kind: 'seen', source: this.#sources.nameOf(id), at: at.now, since: known.blindSince, silentMs, cadenceMs: this.#sources.cadence(id) ?? 0 })
      known.blindSince = -1
      this.#blind &= ~(1 << id)
    } else if (at.looking) learn(known, silentMs, newestAt)
    if (known.touched) this.#untouch(id)
    known.newestAt = newestAt
    known.excused = 0
    known.ended = false
    known.touched = false
    return known
  }

  #judge(id: number, { now, topicsOf }: { readonly now: number; readonly topicsOf: TopicsOf }, changes: SilenceChange[]): void {
    const known = this.#known[id]!
    const source = this.#sources.nameOf(id)
    const blindMs = this.#blindMs(source, known)
    const silentMs = this.#silentMs(known, now)
    if (blindMs === null || silentMs < Math.min(blindMs, silenceLimits.touchMsMax)) return
    const cadenceMs = this.#sources.cadence(id)
    if (cadenceMs === null) return
    if (!known.touched) this.#touch(id, topicsOf)
    if (silentMs < blindMs) return
    known.blindSince = now
    this.#blind |= 1 << id
    changes.push({ kind: 'blind', source, at: now, since: now, silentMs, cadenceMs })
  }

  /** After how much silence the source is blind; null: never. */
  #blindMs(source: string, { newestAt, firstAt, longest, longestBefore, ended }: Known): number | null {
    const seconds = this.#options.bySource?.[source] === undefined ? this.#options.blindSeconds : this.#options.bySource[source]
    const rhythmMs = 2 * Math.max(longest, longestBefore)
    if (seconds === null || ended || newestAt - firstAt < seconds * 1000 || rhythmMs > silenceLimits.rhythmMsMax) return null
    return Math.max(seconds * 1000, rhythmMs)
  }

  #silentMs({ newestAt, excused }: Known, now: number): number { return Math.max(0, now - newestAt - excused) }

  #isStale(id: number, silentMs: number): boolean {
    const cadenceMs = this.#sources.cadence(id)
    return cadenceMs !== null && silentMs >= Math.max(silenceLimits.staleMsMin, 2 * cadenceMs)
  }

  #touch(id: number, topicsOf: TopicsOf): void {
    this.#known[id]!.touched = true
    for (const topic of topicsOf(id)) this.#touched.set(topic, (this.#touched.get(topic) ?? 0) | (1 << id))
  }

  #untouch(id: number): void {
    for (const [topic, bits] of this.#touched) {
      const left = bits & ~(1 << id)
      if (left === 0) this.#touched.delete(topic)
      else this.#touched.set(topic, left)
    }
  }
}

const unheard = (newestAt: number): Known => ({ newestAt, firstAt: newestAt, excused: 0, blindSince: -1, longest: 0, longestBefore: 0, dayFrom: newestAt, ended: false, touched: false })

/** The longest silence of two days is remembered, in two halves. */
function learn(known: Known, silentMs: number, at: number): void {
  if (at - known.dayFrom >= silenceLimits.dayMs) {
    known.longestBefore = at - known.dayFrom >= 2 * silenceLimits.dayMs ? 0 : known.longest
    known.longest = 0
    known.dayFrom = at
  }
  known.longest = Math.max(known.longest, silentMs)
}

function readTouched(from: StateReader): readonly (readonly [string, number])[] {
  const read = from.json()
  const isPair = (pair: unknown): pair is [string, number] => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && Number.isInteger(pair[1]) && pair[1] !== 0
  if (!Array.isArray(read) || !read.every(isPair)) return from.refuse('the topics that silent sources spoke of are no list of topic and bits')
  return read
}
