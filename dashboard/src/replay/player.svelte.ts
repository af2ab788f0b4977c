// A playhead that plays: one reactive object with a lifetime. While it is paused, at the end or on a page that nobody sees, no frame is asked for.
import { advance, atSpeed, byKey, pause, play, playheadOf, seek, shiftSpeed, spanned, toMark, type Playhead, type Span, type Start } from './playhead.ts'

/** Who wants less motion gets a step twice a second, over the same time. */
const calmStepMs = 500

export class Player {
  #head = $state.raw<Playhead>(playheadOf([0, 0]))
  #quiet: readonly Span[] = []
  #start = $state.raw<Start | null>(null) // until the span is known
  #frame = 0
  #playedAt = 0
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)')
  readonly #seen = (): void => { this.#playedAt = performance.now() } // what passed while nobody saw it is not played

  constructor(start: Start = {}) {
    this.#start = start
    this.#head = playheadOf([0, 0], { ...start, at: null })
    document.addEventListener('visibilitychange', this.#seen)
  }

  /** Whether its span is known. */
  get ready(): boolean { return this.#start === null }
  get head(): Playhead { return this.#head }
  /** Whole ms. */
  get at(): number { return Math.round(this.#head.at) }
  get atEnd(): boolean { return this.#head.at >= this.#head.to }

  /** The first span that it is told begins it. */
  span(span: Span, quiet: readonly Span[] = []): void {
    this.#quiet = quiet
    if (this.#start !== null) {
      const { at = null } = this.#start
      this.#start = null
      this.#become(playheadOf(span, { at, speed: this.#head.speed, skipsQuiet: this.#head.skipsQuiet }))
    } else if (span[0] !== this.#head.from || span[1] !== this.#head.to) this.#become(spanned(this.#head, span))
  }

  /** `first`: where a play from the end begins anew, ms. */
  toggle(first?: number): void { this.#become(this.#head.playing ? pause(this.#head) : play(this.#head, first)) }
  pause(): void { this.#become(pause(this.#head)) }
  seek(at: number): void { this.#become(seek(this.#head, at)) }
  speed(speed: number): void { this.#become(atSpeed(this.#head, speed)) }
  faster(by: 1 | -1): void { this.#become(shiftSpeed(this.#head, by)) }
  skipQuiet(skips: boolean): void { this.#become({ ...this.#head, skipsQuiet: skips }) }
  toMark(marks: readonly number[], direction: 1 | -1): void { this.#become(toMark(this.#head, marks, direction)) }
  /** Whether the key means anything to a playhead. */
  key(key: string): boolean {
    const next = byKey(this.#head, key)
    if (next !== null) this.#become(next)
    return next !== null
  }

  close(): void {
    cancelAnimationFrame(this.#frame)
    document.removeEventListener('visibilitychange', this.#seen)
  }

  #become(head: Playhead): void {
    const began = head.playing && !this.#head.playing
    this.#head = head
    if (!head.playing) cancelAnimationFrame(this.#frame)
    if (!began) return
    this.#playedAt = performance.now()
    this.#next()
  }

  #next(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      const now = performance.now(), elapsed = now - this.#playedAt
      if (!this.#calm.matches || elapsed >= calmStepMs) {
        this.#playedAt = now
        this.#head = advance(this.#head, elapsed, this.#quiet)
      }
      if (this.#head.playing) this.#next()
    })
  }
}
