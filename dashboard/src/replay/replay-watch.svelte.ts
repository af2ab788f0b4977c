// What the wall did by itself then, for its replay: a function of the moment, so that a seek shows what was shown. It makes no sound, turns no view and reloads nothing.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { flashMs, type WallRules } from '../live/wall-watch.svelte.ts'
import type { View } from '../room/rotation.ts'
import { noTakeover, type Takeover } from '../room/takeover.ts'
import { flashingAt, takeoverAt, type ToldNews } from './takeover-then.ts'

export interface Then { readonly snapshot: Snapshot | null; readonly news: readonly ToldNews[]; readonly at: number } // at: whole seconds of ms

export class ReplayWatch implements WallRules {
  readonly #then: () => Then
  readonly view: View = 'topics'
  readonly soundBlocked = false
  readonly #takeover = $derived.by((): Takeover => {
    const { snapshot, news, at } = this.#then()
    return snapshot === null ? noTakeover : takeoverAt(snapshot, news, at)
  })
  readonly #flashing = $derived.by(() => {
    const { snapshot, news, at } = this.#then()
    return snapshot === null ? new Set<string>() : flashingAt(snapshot, news, { at, flashMs })
  })

  constructor(then: () => Then) { this.#then = then }

  get takeover(): Takeover { return this.#takeover }
  flashes(topic: string): boolean { return this.#flashing.has(topic) }
  hear(): void { /* a replay is silent */ }
  look(): void { /* every moment is looked at anew */ }
  close(): void { /* nothing runs */ }
}
