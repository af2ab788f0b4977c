// What a cascade is called whose root was forgotten: the same in memory and in the store. SHA-256 (FIPS 180-4) is worked out here, for the core reaches for nothing outside it.

/** `forgotten:` and the first 128 bits of the SHA-256 of the id, in UTF-8. */
export const forgottenName = (id: string): string => `forgotten:${sha256(new TextEncoder().encode(id)).slice(0, 4).reduce((text, word) => text + word.toString(16).padStart(8, '0'), '')}`

export const isForgottenName = (name: string): boolean => /^forgotten:[0-9a-f]{32}$/.test(name)

/** The first 32 bits of the fractional parts of the square roots (of 8) and cube roots (of 64) of the first primes. */
const primes = Array.from({ length: 312 }, (_, i) => i).filter((n) => n > 1 && !Array.from({ length: n }, (_, i) => i).some((by) => by > 1 && by * by <= n && n % by === 0)).slice(0, 64)
const begin = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2n))
const rounds = Uint32Array.from(primes, (prime) => fraction(prime, 3n))

/** Exact: the largest whole number whose power is not above prime · 2^(32 · power), without what lies before the point. */
function fraction(prime: number, power: bigint): number {
  const target = BigInt(prime) << (32n * power)
  let root = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** power <= target) root += bit
  return Number(root & 0xffffffffn)
}

function sha256(bytes: Uint8Array): Uint32Array {
  const blocks = (bytes.length + 72) >>> 6
  const padded = new DataView(new ArrayBuffer(blocks * 64))
  bytes.forEach((byte, i) => padded.setUint8(i, byte))
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(blocks * 64 - 8, Math.floor(bytes.length / 2 ** 29))
  padded.setUint32(blocks * 64 - 4, bytes.length << 3)
  const hash = begin.slice()
  const words = new Uint32Array(64)
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) words[i] = padded.getUint32(block * 64 + i * 4)
    for (let i = 16; i < 64; i++) words[i] = words[i - 16]! + spread(words[i - 15]!, 7, 18, 3) + words[i - 7]! + spread(words[i - 2]!, 17, 19, 10)
    compress(hash, words)
  }
  return hash
}

function compress(hash: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const first = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i]! + words[i]!) | 0
    const second = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] = hash[i]! + word })
}

const right = (word: number, by: number): number => (word >>> by) | (word << (32 - by))
const spread = (word: number, one: number, other: number, away: number): number => (right(word, one) ^ right(word, other) ^ (word >>> away)) >>> 0
