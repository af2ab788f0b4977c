// The canaries of this run: how far each came, and how long it took. Told the time, never asks it.
//
//   sent ──► streamed (the stream has it) ──► applied (in the core's order) ──► stored (its row is in) ──► shown (in a frame)
import type { Canary } from '@groundswell/schemas/canary.ts'
import type { CanaryFigure } from '@groundswell/schemas/live.ts'
import { IdHash } from '../core/1-decode/hash.ts'
import type { EnrichedBatch } from '../core/batch.ts'

export const canaryLimits = { lateMsMin: 60_000, underWayMax: 256 } as const
/** Matched by whoever looks for it, in either language. */
export const canaryText = 'groundswell 自检 self-test'

export type CanaryPlace = 'sent' | 'streamed' | 'applied' | 'stored'

export interface CanaryListener {
  readonly passed: (stage: 'applied' | 'stored' | 'shown', seconds: number) => void
  /** One did not come through in time; `detail` is why the stream did not take it, where it did not. */
  readonly late: (canary: { readonly place: CanaryPlace; readonly ms: number; readonly detail: string | null }) => void
  /** What the workers made of one is not what was sent. */
  readonly wrong: (why: string) => void
  /** After one that was late or wrong, one came through. */
  readonly over: (ms: number) => void
}

interface UnderWay { readonly id: string; readonly sentAt: number; place: CanaryPlace; detail: string | null; isLate: boolean }

export class Canaries {
  readonly #run: string
  readonly #lateMs: number
  readonly #listener: CanaryListener
  readonly #underWay = new Map<string, UnderWay>() // oldest first
  #sent = 0
  #newest: CanaryFigure | null = null
  #isTroubled = false

  /** `run` tells the canaries of this run from those of earlier ones, which are measured by nobody. */
  constructor(options: { readonly run: string; readonly everyMs: number; readonly listener: CanaryListener }) {
    this.#run = options.run
    this.#lateMs = Math.max(canaryLimits.lateMsMin, 2 * options.everyMs)
    this.#listener = options.listener
  }

  /** The newest that came through; null before the first. */
  get newest(): CanaryFigure | null { return this.#newest }

  /** The next one, on its way from `now` (ms). */
  send(now: number): Canary {
    const id = `canary:${this.#run}:${++this.#sent}`
    // Above the bound the oldest goes: it is late long since, and was told.
    if (this.#underWay.size >= canaryLimits.underWayMax) this.#underWay.delete(this.#underWay.keys().next().value!)
    this.#underWay.set(id, { id, sentAt: now, place: 'sent', detail: null, isLate: false })
    return { id, ts: now, text: canaryText }
  }

  streamed(id: string): void {
    const canary = this.#underWay.get(id)
    if (canary?.place === 'sent') canary.place = 'streamed'
  }

  /** The stream did not take it: it goes nowhere, and is late in its time. */
  refused(id: string, why: string): void {
    const canary = this.#underWay.get(id)
    if (canary) canary.detail = why
  }

  applied(id: string, now: number): void { this.#reached(id, 'applied', now) }
  stored(id: string, now: number): void { this.#reached(id, 'stored', now) }

  wrong(id: string, why: string): void {
    if (!this.#underWay.delete(id)) return
    this.#isTroubled = true
    this.#listener.wrong(why)
  }

  /** A picture is taken at `now`: what is stored is shown by it. Answers what the picture says. */
  show(now: number): CanaryFigure | null {
    for (const canary of this.#underWay.values()) if (canary.place === 'stored') this.#pass(canary, now)
    return this.#newest
  }

  /** Whether one waits for a picture. */
  get isWaiting(): boolean { return [...this.#underWay.values()].some(({ place }) => place === 'stored') }

  /** Tells those that are late by now, each once. */
  check(now: number): void {
    for (const canary of this.#underWay.values()) {
      const ms = now - canary.sentAt
      if (ms < this.#lateMs) return
      if (canary.isLate) continue
      canary.isLate = true
      this.#isTroubled = true
      this.#listener.late({ place: canary.place, ms, detail: canary.detail })
    }
  }

  #reached(id: string, place: 'applied' | 'stored', now: number): void {
    const canary = this.#underWay.get(id)
    if (!canary) return
    canary.place = place
    this.#listener.passed(place, Math.max(0, now - canary.sentAt) / 1000)
  }

  #pass(canary: UnderWay, now: number): void {
    const latencyMs = Math.max(0, now - canary.sentAt) // the machine's clock may be set back in between
    // They come through in the order in which they were sent: an older one that is still under way never will.
    for (const { id } of this.#underWay.values()) {
      this.#underWay.delete(id)
      if (id === canary.id) break
    }
    this.#newest = { at: now, latencyMs }
    this.#listener.passed('shown', latencyMs / 1000)
    if (this.#isTroubled) this.#listener.over(latencyMs)
    this.#isTroubled = false
  }
}

/** What is wrong with what the workers made of a canary: it is one mention with its own id and second, or the decoder is broken. Null: it is right. */
export function canaryFault({ id, ts }: Canary, batches: readonly EnrichedBatch[]): string | null {
  const rejected = batches.flatMap((batch) => Object.keys(batch.rejected.reasons))
  if (rejected.length > 0) return `it was refused as a mention (${rejected.join(', ')})`
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0)
  if (rows !== 1) return `it became ${rows} mentions`
  const batch = batches.find((one) => one.rows === 1)!
  const hash = new IdHash()
  hash.ofText(id)
  if (batch.idLow[0] !== hash.low || batch.idHigh[0] !== hash.high) return 'its id was read as another one'
  const second = Math.floor(ts / 1000)
  return batch.seconds[0] === second ? null : `its time was read as second ${batch.seconds[0]} and not ${second}`
}
