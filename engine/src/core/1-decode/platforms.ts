// The distinct platforms of one batch, numbered in the order in which they first appear, told apart by their bytes.

const decoder = new TextDecoder()
/** Platforms beyond share the last number: sixty-five thousand platforms in one batch are somebody's mistake. */
const platformsMax = 65_536

export class Platforms {
  names: string[] = []
  #ids = new Map<number, number>() // hash → id; on a collision the next hash
  #starts: number[] = []
  #ends: number[] = []

  clear(): void {
    this.names = []
    this.#ids.clear()
    this.#starts.length = 0
    this.#ends.length = 0
  }

  /** Number of the platform in bytes start … end. The bytes stay as they are until clear(). */
  idOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = end - start
    for (let p = start; p < end; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193)
    for (hash &= 0x3fffffff; ; hash++) {
      const id = this.#ids.get(hash)
      if (id === undefined) return this.#add(hash, decoder.decode(bytes.subarray(start, end)), start, end)
      if (this.#same(bytes, id, start, end)) return id
    }
  }

  #add(hash: number, name: string, start: number, end: number): number {
    const id = this.names.length
    if (id === platformsMax) return id - 1
    this.#ids.set(hash, id)
    this.names.push(name)
    this.#starts.push(start)
    this.#ends.push(end)
    return id
  }

  #same(bytes: Uint8Array, id: number, start: number, end: number): boolean {
    const other = this.#starts[id]!
    if (this.#ends[id]! - other !== end - start) return false
    for (let p = start, q = other; p < end; p++, q++) if (bytes[p] !== bytes[q]) return false
    return true
  }
}
