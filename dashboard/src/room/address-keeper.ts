// The address follows what is shown, a moment later and once a second at most while something runs: browsers refuse to be told of every step.
const restMs = 150
const leastMs = 1_000

export class AddressKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null
  #keptAt = 0

  /** The hash that the page is to have. */
  keep(hash: string): void {
    this.close()
    const wait = performance.now() - this.#keptAt > leastMs + restMs ? 0 : restMs
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#keptAt = performance.now()
      const address = new URL(location.href)
      address.hash = hash
      if (address.hash !== location.hash) history.replaceState(null, '', address)
    }, wait)
  }

  close(): void { if (this.#timer !== null) clearTimeout(this.#timer) }
}
