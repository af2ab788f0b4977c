// The address follows what is shown, a moment later and once a second at most while something runs: browsers refuse to be told of every step.
const restMs = 150
const leastMs = 1_000

export class AddressKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null
  #keptAt = 0
  #toldAt = 0
  #hash = ''

  /** The hash that the page is to have. */
  keep(hash: string): void {
    this.#hash = hash
    this.#toldAt = performance.now()
    if (this.#timer === null) this.#wait() // told with every frame, it does not set a timer with every frame
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (performance.now() < this.#dueAt - 1) this.#wait()
      else this.#write()
    }, Math.max(0, this.#dueAt - performance.now()))
  }

  get #dueAt(): number { return Math.min(this.#toldAt + restMs, this.#keptAt + leastMs + restMs) }

  #write(): void {
    this.#keptAt = performance.now()
    const address = new URL(location.href)
    address.hash = this.#hash
    if (address.hash !== location.hash) history.replaceState(null, '', address)
  }
}
