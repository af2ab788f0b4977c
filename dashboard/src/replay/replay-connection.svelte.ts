// The wall's pictures of the past with the interface of the live feed: told a moment, it holds what was shown then, and fetches ahead while it plays.
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { Picture } from '../live/reducer.ts'
import { exactStepMs, PictureCache, runOfAnswer, runOfPictures, type HeldPicture } from './picture-cache.ts'
import type { ReplayAnswer, ReplayApi, ReplayFailure } from './wall-api.ts'
import type { EngineSaid } from '../live/refusal.ts'

const patienceMs = 20_000
const againMs = 3_000 // after a failure
/** A live wall changes four times a second at most; so does its replay, whatever its speed. */
const framesASecond = 4
/** Of play: how far ahead pictures are there. */
const aheadMs = 6_000
/** Of a run that is waited for: two seconds of play; all that there is room for takes the store and this page several times as long. */
const firstOfRun = 2 * framesASecond

export interface Playing { readonly at: number; readonly speed: number; readonly playing: boolean; readonly latest: number } // latest: ms, the newest moment there can be

export class ReplayConnection {
  readonly #api: ReplayApi
  readonly #cache = new PictureCache()
  readonly #closed = new AbortController()
  #held = $state.raw<HeldPicture | null>(null)
  #at = $state<number | null>(null)
  #none = $state(false)
  #waiting = $state(false)
  #failure = $state.raw<({ readonly why: ReplayFailure } & EngineSaid) | null>(null)
  #inGap = $state(false)
  #untilNext = $state<number>(replayLimits.everyMs) // ms: how far the next picture of this play may lie behind one
  #wanted: Playing | null = null
  #asking = false
  #asked = 0 // ms of the page: when it failed last
  readonly #picture = $derived.by((): Picture => {
    const held = this.#held
    if (held === null) return { link: 'connecting', wantsSnapshot: false, goodAt: null, snapshot: null, runs: 0 }
    return { link: this.#inGap || this.#waiting ? 'lost' : 'live', wantsSnapshot: false, goodAt: 0, snapshot: { ...held.snapshot, room: { ...held.snapshot.room, mode: 'replay' } }, runs: 0 }
  })

  /** The same between two pictures: what hangs on it is not drawn anew with each frame. */
  readonly #now = $derived.by((): number | null => {
    const [at, kept] = [this.#at, this.#held?.at ?? null]
    return kept !== null && at !== null && at - kept <= this.#untilNext ? Math.floor(kept / 1000) * 1000 : at
  })

  constructor(api: ReplayApi) { this.#api = api }

  get picture(): Picture { return this.#picture }
  /** What the clock of the wall said: of the picture, until the next one could have come, which of a fast play is a step later. Its ages are those that were shown, and no source is silent that was not. */
  get now(): number | null { return this.#now }
  readonly lagMs = 0
  readonly refusal = null
  /** When the picture was kept that is shown; null: none is. */
  get keptAt(): number | null { return this.#held?.at ?? null }
  /** Whether that was a drill. */
  get drill(): boolean { return this.#held?.snapshot.room.mode === 'demo' }
  /** Nothing was kept at or before the moment. */
  get none(): boolean { return this.#none }
  /** The picture of the moment is on its way: the one before it stays, and is told to be no other. */
  get waiting(): boolean { return this.#waiting }
  get failure(): ({ readonly why: ReplayFailure } & EngineSaid) | null { return this.#failure }

  /** Called with every step of the playhead. `gap`: whether no picture was kept around it. */
  show(wanted: Playing, gap: boolean): void {
    this.#wanted = wanted
    this.#inGap = gap
    const stepMs = stepOf(wanted)
    this.#untilNext = replayLimits.everyMs + (gap || stepMs === exactStepMs ? 0 : stepMs)
    this.#at = Math.floor(wanted.at / 1000) * 1000
    this.#look()
    if (!this.#asking) void this.#fetch()
  }

  close(): void { this.#closed.abort() }

  #look(): void {
    if (this.#wanted === null) return
    const found = this.#cache.find(this.#wanted.at, stepOf(this.#wanted))
    this.#waiting = found === null
    if (found === null) return
    this.#none = found === 'none'
    const held = found === 'none' ? null : found
    if (held?.at !== this.#held?.at) this.#held = held
  }

  /** One question at a time: first for what is to be shown, then for what comes. */
  async #fetch(): Promise<void> {
    this.#asking = true
    for (let next = this.#next(); next !== null && !this.#closed.signal.aborted; next = this.#next()) {
      const answer = await next()
      if (this.#closed.signal.aborted) break
      this.#failure = answer.ok ? null : answer
      if (!answer.ok) this.#asked = performance.now()
      this.#look()
    }
    this.#asking = false
  }

  #next(): (() => Promise<ReplayAnswer<unknown>>) | null {
    const wanted = this.#wanted
    if (wanted === null || (this.#failure !== null && performance.now() - this.#asked < againMs)) return null
    const stepMs = stepOf(wanted)
    const until = this.#cache.knownUntil(wanted.at, stepMs)
    if (!wanted.playing) {
      if (this.#cache.find(wanted.at, stepMs) === null) return () => this.#askOne(wanted.at)
      // Around a place that is looked at, what comes next is likely looked at too.
      return until < Math.min(wanted.latest, wanted.at + 60_000) && wanted.at < wanted.latest ? () => this.#askRun(until, { stepMs, latest: wanted.latest }) : null
    }
    return until < Math.min(wanted.latest, wanted.at + aheadMs * wanted.speed) ? () => this.#askRun(until, { stepMs, latest: wanted.latest, many: until > wanted.at ? replayLimits.picturesMax : firstOfRun }) : null
  }

  async #askOne(at: number): Promise<ReplayAnswer<unknown>> {
    const answer = await this.#api.at(at, this.#signal())
    if (answer.ok) this.#cache.put(runOfAnswer(answer.value))
    return answer
  }

  async #askRun(from: number, { stepMs, latest, many = replayLimits.picturesMax }: { readonly stepMs: number; readonly latest: number; readonly many?: number }): Promise<ReplayAnswer<unknown>> {
    // In steps of a second there are gaps of five between pictures: a run of as many pictures reaches further.
    const reach = stepMs * many * (stepMs === exactStepMs ? replayLimits.everyMs / exactStepMs : 1)
    const answer = await this.#api.pictures({ from, to: Math.min(from + reach, Math.max(latest, from + 1)), stepMs }, this.#signal())
    if (answer.ok) this.#cache.put(runOfPictures(answer.value))
    return answer
  }

  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }
}

const stepOf = ({ speed, playing }: Playing): number => (playing ? Math.max(exactStepMs, (speed * 1000) / framesASecond) : exactStepMs)
