// How many different 32-bit hashes there were: exact up to 2,048 in a set that grows, then HyperLogLog with 4,096 registers (1.6 %), in one block of words.
// What it says is a function of the set of hashes alone, in whatever order they came.
import type { BlockPool } from './block-pool.ts'

const exactMax = 2048
const slotsFirst = 16
const registers = 4096
const sketchWords = registers / 4
const rankMax = 21 // of the 20 bits behind those that name the register, plus one

/** A set in the pool. Callers keep the three numbers; `none` before the first hash. */
export interface Distinct {
  block: number
  slots: number // of the set; 0: there is none yet, −1: a sketch
  count: number // exact; of a sketch: how many, −1 where it has to be worked out
}

export const noneYet = (): Distinct => ({ block: 0, slots: 0, count: 0 })

/** False: there is no room in the pool, and the set is as it was. 0 is no hash. */
export function addDistinct(pool: BlockPool, set: Distinct, hash: number): boolean {
  if (hash === 0) return true
  if (set.slots < 0) {
    raise(pool, set, hash)
    return true
  }
  if (set.slots > 0) {
    const at = slotOf(pool.words, set, hash)
    if (pool.words[at] === hash) return true
    if (set.count < exactMax && (set.count + 1) * 4 <= set.slots * 3) {
      pool.words[at] = hash
      set.count++
      return true
    }
  }
  if (!(set.count === exactMax ? toSketch(pool, set) : grow(pool, set))) return false
  return addDistinct(pool, set, hash)
}

export function countDistinct(pool: BlockPool, set: Distinct): number {
  if (set.count < 0) set.count = estimate(pool.words, set.block)
  return set.count
}

export function giveDistinct(pool: BlockPool, set: Distinct): void {
  if (set.slots !== 0) pool.give(set.block, wordsOf(set.slots))
  set.block = set.slots = set.count = 0
}

const wordsOf = (slots: number): number => (slots < 0 ? sketchWords : slots)

/** The slot of the hash, or the empty one where it belongs. */
function slotOf(words: Uint32Array, { block, slots }: Distinct, hash: number): number {
  let at = mixed(hash) & (slots - 1)
  while (words[block + at] !== 0 && words[block + at] !== hash) at = (at + 1) & (slots - 1)
  return block + at
}

function grow(pool: BlockPool, set: Distinct): boolean {
  const slots = set.slots === 0 ? slotsFirst : set.slots * 2
  const block = pool.take(slots)
  if (block === 0) return false
  pool.words.fill(0, block, block + slots)
  const larger = { block, slots, count: set.count }
  for (let at = set.block; at < set.block + set.slots; at++) {
    const hash = pool.words[at]!
    if (hash !== 0) pool.words[slotOf(pool.words, larger, hash)] = hash
  }
  if (set.slots > 0) pool.give(set.block, set.slots)
  set.block = block
  set.slots = slots
  return true
}

function toSketch(pool: BlockPool, set: Distinct): boolean {
  const block = pool.take(sketchWords)
  if (block === 0) return false
  pool.words.fill(0, block, block + sketchWords)
  const sketch = { block, slots: -1, count: -1 }
  for (let at = set.block; at < set.block + set.slots; at++) if (pool.words[at] !== 0) raise(pool, sketch, pool.words[at]!)
  pool.give(set.block, set.slots)
  Object.assign(set, sketch)
  return true
}

function raise(pool: BlockPool, set: Distinct, hash: number): void {
  const bits = mixed(hash)
  const register = bits >>> 20
  const rank = Math.min(rankMax, Math.clz32(bits << 12) + 1)
  const at = set.block + (register >>> 2)
  const shift = (register & 3) * 8
  if (((pool.words[at]! >>> shift) & 255) >= rank) return
  pool.words[at] = (pool.words[at]! & ~(255 << shift)) | (rank << shift)
  set.count = -1
}

/** Ertl, New cardinality estimation algorithms for HyperLogLog sketches (2017), algorithm 6: without bias from small to large. */
function estimate(words: Uint32Array, block: number): number {
  const counts = new Float64Array(rankMax + 1)
  for (let register = 0; register < registers; register++) counts[(words[block + (register >>> 2)]! >>> ((register & 3) * 8)) & 255]!++
  let z = registers * tau(1 - counts[rankMax]! / registers)
  for (let rank = rankMax - 1; rank >= 1; rank--) z = 0.5 * (z + counts[rank]!)
  z += registers * sigma(counts[0]! / registers)
  return Math.round(registers ** 2 / (2 * Math.LN2 * z))
}

function sigma(share: number): number {
  if (share === 1) return Infinity
  let x = share
  let y = 1
  let z = x
  for (let before = -1; z !== before; y += y) {
    x *= x
    before = z
    z += x * y
  }
  return z
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let x = share
  let y = 1
  let z = 1 - x
  for (let before = -1; z !== before;) {
    x = Math.sqrt(x)
    before = z
    y *= 0.5
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}

/** MurmurHash3's last step: each bit depends on all, and no two hashes become one. */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
