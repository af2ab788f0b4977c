// The 64-bit hash by which ids are told apart: two 32-bit lanes over the decoded bytes.
//
// Among 50 M distinct ids the chance that any two share a hash is n²/2⁶⁵ ≈ 7·10⁻⁵; a new mention is taken for a duplicate with
// n/2⁶⁴ ≈ 3·10⁻¹², at 143,199 mentions/s once in about a month. The hash has no secret: it guards against chance, not against
// somebody who constructs colliding ids. It must never change while a checkpoint or a stream that it has seen is in use.

const c1 = 0x239b961b, c2 = 0xab0e9789 | 0, c3 = 0x38b34ae5, c4 = 0xa1e38b93 | 0
const encoder = new TextEncoder()

export class IdHash {
  low = 0 // unsigned 32 bits each
  high = 0

  /**
   * Hashes bytes start … end. Each lane takes every word with multipliers and rotations of its own and the lanes stir each
   * other (rounds and finish as in MurmurHash3_x86_128, Austin Appleby, 2011).
   */
  of(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    let a = 0x6a09e667 ^ length
    let b = 0xbb67ae85 ^ length
    let p = start
    for (; p + 4 <= end; p += 4) {
      const word = bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24)
      a = (Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(word, c1), 15), c2), 19) + b, 5) + 0x561ccd1b) | 0
      b = (Math.imul(rotate(b ^ Math.imul(rotate(Math.imul(word, c3), 17), c4), 13) + a, 5) + 0x32ac3b17) | 0
    }
    let tail = 0
    for (let shift = 0; p < end; p++, shift += 8) tail |= bytes[p]! << shift
    a ^= Math.imul(rotate(Math.imul(tail, c1), 15), c2)
    b ^= Math.imul(rotate(Math.imul(tail, c3), 17), c4)
    a = (a + b) | 0
    b = (b + a) | 0
    a = finish(a)
    b = finish(b ^ 0x85ebca6b)
    a = (a + b) | 0
    this.low = a >>> 0
    this.high = (b + a) >>> 0
  }

  /** Hashes a text as the bytes that it has in a message. */
  ofText(text: string): void {
    const bytes = encoder.encode(text)
    this.of(bytes, 0, bytes.length)
  }
}

export function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** Every bit of the word moves every bit of the answer (MurmurHash3). */
export function finish(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
