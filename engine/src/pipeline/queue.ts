// A bounded queue between two async loops: push waits while it is full, so that slowness travels back to the source.
export class Queue<Item> {
  readonly #max: number
  readonly #items: Item[] = []
  #wakePush: (() => void) | undefined
  #wakeTake: (() => void) | undefined
  #closed = false

  constructor(max: number) { this.#max = max }

  get size(): number { return this.#items.length }

  /** Resolves when there is room (the item is in), or at once after close (the item is dropped: nobody will take it). */
  async push(item: Item): Promise<void> {
    while (this.#items.length >= this.#max && !this.#closed) await new Promise<void>((resolve) => { this.#wakePush = resolve })
    if (this.#closed) return
    this.#items.push(item)
    this.#wakeTake?.()
    this.#wakeTake = undefined
  }

  /** The next item; undefined when the queue is closed and empty. One taker only. */
  async take(): Promise<Item | undefined> {
    while (this.#items.length === 0 && !this.#closed) await new Promise<void>((resolve) => { this.#wakeTake = resolve })
    const item = this.#items.shift()
    this.#wakePush?.()
    this.#wakePush = undefined
    return item
  }

  close(): void {
    this.#closed = true
    this.#wakePush?.()
    this.#wakeTake?.()
  }
}
