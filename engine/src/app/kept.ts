// A few answers, each kept for a while: the oldest goes when there is no room.

export class Kept<Value> {
  readonly #max: number
  readonly #now: () => number
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>()

  constructor(max: number, now: () => number) {
    this.#max = max
    this.#now = now
  }

  get(key: string): Value | undefined {
    const kept = this.#values.get(key)
    if (kept === undefined) return undefined
    if (kept.until > this.#now()) return kept.value
    this.#values.delete(key)
    return undefined
  }

  keep(key: string, value: Value, ms: number): void {
    this.#values.delete(key)
    if (this.#values.size >= this.#max) this.#values.delete(this.#values.keys().next().value!)
    this.#values.set(key, { value, until: this.#now() + ms })
  }
}
