import { expect, test } from 'vitest'
import { BlockPool } from './block-pool.ts'
import { addDistinct, countDistinct, giveDistinct, noneYet } from './distinct.ts'

const hashes = (count: number, seed: number): number[] => Array.from({ length: count }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) ^ seed) >>> 0)

function counted(each: readonly number[]): number {
  const pool = new BlockPool(65_536)
  const set = noneYet()
  expect(each.every((hash) => addDistinct(pool, set, hash))).toBe(true)
  return countDistinct(pool, set)
}

test('up to 2,048 are counted exactly, however often they come', () => {
  for (const count of [0, 1, 12, 13, 500, 1536, 2047, 2048]) expect(counted([...hashes(count, 5), ...hashes(count, 5)])).toBe(count)
})

test('more than 2,048 are within 5 %, and within 1.6 % on the whole', () => {
  for (const count of [2049, 5000, 12_000, 100_000, 1_000_000]) {
    const errors = [1, 2, 3, 4, 5, 6].map((seed) => counted(hashes(count, seed * 7_654_321)) / count - 1)
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(0.05)
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)).toBeLessThan(0.03)
  }
})

test('the order in which they come changes nothing', () => {
  for (const count of [1000, 5000]) expect(counted(hashes(count, 9).reverse())).toBe(counted(hashes(count, 9)))
})

test('where the pool is full a set stays as it was', () => {
  const pool = new BlockPool(40)
  const set = noneYet()
  const added = hashes(100, 3).map((hash) => addDistinct(pool, set, hash))
  expect(countDistinct(pool, set)).toBe(added.filter(Boolean).length)
  expect(added.at(-1)).toBe(false)
  giveDistinct(pool, set)
  expect(addDistinct(pool, set, 7)).toBe(true)
  expect(countDistinct(pool, set)).toBe(1)
})
