// The id hash spreads real-looking ids evenly, lane by lane, and takes notice of each bit.
import { expect, test } from 'vitest'
import { IdHash } from './hash.ts'

const hash = new IdHash()
function lanes(text: string): { low: number; high: number } {
  hash.ofText(text)
  return { low: hash.low, high: hash.high }
}

/** χ² of `counts` against an even spread, over its degrees of freedom: near 1 for a good hash. */
function unevenness(counts: Uint32Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (counts.length - 1)
}

test.each([
  ['counted', (n: number) => `weibo:${4_345_000_000 + n}`], ['short', (n: number) => n.toString(36)],
  ['padded', (n: number) => `${'0'.repeat(40)}${n}`], ['counted in front', (n: number) => `${n}:${'x'.repeat(30)}`],
])('%s ids fill the buckets of both lanes evenly and none shares its 64 bits', (_, id) => {
  const buckets = [new Uint32Array(4096), new Uint32Array(4096), new Uint32Array(4096), new Uint32Array(4096), new Uint32Array(4096)]
  const whole = new Set<bigint>()
  for (let n = 0; n < 60_000; n++) {
    const { low, high } = lanes(id(n))
    for (const [i, bucket] of [low & 4095, low >>> 20, high & 4095, high >>> 20, ((low & 63) << 6) | (high & 63)].entries()) buckets[i]![bucket]!++
    whole.add((BigInt(high) << 32n) | BigInt(low))
  }
  expect(whole.size).toBe(60_000)
  for (const counts of buckets) expect(unevenness(counts)).toBeLessThan(1.15)
})

test('each bit of an id turns about half of the bits of both lanes', () => {
  const bytes = new TextEncoder().encode('weibo:4345000000001')
  for (let length = 1; length <= bytes.length; length++) {
    hash.of(bytes, 0, length)
    const { low, high } = hash
    let turned = 0
    for (let bit = 0; bit < length * 8; bit++) {
      const other = bytes.slice(0, length)
      other[bit >> 3]! ^= 1 << (bit & 7)
      hash.of(other, 0, length)
      for (const lane of [hash.low ^ low, hash.high ^ high]) turned += (lane >>> 0).toString(2).replaceAll(/[^1]/g, '').length
      expect(hash.low === low || hash.high === high).toBe(false)
    }
    expect(turned / (length * 8)).toBeGreaterThan(length < 3 ? 20 : 26)
  }
})

test('the hash of an id never changes', () => {
  expect(lanes('weibo:4345000000001')).toEqual({ low: 699_708_706, high: 7_947_352 })
})
