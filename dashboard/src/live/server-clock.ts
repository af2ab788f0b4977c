// What time it is at the server, told by its messages. The message that was least delayed lately says it best; memory is a fixed ring.
const samplesMax = 64

export class ServerClock {
  readonly #offsets = new Float64Array(samplesMax).fill(-Infinity)
  #next = 0
  #offset = -Infinity

  /** A message stamped `serverNow` arrived at `localNow` (both ms; the local clock must be monotonic). */
  observe(serverNow: number, localNow: number): void {
    this.#offsets[this.#next] = serverNow - localNow
    this.#next = (this.#next + 1) % samplesMax
    this.#offset = this.#offsets.reduce((most, offset) => Math.max(most, offset), -Infinity)
  }

  /** Another engine may have another clock. */
  forget(): void {
    this.#offsets.fill(-Infinity)
    this.#offset = -Infinity
  }

  /** Server milliseconds at this local instant; null until a message came. */
  at(localNow: number): number | null {
    return this.#offset === -Infinity ? null : localNow + this.#offset
  }
}
