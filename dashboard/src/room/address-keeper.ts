// The address follows what is shown: a single step at once, so that no reload loses it, and once a second at most while something runs: browsers refuse
// to be told of every step. What waits is written when the page is left or hidden.
const restMs = 150
const leastMs = 1_000
/** Steps that are written one after the other as they come; a second brings one back. Safari takes 100 in 30 s, Chrome 200. */
const atOnceMax = 20

export class AddressKeeper {
  #timer: ReturnType<typeof setTimeout> | null = null
  #keptAt = 0
  #toldAt = -Infinity
  #hash = ''
  #atOnce = atOnceMax
  #countedAt = performance.now()
  readonly #leave = (): void => {
    if (this.#timer === null) return
    this.#stop()
    this.#write()
  }

  constructor() {
    addEventListener('pagehide', this.#leave)
    document.addEventListener('visibilitychange', this.#leave)
  }

  /** The hash that the page is to have. */
  keep(hash: string): void {
    const now = performance.now()
    const isStep = now - this.#toldAt > restMs
    this.#hash = hash
    this.#toldAt = now
    if (isStep && this.#left(now) >= 1) {
      this.#stop()
      this.#write()
    } else if (this.#timer === null) this.#wait() // told with every frame, it does not set a timer with every frame
  }

  close(): void {
    removeEventListener('pagehide', this.#leave)
    document.removeEventListener('visibilitychange', this.#leave)
    this.#stop()
  }

  #left(now: number): number {
    this.#atOnce = Math.min(atOnceMax, this.#atOnce + (now - this.#countedAt) / leastMs)
    this.#countedAt = now
    return this.#atOnce
  }

  #stop(): void {
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

  get #dueAt(): number {
    const late = this.#keptAt + leastMs + restMs
    return this.#left(performance.now()) >= 1 ? Math.min(this.#toldAt + restMs, late) : late
  }

  #write(): void {
    this.#keptAt = performance.now()
    this.#atOnce = Math.max(0, this.#left(this.#keptAt) - 1)
    const address = new URL(location.href)
    address.hash = this.#hash
    if (address.hash !== location.hash) history.replaceState(null, '', address)
  }
}
