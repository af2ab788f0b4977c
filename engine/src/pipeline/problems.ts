// What the room must know about the engine itself: one problem a kind, from when it began until it is over.
import type { Problem } from '@groundswell/schemas/live.ts'

export class Problems {
  readonly #now: () => number
  readonly #open = new Map<Problem['kind'], Problem>()

  constructor(now: () => number) { this.#now = now }

  get list(): readonly Problem[] { return [...this.#open.values()] }
  has(kind: Problem['kind']): boolean { return this.#open.has(kind) }

  /** Keeps the time at which it began; the newest detail stands. */
  raise(kind: Problem['kind'], detail: string): void {
    this.#open.set(kind, { kind, since: this.#open.get(kind)?.since ?? this.#now(), detail })
  }

  over(kind: Problem['kind']): void { this.#open.delete(kind) }
}
